//! Towns, platforms and divisions through the routes.

use crate::both;
use crate::client::{Answer, Client};
use crate::declarations::{filled, sent_to_city, sent_to_county};
use crate::world::{World, count};
use kit::args;

/// The input `version` of a page's form.
fn version(page: &Answer) -> String {
    page.input("version")
}

async fn town_of(world: &World, kind: &'static str) -> (String, String) {
    let sql = "SELECT code, name FROM division WHERE parent_code = '360222' AND kind = $1 \
               AND code NOT LIKE '3602229%' ORDER BY code LIMIT 1";
    world.store().read().one(sql, args![kind]).await.expect("the county has one")
}

async fn set_facts(county: &Client, place: &str, facts: &[(&str, &str)]) {
    let page = county.get(&format!("{place}/facts")).await.shown();
    let version = version(&page);
    let mut fields = vec![("version", version.as_str())];
    fields.extend_from_slice(facts);
    county.post(&format!("{place}/facts"), &fields).await.done();
}

both!(a_county_registers_a_town_and_the_office_confirms_its_facts, world => {
    let (code, name) = town_of(&world, "镇").await;
    let county = world.person("fuliang_reviewer").await;
    county.get("/places/new").await.shown().says(&name);
    let fields = [("track", "StatutoryTown"), ("town", code.as_str()), ("phone", "0798-0000000")];
    let answer = county.post("/places", &fields).await.done();
    let place = answer.location.split('?').next().expect("a path").to_owned();
    county.get(&place).await.shown().says("事实不全").says(&format!("{name}政府")).says("登记小镇");
    county.post("/places", &fields).await.refused("已经登记");

    let office = world.person("office").await;
    let page = office.get(&place).await.shown();
    assert!(!page.text.contains("/confirmation"), "nothing to confirm yet");
    office.post(&format!("{place}/confirmation"), &[("version", "1")]).await.refused("还有事实未填写");
    set_facts(&county, &place, &[("county_seat", "0"), ("pilot_county", "0")]).await;
    let page = office.get(&place).await.shown().says("待省办确认");
    let version = version(&page);
    office.post(&format!("{place}/confirmation"), &[("version", &version)]).await.done();
    office.get(&place).await.shown().says("已确认").says("示例·省办实");
    set_facts(&county, &place, &[("county_seat", "1"), ("pilot_county", "0")]).await;
    office.get(&place).await.shown().says("待省办确认");
    let neighbour = format!("/places/{}", world.cast.places["chaxiang"]);
    let page = office.get(&neighbour).await.shown().says("待省办确认");
    let shown = self::version(&page);
    office.post(&format!("{neighbour}/confirmation"), &[("version", &shown)]).await.done();
    set_facts(&county, &place, &[("county_seat", "1"), ("pilot_county", "1")]).await;
    office.get(&neighbour).await.shown().says("待省办确认");
    let seats = "SELECT COUNT(*) FROM division WHERE is_county_seat = 1";
    assert_eq!(count(world.store(), seats).await, 1);
});

both!(a_township_is_refused_by_its_clause, world => {
    let (code, _) = town_of(&world, "乡").await;
    let county = world.person("fuliang_reviewer").await;
    let fields = [("track", "StatutoryTown"), ("town", code.as_str()), ("phone", "1")];
    county.post("/places", &fields).await.refused("不是建制镇").says("三（一）");
    let fields = [("track", "Platform"), ("name", ""), ("phone", "1")];
    county.post("/places", &fields).await.refused("请填写“平台名称”");
    world.person("office").await.get("/places/new").await.forbidden();
    let other = world.person("leping_reviewer").await;
    other.post("/places", &[("track", "StatutoryTown"), ("town", &code), ("phone", "1")]).await.is_missing();
});

