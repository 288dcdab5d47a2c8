//! Late, extended, supplemented: what each is told, what stays with the declaration for ever.

use crate::both;
use crate::client::{Answer, Client};
use crate::declarations::{filled, report, sent_to_city, sent_to_county, signed_by_all, step};
use crate::submissions::fill;
use crate::world::{World, count};
use domain::id::SubmissionId;

/// The provincial approver makes a window longer: of the `batch`, or of a division by its code.
pub async fn extension(office: &Client, batch: &str, whom: &str, until: &str) -> Answer {
    let (whom, division) = if whom == "batch" { ("batch", "") } else { ("division", whom) };
    let asked = [
        ("whom", whom),
        ("division", division),
        ("until", until),
        ("reason", "暴雨导致道路中断，材料送达推迟"),
        ("authority", "conference"),
        ("document_number", "赣建村〔2018〕20号"),
    ];
    office.post(&format!("{batch}/extension"), &asked).await
}

async fn before_the_city(world: &World, id: SubmissionId) {
    sent_to_county(world, "ciyuan", id).await;
    sent_to_city(world, "fuliang", id).await;
    signed_by_all(world, id).await;
}

async fn returned_by_office(world: &World, id: SubmissionId) {
    let fault = [("fault", "industry"), ("says.industry", "产业部分请补充主导产业依据。")];
    step(&world.person("office").await, id, "return", &fault).await.done();
}

async fn mended(world: &World, id: SubmissionId) {
    fill(&world.person("ciyuan_clerk").await, id).await;
    before_the_city(world, id).await;
}

async fn page_of(world: &World, id: SubmissionId) -> Answer {
    world.person("office").await.get(&format!("/declarations/{id}")).await.shown()
}

both!(lateness_does_not_grow_with_a_supplement, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = filled(&april, &batch, "ciyuan").await;
    before_the_city(&april, id).await;
    let may = world.day("2018-05-04");
    extension(&may.person("office_approver").await, &batch, "360200", "2018-05-11").await.done();
    report(&may, &[id]).await.done();
    returned_by_office(&world.day("2018-05-07"), id).await;
    let shown = page_of(&world.day("2018-05-08"), id).await.says("逾期2天上报");
    assert!(!shown.text.contains("设区市上报日"), "what is back with the town is not reported");
    let again = world.day("2018-05-14");
    mended(&again, id).await;
    report(&again, &[id]).await.done();
    page_of(&again, id).await.says("逾期2天上报").says("第1次补正后上报").says("2018年5月14日");
    returned_by_office(&world.day("2018-05-15"), id).await;
    let late = world.day("2018-05-25");
    mended(&late, id).await;
    report(&late, &[id]).await.refused("补正期限");
    extension(&late.person("office_approver").await, &batch, "360200", "2018-05-25").await.done();
    report(&late, &[id]).await.done();
    page_of(&late, id).await.says("逾期2天上报").says("第2次补正后逾期3天上报").says("第2次补正后上报");
    late.tamper("UPDATE declaration_mark SET days = NULL").await;
    page_of(&late, id).await.says("逾期2天上报").says("第2次补正后逾期3天上报");
});

both!(an_extended_window_is_marked_for_ever, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let (early, id) = (filled(&april, &batch, "chaxiang").await, filled(&april, &batch, "ciyuan").await);
    sent_to_county(&april, "chaxiang", early).await;
    sent_to_city(&april, "fuliang", early).await;
    signed_by_all(&april, early).await;
    extension(&april.person("office_approver").await, &batch, "batch", "2018-05-11").await.done();
    report(&world.day("2018-05-02"), &[early]).await.done();
    let may = world.day("2018-05-08");
    before_the_city(&may, id).await;
    report(&may, &[id]).await.done();
    page_of(&may, id).await.says("延期6天上报").says("暴雨").says("联席会议").says("永久保留");
    assert!(!page_of(&may, early).await.text.contains("天上报"), "in time by the first day");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM declaration WHERE is_late = 1").await, 0);
});

