//! The log on show: who may read what of it, its filters, its proofs, verification and export.

use crate::both;
use crate::world::{World, count};
use domain::clause::Clause;
use domain::role::Role;
use kit::args;
use kit::record::{Event, Hand, Who, checkpoint};

/// An act of a member of the cast that changes one row; gives its number.
async fn act_of(world: &World, login: &str, event: Event) -> i64 {
    let member = world.cast.members[login];
    let who = Who {
        person: Hand::Person(member.person),
        organisation: Some(member.organisation),
        role: Some(member.role),
        ..Who::default()
    };
    let mut act = world.store().act(&who).await.expect("begun");
    act.write_one(
        "UPDATE organisation SET phone = $1, version = version + 1 WHERE id = $2",
        args!["0791-1", member.organisation],
    )
    .await
    .expect("written");
    act.commit(event).await.expect("committed")
}

fn event(world: &World) -> Event {
    let place = world.cast.places["ciyuan"];
    Event::new("programme.founded", "place", place)
        .place(place)
        .clause(Clause::new(3, 4))
        .reason("测试理由")
        .note("document_number", "浮府字〔2018〕1号")
}

both!(the_auditor_reads_who_did_what_by_which_clause, world => {
    act_of(&world, "fuliang_approver", event(&world)).await;
    let page = world.person("auditor").await.get("/log").await.shown();
    page.says("示例·浮定远").says(Role::CountyApprover.words()).says("href=\"/rules/3.4\"")
        .says("测试理由").says("浮府字〔2018〕1号").says("示例瓷源镇");
});

both!(each_filter_holds_back_the_rest, world => {
    act_of(&world, "fuliang_approver", event(&world)).await;
    let auditor = world.person("auditor").await;
    for query in [
        "person=浮定远", "person=fuliang_approver", "organisation=浮梁", "place=瓷源", "clause=3.4",
        "kind=place", "act=programme.founded&person=浮", "from=2018-04-26&until=2018-04-26",
    ] {
        auditor.get(&format!("/log?{}", encoded(query))).await.shown().says("测试理由").says("取消");
    }
    for query in ["person=乐定远", "place=茶香", "clause=3.1", "kind=batch", "until=2018-04-25", "act=demo.cast"] {
        let page = auditor.get(&format!("/log?{}", encoded(query))).await.shown();
        assert!(!page.text.contains("测试理由"), "{query}: {}", page.words());
    }
    auditor.get("/log?clause=3.1").await.shown().says("清除筛选");
    auditor.get("/log?from=yesterday").await.refused("不是日期").says("value=\"yesterday\"");
});

both!(a_part_of_a_name_that_too_many_have_is_told, world => {
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    for number in 0..201 {
        act.write_one(
            "INSERT INTO person (id, login, name, phone, employer_id) SELECT $1, $1, '示例·众人', '0', employer_id \
             FROM person WHERE id = $2",
            args![format!("many{number}"), world.cast.members["office"].person],
        )
        .await
        .expect("a person");
    }
    act.commit(Event::new("person.created", "person", "many0")).await.expect("committed");
    let auditor = world.person("auditor").await;
    auditor.get(&format!("/log?{}", encoded("person=众人"))).await.refused("超过200个").says("value=\"众人\"");
    auditor.get(&format!("/log.csv?{}", encoded("person=众人"))).await.refused("超过200个");
});

fn encoded(query: &str) -> String {
    let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    serde_urlencoded::to_string(pairs).expect("pairs of texts")
}

both!(the_auditor_reads_the_programme_and_the_audit_administrator_all, world => {
    let member = world.cast.members["office"];
    let secret = act_of(&world, "system_admin", Event::new("session.started", "person", member.person)).await;
    let auditor = world.person("auditor").await;
    auditor.get(&format!("/log/{secret}")).await.is_missing();
    let administrator = world.person("audit_admin").await;
    administrator.get(&format!("/log/{secret}")).await.shown().says("登录");
    administrator.get("/log/999999").await.is_missing();
    administrator.get("/log/x").await.is_missing();
    assert_eq!(world.person("ciyuan_clerk").await.get("/log").await.status, 403);
});

both!(everybody_reads_his_own_acts_and_nobody_elses, world => {
    act_of(&world, "fuliang_approver", event(&world)).await;
    world.person("fuliang_approver").await.get("/desk/acts").await.shown().says("测试理由");
    let page = world.person("leping_approver").await.get("/desk/acts").await.shown();
    assert!(!page.text.contains("测试理由"), "{}", page.words());
});

