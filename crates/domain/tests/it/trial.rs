//! A pack that reads may still not do: what keeps it from being put in force.

use crate::world::{changed, line_of, pack};
use domain::pack::NEEDS;
use std::collections::BTreeSet;

/// What keeps the default pack, changed in one file, from being put in force.
fn trial(file: &str, old: &str, new: &str) -> Vec<String> {
    changed(file, old, new).trial().iter().map(ToString::to_string).collect()
}

#[test]
fn the_default_pack_does() {
    assert_eq!(trial("about.toml", "江西省", "江西省"), Vec::<String>::new());
}

#[test]
fn a_value_the_product_acts_by_must_be_there_and_of_its_kind() {
    let missing = trial("security.toml", "", "");
    assert_eq!(missing.len(), NEEDS.iter().filter(|(id, _)| id.starts_with("security.")).count());
    assert_eq!(missing[0], "*.toml:0: 缺少程序办事所需的“security.address_accounts_free”（数量）");
    let other = trial("4-support.toml", "kind = \"days\"", "kind = \"count\"");
    assert!(other.iter().any(|one| one.ends_with("“notice.days”是数量，程序需要的是工作日数")), "{other:?}");
    let bad = trial("3-declaration.toml", "value = \"04-30\"", "value = \"02-30\"");
    let line = line_of("3-declaration.toml", "value = \"04-30\"");
    let says = "“batch.window_end”的值“02-30”应为每年的一天，如 04-30";
    assert_eq!(bad, [format!("3-declaration.toml:{line}: {says}")]);
}

#[test]
fn each_track_has_its_form() {
    let found = trial("forms/declaration-platform.toml", "", "");
    assert!(found.contains(&"*.toml:0: 没有适用于“创新创业平台”的表单".to_owned()), "{found:?}");
}

#[test]
fn a_number_in_a_check_says_who_set_it() {
    let form = "forms/declaration-statutory-town.toml";
    let found = trial(form, "source = \"本省确定\"\n", "");
    assert!(found.len() == 1 && found[0].ends_with("校验“V-10”的数没有出处：请写明“source”"), "{found:?}");
    let found = trial(form, "from = \"2016-12-27\"\n", "");
    assert_eq!(found, [format!("{form}:1: 表单没有写明起始日期“from”和出处“source”")]);
}

#[test]
fn a_case_that_no_longer_comes_out_is_named() {
    let found = trial("2-construction.toml", "{ months = 3 }", "{ months = 4 }");
    assert!(!found.is_empty() && found.iter().all(|one| one.starts_with("cases/")), "{found:?}");
}

#[test]
fn what_the_product_needs_is_named_once() {
    let ids: BTreeSet<_> = NEEDS.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), NEEDS.len());
}

#[test]
fn a_code_the_program_cannot_decide_by_is_refused() {
    let file = "3-declaration.toml";
    let found = |old: &str, new: &str, says: &str| {
        let found = trial(file, old, new);
        assert!(found.iter().any(|one| one.starts_with(file) && one.ends_with(says)), "{found:?}");
    };
    let town = "code = \"town\", name = \"镇\"";
    found(town, "code = \"village\", name = \"村\"", "“eligibility.divisions”中的“village”程序不认识");
    found("track = \"both\"", "track = \"all\"", "的 track 应为类别代码或 both");
    found("track = \"both\", ", "", "“eligibility.facts”中的“pilot_county”没有写明 track");
    let seat = "{ code = \"county_seat\", name = \"是否城关镇\"";
    found(seat, "{ code = \"pilot\", name = \"甲\"", "中的“county_seat”不在“eligibility.facts”所列之中");
    let scans = "value = [\"pdf\", \"jpg\", \"png\"]";
    found(scans, "value = [\"exe\"]", "“files.scans”中的“exe”不在“files.staff”所列之中");
}

#[test]
fn each_form_asks_for_every_veto() {
    let found = trial("3-declaration.toml", "code = \"safety\"", "code = \"fire\"");
    let of = |form: &str| {
        let file = format!("forms/{form}.toml:1");
        let asked = format!("{file}: 没有问到一票否决事项“重大安全生产事故”（fire）");
        [asked, format!("{file}: “safety”不在“eligibility.vetoes”所列之中")]
    };
    let expected = [of("declaration-platform"), of("declaration-statutory-town")].concat();
    let found: Vec<_> = found.into_iter().filter(|one| expected.contains(one)).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

#[test]
fn a_value_acts_where_the_program_or_a_form_reads_it() {
    let pack = pack();
    let read = ["notice.days", "programme.types", "award.per_year"].map(|id| pack.is_read(id));
    assert_eq!(read, [true, true, false]);
}
