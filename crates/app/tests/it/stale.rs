//! One who decides on what has changed since he read it is shown what it says now.

use crate::both;
use crate::declarations::{filled, sent_to_county, step};
use crate::submissions::fill_population;

both!(nobody_decides_on_what_he_has_not_read, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = filled(&april, &batch, "ciyuan").await;
    sent_to_county(&april, "ciyuan", id).await;
    let reviewer = april.person("fuliang_reviewer").await;
    let read = reviewer.get(&format!("/declarations/{id}/review")).await.shown().input("content_hash");
    let fault = [("fault", "102"), ("says.102", "与统计年鉴不一致，请核对。")];
    step(&april.person("fuliang_approver").await, id, "return", &fault).await.done();
    fill_population(&april.person("ciyuan_clerk").await, id, "29000").await;
    sent_to_county(&april, "ciyuan", id).await;
    let opinion = ("opinion", "数据与年鉴一致，附件齐全，建议审定。");
    let path = format!("/declarations/{id}/review");
    reviewer.post(&path, &[opinion, ("content_hash", &read)]).await.refused("内容有改动");
    reviewer.submit(&path, &[opinion]).await.done();
});