both!(pages_of_the_log_meet_without_gap_or_overlap, world => {
    let mut last = 0;
    for _ in 0..120 {
        last = act_of(&world, "fuliang_approver", event(&world)).await;
    }
    let auditor = world.person("auditor").await;
    let first = auditor.get("/log").await.shown();
    let first_seqs = seqs(&first.text);
    assert_eq!((first_seqs[0], first_seqs.len()), (last, 50));
    let second = auditor.get(&format!("/log?before={}", first_seqs[49])).await.shown();
    let second_seqs = seqs(&second.text);
    assert_eq!((second_seqs[0], second_seqs.len()), (last - 50, 50));
    let back = auditor.get(&format!("/log?after={}", second_seqs[0])).await.shown();
    assert_eq!(seqs(&back.text), first_seqs);
});

fn seqs(text: &str) -> Vec<i64> {
    let links = text.split("<a href=\"/log/").skip(1);
    links.filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

both!(an_entry_shows_its_rows_and_its_proof, world => {
    let seq = act_of(&world, "fuliang_approver", event(&world)).await;
    let auditor = world.person("auditor").await;
    auditor.get(&format!("/log/{seq}")).await.shown().says("还没有签署检查点").says("与现状一致");
    checkpoint(world.store()).await.expect("signed");
    auditor.get(&format!("/log/{seq}")).await.shown().says("与检查点的记录根一致").says("相邻一侧");
    auditor.get("/log/1").await.shown().says("与检查点的记录根一致").says("仅显示前100行");
    act_of(&world, "fuliang_approver", event(&world)).await;
    auditor.get(&format!("/log/{seq}")).await.shown().says("此后另有改动");
});

both!(an_entry_names_a_row_that_was_changed_behind_it, world => {
    let seq = act_of(&world, "office", event(&world)).await;
    world.tamper("UPDATE organisation SET phone = '999' WHERE kind = 'office'").await;
    let auditor = world.person("auditor").await;
    auditor.get(&format!("/log/{seq}")).await.shown().says("与现状不符");
    let page = auditor.post("/log/verification", &[]).await.shown();
    page.says("校验不通过").says("单位“省联席会议办公室”（organisation").says("数据被改动");
});

both!(a_true_store_is_said_to_be_true_and_the_verification_is_an_act, world => {
    let administrator = world.person("audit_admin").await;
    administrator.get("/log/checkpoint").await.shown().says("还没有检查点");
    administrator.post("/log/verification", &[]).await.shown().says("校验通过").says("session");
    let note = administrator.get("/log/checkpoint.txt").await.shown();
    assert!(world.store().signer().open(&note.text).is_some(), "{}", note.text);
    administrator.get("/log/verifier-key").await.shown().says(world.store().signer().origin());
    administrator.get("/log").await.shown().says("校验操作日志");
    assert_eq!(world.person("office").await.post("/log/verification", &[]).await.status, 403);
});

both!(a_checkpoint_kept_elsewhere_is_pasted_and_held_against_the_log, world => {
    let administrator = world.person("audit_admin").await;
    administrator.post("/log/verification", &[]).await.shown();
    let kept = administrator.get("/log/checkpoint.txt").await.shown().text.replace('\n', "\r\n");
    let page = administrator.post("/log/verification", &[("outside", kept.trim())]).await.shown();
    page.says("校验通过");
    let forged = kept.replace("zhenxing", "zhenxinh");
    let page = administrator.post("/log/verification", &[("outside", forged.trim())]).await.shown();
    page.says("校验不通过").says("外部检查点：签名不符");
});

both!(an_export_holds_its_own_entry_and_verifies_alone, world => {
    let auditor = world.person("auditor").await;
    auditor.post("/log/export", &[("_key", "export-1")]).await.forbidden();
    assert!(!auditor.get("/log/checkpoint").await.shown().text.contains("导出全部记录"));
    let administrator = world.person("audit_admin").await;
    let answer = administrator.post("/log/export", &[("_key", "export-1")]).await.shown();
    let file = world.folder.join("export.tar.gz");
    std::fs::write(&file, &answer.bytes).expect("kept");
    let opened = std::fs::File::open(&file).expect("opened");
    let report = verify::verify(opened, &verify::Options::default());
    assert!(report.is_true(), "{:?} {:?}", report.faults, report.unreadable);
    let acts = count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'log.exported'").await;
    assert_eq!(acts, 1);
});

both!(the_table_of_the_log_is_what_was_filtered, world => {
    act_of(&world, "fuliang_approver", event(&world)).await;
    let auditor = world.person("auditor").await;
    let table = auditor.get("/log.csv?clause=3.4").await.shown();
    assert_eq!(table.text.lines().count(), 2, "{}", table.text);
    table.says("示例·浮定远").says("文号：浮府字〔2018〕1号");
});
