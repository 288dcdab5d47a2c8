//! From the call to receipt, as ten people: a return that names an item, its correction, voided
//! signatures, a second town that comes late with leave; at the end the record is true.

use crate::batches::path_of;
use crate::both;
use crate::declarations::{BUREAUS, filled, report, sent_to_city, sent_to_county, sign, signed_by_all, step};
use crate::submissions::fill;
use crate::world::{World, count};
use domain::id::SubmissionId;
use kit::record::{checkpoint, verify};

both!(a_batch_from_its_call_to_receipt, world => {
    let batch = world.open_batch().await;
    let first = before_the_city(&world, &batch).await;
    returned_and_corrected(&world, first).await;
    reported_in_time(&world, first).await;
    let second = late_with_leave(&world, &batch).await;
    received(&world, &batch, [first, second]).await;
    checkpoint(world.store()).await.expect("signed");
    let verdict = verify(world.store(), None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

/// 10 April: the town sends, the county approves; the city's three owe their signatures.
async fn before_the_city(world: &World, batch: &str) -> SubmissionId {
    let world = world.day("2018-04-10");
    let id = filled(&world, batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    sent_to_city(&world, "fuliang", id).await;
    assert_eq!(owed(&world, id).await, ["景德镇市发展和改革委员会", "景德镇市建设局", "景德镇市财政局"]);
    id
}

/// 12 April: two have signed when finance names an item; the town corrects it; all three sign anew.
async fn returned_and_corrected(world: &World, id: SubmissionId) {
    let world = world.day("2018-04-12");
    for bureau in &BUREAUS[..2] {
        sign(&world.person(bureau).await, id).await.done();
    }
    let fault = [("fault", "102"), ("says.102", "户籍人口与统计公报不一致。")];
    step(&world.person("jdz_finance").await, id, "return", &fault).await.done();
    assert_eq!(owed(&world, id).await, ["示例瓷源镇政府"]);
    let clerk = world.person("ciyuan_clerk").await;
    let page = clerk.get(&format!("/declarations/{id}")).await.shown();
    page.says("2018年4月19日").says("已作废").says("户籍人口与统计公报不一致");
    fill(&clerk, id).await;
    sent_to_county(&world, "ciyuan", id).await;
    sent_to_city(&world, "fuliang", id).await;
    signed_by_all(&world, id).await;
    assert_eq!(owed(&world, id).await, ["景德镇市政府"]);
}

/// 27 April: the city reports within the window.
async fn reported_in_time(world: &World, id: SubmissionId) {
    let world = world.day("2018-04-27");
    report(&world, &[id]).await.done();
    assert_eq!(owed(&world, id).await, ["省联席会议办公室"]);
}

/// A second town is signed for only after the window; the city needs leave, and the mark stays.
async fn late_with_leave(world: &World, batch: &str) -> SubmissionId {
    let april = world.day("2018-05-02");
    let id = filled(&april, batch, "chaxiang").await;
    sent_to_county(&april, "chaxiang", id).await;
    let may = world.day("2018-05-07");
    sent_to_city(&may, "fuliang", id).await;
    signed_by_all(&may, id).await;
    report(&may, &[id]).await.refused("截止");
    let number = format!("{}-{:03}", "2018-2", 2);
    let leave = [
        ("whom", "declaration"),
        ("declaration", number.as_str()),
        ("until", "2018-05-11"),
        ("reason", "县城停电两日，材料送达推迟"),
        ("authority", "lead"),
        ("document_number", "赣建村〔2018〕21号"),
    ];
    may.person("office_approver").await.post(&format!("{batch}/extension"), &leave).await.done();
    report(&may, &[id]).await.done();
    id
}

/// The office takes both in; the late one says so for ever.
async fn received(world: &World, batch: &str, ids: [SubmissionId; 2]) {
    let world = world.day("2018-05-09");
    let office = world.person("office").await;
    for id in ids {
        step(&office, id, "receipt", &[("opinion", "材料齐全，予以受理。")]).await.done();
    }
    let page = office.get(&format!("/declarations/{}", ids[1])).await.shown();
    page.says("逾期5天上报").says("省受理").says("县城停电两日");
    office.get(batch).await.shown().says("景德镇市").says("省受理及以后");
    assert_eq!(path_of(&office.submit(&format!("{batch}/closing"), &[]).await.done().location), *batch);
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration WHERE stage = 'Received'").await, 2);
}

/// Who owes the next step of a declaration, by name.
async fn owed(world: &World, id: SubmissionId) -> Vec<String> {
    let rows: Vec<(String,)> = world
        .store()
        .read()
        .all(
            "SELECT o.name FROM stage s JOIN organisation o ON o.id = s.owing_organisation_id \
             WHERE s.subject_kind = 'declaration' AND s.subject_id = $1 AND s.left_ms IS NULL ORDER BY o.name",
            kit::args![id],
        )
        .await
        .expect("read");
    rows.into_iter().map(|(name,)| name).collect()
}
