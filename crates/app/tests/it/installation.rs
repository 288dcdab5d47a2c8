//! A new installation: its first three administrators, each with a link.

use crate::world::{Engine, PACK, World, count};
use kit::args;
use kit::clock::Clock;
use zhenxing::commands::account::SetUpLink;
use zhenxing::commands::init::{Init, Named};
use zhenxing::data::DataFolder;

fn init(folder: &std::path::Path) -> Init {
    let named = |text: &str| text.parse::<Named>().expect("a name and a login");
    Init {
        data: folder.to_owned(),
        postgres: None,
        system: named("张三:zhang.san"),
        security: named("李四:li.si"),
        audit: named("王五:wang.wu"),
        help_phone: String::new(),
        base_url: "http://127.0.0.1:8600".to_owned(),
    }
}

#[tokio::test]
async fn a_new_installation_has_three_administrators_with_links() {
    let folder = std::env::temp_dir().join(format!("zhenxing-init-{}", std::process::id()));
    init(&folder).run().await.expect("founded");
    let again = init(&folder).run().await.expect_err("once only").to_string();
    assert!(again.contains("已有数据"), "{again}");
    let store = DataFolder::new(&folder).open(Clock::real()).await.expect("opened");
    assert_eq!(count(&store, "SELECT COUNT(*) FROM role_grant WHERE approved_by = 'console'").await, 3);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM credential WHERE setup_hash IS NOT NULL").await, 3);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM credential WHERE password_hash IS NOT NULL").await, 0);
    let command = |login: &str| SetUpLink {
        login: login.to_owned(),
        data: folder.clone(),
        reset_factor: true,
        base_url: String::new(),
    };
    let link = command("li.si").issue().await.expect("issued");
    let nobody = command("nobody").issue().await.expect_err("unknown").to_string();
    assert!(nobody.contains("没有用户名为“nobody”的可用账号"), "{nobody}");
    assert_eq!(
        count(
            &store,
            "SELECT COUNT(*) FROM log_entry WHERE act = 'set_up_link.issued' AND person = 'console'"
        )
        .await,
        1
    );
    let sql = "SELECT COUNT(*) FROM credential WHERE setup_hash = $1";
    let hash = kit::secret::token_hash(link.trim_start_matches("/set-up/"));
    assert_eq!(store.read().int(sql, args![hash]).await.expect("counted"), 1);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[tokio::test]
async fn three_administrators_are_three_people() {
    let folder = std::env::temp_dir().join(format!("zhenxing-two-{}", std::process::id()));
    let mut two = init(&folder);
    two.audit = two.system.clone();
    let error = two.run().await.expect_err("two people").to_string();
    assert!(error.contains("三个用户名不能相同"), "{error}");
    assert!(!folder.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_the_same_record_each_time() {
    let mut heads: Vec<(i64, Vec<u8>)> = Vec::new();
    for engine in [Engine::Sqlite, Engine::Sqlite, Engine::Postgres] {
        let world = World::new(engine).await.empty().await;
        zhenxing::demo::load(world.store(), &PACK).await.expect("the demo is loaded");
        let sql = "SELECT size, frontier FROM log_head WHERE id = 1";
        heads.push(world.store().read().one(sql, args![]).await.expect("a head"));
    }
    assert!(heads[0].0 > 100, "{} entries", heads[0].0);
    assert_eq!(heads[1], heads[0], "twice on one engine");
    assert_eq!(heads[2], heads[0], "on the other engine");
}
