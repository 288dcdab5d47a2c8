//! Reads a form's file: every fault with its line.

use super::check::Check;
use super::consistency::Consistency;
use super::{Accept, Aspect, Form, Item, ItemKind, Repeat, Section, expression};
use crate::clause::Clause;
use crate::day::Day;
use crate::limits::{ANSWER_CHARS_MAX, LONG_ANSWER_CHARS_MAX, ROWS_MAX};
use crate::pack::reader::Fields;
use crate::pack::{Dated, Entry, Value, ValueOf};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The plan's aspects, one of which a section may belong to.
const ASPECTS: &str = "plan.aspects";

/// The pack's values, which are read before the forms.
type Values = BTreeMap<String, ValueOf>;

/// Read a form over the pack's values; faults go to the findings of `fields`.
pub(crate) fn read(fields: Fields<'_>, values: &Values) -> Option<Form> {
    let from = fields.parsed_if_any("from");
    let mut notes = Notes {
        values,
        from,
        seen: BTreeMap::new(),
        cited: Vec::new(),
        file_types: Vec::new(),
        lists: Vec::new(),
    };
    let clause: Option<Clause> = fields.parsed("clause");
    notes.cited.extend(clause.map(|clause| (clause, fields.line_of("clause"))));
    let mut form = Form {
        code: code(&fields),
        title: fields.text("title"),
        edition: fields.integer("edition").unwrap_or_default(),
        track: fields.parsed_if_any("track"),
        clause: clause?,
        help: fields.text_or_empty("help"),
        from,
        source: fields.text_or_empty("source"),
        sections: Vec::new(),
        checks: Vec::new(),
        cited: Vec::new(),
        file_types: Vec::new(),
        lists: Vec::new(),
    };
    form.sections = fields.tables("section").into_iter().map(|one| read_section(one, &mut notes)).collect();
    if form.sections.is_empty() {
        fields.fault("section", "表单没有任何部分");
    }
    form.checks = read_checks(&fields, &form, &mut notes);
    form.cited = notes.cited;
    form.file_types = notes.file_types;
    form.lists = notes.lists;
    fields.finish();
    Some(form)
}

/// What is noted while a form is read.
struct Notes<'a> {
    values: &'a Values,
    /// The day from which the form is asked for.
    from: Option<Day>,
    /// Codes used so far, with their lines.
    seen: BTreeMap<String, usize>,
    cited: Vec<(Clause, usize)>,
    file_types: Vec<(String, usize)>,
    lists: Vec<String>,
}

impl Notes<'_> {
    /// A list of the pack as it stands on the form's first day.
    fn entries(&self, id: &str) -> Option<&[Entry]> {
        let value = self.values.get(id)?;
        let dated: Option<&Dated> = self.from.map_or(value.values.first(), |from| value.on(from));
        match &dated?.value {
            Value::List(entries) => Some(entries),
            _ => None,
        }
    }

    /// The options that the file names, or those of the pack's list that it draws on.
    fn options(&mut self, fields: &Fields<'_>) -> Vec<String> {
        let options = fields.texts("options").into_iter().map(|(_, option)| option).collect();
        let list = fields.text_or_empty("options_of");
        if list.is_empty() {
            return options;
        }
        let drawn =
            self.entries(&list).map(|entries| entries.iter().map(|entry| entry.name.clone()).collect());
        if drawn.is_none() || !options.is_empty() {
            fields.fault("options_of", format!("“{list}”应是规则包中的清单，且不与 options 并列"));
        }
        self.lists.push(list);
        drawn.unwrap_or(options)
    }

    fn aspect(&self, fields: &Fields<'_>) -> Option<Aspect> {
        let code = Some(fields.text_or_empty("aspect")).filter(|code| !code.is_empty())?;
        let found = self.entries(ASPECTS).and_then(|all| all.iter().find(|entry| entry.code == code));
        if found.is_none() {
            fields.fault("aspect", format!("“{code}”不在“{ASPECTS}”所列之中"));
        }
        found.map(|entry| Aspect { code, name: entry.name.clone() })
    }

    fn once(&mut self, fields: &Fields<'_>, what: &str, code: &str) {
        if let Some(first) = self.seen.insert(format!("{what}{code}"), fields.line) {
            fields.fault("code", format!("{what}“{code}”重复，已在第 {first} 行使用"));
        }
    }

    fn cite(&mut self, fields: &Fields<'_>) -> Option<Clause> {
        let clause = fields.parsed_if_any("clause")?;
        self.cited.push((clause, fields.line_of("clause")));
        Some(clause)
    }
}

