//! The default pack and a few named people.

use domain::day::Day;
use domain::declaration::Who;
use domain::id::{OrganisationId, PersonId};
use domain::pack::Pack;
use domain::problem::Refusal;
use domain::role::Role;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The default pack's files.
pub fn files() -> Vec<(String, String)> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/jiangxi"));
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the folder reads") {
        let path = entry.expect("the entry reads").path();
        if path.is_dir() {
            collect(root, &path, files);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let relative = path.strip_prefix(root).expect("below the root").display().to_string();
        files.push((relative, std::fs::read_to_string(&path).expect("the file is text")));
    }
}

/// The default pack with some text replaced in one file; a file without text is left out.
pub fn changed(file: &str, old: &str, new: &str) -> Pack {
    let changed = files().into_iter().filter_map(|(path, text)| match path == file {
        true if old.is_empty() => None,
        true => {
            assert!(text.contains(old), "nothing to replace in {file}");
            Some((path, text.replacen(old, new, 1)))
        }
        false => Some((path, text)),
    });
    Pack::read(&changed.collect::<Vec<_>>()).expect("the pack reads")
}

/// The line of a file of the default pack on which some text first stands.
pub fn line_of(file: &str, text: &str) -> usize {
    let files = files();
    let (_, content) = files.iter().find(|(path, _)| path == file).expect("a file of the pack");
    content.lines().position(|line| line.contains(text)).expect("the text stands there") + 1
}

/// The default pack.
pub fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(read)
}

fn read() -> Pack {
    Pack::read(&files()).unwrap_or_else(|findings| {
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        panic!("the pack is refused:\n{}", lines.join("\n"))
    })
}

/// A day.
pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// A person acting in a role; the number names him.
pub fn who(person: u128, role: Role) -> Who {
    Who { person: PersonId(person), for_person: None, role, organisation: OrganisationId(1), bureau: None }
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    let refusal = result.expect_err("a refusal");
    assert!(refusal.says.ends_with('。') || refusal.says.ends_with("。)"), "{}", refusal.says);
    assert!(refusal.remedy.ends_with('。') && !refusal.code.is_empty(), "{}", refusal.remedy);
    refusal.code
}
