//! The desk and the board over steps entered by acts.

use crate::both;
use crate::world::{World, day};
use domain::id::RowId;
use kit::record::{Event, Hand, Next, Who};
use zhenxing::desk::who_has_it;

/// A step of a declaration of one of the cast's places; gives the declaration's id.
async fn step(world: &World, place: &str, stage: &'static str, owes: &str, due: Option<&str>) -> String {
    let id = kit::clock::fresh::<RowId>().to_string();
    let (member, clerk) = (world.cast.members[owes], world.cast.members["ciyuan_clerk"]);
    let who = Who { person: Hand::Person(clerk.person), ..Who::default() };
    let mut act = world.store().act(&who).await.expect("begun");
    let next = Next {
        stage,
        place: Some(world.cast.places[place]),
        owing: vec![(member.organisation, member.role)],
        due: due.map(day),
        due_why: due.map(|_| "自受理次日起算。".to_owned()),
        ..Next::default()
    };
    act.enter_stage("declaration", &id, next).await.expect("entered");
    act.commit(Event::new("declaration.started", "declaration", &id)).await.expect("committed");
    id
}

both!(a_to_do_shows_its_deadline_and_leads_to_its_page, world => {
    let id = step(&world, "ciyuan", "AtCounty", "fuliang_approver", Some("2018-05-02")).await;
    let page = world.person("fuliang_approver").await.get("/desk").await.shown();
    page.says("审定申报书").says("示例瓷源镇").says("剩3个工作日").says("自受理次日起算。")
        .says("示例·陶小窑").says(&format!("/declarations/{id}/approval"));
    let page = world.person("fuliang_reviewer").await.get("/desk").await.shown().says("现在没有待办");
    assert!(!page.text.contains("审定申报书"), "a to-do is for one role: {}", page.words());
});

both!(the_counters_filter, world => {
    step(&world, "ciyuan", "Draft", "ciyuan_clerk", Some("2018-06-29")).await;
    step(&world, "ciyuan", "Returned", "ciyuan_clerk", Some("2018-04-24")).await;
    step(&world, "ciyuan", "Draft", "ciyuan_clerk", Some("2018-05-04")).await;
    step(&world, "ciyuan", "Draft", "ciyuan_clerk", None).await;
    let clerk = world.person("ciyuan_clerk").await;
    for (query, expected) in [("", 4), ("?show=soon", 1), ("?show=late", 1), ("?show=returned", 1)] {
        let page = clerk.get(&format!("/desk{query}")).await.shown();
        assert_eq!(page.text.matches("href=\"/submissions/").count(), expected, "{query}: {}", page.words());
    }
    clerk.get("/desk?show=late").await.shown().says("逾期2天").says("修改申报书");
    let table = clerk.get("/desk.csv?show=late").await.shown();
    assert_eq!(table.text.lines().count(), 2, "{}", table.text);
    clerk.get("/desk").await.shown().says("2018-06-29").says("未定");
});

both!(to_dos_stand_by_deadline_and_pages_meet, world => {
    for number in 0..55 {
        let due = format!("2018-06-{:02}", 1 + number % 28);
        step(&world, "ciyuan", "Draft", "ciyuan_clerk", Some(&due)).await;
    }
    let clerk = world.person("ciyuan_clerk").await;
    let first = clerk.get("/desk").await.shown().says("共55条");
    assert_eq!(first.text.matches("href=\"/submissions/").count(), 50);
    let next = first.text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let next = next.expect("a link to the next page").replace("&amp;", "&").replace("&#38;", "&");
    let second = clerk.get(&next).await.shown();
    assert_eq!(second.text.matches("href=\"/submissions/").count(), 5, "{}", second.words());
});

both!(the_board_shows_who_has_what_within_the_division, world => {
    step(&world, "ciyuan", "AtCounty", "fuliang_reviewer", Some("2018-04-23")).await;
    step(&world, "lejiang", "AtCounty", "leping_reviewer", Some("2018-05-31")).await;
    step(&world, "yunwu", "AtCounty", "lushan_reviewer", None).await;
    let office = world.person("office").await;
    office.get("/board").await.shown().says("浮梁县政府").says("乐平市政府").says("庐山市政府").says("逾期3天").says("电话");
    let page = office.get("/board?late=1").await.shown().says("浮梁县政府");
    assert!(!page.text.contains("乐平市政府"), "{}", page.words());
    let page = office.get("/board?city=360400").await.shown().says("庐山市政府");
    assert!(!page.text.contains("浮梁县政府"), "{}", page.words());
    let table = office.get("/board.csv?late=1").await.shown();
    assert_eq!(table.text.lines().count(), 2, "{}", table.text);
    let page = world.person("leping_reviewer").await.get("/board").await.shown().says("示例乐江镇");
    assert!(!page.text.contains("示例瓷源镇"), "a sibling county: {}", page.words());
    let page = world.person("jdz_city").await.get("/board").await.shown().says("示例乐江镇").says("示例瓷源镇");
    assert!(!page.text.contains("示例云雾镇"), "another city: {}", page.words());
    assert_eq!(world.person("ciyuan_clerk").await.get("/board").await.status, 403);
});

both!(what_was_done_is_kept_with_its_lateness, world => {
    let id = step(&world, "ciyuan", "AtCounty", "fuliang_reviewer", Some("2018-04-23")).await;
    let who = Who { person: Hand::Person(world.cast.members["fuliang_reviewer"].person), ..Who::default() };
    let mut act = world.store().act(&who).await.expect("begun");
    act.leave_stages("declaration", &id, None).await.expect("left");
    act.commit(Event::new("declaration.county_reviewed", "declaration", &id)).await.expect("committed");
    let reviewer = world.person("fuliang_reviewer").await;
    reviewer.get("/desk").await.shown().says("现在没有待办");
    reviewer.get("/desk/done").await.shown().says("逾期3天办结").says("示例·浮审之").says("示例瓷源镇");
    world.person("leping_reviewer").await.get("/desk/done").await.shown().says("还没有办结");
});

