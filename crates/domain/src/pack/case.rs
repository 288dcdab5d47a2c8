//! Worked cases of the pack: given · on · expect. One test runs them all.

use super::reader::{Fields, Raw};
use super::value::Value;
use super::{Finding, Pack};
use crate::calendar::Term;
use crate::clause::Clause;
use crate::day::Day;
use crate::document_number::DocumentNumber;
use crate::eligibility::{Applicant, Fact, Repeat, refusals};
use crate::form::Answers;
use crate::words::words;
use std::collections::BTreeMap;

words! {
    /// What a case works out.
    CaseRule {
        /// `given.value`: the value's words on the day.
        Value = "value", "取值";
        /// `given.value`, a term: the deadline after the day.
        Deadline = "deadline", "期限";
        /// `given.deadline`: working days left on the day.
        WorkingDaysLeft = "working_days_left", "剩余工作日";
        /// `given.value`, working days: the last day of a notice that begins on the day.
        NoticeEnds = "notice_ends", "公示截止日";
        /// The applicant's facts: the codes of the refusals.
        Eligibility = "eligibility", "申报范围";
        /// `given.text`: the number put right, or 不规范.
        DocumentNumber = "document_number", "文号";
        /// `given.form`, `given.check` and answers by input name, `prior.` before those of
        /// the edition before: 通过, 不通过 or 不适用.
        FormCheck = "form_check", "表内校验";
    }
}

/// One worked case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the case shows, in Chinese.
    pub name: String,
    /// The clause it works out.
    pub clause: Clause,
    /// What it works out.
    pub rule: CaseRule,
    /// The inputs.
    pub given: BTreeMap<String, String>,
    /// The day.
    pub on: Day,
    /// The expected result.
    pub expect: String,
    /// The file.
    pub file: String,
    /// The line in the file.
    pub line: usize,
}

/// The cases of one file.
pub(crate) fn read(fields: Fields<'_>) -> Vec<Case> {
    let cases = fields.tables("case").into_iter().filter_map(read_case).collect();
    fields.finish();
    cases
}

fn read_case(fields: Fields<'_>) -> Option<Case> {
    let given = fields.table_if_any("given").map(given).unwrap_or_default();
    let case = Case {
        name: fields.text("name"),
        clause: fields.parsed("clause")?,
        rule: fields.parsed("rule")?,
        given,
        on: fields.parsed("on")?,
        expect: fields.text("expect"),
        file: fields.file.to_owned(),
        line: fields.line,
    };
    fields.finish();
    Some(case)
}

fn given(fields: Fields<'_>) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    for (key, node) in fields.rest() {
        match node.value {
            Raw::Text(text) => given.insert(key, text),
            Raw::Integer(number) => given.insert(key, number.to_string()),
            Raw::Flag(flag) => given.insert(key, flag.to_string()),
            _ => {
                fields.fault_at(node.line, format!("given 中的“{key}”应为文字、整数或 true、false"));
                None
            }
        };
    }
    given
}

impl Case {
    /// What the pack gives for the case.
    pub fn result(&self, pack: &Pack) -> Result<String, String> {
        match self.rule {
            CaseRule::Value => self.value(pack).map(|value| value.words()),
            CaseRule::Deadline => self.deadline(pack),
            CaseRule::WorkingDaysLeft => {
                let deadline = self.given("deadline")?.parse()?;
                Ok(pack.calendar().working_days_left(self.on, deadline).to_string())
            }
            CaseRule::NoticeEnds => match self.value(pack)? {
                Value::Days(days) => Ok(pack.calendar().notice_period(self.on, days).1.to_string()),
                _ => Err("公示期应为工作日数".to_owned()),
            },
            CaseRule::Eligibility => self.eligibility(pack),
            CaseRule::DocumentNumber => {
                let number = self.given("text")?.parse::<DocumentNumber>();
                Ok(number.map_or_else(|_| "不规范".to_owned(), |number| number.to_string()))
            }
            CaseRule::FormCheck => self.form_check(pack),
        }
    }

    /// Whether the pack gives what the case expects.
    pub fn run(&self, pack: &Pack) -> Result<(), Finding> {
        let why = match self.result(pack) {
            Ok(result) if result == self.expect => return Ok(()),
            Ok(result) => format!("应为“{}”，实为“{result}”", self.expect),
            Err(why) => why,
        };
        let reason = format!("算例“{}”：{why}", self.name);
        Err(Finding { file: self.file.clone(), line: self.line, reason })
    }

    fn given(&self, key: &str) -> Result<&str, String> {
        self.given.get(key).map(String::as_str).ok_or_else(|| format!("given 中缺少“{key}”"))
    }

    fn value(&self, pack: &Pack) -> Result<Value, String> {
        let dated = pack.dated(self.given("value")?, self.on);
        dated.map(|dated| dated.value.clone()).map_err(|error| error.to_string())
    }

    fn deadline(&self, pack: &Pack) -> Result<String, String> {
        let term = match (self.given.get("on"), self.given.get("value")) {
            (Some(day), _) => Term::On(day.parse()?),
            (None, Some(_)) => match self.value(pack)? {
                Value::Term(term) => term,
                Value::Days(days) => Term::WorkingDays(days),
                Value::Day(day) => Term::On(day),
                _ => return Err("不是期限".to_owned()),
            },
            (None, None) => return Err("given 中缺少“on”或“value”".to_owned()),
        };
        Ok(pack.calendar().deadline_after(self.on, term).day.to_string())
    }

    fn form_check(&self, pack: &Pack) -> Result<String, String> {
        let form = self.given("form")?;
        let form = pack.form(form).ok_or_else(|| format!("没有表单“{form}”"))?;
        let (mut now, mut prior) = (Answers::default(), Answers::default());
        for (field, text) in self.given.iter().filter(|(key, _)| *key != "form" && *key != "check") {
            let (answers, field) = match field.strip_prefix("prior.") {
                Some(field) => (&mut prior, field),
                None => (&mut now, field.as_str()),
            };
            let section = form.section_of(field).ok_or_else(|| format!("表单中没有“{field}”"))?;
            answers.0.entry(section.code.clone()).or_default().set(field, text);
        }
        let prior = (!prior.0.is_empty()).then_some(&prior);
        let check = self.given("check")?;
        let verdict = form.verdict(check, &now, prior);
        verdict.map(|verdict| verdict.words().to_owned()).ok_or_else(|| format!("没有校验“{check}”"))
    }

    fn eligibility(&self, pack: &Pack) -> Result<String, String> {
        let mut applicant = Applicant::unknown(self.given("track")?.parse()?);
        for (key, text) in self.given.iter().filter(|(key, _)| *key != "track") {
            if key == "division" {
                applicant.division = Some(text.parse()?);
            } else if let Ok(fact) = key.parse::<Fact>() {
                applicant.facts.insert(fact, flag(text)?);
            } else if let Ok(repeat) = key.parse::<Repeat>() {
                applicant.repeats.extend(flag(text)?.then_some(repeat));
            } else if key == "already_in_batch" {
                applicant.already_in_batch = flag(text)?;
            } else {
                return Err(format!("given 中的“{key}”不是申报单位的事实"));
            }
        }
        let refusals = refusals(&applicant, pack, self.on).map_err(|error| error.to_string())?;
        let codes: Vec<_> = refusals.into_iter().map(|refusal| refusal.code).collect();
        Ok(if codes.is_empty() { "可以申报".to_owned() } else { codes.join(" ") })
    }
}

fn flag(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("“{text}”应为 true 或 false"))
}