fn code(fields: &Fields<'_>) -> String {
    let code = fields.text("code");
    let well_formed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !code.chars().all(well_formed) {
        fields.fault("code", format!("编号“{code}”只能用字母、数字、连字符和下划线"));
    }
    code
}

fn read_section(fields: Fields<'_>, notes: &mut Notes<'_>) -> Section {
    let code = code(&fields);
    notes.once(&fields, "部分编号", &code);
    let repeat = fields.table_if_any("repeat").map(read_repeat);
    let mut items = Vec::new();
    for table in fields.tables("item") {
        if let Some(item) = read_item(table, notes, repeat.is_some()) {
            items.push(item);
        }
    }
    if items.is_empty() {
        fields.fault("item", format!("部分“{code}”没有任何指标"));
    }
    let section = Section {
        title: fields.text("title"),
        aspect: notes.aspect(&fields),
        help: fields.text_or_empty("help"),
        code,
        items,
        repeat,
    };
    fields.finish();
    section
}

fn read_repeat(fields: Fields<'_>) -> Repeat {
    let number = |key: &str| fields.integer(key).and_then(|number| usize::try_from(number).ok());
    let repeat = Repeat {
        min: number("min").unwrap_or_default(),
        max: number("max").unwrap_or_default(),
        row: fields.text("row"),
    };
    if repeat.max == 0 || repeat.min > repeat.max || repeat.max > ROWS_MAX {
        fields.fault("max", format!("行数应满足 0 ≤ min ≤ max ≤ {ROWS_MAX}，且 max 大于 0"));
    }
    fields.finish();
    repeat
}

fn read_item(fields: Fields<'_>, notes: &mut Notes<'_>, in_rows: bool) -> Option<Item> {
    let code = item_code(&fields);
    notes.once(&fields, "指标代码", &code);
    let kind: ItemKind = fields.parsed("kind")?;
    let share = |number: i64| (kind == ItemKind::Share).then(|| Decimal::from(number));
    let default_chars = if kind == ItemKind::LongText { LONG_ANSWER_CHARS_MAX } else { ANSWER_CHARS_MAX };
    let default_decimals = match kind {
        ItemKind::Integer => 0,
        ItemKind::Money => 4,
        _ => 2,
    };
    let count = |key: &str| fields.integer_if_any(key).and_then(|number| u32::try_from(number).ok());
    let item = Item {
        label: fields.text("label"),
        definition: fields.text_or_empty("definition"),
        unit: fields.text_or_empty("unit"),
        required: fields.flag("required"),
        options: notes.options(&fields),
        min: fields.number_if_any("min").or_else(|| kind.is_number().then_some(Decimal::ZERO)),
        max: fields.number_if_any("max").or_else(|| share(100)),
        decimals: count("decimals").unwrap_or(default_decimals),
        max_chars: count("max_chars").map_or(default_chars, |chars| chars as usize),
        clause: notes.cite(&fields),
        to_confirm: fields.flag("to_confirm"),
        accept: fields.table_if_any("accept").map(|accept| read_accept(accept, notes)),
        known: fields.parsed_if_any("known"),
        compared: fields.flag("compared"),
        veto: Some(fields.text_or_empty("veto")).filter(|veto| !veto.is_empty()),
        code,
        kind,
    };
    check_item(&fields, &item, in_rows);
    fields.finish();
    Some(item)
}

