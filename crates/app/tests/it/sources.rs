//! The house's own sources, as the tests that watch over them read them.

use std::path::{Path, PathBuf};

/// The files below a folder of the repository whose names end so, in order.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder), extension, &mut found);
    found.sort();
    found
}

fn gather(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, extension, found);
        } else if path.extension().is_some_and(|its| its == extension) {
            found.push(path);
        }
    }
}

/// A file's path from the root of the repository.
pub fn name(file: &Path) -> String {
    let text = file.display().to_string();
    text.rsplit_once("/../../").map_or(text.clone(), |(_, name)| name.to_owned())
}

pub fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A text of the source and the line it begins on.
#[derive(Clone, Debug)]
pub struct Literal {
    pub text: String,
    pub line: usize,
}

/// All string literals, in their order; comments and characters are passed over.
pub fn literals(source: &str) -> Vec<Literal> {
    let letters: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < letters.len() {
        let begins = line;
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('/')) => at = end_of_line(&letters, at),
            ('r', Some('"' | '#')) if !follows_name(&letters, at) => {
                let (text, end) = raw(&letters, at + 1);
                line += newlines(&letters[at..end]);
                found.extend(text.map(|text| Literal { text, line: begins }));
                at = end;
            }
            ('"', _) => {
                let (text, end) = quoted(&letters, at + 1);
                line += newlines(&letters[at..end]);
                found.push(Literal { text, line: begins });
                at = end;
            }
            ('\'', _) => at += character(&letters, at),
            ('\n', _) => {
                line += 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

fn newlines(letters: &[char]) -> usize {
    letters.iter().filter(|letter| **letter == '\n').count()
}

fn end_of_line(letters: &[char], at: usize) -> usize {
    letters[at..].iter().position(|letter| *letter == '\n').map_or(letters.len(), |length| at + length)
}

/// `r` that ends a name opens no raw text.
fn follows_name(letters: &[char], at: usize) -> bool {
    at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_')
}

fn raw(letters: &[char], at: usize) -> (Option<String>, usize) {
    let marks = letters[at..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(at + marks) != Some(&'"') {
        return (None, at + marks);
    }
    let rest: String = letters[at + marks + 1..].iter().collect();
    let close = format!("\"{}", "#".repeat(marks));
    let text = rest.split(&close).next().expect("a first part").to_owned();
    let end = at + marks + 1 + text.chars().count() + close.len();
    (Some(text), end.min(letters.len()))
}

fn quoted(letters: &[char], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while at < letters.len() && letters[at] != '"' {
        if letters[at] != '\\' {
            text.push(letters[at]);
            at += 1;
            continue;
        }
        match letters.get(at + 1) {
            Some('\n') => at = past_blanks(letters, at + 1),
            Some(escaped) => {
                text.push(if *escaped == 'n' { '\n' } else { *escaped });
                at += 2;
            }
            None => at += 1,
        }
    }
    (text, (at + 1).min(letters.len()))
}

fn past_blanks(letters: &[char], at: usize) -> usize {
    letters[at..]
        .iter()
        .position(|letter| !letter.is_whitespace())
        .map_or(letters.len(), |length| at + length)
}

/// How far to step over `'x'`, `'\n'`, or the mark of a lifetime.
fn character(letters: &[char], at: usize) -> usize {
    match (letters.get(at + 1), letters.get(at + 2)) {
        (Some('\\'), _) => {
            letters[at + 3..].iter().position(|letter| *letter == '\'').map_or(1, |length| length + 4)
        }
        (Some(_), Some('\'')) => 3,
        _ => 1,
    }
}
