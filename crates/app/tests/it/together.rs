//! Two people at once, and one who acts on what has changed since he read it. On PostgreSQL two acts
//! really overlap; an act takes the row it decides over, so that the second sees what the first did.

use crate::both;
use crate::client::Client;
use crate::declarations::{compiled, filled, sent_to_city, sent_to_county, signed_by_all, step};
use crate::submissions::fill_population;
use crate::world::{World, count};
use domain::id::SubmissionId;

/// A declaration before the three bureaus, on a day in April.
async fn at_city(world: &World) -> (World, SubmissionId) {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = filled(&april, &batch, "ciyuan").await;
    sent_to_county(&april, "ciyuan", id).await;
    sent_to_city(&april, "fuliang", id).await;
    (april, id)
}

async fn bureaus(world: &World) -> [Client; 3] {
    [
        world.person("jdz_construction").await,
        world.person("jdz_development").await,
        world.person("jdz_finance").await,
    ]
}

both!(three_bureaus_sign_a_declaration_at_once, world => {
    let (april, id) = at_city(&world).await;
    let [one, two, three] = bureaus(&april).await;
    let path = format!("/declarations/{id}/signature");
    let (one, two, three) = tokio::join!(one.submit(&path, &[]), two.submit(&path, &[]), three.submit(&path, &[]));
    for answer in [one, two, three] {
        answer.done();
    }
    let owing = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'city_report' AND left_ms IS NULL \
                 AND owing_role = 'CityBureau'";
    assert_eq!(count(world.store(), owing).await, 1, "one bureau owes the list, once");
});

both!(three_bureaus_sign_the_list_at_once, world => {
    let (april, id) = at_city(&world).await;
    signed_by_all(&april, id).await;
    let path = format!("{}/signature", compiled(&april, &[id]).await);
    let [one, two, three] = bureaus(&april).await;
    let (one, two, three) = tokio::join!(one.submit(&path, &[]), two.submit(&path, &[]), three.submit(&path, &[]));
    for answer in [one, two, three] {
        answer.done();
    }
    let owing = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'city_report' AND left_ms IS NULL \
                 AND owing_role = 'CityApprover'";
    assert_eq!(count(world.store(), owing).await, 1, "the city government has it");
});

both!(a_form_sent_twice_at_once_is_done_once, world => {
    let (april, id) = at_city(&world).await;
    let [bureau, ..] = bureaus(&april).await;
    let page = bureau.get(&format!("/declarations/{id}/signature")).await.shown();
    let (key, seen) = (page.input("_key"), page.input("content_hash"));
    let fields = [("_key", key.as_str()), ("content_hash", seen.as_str())];
    let path = format!("/declarations/{id}/signature");
    let (first, second) = tokio::join!(bureau.post(&path, &fields), bureau.post(&path, &fields));
    let (first, second) = (first.done(), second.done());
    assert_eq!(first.location, second.location);
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM bureau_signature").await, 1);
});

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