both!(a_platform_is_registered_under_its_county, world => {
    let county = world.person("leping_reviewer").await;
    let fields = [("track", "Platform"), ("name", "示例乐创小镇"), ("phone", "1")];
    county.post("/places", &fields).await.done();
    county.get("/places").await.shown().says("示例乐创小镇").says("待确认");
    world.person("jdz_city").await.get("/places?q=乐创").await.shown().says("示例乐创小镇");
    world.person("fuliang_reviewer").await.get("/places?q=%E4%B9%90%E5%88%9B").await.shown().says("没有符合条件的小镇");
});

both!(a_list_shows_what_lies_within_reach, world => {
    let county = world.person("fuliang_reviewer").await.get("/places").await.shown();
    assert!(county.text.contains("示例瓷源镇") && !county.text.contains("示例乐江镇"));
    let town = world.person("ciyuan_clerk").await.get("/places").await.shown();
    assert!(town.text.contains("示例瓷源镇") && !town.text.contains("示例茶香镇"));
    let office = world.person("office").await;
    let platforms = office.get("/places?track=Platform").await.shown().says("示例东风创客小镇");
    assert!(!platforms.text.contains("示例瓷源镇"));
    let place = world.cast.places["lejiang"];
    office.get(&format!("/places/{place}")).await.shown();
    world.person("fuliang_reviewer").await.get(&format!("/places/{place}")).await.is_missing();
    world.person("chaxiang_clerk").await.get(&format!("/places/{}", world.cast.places["ciyuan"])).await.is_missing();
});

both!(a_rename_keeps_the_old_name_until_the_day_before, world => {
    let office = world.person("office").await;
    let place = format!("/places/{}", world.cast.places["ciyuan"]);
    let typed = |from: &'static str| {
        [("version", "1"), ("name", "示例瓷都镇"), ("from", from), ("why", "赣府字〔2018〕1号")]
    };
    office.post(&format!("{place}/name"), &typed("2018-05-01")).await.refused("不能晚于今天").says("示例瓷都镇");
    office.post(&format!("{place}/name"), &typed("2016-01-01")).await.refused("须晚于");
    office.post(&format!("{place}/name"), &typed("2018-04-20")).await.done();
    office.get(&place).await.shown().says("示例瓷都镇").says("2018年4月19日").says("赣府字〔2018〕1号");
    office.get("/places?q=瓷源").await.shown().says("示例瓷都镇");
    let answer = office.post(&format!("{place}/name"), &typed("2018-04-22")).await;
    assert_eq!(answer.status, 409, "the version was an old one");
});

both!(divisions_are_shown_as_of_a_day, world => {
    let admin = world.person("system_admin").await;
    admin.get("/divisions").await.shown().says("景德镇市").says("共11个");
    admin.get("/divisions?code=360222").await.shown().says("示例瓷源镇");
    let fields = [("name", "示例浮梁区"), ("from", "2018-04-01"), ("why", "国函〔2018〕1号")];
    admin.post("/divisions/360222/name", &fields).await.done();
    admin.get("/divisions?code=360200").await.shown().says("示例浮梁区");
    let before = admin.get("/divisions?code=360200&on=2018-03-31").await.shown().says("浮梁县");
    assert!(!before.text.contains("示例浮梁区"));
    world.person("fuliang_reviewer").await.post("/divisions/360222/name", &fields).await.forbidden();
});

both!(two_who_set_facts_do_not_overwrite_each_other, world => {
    let county = world.person("fuliang_reviewer").await;
    let path = format!("/places/{}/facts", world.cast.places["ciyuan"]);
    county.post(&path, &[("version", "1"), ("county_seat", "0"), ("pilot_county", "0")]).await.done();
    let answer = county.post(&path, &[("version", "1"), ("county_seat", "1"), ("pilot_county", "0")]).await;
    assert_eq!(answer.status, 409);
    county.post(&path, &[("version", "2"), ("king", "1")]).await.refused("表单中没有");
});

