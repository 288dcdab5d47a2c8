//! The default pack: it reads, covers the plan, and its worked cases come out.

use crate::world::{day, files, pack};
use domain::clause::Clause;
use domain::pack::Pack;

#[test]
fn every_worked_case_comes_out() {
    let pack = pack();
    let failed: Vec<_> = pack.trial().iter().map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(pack.cases().len() >= 25, "the cases were read");
}

#[test]
fn every_check_has_a_case_that_passes_and_one_that_fails() {
    let pack = pack();
    for form in pack.forms() {
        for check in &form.checks {
            let of = |case: &&domain::pack::case::Case| {
                case.given.get("form") == Some(&form.code) && case.given.get("check") == Some(&check.code)
            };
            let expected: Vec<_> = pack.cases().iter().filter(of).map(|case| case.expect.as_str()).collect();
            assert!(
                expected.contains(&"通过") && expected.contains(&"不通过"),
                "{} {}",
                form.code,
                check.code
            );
        }
    }
}

#[test]
fn every_clause_of_the_plan_has_its_entry() {
    let pack = pack();
    let sections = [(0, 0), (1, 3), (2, 6), (3, 4), (4, 5), (5, 3)];
    for (chapter, last) in sections {
        for section in 1.min(last)..=last {
            let clause = Clause::new(chapter, section);
            let entry = pack.clause(clause).unwrap_or_else(|| panic!("no entry for {clause}"));
            assert!(!entry.title.is_empty() && entry.text.chars().count() > 20, "{clause}");
        }
    }
    assert_eq!(pack.clauses().len(), 22);
}

#[test]
fn the_values_of_this_programme_stand_in_the_pack() {
    let pack = pack();
    let day = day("2018-04-26");
    assert_eq!(pack.count("batch.target_total", day), Ok(60));
    assert_eq!(pack.days("notice.days", day), Ok(5));
    assert_eq!(pack.list("city.bureaus", day).map(|list| list.len()), Ok(3));
    let members = pack.list("conference.members", day).expect("the members");
    let leads: Vec<_> = members.iter().filter(|member| member.attribute("leads") == "true").collect();
    assert_eq!((members.len(), leads.len()), (8, 1));
    assert_eq!(pack.values_of(Clause::new(4, 4)).len(), 3);
}

#[test]
fn a_missing_value_says_which() {
    let pack = pack();
    let error = |result: Result<i64, domain::pack::ValueError>| result.expect_err("an error").to_string();
    assert_eq!(error(pack.count("no.such", day("2018-01-01"))), "规则包中没有“no.such”这一项");
    let early = error(pack.count("batch.target_total", day("2016-12-26")));
    assert_eq!(early, "规则包中“batch.target_total”在2016年12月26日没有有效的值");
    assert_eq!(pack.count("batch.target_total", day("2016-12-27")), Ok(60), "the first day counts");
    let other = error(pack.count("notice.days", day("2018-01-01")));
    assert_eq!(other, "规则包中“notice.days”是工作日数，不是数量");
}

#[test]
fn the_digest_names_this_very_pack() {
    let mut files = files();
    let digest = pack().digest().to_owned();
    files.reverse();
    assert_eq!(Pack::read(&files).expect("a pack").digest(), digest, "order does not matter");
    files[0].1.push('\n');
    assert_ne!(Pack::read(&files).expect("a pack").digest(), digest);
    assert_eq!(digest.len(), 64);
}

#[test]
fn the_plans_words_are_restored() {
    for (path, text) in files() {
        for mangled in ["开展", "效劳", "根底", "原那么", "奉献"] {
            assert!(!text.contains(mangled), "{path} says {mangled}");
        }
    }
}
