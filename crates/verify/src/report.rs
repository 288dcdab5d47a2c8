//! What was found, in Chinese lines.

use std::fmt;

const LISTED: usize = 100;

/// One thing that is wrong. `at` is for programs: `entry 7`, `row plan/ID`, `file HASH`, `checkpoint 9.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: String,
    /// The log entry concerned, where there is one.
    pub seq: Option<u64>,
    pub words: String,
}

#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The first hundred, in the order found.
    pub faults: Vec<Fault>,
    pub fault_count: u64,
    pub first_bad_entry: Option<u64>,
    pub notes: Vec<String>,
    /// Why nothing could be said, and what to do.
    pub unreadable: Option<String>,
    pub entries: u64,
    /// Root over all entries, base64.
    pub root: String,
    pub checkpoints: u64,
    pub rows: u64,
    pub files: u64,
    pub unrecorded: Vec<String>,
    pub withheld: Vec<String>,
}

impl Report {
    pub fn is_true(&self) -> bool {
        self.fault_count == 0 && self.unreadable.is_none()
    }

    pub fn exit_code(&self) -> u8 {
        match (&self.unreadable, self.fault_count) {
            (Some(_), _) => 2,
            (None, 0) => 0,
            (None, _) => 1,
        }
    }

    pub(crate) fn fault(&mut self, at: &str, seq: Option<u64>, words: impl Into<String>) {
        self.fault_count += 1;
        self.first_bad_entry = [self.first_bad_entry, seq].into_iter().flatten().min();
        if self.faults.len() < LISTED {
            self.faults.push(Fault { at: at.into(), seq, words: words.into() });
        }
    }

    /// A fault of the log entry `seq` itself.
    pub(crate) fn bad_entry(&mut self, seq: u64, words: &str) {
        self.fault(&format!("entry {seq}"), Some(seq), format!("第 {seq} 条记录：{words}"));
    }

    pub(crate) fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "错误：{}", fault.words)?;
        }
        if self.fault_count > self.faults.len() as u64 {
            writeln!(f, "错误共 {} 处，以上列出前 {} 处。", self.fault_count, self.faults.len())?;
        }
        if let Some(seq) = self.first_bad_entry {
            writeln!(f, "最早出错的记录：第 {seq} 条。")?;
        }
        for note in &self.notes {
            writeln!(f, "注意：{note}")?;
        }
        if let Some(sentence) = &self.unreadable {
            return writeln!(f, "无法校验：{sentence}");
        }
        writeln!(
            f,
            "记录 {} 条，检查点 {} 个，数据 {} 行，附件 {} 个。",
            self.entries, self.checkpoints, self.rows, self.files
        )?;
        writeln!(f, "{} 条记录的树根：{}", self.entries, self.root)?;
        writeln!(f, "unrecorded tables: {}", list(&self.unrecorded))?;
        writeln!(f, "withheld tables: {}", list(&self.withheld))?;
        writeln!(f, "{}", if self.is_true() { "校验通过" } else { "校验不通过" })
    }
}

fn list(tables: &[String]) -> String {
    match tables {
        [] => "无".into(),
        tables => tables.iter().map(|table| shown(table)).collect::<Vec<_>>().join(", "),
    }
}

/// Text of the file made safe for a terminal: one line, no control or direction characters, not long.
pub(crate) fn shown(text: &str) -> String {
    let is_safe = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let safe = |c| if is_safe(c) { c } else { '\u{fffd}' };
    text.chars().take(80).map(safe).collect()
}
