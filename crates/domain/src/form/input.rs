//! Reads what a browser sent for one section: text in, answers and problems out.

use super::answers::SectionAnswers;
use super::{Form, Item, ItemKind, Section};
use crate::day::Day;
use crate::document_number::DocumentNumber;
use crate::limits::{EXPLANATION_CHARS_MAX, FIRST_YEAR, LAST_YEAR, PHONE_DIGITS};
use crate::number::{self, NotANumber};
use crate::problem::Problem;
use std::collections::BTreeMap;

impl Form {
    /// Read one section. Blanks are left out, numbers normalised; what cannot be read stays
    /// in the answers as it was typed, with a problem, so that nothing typed is lost.
    ///
    /// Inputs are named `101`, `row.2.501` (rows from 1) and `explain.V-01`. Blank rows are
    /// dropped and the rest counted anew; problems name the rows by the new count.
    pub fn read_section(&self, section: &str, raw: &[(String, String)]) -> (SectionAnswers, Vec<Problem>) {
        let Some(section) = self.section(section) else {
            let says = "表单中没有这一部分，请返回任务清单重新打开。";
            return (SectionAnswers::default(), vec![Problem::new("", "unknown_section", says)]);
        };
        let mut typed = Typed::default();
        for (field, text) in raw {
            typed.take(self, section, field, text);
        }
        typed.into_answers(self, section)
    }
}

/// Problems of answers that are already stored, such as a draft's.
pub(super) fn stored_problems(form: &Form, section: &Section, given: &SectionAnswers) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (plain, rows) = match section.repeat {
        None => (std::slice::from_ref(&given.items), [].as_slice()),
        Some(_) => ([].as_slice(), given.rows.as_slice()),
    };
    let numbered = plain.iter().map(|row| (None, row));
    let numbered = numbered.chain(rows.iter().enumerate().map(|(index, row)| (Some(index + 1), row)));
    for (row, answers) in numbered {
        for (code, text) in answers {
            let field = row.map_or_else(|| code.clone(), |row| format!("row.{row}.{code}"));
            match section.questions().find(|item| item.code == *code) {
                None => problems.push(unknown(&field)),
                Some(item) => {
                    problems.extend(judge(item, text).err().map(|why| problem(form, item, &field, why)))
                }
            }
        }
    }
    problems.extend(row_limit(section, given.rows.len()));
    problems
}

