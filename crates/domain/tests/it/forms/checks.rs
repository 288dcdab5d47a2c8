//! What answers must hold: checks, progress; and the forms of the pack itself.

use super::*;

#[test]
fn sound_answers_pass() {
    assert_eq!(codes(&sound()), []);
}

#[test]
fn required_answers_rows_and_files() {
    assert_eq!(codes(&with(sound(), "102", "")), one("102", "required"));
    let mut no_rows = with(sound(), "103", "");
    no_rows.0.remove("rows");
    assert_eq!(codes(&no_rows), one("rows", "too_few_rows"));
    let counts: Vec<_> = (0..=4).map(|number| form().check(&sound(), &photos(number))).collect();
    let found: Vec<_> = counts.iter().map(|problems| problems.first().map(|one| one.code.as_str())).collect();
    assert_eq!(found, [Some("required"), Some("too_few_files"), None, None, Some("too_many_files")]);
    let problem = &form().check(&with(sound(), "102", ""), &photos(2))[0];
    assert_eq!((problem.clause, problem.says.as_str()), (Some(Clause::new(3, 1)), "请填写“镇区人口”。"));
}

#[test]
fn a_draft_with_wrong_answers_does_not_pass() {
    assert_eq!(codes(&with(sound(), "103", "3亿")), one("103", "unit_in_number"));
    assert_eq!(codes(&with(sound(), "999", "1")), one("999", "unknown_field"));
}

#[test]
fn a_comparison_fails_holds_and_holds_on_the_line() {
    assert_eq!(codes(&with(sound(), "102", "1001")), one("102", "check:H-1"));
    assert_eq!(codes(&with(sound(), "102", "1000")), []);
    let problem = &form().check(&with(sound(), "102", "1001"), &photos(2))[0];
    assert_eq!(problem.says, "镇区人口不应大于镇域人口。（当前：镇区人口 1001人，镇域人口 1000人）");
}

#[test]
fn a_sum_over_rows_has_its_tolerance() {
    for (total, passes) in
        [("298.5", false), ("298.51", true), ("300", true), ("301.5", true), ("301.51", false)]
    {
        let found = codes(&with(sound(), "103", total));
        assert_eq!(found.is_empty(), passes, "{total}: {found:?}");
    }
    let mut on_the_line = with(sound(), "103", "200");
    let rows = &mut on_the_line.0.get_mut("rows").expect("rows").rows;
    rows[1].insert("201".to_owned(), "101".to_owned());
    assert_eq!(codes(&on_the_line), [], "201 is 200 and half a percent");
}

#[test]
fn a_condition_asks_only_when_it_holds() {
    assert_eq!(codes(&with(sound(), "105", "是")), one("106", "check:H-2"));
    assert_eq!(codes(&with(with(sound(), "105", "是"), "106", "赣建村〔2018〕12号")), []);
    assert_eq!(codes(&with(sound(), "105", "")), [], "a blank condition asks nothing");
}

#[test]
fn rows_are_checked_one_by_one() {
    let mut answers = sound();
    let rows = &mut answers.0.get_mut("rows").expect("rows").rows;
    rows[1].insert("202".to_owned(), "200.01".to_owned());
    assert_eq!(codes(&answers), one("row.2.202", "check:H-4"));
    let says = &form().check(&answers, &photos(2))[0].says;
    assert!(says.starts_with("第 2 行：已完成不应大于总投资。"), "{says}");
}

#[test]
fn a_verify_check_is_settled_by_an_explanation() {
    let answers = with(sound(), "104", "50");
    assert_eq!(codes(&answers), one("explain.V-2", "verify:V-2"));
    let mut explained = answers;
    let (said, problems) = read("plain", &[("explain.V-2", "按户籍人口计算。")]);
    assert!(problems.is_empty());
    explained.0.get_mut("plain").expect("the section").explanations = said.explanations;
    assert_eq!(codes(&explained), []);
    assert_eq!(codes(&with(sound(), "104", "40.5")), [], "exactly on the tolerance");
    assert_eq!(codes(&with(sound(), "104", "0")), [], "the other side of `or`");
}