both!(who_has_a_thing_is_told_with_the_number_to_ring, world => {
    let id = step(&world, "ciyuan", "AtCounty", "fuliang_reviewer", Some("2018-04-23")).await;
    let holders = who_has_it(world.store().read(), "declaration", &id).await.expect("read");
    let names: Vec<_> = holders.iter().map(|holder| holder.organisation.as_str()).collect();
    assert_eq!(names, ["浮梁县政府"]);
    assert_eq!(holders[0].due_day.as_deref(), Some("2018-04-23"));
    assert!(!holders[0].phone.is_empty());
});

both!(what_an_organisation_began_shows_where_it_is, world => {
    let member = world.cast.members["ciyuan_clerk"];
    let who = Who {
        person: Hand::Person(member.person),
        organisation: Some(member.organisation),
        role: Some(member.role),
        ..Who::default()
    };
    let id = kit::clock::fresh::<RowId>().to_string();
    let mut act = world.store().act(&who).await.expect("begun");
    let county = world.cast.members["fuliang_reviewer"];
    let next = Next { stage: "AtCounty", owing: vec![(county.organisation, county.role)], ..Next::default() };
    act.enter_stage("declaration", &id, next).await.expect("entered");
    act.commit(Event::new("declaration.started", "declaration", &id)).await.expect("committed");
    world.person("ciyuan_clerk").await.get("/desk/begun").await.shown().says("浮梁县政府").says("县审核");
    world.person("lejiang_clerk").await.get("/desk/begun").await.shown().says("还没有发起过");
});

#[test]
fn every_step_leads_to_a_page_its_role_may_open() {
    let access = kit::access::Access::parse(include_str!("../../access.toml")).expect("a whole table");
    let routes = zhenxing::routes::all();
    for step in zhenxing::desk::STEPS {
        let path = step.href.split('?').next().unwrap_or_default();
        let same = |pattern: &str| {
            let (ours, theirs): (Vec<_>, Vec<_>) = (path.split('/').collect(), pattern.split('/').collect());
            let fits = |(one, other): (&&str, &&str)| {
                one == other || (one.starts_with('{') && other.starts_with('{'))
            };
            ours.len() == theirs.len() && ours.iter().zip(&theirs).all(fits)
        };
        let route = routes.iter().find(|route| route.method == "GET" && same(route.path));
        let route = route.unwrap_or_else(|| panic!("{} {} leads nowhere", step.words, step.href));
        assert!(access.allows(step.role, route.action), "{:?} may not open {}", step.role, step.href);
    }
}

both!(a_life_line_says_who_has_it_and_all_of_them_have_a_page, world => {
    let batch = world.open_batch().await;
    let april = world.day("2018-04-10");
    let id = crate::declarations::filled(&april, &batch, "ciyuan").await;
    crate::declarations::sent_to_county(&april, "ciyuan", id).await;
    let reviewer = april.person("fuliang_reviewer").await;
    let desk = reviewer.get("/desk").await.shown().says("我县小镇进度").says("现由浮梁县政府").says("起，电话 0");
    assert!(!desk.text.contains("/desk/towns"), "a single town needs no page of its own");
    reviewer.get("/desk/towns").await.shown().says("共1条").says("现由浮梁县政府").says("示例瓷源镇");
    let stranger = april.person("leping_reviewer").await.get("/desk/towns").await.shown();
    assert!(!stranger.text.contains("示例瓷源镇"), "a sibling county: {}", stranger.words());
});

both!(what_waits_for_the_security_administrator_counts_as_his, world => {
    let (person, unit) = (world.cast.members["office"].person, world.cast.members["office"].organisation);
    let system = world.cast.members["system_admin"].person;
    let mut act = world.store().act(&Who::console()).await.expect("begun");
    act.write_one(
        "INSERT INTO role_grant (id, person_id, organisation_id, role, reason, valid_from, requested_by, requested_ms) \
         VALUES ('g', $1, $2, 'Office', '', '2018-01-01', $3, 1)",
        kit::args![person, unit, system],
    )
    .await
    .expect("asked for");
    act.commit(Event::new("grant.requested", "grant", "g")).await.expect("committed");
    let page = world.person("security_admin").await.get("/desk").await.shown().says("有1件授权");
    assert!(page.text.contains("<span class=\"counter-number\">1<small>"), "{}", page.words());
    page.says("待办<span class=\"count\">1</span>");
});

both!(a_table_of_the_board_holds_more_than_one_query_brings, world => {
    let (member, clerk) = (world.cast.members["fuliang_reviewer"], world.cast.members["ciyuan_clerk"]);
    let who = Who { person: Hand::Person(clerk.person), ..Who::default() };
    let mut act = world.store().act(&who).await.expect("begun");
    for number in 0..1005 {
        let next = Next {
            stage: "AtCounty",
            place: Some(world.cast.places["ciyuan"]),
            owing: vec![(member.organisation, member.role)],
            due: (number % 2 == 0).then(|| day("2018-05-02")),
            ..Next::default()
        };
        act.enter_stage("declaration", kit::clock::fresh::<RowId>(), next).await.expect("entered");
    }
    act.commit(Event::new("declaration.started", "batch", "none")).await.expect("committed");
    let table = world.person("office").await.get("/board.csv").await.shown();
    assert_eq!(table.text.lines().count(), 1006);
    let table = world.person("fuliang_reviewer").await.get("/desk.csv").await.shown();
    assert_eq!(table.text.lines().count(), 1006);
});