/// What was typed, sorted out by name.
#[derive(Default)]
struct Typed {
    items: BTreeMap<String, Vec<String>>,
    rows: BTreeMap<usize, BTreeMap<String, Vec<String>>>,
    explanations: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Typed {
    fn take(&mut self, form: &Form, section: &Section, field: &str, text: &str) {
        let known = |code: &str| section.questions().any(|item| item.code == code);
        if let Some(code) = field.strip_prefix("explain.") {
            if form.verify_checks_of(section).any(|check| check.code == code) {
                self.explain(field, code, text);
                return;
            }
        } else if let Some((row, code)) = row_field(field) {
            if section.repeat.is_some() && known(code) {
                let row = self.rows.entry(row).or_default();
                row.entry(code.to_owned()).or_default().push(text.to_owned());
                return;
            }
        } else if section.repeat.is_none() && known(field) {
            self.items.entry(field.to_owned()).or_default().push(text.to_owned());
            return;
        }
        self.problems.push(unknown(field));
    }

    fn explain(&mut self, field: &str, code: &str, text: &str) {
        let text = tidy(ItemKind::LongText, text);
        if text.chars().count() > EXPLANATION_CHARS_MAX {
            let says = format!("说明不能超过 {EXPLANATION_CHARS_MAX} 字，请精简。");
            self.problems.push(Problem::new(field, "too_long", says));
        }
        if !text.is_empty() {
            self.explanations.insert(code.to_owned(), text);
        }
    }

    fn into_answers(self, form: &Form, section: &Section) -> (SectionAnswers, Vec<Problem>) {
        let mut problems = self.problems;
        let items = read_row(form, section, self.items, &|code| code.to_owned(), &mut problems);
        let mut rows = Vec::new();
        for (_, typed) in self.rows {
            let number = rows.len() + 1;
            let field = |code: &str| format!("row.{number}.{code}");
            let row = read_row(form, section, typed, &field, &mut problems);
            if !row.is_empty() {
                rows.push(row);
            }
        }
        problems.extend(row_limit(section, rows.len()));
        (SectionAnswers { items, rows, explanations: self.explanations }, problems)
    }
}

/// `row.2.501` as (2, "501").
fn row_field(field: &str) -> Option<(usize, &str)> {
    let (number, code) = field.strip_prefix("row.")?.split_once('.')?;
    let number = number.parse::<u16>().ok().filter(|number| *number > 0)?;
    Some((usize::from(number), code))
}

fn read_row(
    form: &Form,
    section: &Section,
    typed: BTreeMap<String, Vec<String>>,
    field: &dyn Fn(&str) -> String,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for item in section.questions() {
        let Some(texts) = typed.get(&item.code) else { continue };
        let mut texts: Vec<_> = texts.iter().map(|text| tidy(item.kind, text)).collect();
        texts.retain(|text| !text.is_empty());
        let text = texts.join("、");
        if text.is_empty() {
            continue;
        }
        if texts.len() > 1 && item.kind != ItemKind::Choices {
            let why = ("duplicate", format!("“{}”重复提交，请只填写一处。", item.label));
            problems.push(problem(form, item, &field(&item.code), why));
        }
        let stored = judge(item, &text).unwrap_or_else(|why| {
            problems.push(problem(form, item, &field(&item.code), why));
            text
        });
        answers.insert(item.code.clone(), stored);
    }
    answers
}

/// Without surrounding blanks and with plain line ends; half-width where the answer is no prose.
/// What nobody sees, and so nobody could take out, is left out; a tab of a pasted table is a blank.
fn tidy(kind: ItemKind, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let seen = |c: &char| !is_unseen(*c) || *c == '\n';
    let text: String = text.chars().filter(seen).collect();
    match kind {
        ItemKind::LongText => text.trim().to_owned(),
        ItemKind::Text | ItemKind::Choice | ItemKind::Choices | ItemKind::YesNo => text.trim().to_owned(),
        _ => number::half_width(&text),
    }
}

/// The stored form of an answer, or the problem's code and words.
fn judge(item: &Item, text: &str) -> Result<String, (&'static str, String)> {
    let label = &item.label;
    let line_end = |c: char| c == '\n' && item.kind == ItemKind::LongText;
    if text.chars().any(|c| is_unseen(c) && !line_end(c)) {
        return Err(("control", format!("“{label}”中有看不见的控制字符，请删除后重新填写。")));
    }
    let length = text.chars().count();
    if length > item.max_chars && !matches!(item.kind, ItemKind::Choices) {
        return Err((
            "too_long",
            format!("“{label}”不能超过 {} 字，现有 {length} 字，请精简。", item.max_chars),
        ));
    }
    match item.kind {
        ItemKind::Text | ItemKind::LongText => Ok(text.to_owned()),
        ItemKind::Integer | ItemKind::Decimal | ItemKind::Money | ItemKind::Share => judge_number(item, text),
        ItemKind::Day => read_day(text)
            .map(|day| day.to_string())
            .ok_or_else(|| ("not_a_day", format!("“{label}”应为日期，请写作 2018-05-02。"))),
        ItemKind::Choice => one_of(item, &item.options, &[text]),
        ItemKind::Choices => one_of(item, &item.options, &text.split('、').collect::<Vec<_>>()),
        ItemKind::YesNo => one_of(item, &["是".to_owned(), "否".to_owned()], &[text]),
        ItemKind::Phone => judge_phone(item, text),
        ItemKind::DocumentNumber => text
            .parse::<DocumentNumber>()
            .map(|number| number.to_string())
            .map_err(|why| ("not_a_document_number", format!("“{label}”的文号不规范：{why}"))),
        ItemKind::Attachment => Err(("not_a_file", format!("“{label}”请用上传按钮提交文件。"))),
    }
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn judge_number(item: &Item, text: &str) -> Result<String, (&'static str, String)> {
    let (label, unit) = (&item.label, &item.unit);
    let bare = without_unit(item, text);
    let number = number::read(bare).map_err(|why| match why {
        NotANumber::Unit => {
            let ask = if unit.is_empty() { String::new() } else { format!("以“{unit}”为单位，") };
            ("unit_in_number", format!("“{label}”请{ask}只填数字，不要带“亿”“万”等单位。"))
        }
        NotANumber::Other => {
            let example = if item.decimals == 0 { "1234" } else { "1234.5" };
            ("not_a_number", format!("“{label}”应为数字，例如 {example}。"))
        }
        NotANumber::TooLong => ("too_long", format!("“{label}”位数过多，请检查。")),
    })?;
    let places = number.scale();
    if places > item.decimals {
        let says = match item.decimals {
            0 => format!("“{label}”应为整数。"),
            most => format!("“{label}”最多保留 {most} 位小数。"),
        };
        return Err(("too_many_decimals", says));
    }
    if let Some(min) = item.min.filter(|min| number < *min) {
        return Err(("too_small", format!("“{label}”不应小于 {}{unit}，请检查。", number::canonical(min))));
    }
    if let Some(max) = item.max.filter(|max| number > *max) {
        return Err(("too_great", format!("“{label}”不应大于 {}{unit}，请检查。", number::canonical(max))));
    }
    Ok(number::canonical(number))
}

/// Without the item's own unit behind the number, which the page shows already; any other stays.
fn without_unit<'a>(item: &Item, text: &'a str) -> &'a str {
    let bare = match item.kind {
        ItemKind::Share => text.strip_suffix('%'),
        _ if item.unit.is_empty() => None,
        _ => text.strip_suffix(item.unit.as_str()),
    };
    bare.map_or(text, str::trim_end)
}