both!(a_supplement_never_ends_before_the_window, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = filled(&april, &batch, "ciyuan").await;
    before_the_city(&april, id).await;
    report(&april, &[id]).await.done();
    returned_by_office(&april, id).await;
    let later = world.day("2018-04-20");
    mended(&later, id).await;
    let due = "SELECT COUNT(*) FROM stage WHERE owing_role = 'CityApprover' AND left_ms IS NULL AND due_day = '2018-05-02'";
    assert_eq!(count(world.store(), due).await, 1);
    report(&later, &[id]).await.done();
    page_of(&later, id).await.says("第1次补正后上报");
});

both!(a_second_extension_moves_the_day_again, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = filled(&april, &batch, "ciyuan").await;
    before_the_city(&april, id).await;
    filled(&april, &batch, "chaxiang").await;
    let approver = april.person("office_approver").await;
    extension(&approver, &batch, "360222", "2018-05-11").await.done();
    extension(&approver, &batch, "360222", "2018-05-10").await.refused("应晚于2018年5月11日");
    extension(&approver, &batch, "360200", "2018-05-09").await.done();
    extension(&approver, &batch, "360222", "2018-05-10").await.refused("应晚于2018年5月11日");
    extension(&approver, &batch, "360222", "2018-05-18").await.done();
    let until = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'declaration' AND left_ms IS NULL AND due_day = '2018-05-18'";
    assert_eq!(count(world.store(), until).await, 2, "the clerk's and the city's step");
    extension(&approver, &batch, "batch", "2018-05-14").await.done();
    assert_eq!(count(world.store(), until).await, 2, "a longer leave stands");
    extension(&approver, &batch, "batch", "2018-05-25").await.done();
    let until = "SELECT COUNT(*) FROM stage WHERE subject_kind = 'declaration' AND left_ms IS NULL AND due_day = '2018-05-25'";
    assert_eq!(count(world.store(), until).await, 2);
});

both!(an_extension_leaves_the_clock_of_a_return, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = filled(&april, &batch, "ciyuan").await;
    sent_to_county(&april, "ciyuan", id).await;
    let fault = [("fault", "102"), ("says.102", "户籍人口与统计公报不一致。")];
    step(&april.person("fuliang_reviewer").await, id, "return", &fault).await.done();
    extension(&april.person("office_approver").await, &batch, "batch", "2018-05-25").await.done();
    let moved = "SELECT COUNT(*) FROM stage WHERE subject_id IN (SELECT id FROM declaration) AND due_day = '2018-05-25'";
    assert_eq!(count(world.store(), moved).await, 0);
});

both!(leave_to_be_late_is_leave_to_begin_and_to_resume, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-27");
    let id = filled(&april, &batch, "ciyuan").await;
    let reason = [("reason", "附件传错，须更换。")];
    step(&april.person("ciyuan_clerk").await, id, "withdrawal", &reason).await.done();
    let may = world.day("2018-05-04");
    let (clerk, begins) = (may.person("ciyuan_clerk").await, may.person("chaxiang_clerk").await);
    let batch_id = [("batch", batch.rsplit('/').next().expect("an id"))];
    step(&clerk, id, "reopening", &[]).await.refused("截止");
    begins.post("/declarations", &batch_id).await.refused("截止");
    may.person("office").await.submit(&format!("{batch}/closing"), &[]).await.done();
    extension(&may.person("office_approver").await, &batch, "360222", "2018-05-11").await.done();
    step(&clerk, id, "reopening", &[]).await.done();
    begins.get("/declarations/new").await.shown().says("开始申报");
    begins.post("/declarations", &batch_id).await.done();
    let other = may.person("lejiang_clerk").await;
    other.post("/declarations", &batch_id).await.refused("不能办理");
    let due = "SELECT COUNT(*) FROM stage WHERE owing_role = 'Clerk' AND left_ms IS NULL AND due_day = '2018-05-11'";
    assert_eq!(count(world.store(), due).await, 2);
    let past = world.day("2018-05-12");
    past.person("xikou_clerk").await.post("/declarations", &batch_id).await.refused("不能办理");
});