both!(a_merged_division_hands_its_towns_on_and_keeps_its_past, world => {
    let office = world.person("office").await;
    let place = format!("/places/{}", world.cast.places["ciyuan"]);
    let sql = "SELECT p.division_code, d.code, d.name FROM place p JOIN division d ON d.parent_code = p.county_code \
               AND d.kind = '镇' AND d.code <> p.division_code WHERE p.id = $1 ORDER BY d.code DESC LIMIT 1";
    let (old, into, name): (String, String, String) =
        world.store().read().one(sql, args![world.cast.places["ciyuan"]]).await.expect("the county has two towns");
    let merger = format!("/divisions/{old}/merger");
    office.get(&format!("/divisions?code={old}")).await.shown().says("撤并");
    let typed = |into: &str, from: &str| {
        [("into", into), ("from", from), ("why", "赣府字〔2018〕2号")].map(|(name, value)| (name, value.to_owned()))
    };
    let post = async |into: &str, from: &str| {
        let fields = typed(into, from);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        office.post(&merger, &fields).await
    };
    post("", "2018-04-20").await.refused("请填写“并入”");
    post("360281001", "2018-04-20").await.refused("请从列表中选择");
    post(&into, "2018-05-20").await.refused("不能晚于今天");
    post(&into, "2018-04-20").await.done();
    office.get(&place).await.shown().says(&into).says("2018年4月19日").says("赣府字〔2018〕2号");
    let gone = office.get(&format!("/divisions?code={old}")).await.refused("已撤并");
    gone.says(&name);
    office.get(&format!("/divisions?code={old}&on=2018-04-19")).await.shown();
    office.get("/divisions/360200/merger").await.is_missing();
    world.person("fuliang_reviewer").await.get(&merger).await.forbidden();
    world.person("ciyuan_clerk").await.get(&place).await.shown();
});

/// Text in one column of one row.
async fn text(world: &World, sql: &'static str, id: impl ToString) -> String {
    let (text,): (String,) = world.store().read().one(sql, args![id.to_string()]).await.expect("a row");
    text
}

