//! Many accounts by a table, and their roles approved together.

use crate::both;
use crate::client::Answer;
use crate::people::{key, link_on};
use crate::sign_in::PASSWORD;
use crate::world::{World, count};
use kit::args;

/// Many people by a table: account, link and the role asked for, or every line at fault.
async fn roster(world: &World, lines: &str) -> Answer {
    let fields = [("lines", lines), ("reason", "首批开通"), ("_key", &key())];
    world.person("system_admin").await.post("/people/roster", &fields).await
}

both!(many_are_opened_by_a_table_and_approved_together, world => {
    let lines = "用户名\t姓名\t电话\t工作单位\t身份\r\nfl.wang\t示例·王\t0798-1\t浮梁县政府\t县审核员\r\n\r\n\
                 fl.li，示例·李，0798-2，浮梁县政府，县审定人\r\nfl.zhao,示例·赵,0798-3,浮梁县政府\r\n";
    let page = roster(&world, lines).await.shown().says("已开通3个账号").says("县审定人").says("fl.zhao");
    assert_eq!(page.text.matches("<code data-address>/set-up/").count(), 3);
    let mut owner = world.visitor();
    owner.step(&link_on(&page), &[("password", PASSWORD), ("repeat", PASSWORD)]).await.done();
    let security = world.person("security_admin").await;
    security.post("/grants/approvals", &[("_key", "k")]).await.refused("请先勾选");
    let sql = "SELECT id FROM role_grant WHERE approved_ms IS NULL ORDER BY id";
    let waiting: Vec<(String,)> = world.store().read().all(sql, args![]).await.expect("read");
    let [first, second] = [0, 1].map(|at: usize| waiting[at].0.as_str());
    assert_eq!(waiting.len(), 2);
    security.get("/grants").await.shown().says("批准勾选的授权").says(first);
    security.post("/grants/approvals", &[("grant", first), ("grant", second)]).await.done();
    let page = security.post("/grants/approvals", &[("grant", first)]).await;
    page.refused("示例·王的授权没有批准：已有人办理");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM log_entry WHERE act = 'grant.approved'").await, 2);
    let grant = world.visitor().post("/demo/sign-in", &[("card", first)]).await.done();
    assert_eq!(grant.location, "/desk");
});

both!(one_bad_line_and_nobody_is_opened, world => {
    let lines = "good.one,示例·好,1,浮梁县政府,县审核员\nOFFICE,示例·重,1,浮梁县政府\nshort\ngood.one,示例·双,1,浮梁县政府\n\
                 some.one,示例·位,1,没有的单位,填报员\nany.one,示例·任,1,浮梁县政府,填报员\nbad.role,示例·甲,1,浮梁县政府,国王";
    let page = roster(&world, lines).await.refused("第2行：用户名“office”已有人使用").says("第3行：应为用户名");
    let page = page.says("第4行：用户名“good.one”在名单中出现两次").says("第5行：没有名为“没有的单位”的机构");
    page.says("第6行：“填报员”应设在镇或平台").says("第7行：没有“国王”这一身份").says("good.one,示例·好");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM person WHERE login = 'good.one'").await, 0);
    let many = "x,示例·多,1,浮梁县政府\n".repeat(201);
    roster(&world, &many).await.refused("一次最多200人");
    world.person("office").await.get("/people/roster").await.forbidden();
});
