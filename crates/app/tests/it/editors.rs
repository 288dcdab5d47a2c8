//! Nobody confirms, reviews, approves or signs what he filled in himself, whoever saved last.

use crate::batches::path_of;
use crate::both;
use crate::client::{Answer, Client};
use crate::declarations::{sent_to_city, sent_to_county, step};
use crate::submissions::{fill, version_of};
use crate::world::{World, count};
use domain::id::SubmissionId;
use kit::record::verify;

const REFUSED: &str = "填报人不能审核";

/// A colleague of the town's clerk begins its declaration.
async fn begun(world: &World, batch: &str) -> (Client, SubmissionId) {
    let colleague = world.colleague("ciyuan_clerk").await;
    let id = batch.rsplit('/').next().expect("an id");
    let answer = colleague.post("/declarations", &[("batch", id)]).await.done();
    let id = path_of(&answer.location).rsplit('/').next().expect("an id").parse().expect("an id");
    (colleague, id)
}

async fn save_population(clerk: &Client, id: SubmissionId) -> Answer {
    let path = format!("/submissions/{id}/sections/basics");
    let version = version_of(clerk, &path).await;
    clerk.post(&path, &[("version", &version), ("101", "示例瓷源镇"), ("102", "29000")]).await
}

async fn send(clerk: &Client, id: SubmissionId) {
    step(clerk, id, "sending", &[("promise", "1")]).await.done();
}

async fn returned(world: &World, id: SubmissionId) {
    let fault = [("fault", "102"), ("says.102", "户籍人口与统计公报不一致。")];
    step(&world.person("fuliang_reviewer").await, id, "return", &fault).await.done();
}

both!(a_colleagues_save_does_not_wash_a_filler_clean, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    save_population(&world.person("ciyuan_clerk").await, id).await.done();
    fill(&colleague, id).await;
    send(&colleague, id).await;
    let filler = world.in_role("ciyuan_clerk", "ciyuan_head").await;
    step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
    step(&world.person("ciyuan_head").await, id, "confirmation", &[]).await.done();
    let filler = world.in_role("ciyuan_clerk", "fuliang_reviewer").await;
    step(&filler, id, "review", &[("opinion", "材料齐全，建议审定。")]).await.refused(REFUSED);
    let denied = "SELECT COUNT(*) FROM log_entry WHERE act = 'approval.denied' AND subject_kind = 'declaration'";
    assert_eq!(count(world.store(), denied).await, 2, "each leaves its trace");
});

both!(a_filler_is_known_through_returns_at_every_level, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    fill(&world.person("ciyuan_clerk").await, id).await;
    send(&colleague, id).await;
    let head = world.person("ciyuan_head").await;
    step(&head, id, "confirmation", &[]).await.done();
    returned(&world, id).await;
    fill(&colleague, id).await;
    send(&colleague, id).await;
    let filler = world.in_role("ciyuan_clerk", "ciyuan_head").await;
    step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
    step(&head, id, "confirmation", &[]).await.done();
    sent_to_city(&world, "fuliang", id).await;
    let filler = world.in_role("ciyuan_clerk", "jdz_finance").await;
    let page = filler.get(&format!("/declarations/{id}/signature")).await.shown();
    let hash = page.input("content_hash");
    step(&filler, id, "signature", &[("content_hash", &hash)]).await.refused(REFUSED);
    let recorded = "SELECT COUNT(*) FROM edition_editor";
    assert_eq!(count(world.store(), recorded).await, 4, "two people, in each of two editions");
    let verdict = verify(world.store(), None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_filler_is_known_after_a_withdrawal, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    fill(&world.person("ciyuan_clerk").await, id).await;
    send(&colleague, id).await;
    let head = world.person("ciyuan_head").await;
    step(&head, id, "confirmation", &[]).await.done();
    step(&head, id, "withdrawal", &[("reason", "附件传错，须更换。")]).await.done();
    step(&colleague, id, "reopening", &[]).await.done();
    send(&colleague, id).await;
    let filler = world.in_role("ciyuan_clerk", "ciyuan_head").await;
    step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
});

