//! Two versions of one section made one, as a person picks. Rows are matched as they moved, so that an
//! inserted row is one choice, and all behind it stay what they were.

use super::pairing::{Row, earlier};
use super::questions::answer_words;
use domain::form::{Form, Item, Section, SectionAnswers};
use std::collections::{BTreeMap, BTreeSet};

/// Something in which the versions differ: one answer, or a whole row that only one of them has.
pub struct Pick {
    pub field: String,
    pub label: String,
    pub theirs: String,
    pub mine: String,
    /// Chosen until somebody chooses: what is on the page already, or a row that would be lost.
    pub keeps_theirs: bool,
}

const NO_ROW: &str = "（没有这一行）";

/// Everything in which the versions differ, in the form's order.
pub fn picks(form: &Form, section: &Section, theirs: &SectionAnswers, mine: &SectionAnswers) -> Vec<Pick> {
    let mut picks = match &section.repeat {
        None => in_row(section, "", "", &theirs.items, &mine.items),
        Some(repeat) => in_rows(section, &repeat.row, &theirs.rows, &mine.rows),
    };
    for check in form.verify_checks_of(section) {
        let said = |answers: &SectionAnswers| answers.explanations.get(&check.code).cloned();
        let (theirs, mine) = (said(theirs).unwrap_or_default(), said(mine).unwrap_or_default());
        if theirs != mine {
            let (field, label) = (format!("explain.{}", check.code), format!("说明：{}", check.says));
            picks.push(Pick { field, label, theirs, mine, keeps_theirs: false });
        }
    }
    picks
}

fn in_row(section: &Section, heading: &str, name: &str, theirs: &Row, mine: &Row) -> Vec<Pick> {
    let differs = section.questions().filter(|item| theirs.get(&item.code) != mine.get(&item.code));
    let words = |row: &Row, item: &Item| {
        row.get(&item.code).map_or_else(String::new, |value| answer_words(item, value))
    };
    differs
        .map(|item| Pick {
            field: format!("{name}{}", item.code),
            label: format!("{heading}{}", item.label),
            theirs: words(theirs, item),
            mine: words(mine, item),
            keeps_theirs: false,
        })
        .collect()
}

fn in_rows(section: &Section, word: &str, theirs: &[Row], mine: &[Row]) -> Vec<Pick> {
    let earlier = earlier(section, theirs, mine);
    let mut picks = Vec::new();
    for (at, row) in mine.iter().enumerate() {
        let number = at + 1;
        match earlier[at] {
            Some(was) => {
                let (heading, name) = (format!("{word}{number} · "), format!("row.{}.", was + 1));
                picks.extend(in_row(section, &heading, &name, &theirs[was], row));
            }
            None => picks.push(Pick {
                field: format!("mine.{number}"),
                label: format!("{word}{number}，只在我的版本里"),
                theirs: NO_ROW.to_owned(),
                mine: row_words(section, row),
                keeps_theirs: false,
            }),
        }
    }
    for at in unmatched(&earlier, theirs.len()) {
        picks.push(Pick {
            field: format!("theirs.{}", at + 1),
            label: format!("{word}{}，只在对方版本里", at + 1),
            theirs: row_words(section, &theirs[at]),
            mine: NO_ROW.to_owned(),
            keeps_theirs: true,
        });
    }
    picks
}

/// Rows of theirs that none of mine was.
fn unmatched(earlier: &[Option<usize>], theirs: usize) -> impl Iterator<Item = usize> {
    (0..theirs).filter(|at| !earlier.contains(&Some(*at)))
}

fn row_words(section: &Section, row: &Row) -> String {
    let said = section.questions().filter_map(|item| {
        row.get(&item.code).map(|value| format!("{}：{}", item.label, answer_words(item, value)))
    });
    said.collect::<Vec<_>>().join("；")
}

/// The section as picked: `picked` holds `theirs` or `mine` by the fields of the picks.
pub fn merged(
    section: &Section,
    (theirs, mine): (&SectionAnswers, &SectionAnswers),
    picked: &BTreeMap<String, String>,
) -> SectionAnswers {
    let takes_theirs = |field: &str| picked.get(field).map(String::as_str) == Some("theirs");
    let merge = |name: &str, theirs: &Row, mine: &Row| {
        let codes: BTreeSet<&String> = theirs.keys().chain(mine.keys()).collect();
        let value = |code: &String| {
            let source = if takes_theirs(&format!("{name}{code}")) { theirs } else { mine };
            source.get(code).map(|value| (code.clone(), value.clone()))
        };
        codes.into_iter().filter_map(value).collect::<Row>()
    };
    let earlier = earlier(section, &theirs.rows, &mine.rows);
    let mut rows: Vec<(Option<usize>, Row)> = Vec::new();
    for (at, row) in mine.rows.iter().enumerate() {
        match earlier[at] {
            Some(was) => rows.push((Some(was), merge(&format!("row.{}.", was + 1), &theirs.rows[was], row))),
            None if takes_theirs(&format!("mine.{}", at + 1)) => {}
            None => rows.push((None, row.clone())),
        }
    }
    let is_dropped =
        |at: &usize| picked.get(&format!("theirs.{}", at + 1)).map(String::as_str) == Some("mine");
    for at in unmatched(&earlier, theirs.rows.len()).filter(|at| !is_dropped(at)) {
        let before = rows.iter().rposition(|(was, _)| was.is_some_and(|was| was < at));
        rows.insert(before.map_or(0, |place| place + 1), (Some(at), theirs.rows[at].clone()));
    }
    SectionAnswers {
        items: merge("", &theirs.items, &mine.items),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        explanations: merge("explain.", &theirs.explanations, &mine.explanations),
    }
}

/// The answers as a form sends them: each under its input's name.
pub fn as_sent(answers: &SectionAnswers) -> Vec<(String, String)> {
    let own = |prefix: String, row: &Row| {
        row.iter().map(|(code, value)| (format!("{prefix}{code}"), value.clone())).collect::<Vec<_>>()
    };
    let mut sent = own(String::new(), &answers.items);
    for (at, row) in answers.rows.iter().enumerate() {
        sent.extend(own(format!("row.{}.", at + 1), row));
    }
    sent.extend(own("explain.".to_owned(), &answers.explanations));
    sent
}
