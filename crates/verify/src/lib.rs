//! The independent verifier: reads an export as `docs/record-format.md` describes it and says what is wrong.
//! It shares no code with the program that writes the record, and reads the file once, from front to back.

mod bundle;
mod digests;
mod log;
pub mod note;
mod report;
mod rows;
pub mod tree;

use std::collections::BTreeSet;
use std::io::Read;

use bundle::{Bundle, Member};
use digests::Digests;
use log::Log;
use note::{Checkpoint, Head, Key};
pub use report::{Fault, Report};
use rows::{About, Files};

/// What the reader of the report knows from elsewhere, and how much of a hostile file is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The verifier key in C2SP form; without it the file's own is used, and the report says so.
    pub key: Option<String>,
    /// The text of a checkpoint that was kept outside the system.
    pub checkpoint: Option<String>,
    pub max_line_bytes: usize,
    pub max_lines: u64,
    pub max_total_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            key: None,
            checkpoint: None,
            max_line_bytes: 16 << 20,
            max_lines: 20_000_000,
            max_total_bytes: 256 << 30,
        }
    }
}

/// What the archive is made of, in this order, after `about.json`.
const ORDER: [&str; 7] = ["log.jsonl", "row_digests.jsonl", "checkpoints", "rows", "files", "drafts", "keys"];

/// The one table that an export leaves out although it is recorded.
const MAY_BE_WITHHELD: &str = "credential";

/// Checks a whole export or backup. Never fails: what cannot be read is a sentence in the report.
pub fn verify(input: impl Read, options: &Options) -> Report {
    let mut report = Report::default();
    if let Err(sentence) = read(input, options, &mut report) {
        report.unreadable = Some(sentence);
    }
    report
}

fn read(input: impl Read, options: &Options, report: &mut Report) -> Result<(), String> {
    let given_key = options.key.as_deref().map(Key::parse).transpose()?;
    let mut bundle = Bundle::open(input, options);
    let mut check: Option<Check> = None;
    bundle.each_member(report, |member, report| match &mut check {
        None => {
            check = Some(Check::begin(member, given_key.clone(), report)?);
            Ok(())
        }
        Some(check) => check.member(member, report),
    })?;
    bundle.finish(report)?;
    match check {
        None => Err("文件里没有内容。请重新导出后再校验。".into()),
        Some(check) => check.finish(options.checkpoint.as_deref(), report),
    }
}

/// Everything known so far, between one member of the archive and the next.
struct Check {
    about: About,
    key: Key,
    rank: usize,
    names: BTreeSet<String>,
    log: Log,
    digests: Digests,
    heads: Vec<Head>,
    files: Files,
}

impl Check {
    fn begin(member: Member, given_key: Option<Key>, report: &mut Report) -> Result<Check, String> {
        if member.name != "about.json" {
            return Err(
                "这不是镇兴的导出文件（开头不是 about.json）。请选用“导出”或“备份”得到的文件。".into()
            );
        }
        let about = About::parse(&member.text()?)?;
        let key = match given_key {
            Some(key) => key,
            None => {
                report.note("公钥取自文件本身。要防整份伪造，请用 --key 给出另行保存的公钥。");
                Key::parse(&about.vkey)?
            }
        };
        if key.name != about.origin {
            report.fault("about", None, "文件所写的来源与公钥的名称不一致。");
        }
        for table in about.withheld.iter().filter(|table| *table != MAY_BE_WITHHELD) {
            let words = format!("文件略去了表 {}。只有 {MAY_BE_WITHHELD} 可以略去。", report::shown(table));
            report.fault("about", None, words);
        }
        report.unrecorded = about.unrecorded.clone();
        Ok(Check {
            about,
            key,
            rank: 0,
            names: BTreeSet::new(),
            log: Log::default(),
            digests: Digests::default(),
            heads: Vec::new(),
            files: Files::default(),
        })
    }

    fn member(&mut self, member: Member, report: &mut Report) -> Result<(), String> {
        let name = member.name.clone();
        let (folder, rest) = name.split_once('/').unwrap_or((&name, ""));
        let rank = ORDER.iter().position(|entry| *entry == folder).unwrap_or(self.rank);
        let at = format!("member {}", report::shown(&name));
        if !self.names.insert(name.clone()) || folder == "about.json" {
            report.fault(&at, None, format!("归档条目 {} 出现了两次。", report::shown(&name)));
            return Ok(());
        }
        if rank < self.rank {
            report.fault(&at, None, format!("归档条目 {} 的次序不对。", report::shown(&name)));
        }
        self.rank = self.rank.max(rank);
        match (folder, rest) {
            ("log.jsonl", "") => member.each_line(|line| self.log.line(line, report)),
            ("row_digests.jsonl", "") => member.each_line(|line| self.digests.line(line, &self.log, report)),
            ("checkpoints", size) => {
                let note = member.text()?;
                self.checkpoint(size, &note, report);
                Ok(())
            }
            ("rows", file) => self.table(file, member, report),
            ("files", hash) => self.files.read(hash, member, report),
            ("keys" | "drafts", _) if self.about.kind == "backup" => Ok(()),
            _ => {
                report.fault(&at, None, format!("归档里有不该有的条目 {}。", report::shown(&name)));
                Ok(())
            }
        }
    }

    fn checkpoint(&mut self, file: &str, note: &str, report: &mut Report) {
        let at = format!("checkpoint {}", report::shown(file));
        match Checkpoint::open(note, &self.key) {
            Err(why) => report.fault(&at, None, format!("检查点 {}：{why}", report::shown(file))),
            Ok(checkpoint) if file != format!("{}.txt", checkpoint.size) => {
                report.fault(&at, None, format!("检查点 {}：文件名与所记条数不一致。", report::shown(file)))
            }
            Ok(checkpoint) => {
                self.heads.push(Head { checkpoint, is_outside: false });
            }
        }
    }

    fn table(&mut self, file: &str, member: Member, report: &mut Report) -> Result<(), String> {
        let table = file.strip_suffix(".jsonl").unwrap_or("");
        let is_backup = self.about.kind == "backup";
        if self.about.unrecorded.iter().any(|name| name == table) && is_backup {
            return Ok(());
        }
        if !self.about.is_recorded(table) {
            let at = format!("table {}", report::shown(table));
            report.fault(&at, None, format!("表 {} 不在应记录的表之列。", report::shown(table)));
            return Ok(());
        }
        self.about.withheld.retain(|name| name != table);
        member.each_line(|line| {
            self.files.list(table, rows::check(table, line, &self.log, &mut self.digests, report));
        })
    }

    fn finish(mut self, outside: Option<&str>, report: &mut Report) -> Result<(), String> {
        self.digests.close_all(&self.log, report);
        match outside.map(|note| Checkpoint::open(note, &self.key)) {
            Some(Ok(checkpoint)) => self.heads.push(Head { checkpoint, is_outside: true }),
            Some(Err(why)) => report.fault("outside", None, format!("外部检查点：{why}")),
            None => {}
        }
        note::compare(self.heads, &self.log.leaves, report);
        self.digests.missing(&self.about, &self.log, report);
        self.files.finish(report);
        report.entries = self.log.leaves.len() as u64;
        report.withheld = self.about.withheld;
        Ok(())
    }
}