/// Item codes are what the checks' language can name: three or four digits, or a lower-case word.
fn item_code(fields: &Fields<'_>) -> String {
    let code = code(fields);
    let digits = (3..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let word = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !digits && !word {
        fields.fault("code", format!("指标代码“{code}”应为三至四位数字，或小写字母开头的词"));
    }
    code
}

fn read_accept(fields: Fields<'_>, notes: &mut Notes<'_>) -> Accept {
    let number = |key: &str| fields.integer_if_any(key).and_then(|number| usize::try_from(number).ok());
    let types = fields.texts("types");
    notes.file_types.extend(types.iter().map(|(line, one)| (one.clone(), *line)));
    let accept = Accept {
        types: types.into_iter().map(|(_, one)| one).collect(),
        min: number("min").unwrap_or_default(),
        max: number("max").unwrap_or(1),
    };
    if accept.types.is_empty() {
        fields.fault("types", "请写明附件类型，例如 pdf");
    }
    if accept.min > accept.max || accept.max == 0 {
        fields.fault("max", "附件个数应满足 0 ≤ min ≤ max，且 max 大于 0");
    }
    fields.finish();
    accept
}

fn check_item(fields: &Fields<'_>, item: &Item, in_rows: bool) {
    let chooses = matches!(item.kind, ItemKind::Choice | ItemKind::Choices);
    if chooses == item.options.is_empty() {
        fields.fault("options", "选择题须列出 options，其他指标不得有 options");
    }
    if item.options.iter().any(|option| option.contains('、') || option.trim() != option) {
        fields.fault("options", "选项中不能有顿号，首尾不能有空格");
    }
    let is_attachment = item.kind == ItemKind::Attachment;
    if is_attachment != item.accept.is_some() {
        fields.fault("accept", "附件须写明 accept，其他指标不得有 accept");
    }
    if is_attachment && in_rows {
        fields.fault("kind", "多行部分中不能有附件");
    }
    if item.known.is_some() && (in_rows || !matches!(item.kind, ItemKind::Text | ItemKind::YesNo)) {
        fields.fault("known", "只有非多行部分的文字和是否指标才能由登记信息带入");
    }
    if item.compared && (in_rows || is_attachment) {
        fields.fault("compared", "多行部分的指标和附件不能用于比较");
    }
    if item.veto.is_some() && item.kind != ItemKind::YesNo {
        fields.fault("veto", "一票否决事项只能用是否指标来问");
    }
    if item.min.zip(item.max).is_some_and(|(min, max)| min > max) {
        fields.fault("min", "min 大于 max，自相矛盾");
    }
    if !item.kind.is_number() && (item.min.is_some() || item.max.is_some()) {
        fields.fault("min", "只有数字指标才能有 min 和 max");
    }
}

fn read_checks(fields: &Fields<'_>, form: &Form, notes: &mut Notes<'_>) -> Vec<Check> {
    let mut consistency = Consistency::of(form);
    let mut checks = Vec::new();
    for table in fields.tables("check") {
        let code = code(&table);
        notes.once(&table, "校验编号", &code);
        let text = table.text("rule");
        let (says, source) = (table.text("says"), table.text_or_empty("source"));
        let clause = notes.cite(&table);
        let parsed = expression::parse(&text, &|first, last| between(form, first, last));
        let judged = parsed.and_then(|rule| consistency.admit(&rule, &code).map(|()| rule));
        match judged {
            Ok(rule) => {
                let verify = rule.explain;
                checks.push(Check {
                    code,
                    text,
                    rule,
                    says,
                    clause,
                    verify,
                    source,
                    line: table.line_of("rule"),
                });
            }
            Err(reason) => table.fault("rule", format!("校验“{code}”：{reason}")),
        }
        table.finish();
    }
    checks
}

/// The items from one code to another of the same section, both included.
fn between(form: &Form, first: &str, last: &str) -> Option<Vec<String>> {
    let (section, _) = form.item(first)?;
    let place = |code: &str| section.items.iter().position(|item| item.code == code);
    let (from, to) = (place(first)?, place(last)?);
    let items = section.items.get(from..=to)?;
    (items.len() > 1).then(|| items.iter().map(|item| item.code.clone()).collect())
}