both!(a_county_under_a_new_code_takes_everything_along, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-26");
    let id = filled(&world, &batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    let office = world.person("office").await;
    let form = "/divisions/360222/name";
    office.get(form).await.shown().says("新的区划代码");
    let typed = |code: &'static str, from: &'static str| {
        [("name", "示例浮梁区"), ("division", code), ("from", from), ("why", "国函〔2018〕1号")]
    };
    office.post(form, &typed("360481", "2018-04-20")).await.refused("前四位与所属设区市相同");
    office.post(form, &typed("360281", "2018-04-20")).await.refused("已经用过");
    office.post("/divisions/360222901/name", &typed("360204", "2018-04-20")).await.refused("乡镇为九位数字");
    office.post(form, &typed("360204", "2016-12-27")).await.refused("须晚于");
    office.post(form, &typed("360204", "2018-04-20")).await.done();

    office.get("/divisions?code=360204").await.shown().says("示例浮梁区").says("示例瓷源镇");
    office.get("/divisions?code=360222&on=2018-04-19").await.shown().says("浮梁县").says("示例瓷源镇");
    office.get("/divisions?code=360222").await.refused("已撤并或变更代码").says("示例浮梁区");
    let place = world.cast.places["ciyuan"];
    assert_eq!(text(&world, "SELECT division_code FROM place WHERE id = $1", place).await, "360204901");
    office.get(&format!("/places/{place}")).await.shown().says("示例浮梁区").says("360204901").says("2018年4月19日");

    // Those signed in go on where they stopped: the county reviews and approves what it had.
    let reviewer = world.person("fuliang_reviewer").await;
    reviewer.get("/desk").await.shown().says("示例瓷源镇").says("示例浮梁区政府");
    sent_to_city(&world, "fuliang", id).await;
    world.person("jdz_construction").await.get(&format!("/declarations/{id}")).await.shown();
    office.get("/declarations").await.shown().says("示例浮梁区");
    world.person("leping_reviewer").await.get(&format!("/places/{place}")).await.is_missing();
    world.person("ciyuan_clerk").await.get(&format!("/places/{place}")).await.shown();
    let verdict = kit::record::verify(world.store(), None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});

both!(a_county_goes_up_in_another_of_its_city, world => {
    let batch = world.open_batch().await;
    let world = world.day("2018-04-26");
    let id = filled(&world, &batch, "ciyuan").await;
    sent_to_county(&world, "ciyuan", id).await;
    let before = world.person("fuliang_reviewer").await;
    let office = world.person("office").await;
    let form = "/divisions/360222/merger";
    let page = office.get(form).await.shown().says("乐平市");
    assert!(!page.text.contains("庐山市"), "only counties of the same city");
    let typed = |into: &'static str| [("into", into), ("from", "2018-04-20"), ("why", "国函〔2018〕3号")];
    office.post(form, &typed("360483")).await.refused("请从列表中选择");
    office.post(form, &typed("360281")).await.done();

    before.get("/desk").await.done();
    let place = world.cast.places["ciyuan"];
    let code = text(&world, "SELECT division_code FROM place WHERE id = $1", place).await;
    assert!(code.starts_with("360281"), "{code}");
    assert_ne!(code, "360281901", "that code is another town's");
    let leping = world.person("leping_reviewer").await;
    leping.get("/desk").await.shown().says("示例瓷源镇");
    leping.get(&format!("/places/{place}")).await.shown().says("乐平市").says("国函〔2018〕3号");
    sent_to_city(&world, "leping", id).await;
    office.get("/organisations?q=浮梁县政府").await.shown().says("没有符合条件的机构");
    office.get("/divisions?code=360222&on=2018-04-19").await.shown().says("示例瓷源镇");
    world.person("ciyuan_clerk").await.get(&format!("/declarations/{id}")).await.shown();
    let ended = "SELECT COUNT(*) FROM role_grant WHERE ended_ms IS NOT NULL";
    assert_eq!(count(world.store(), ended).await, 2);
});

both!(a_towns_code_that_was_given_wrongly_is_put_right, world => {
    let office = world.person("office").await;
    let place = world.cast.places["ciyuan"];
    let was = text(&world, "SELECT division_code FROM place WHERE id = $1", place).await;
    let merge = [("into", "360281"), ("from", "2018-04-10"), ("why", "国函〔2018〕3号")];
    office.post("/divisions/360222/merger", &merge).await.done();
    let wrong = text(&world, "SELECT division_code FROM place WHERE id = $1", place).await;
    assert_ne!(wrong[6..], was[6..]);
    let form = format!("/divisions/{wrong}/name");
    office.get(&form).await.shown().says("新的区划代码");
    let typed = |code: &'static str, from: &'static str| {
        [("name", "示例瓷源镇"), ("division", code), ("from", from), ("why", "更正")]
    };
    office.post(&form, &typed("360222999", "2018-04-10")).await.refused("前六位与所属县相同");
    office.post(&form, &typed("360281", "2018-04-10")).await.refused("前六位与所属县相同");
    office.post(&form, &typed("360281999", "2018-04-09")).await.refused("起始日2018-04-09");
    office.post(&form, &typed("360281999", "2018-04-10")).await.done();
    assert_eq!(text(&world, "SELECT division_code FROM place WHERE id = $1", place).await, "360281999");
    let county = text(&world, "SELECT county_code FROM place WHERE id = $1", place).await;
    assert_eq!(county, "360281");
    let operator = text(&world, "SELECT division_code FROM organisation WHERE place_id = $1", place).await;
    assert_eq!(operator, "360281999");
    let then = office.get("/divisions?code=360281&on=2018-04-10").await.shown().says("360281999");
    assert!(!then.text.contains(wrong.as_str()), "the wrong code held on no day");
    office.get(&format!("/divisions?code={wrong}")).await.refused("已撤并或变更代码");
    let dossier = office.get(&format!("/places/{place}")).await.shown().says("更正").says("360281999");
    assert!(!dossier.text.contains(wrong.as_str()), "{}", dossier.words());
    world.person("ciyuan_clerk").await.get(&format!("/places/{place}")).await.shown();
    let verdict = kit::record::verify(world.store(), None).await.expect("verified");
    assert!(verdict.is_true(), "{:?}", verdict.faults);
});
