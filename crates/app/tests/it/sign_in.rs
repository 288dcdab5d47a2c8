//! Sign-in through the routes.

use crate::both;

both!(a_card_opens_the_desk, world => {
    let office = world.person("office").await;
    office.get("/desk").await.shown().says("我的待办").says("演示数据").says("示例·省办实");
});

both!(nobody_reads_a_desk, world => {
    let answer = world.visitor().get("/desk").await.done();
    assert_eq!(answer.location, "/sign-in?to=/desk");
});

both!(a_role_without_the_function_is_told_so, world => {
    let answer = world.person("ciyuan_clerk").await.get("/log").await;
    assert_eq!(answer.status, 403);
    answer.says("没有这项功能");
});
