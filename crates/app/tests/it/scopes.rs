//! Who sees which object: own, sibling, parent, child, other city, unpublished. Those outside an
//! object's scope must find nothing at all.

use crate::both;
use crate::declarations::{at_city, filled, report_of, sent_to_county, step};
use crate::world::World;

/// One object's page, who sees it and for whom it does not exist.
pub struct Object {
    pub path: String,
    pub seen_by: Vec<&'static str>,
    pub missing_for: Vec<&'static str>,
}

fn object(path: String, seen_by: &[&'static str], missing_for: &[&'static str]) -> Object {
    Object { path, seen_by: seen_by.to_vec(), missing_for: missing_for.to_vec() }
}

async fn check(world: &World, objects: Vec<Object>) {
    for object in objects {
        for login in object.seen_by {
            let answer = world.person(login).await.get(&object.path).await;
            assert_eq!(answer.status, 200, "{login} sees {}: {}", object.path, answer.words());
        }
        for login in object.missing_for {
            let answer = world.person(login).await.get(&object.path).await;
            assert_eq!(answer.status, 404, "{login} finds nothing at {}: {}", object.path, answer.words());
        }
    }
}

/// Above the town: its county, its city, the province.
const ABOVE: [&str; 7] = [
    "fuliang_reviewer",
    "fuliang_approver",
    "jdz_construction",
    "jdz_city",
    "finance_department",
    "office",
    "auditor",
];

/// Beside it: another town of the county, another county of the city, another city and its county.
const BESIDE: [&str; 5] = ["chaxiang_clerk", "leping_reviewer", "lejiang_head", "jj_city", "lushan_approver"];

both!(organisations_and_places_exist_within_their_scope, world => {
    let mut objects = crate::people::objects(&world);
    let town = world.cast.places["ciyuan"];
    objects.push(object(format!("/places/{town}"), &[&["ciyuan_clerk", "ciyuan_head"], &ABOVE[..]].concat(), &BESIDE));
    objects.push(object(format!("/places/{town}/facts"), &["fuliang_reviewer"], &["leping_reviewer"]));
    check(&world, objects).await;
});

both!(a_declaration_exists_within_its_scope, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let own = ["ciyuan_clerk", "ciyuan_head"];
    check(&world, vec![
        object(format!("/declarations/{id}"), &[&own, &ABOVE[..]].concat(), &BESIDE),
        object(format!("/submissions/{id}/check"), &own, &["chaxiang_clerk", "lejiang_head"]),
        object(format!("/declarations/{id}/withdrawal"), &[], &["chaxiang_clerk"]),
    ]).await;
    sent_to_county(&world, "ciyuan", id).await;
    check(&world, vec![
        object(format!("/declarations/{id}/review"), &["fuliang_reviewer"], &["leping_reviewer", "lushan_reviewer"]),
        object(format!("/declarations/{id}/return"), &["fuliang_reviewer"], &["leping_reviewer"]),
    ]).await;
});

both!(nobody_else_reads_an_edition_before_its_head_sends_it_on, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    step(&world.person("ciyuan_clerk").await, id, "sending", &[("promise", "1")]).await.done();
    let edition = format!("/submissions/{id}/editions/1");
    let own = ["ciyuan_clerk", "ciyuan_head"];
    let others = [&ABOVE[..], &BESIDE].concat();
    let file = file_on(&world, &edition).await;
    check(&world, vec![
        object(edition.clone(), &own, &others),
        object(file.clone(), &own, &others),
    ]).await;
    let review = world.person("fuliang_reviewer").await.get(&format!("/declarations/{id}/review")).await;
    review.refused("申报书当前状态为“镇内复核”，不能办理此事项");
    let head = world.person("ciyuan_head").await;
    step(&head, id, "confirmation", &[("opinion", "情况属实，同意申报。")]).await.done();
    let all = [&own, &ABOVE[..]].concat();
    check(&world, vec![object(edition, &all, &BESIDE), object(file, &all, &BESIDE)]).await;
});

both!(a_draft_belongs_to_its_town, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    let id = filled(&world, &batch, "ciyuan").await;
    let page = world.person("ciyuan_clerk").await.get(&format!("/submissions/{id}")).await.shown();
    let mark = format!("/submissions/{id}/sections/");
    let section = page.text.split(&mark).nth(1).and_then(|rest| rest.split(['"', '?', '#']).next()).expect("a section");
    let path = format!("{mark}{section}");
    check(&world, vec![object(path.clone(), &["ciyuan_clerk"], &["chaxiang_clerk", "lejiang_clerk", "yunwu_clerk"])]).await;
    for login in ABOVE {
        world.person(login).await.get(&path).await.forbidden();
    }
});

both!(a_report_belongs_to_its_city_and_goes_up, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-10");
    at_city(&world, &batch, "ciyuan").await;
    let report = report_of(&world.person("jdz_construction").await).await;
    check(&world, vec![
        object(batch, &[&["ciyuan_clerk"], &ABOVE[..], &BESIDE].concat(), &[]),
        object(report, &["jdz_construction", "jdz_city"], &["jj_construction", "jj_city"]),
    ])
    .await;
});

/// The first attachment on a page.
async fn file_on(world: &World, path: &str) -> String {
    let page = world.person("ciyuan_clerk").await.get(path).await.shown();
    let id = page.text.split("/files/").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
    format!("/files/{id}")
}