both!(whoever_added_or_removed_a_file_filled_in, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    let file = ("旧规划.docx", include_bytes!("forms/good.docx").as_slice());
    let path = format!("/submissions/{id}/files");
    let adder = world.in_role("chaxiang_clerk", "ciyuan_clerk").await;
    adder.upload(&path, &[("item", "901")], "file-901", file).await.done();
    let page = adder.get(&format!("/submissions/{id}/sections/papers")).await.shown();
    let (_, rest) = page.text.split_once("href=\"/files/").expect("the file's address");
    let removal = format!("{path}/{}/removal", rest.split('"').next().expect("its end"));
    world.person("ciyuan_clerk").await.post(&removal, &[]).await.done();
    fill(&colleague, id).await;
    send(&colleague, id).await;
    for filler in ["chaxiang_clerk", "ciyuan_clerk"] {
        let filler = world.in_role(filler, "ciyuan_head").await;
        step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
    }
});

both!(a_delegation_hides_no_filler, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    save_population(&world.in_role("ciyuan_head", "ciyuan_clerk").await, id).await.done();
    let lent = world.delegate("ciyuan_clerk", "lejiang_head", "2018-04-01", "2018-04-27").await;
    let mut delegate = world.person("lejiang_head").await;
    delegate.step("/session/role", &[("role", &lent.to_string())]).await.done();
    save_population(&delegate, id).await.done();
    fill(&colleague, id).await;
    send(&colleague, id).await;
    let lent = world.delegate("ciyuan_head", "chaxiang_head", "2018-04-01", "2018-04-27").await;
    let mut delegate = world.person("chaxiang_head").await;
    delegate.step("/session/role", &[("role", &lent.to_string())]).await.done();
    step(&delegate, id, "confirmation", &[]).await.refused(REFUSED);
    for filler in ["lejiang_head", "ciyuan_clerk"] {
        let filler = world.in_role(filler, "ciyuan_head").await;
        step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
    }
    let another = world.in_role("yunwu_head", "ciyuan_head").await;
    step(&another, id, "confirmation", &[]).await.done();
});

both!(what_was_filled_for_an_earlier_batch_has_its_filler_too, world => {
    let world = world.with_small_form();
    let batch = world.open_batch().await;
    let earlier = world.start(crate::submissions::FORM, "ciyuan").await;
    fill(&world.person("ciyuan_clerk").await, earlier).await;
    world.seal(earlier).await.expect("sealed");
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    fill(&colleague, id).await;
    send(&colleague, id).await;
    let filler = world.in_role("ciyuan_clerk", "ciyuan_head").await;
    step(&filler, id, "confirmation", &[]).await.refused(REFUSED);
});

both!(a_filler_does_not_report_or_receive, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let (colleague, id) = begun(&world, &batch).await;
    save_population(&world.in_role("jdz_city", "ciyuan_clerk").await, id).await.done();
    save_population(&world.in_role("office", "ciyuan_clerk").await, id).await.done();
    fill(&colleague, id).await;
    sent_to_county(&world, "ciyuan", id).await;
    sent_to_city(&world, "fuliang", id).await;
    crate::declarations::signed_by_all(&world, id).await;
    crate::declarations::report(&world, &[id]).await.refused(REFUSED);
    let path = crate::declarations::report_of(&world.person("jdz_city").await).await;
    let city = world.in_role("yunwu_head", "jdz_city").await;
    city.submit_file(&format!("{path}/sending"), &[], "scan", crate::declarations::SCAN).await.done();
    step(&world.person("office").await, id, "receipt", &[]).await.refused(REFUSED);
    step(&world.in_role("yunwu_head", "office").await, id, "receipt", &[]).await.done();
});

both!(whoever_drafted_a_batch_does_not_call_it, world => {
    let batch = crate::batches::drafted(&world).await;
    let march = world.on("2018-03-20");
    let colleague = march.colleague("office").await;
    crate::batches::redraft(&colleague, &batch).await.done();
    let drafter = march.in_role("office", "office_approver").await;
    crate::batches::send_call(&drafter, &batch, "赣建村〔2018〕12号").await.refused("拟定批次的人不能自己发出");
    crate::batches::send_call(&march.person("office_approver").await, &batch, "赣建村〔2018〕12号").await.done();
});