#[test]
fn a_change_is_judged_only_where_there_is_a_prior() {
    let now = with(sound(), "101", "1501");
    assert_eq!(codes(&now), []);
    let against = |now: &str, prior: &str| {
        let (now, prior) = (with(sound(), "101", now), with(sound(), "101", prior));
        let problems = form().check_against(&now, Some(&prior), &photos(2));
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(against("1501", "1000"), ["verify:V-1"]);
    assert_eq!(against("1500", "1000"), Vec::<String>::new(), "half is on the line");
    assert_eq!(against("499", "1000"), ["verify:V-1"], "a fall counts as well");
    assert_eq!(against("1500", "0"), Vec::<String>::new(), "no change on nothing");
}

#[test]
fn days_and_choices_compare() {
    let lake = |day: &str| with(with(sound(), "107", "山区、滨湖"), "109", day);
    assert_eq!(codes(&lake("2017-12-31")), one("107", "check:H-5"));
    assert_eq!(codes(&lake("2018-01-01")), []);
}

#[test]
fn progress_says_what_is_missing() {
    let states = |answers: &Answers, files: &[FileFact]| {
        let form = form();
        form.progress(answers, files).into_iter().map(|(_, state)| state).collect::<Vec<_>>()
    };
    assert_eq!(states(&Answers::default(), &[]), [Progress::NotStarted; 3]);
    assert_eq!(states(&sound(), &photos(2)), [Progress::Done; 3]);
    let partial = with(with(sound(), "102", ""), "103", "3亿");
    assert_eq!(states(&partial, &photos(1)), [Progress::Partial(2), Progress::Done, Progress::Partial(1)]);
    assert_eq!(Progress::Partial(2).words(), "还差 2 项");
}

#[test]
fn a_problem_finds_its_page() {
    let form = form();
    let page = |field: &str| form.section_of(field).map(|section| section.code.as_str());
    assert_eq!(page("102"), Some("plain"));
    assert_eq!(page("row.2.201"), Some("rows"));
    assert_eq!(page("explain.V-1"), Some("plain"));
    assert_eq!(page("rows"), Some("rows"));
    assert_eq!(page("999"), None);
}

#[test]
fn the_declaration_forms_are_complete() {
    for (code, least) in [("declaration-statutory-town", 120), ("declaration-platform", 120)] {
        let form = pack().form(code).expect("the form");
        let items: Vec<_> = form.sections.iter().flat_map(|section| &section.items).collect();
        assert!(items.len() >= least, "{code} has {} items", items.len());
        assert!(items.iter().all(|item| item.clause.is_some()), "each item cites its clause");
        let aspects = pack().list("plan.aspects", crate::world::day("2018-01-01")).expect("the aspects");
        for aspect in aspects {
            let explained = form.sections.iter().any(|section| {
                section.aspect.as_ref().is_some_and(|one| one.code == aspect.code)
                    && section.items.iter().any(|item| item.label.ends_with("说明") && item.required)
            });
            assert!(explained, "{code} explains {}", aspect.name);
        }
        let unit = |item: &&domain::form::Item| item.kind.is_number() && item.unit.is_empty();
        assert_eq!(items.iter().find(|item| unit(item)).map(|item| &item.code), None, "numbers have units");
        assert!(!form.check(&Answers::default(), &[]).is_empty());
    }
}

proptest! {
    #[test]
    fn reading_never_fails_and_reads_its_own_words_alike(texts in proptest::collection::vec(".{0,24}", 10)) {
        let form = form();
        let names = ["101", "102", "103", "104", "105", "106", "107", "108", "109", "110"];
        let raw: Vec<_> = names.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text)).collect();
        let (answers, problems) = form.read_section("plain", &raw);
        let again: Vec<_> = answers.items.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        let (same, problems_again) = form.read_section("plain", &again);
        prop_assert_eq!(&answers, &same);
        prop_assert_eq!(problems.len(), problems_again.len());
    }

    #[test]
    fn a_rule_of_any_text_is_parsed_or_refused(rule in "[0-9a-z <>=.%()+*/\"-]{0,60}") {
        let _ = domain::form::expression::parse(&rule, &|_, _| None);
    }
}