fn one_of(item: &Item, options: &[String], chosen: &[&str]) -> Result<String, (&'static str, String)> {
    if chosen.iter().any(|one| !options.iter().any(|option| option == one)) {
        return Err(("not_an_option", format!("“{}”请从所列选项中选择。", item.label)));
    }
    let ordered = options.iter().filter(|option| chosen.contains(&option.as_str()));
    Ok(ordered.cloned().collect::<Vec<_>>().join("、"))
}

fn judge_phone(item: &Item, text: &str) -> Result<String, (&'static str, String)> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | ' '));
    if plain && PHONE_DIGITS.contains(&digits) {
        return Ok(text.to_owned());
    }
    Err(("not_a_phone", format!("“{}”请填写手机号码，或带区号的固定电话，如 0791-12345678。", item.label)))
}

/// `2018-05-02`, `2018/5/2` or `2018年5月2日`.
fn read_day(text: &str) -> Option<Day> {
    let plain = text.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let mut parts = plain.split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let year = year.parse().ok().filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))?;
    Day::new(year, month.parse().ok()?, day.parse().ok()?)
}

fn row_limit(section: &Section, rows: usize) -> Option<Problem> {
    let repeat = section.repeat.as_ref().filter(|repeat| rows > repeat.max)?;
    let says = format!("“{}”最多填写 {} 个{}，请删除多余的。", section.title, repeat.max, repeat.row);
    Some(Problem::new(&section.code, "too_many_rows", says))
}

fn problem(form: &Form, item: &Item, field: &str, (code, says): (&str, String)) -> Problem {
    Problem::new(field, code, says).citing(item.clause.unwrap_or(form.clause))
}

fn unknown(field: &str) -> Problem {
    let shown: String = field.chars().take(40).collect();
    Problem::new(shown, "unknown_field", "提交了表单中没有的内容，请刷新页面后重新填写。")
}
