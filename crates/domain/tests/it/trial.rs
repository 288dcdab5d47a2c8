//! A pack that reads may still not do: what keeps it from being put in force.

use crate::world::files;
use domain::pack::{NEEDS, Pack};
use std::collections::BTreeSet;

/// The default pack with some text replaced in one file; a file without text is left out.
fn trial(file: &str, old: &str, new: &str) -> Vec<String> {
    let changed = files().into_iter().filter_map(|(path, text)| match path == file {
        true if old.is_empty() => None,
        true => {
            assert!(text.contains(old), "nothing to replace in {file}");
            Some((path, text.replacen(old, new, 1)))
        }
        false => Some((path, text)),
    });
    let pack = Pack::read(&changed.collect::<Vec<_>>());
    pack.expect("the pack reads").trial().iter().map(ToString::to_string).collect()
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
    assert_eq!(bad, ["3-declaration.toml:90: “batch.window_end”的值“02-30”应为每年的一天，如 04-30"]);
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
