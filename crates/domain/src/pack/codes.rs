//! Lists whose codes the program must know, or the forms must ask for: what they do not know, they
//! could not decide by.

use super::{Entry, Finding, Pack, Value};
use crate::day::Day;
use crate::eligibility::{DivisionKind, Fact, Repeat, Track};
use std::str::FromStr;

/// A list, whether the program knows a code, and what an entry must say besides.
type Known = (&'static str, fn(&str) -> bool, &'static [&'static str]);

const KNOWN: &[Known] = &[
    ("programme.tracks", is::<Track>, &[]),
    ("eligibility.divisions", is::<DivisionKind>, &[]),
    ("eligibility.facts", is::<Fact>, &["track"]),
    ("eligibility.excluded", is::<Fact>, &["remedy"]),
    ("eligibility.required", is::<Fact>, &["remedy"]),
    ("eligibility.repeats", is::<Repeat>, &["remedy"]),
];

/// Lists whose codes must stand in another one on the same day.
const WITHIN: &[(&str, &str)] = &[
    ("eligibility.excluded", "eligibility.facts"),
    ("eligibility.required", "eligibility.facts"),
    ("files.scans", "files.staff"),
];

/// What nobody may declare with; the forms ask for it.
const VETOES: &str = "eligibility.vetoes";

fn is<T: FromStr>(code: &str) -> bool {
    code.parse::<T>().is_ok()
}

impl Pack {
    /// Codes that the program does not know or another list lacks, and entries that say too little.
    pub(super) fn uncoded(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (id, knows, needs) in KNOWN {
            findings.extend(self.judged(id, |_, entry| {
                let (code, track) = (&entry.code, entry.attribute("track"));
                if !knows(code) {
                    return Some(format!("“{id}”中的“{code}”程序不认识"));
                }
                if !["", "both"].contains(&track) && !is::<Track>(track) {
                    return Some(format!("“{id}”中“{code}”的 track 应为类别代码或 both"));
                }
                let missing = needs.iter().find(|need| entry.attribute(need).is_empty());
                missing.map(|need| format!("“{id}”中的“{code}”没有写明 {need}"))
            }));
        }
        for (id, other) in WITHIN {
            findings.extend(self.judged(id, |day, entry| {
                let there = self.list(other, day).unwrap_or_default();
                let is_there = there.iter().any(|one| one.code == entry.code);
                (!is_there).then(|| format!("“{id}”中的“{}”不在“{other}”所列之中", entry.code))
            }));
        }
        findings
    }

    /// Each form of a track asks for every veto of the pack, and for none besides.
    pub(super) fn unasked(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for form in self.forms.values().filter(|form| form.track.is_some()) {
            let from = form.from.unwrap_or(self.about.in_force_from);
            let vetoes = self.list(VETOES, from).unwrap_or_default();
            let items: Vec<_> = form.sections.iter().flat_map(|section| &section.items).collect();
            let asked = |code: &str| items.iter().any(|item| item.veto.as_deref() == Some(code));
            let listed = |code: &str| vetoes.iter().any(|veto| veto.code == code);
            let missing = vetoes.iter().filter(|veto| !asked(&veto.code));
            let missing = missing.map(|veto| format!("没有问到一票否决事项“{}”（{}）", veto.name, veto.code));
            let others = items.iter().filter_map(|item| item.veto.as_ref()).filter(|code| !listed(code));
            let others = others.map(|code| format!("“{code}”不在“{VETOES}”所列之中"));
            let file = format!("forms/{}.toml", form.code);
            findings.extend(missing.chain(others).map(|reason| Finding {
                file: file.clone(),
                line: 1,
                reason,
            }));
        }
        findings
    }

    /// What is wrong with the entries of a list, as they stand from each day on.
    fn judged(&self, id: &str, fault: impl Fn(Day, &Entry) -> Option<String>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Some(value) = self.value(id) else { return findings };
        for dated in &value.values {
            let Value::List(entries) = &dated.value else { continue };
            let faults = entries.iter().filter_map(|entry| fault(dated.from, entry));
            findings.extend(faults.map(|reason| Finding {
                file: value.file.clone(),
                line: dated.line,
                reason,
            }));
        }
        findings
    }
}
