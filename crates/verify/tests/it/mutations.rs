//! More than a thousand single changes to true exports: each one is found.

use std::io::Read;

use serde_json::{Value, json};
use verify::{Options, verify};

use crate::writer::{Dice, Parts, sample, sha256};

#[test]
fn every_mutation_is_found() {
    let mut found = [0; KINDS];
    for seed in 0..300 {
        let clean = sample(seed).finish();
        let mut dice = Dice(seed + 77);
        for _ in 0..4 {
            let (mut parts, kind) = (clean.clone(), dice.roll(KINDS));
            let Some(what) = mutate(&mut parts, kind, &mut dice) else { continue };
            let report = verify(parts.pack().as_slice(), &Options::default());
            assert!(!report.is_true(), "seed {seed}, not found: {what}\n{report}");
            found[kind] += 1;
        }
    }
    assert!(found.iter().sum::<usize>() >= 1000, "{found:?}");
    assert!(found.iter().all(|count| *count >= 10), "{found:?}");
}

#[test]
fn a_damaged_file_is_never_true() {
    let mut found = 0;
    for seed in 0..300 {
        let export = sample(seed).finish().pack();
        let mut dice = Dice(seed + 5);
        let mut damaged = export.clone();
        let place = 10 + dice.roll(export.len() - 10);
        match seed % 2 {
            0 => damaged[place] ^= 1 << dice.roll(8),
            _ => damaged.truncate(place),
        }
        if inflated(&damaged) != inflated(&export) {
            let report = verify(damaged.as_slice(), &Options::default());
            assert!(!report.is_true(), "seed {seed} at {place}:\n{report}");
            found += 1;
        }
    }
    assert!(found > 250, "{found}");
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = vec![];
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut text).ok().map(|_| text)
}

pub const KINDS: usize = 22;

/// Spoils one thing; says what, or nothing where this export has no such thing.
pub fn mutate(parts: &mut Parts, kind: usize, dice: &mut Dice) -> Option<String> {
    let what = match kind {
        0..=5 => lines(&mut parts.log, kind, dice)?,
        6..=11 => lines(&mut parts.digests, kind - 6, dice)?,
        12 => {
            let place = dice.roll(parts.log.len());
            let mut line: Value = serde_json::from_str(&parts.log[place]).unwrap();
            let body = line["body"].as_str().unwrap().replace("\"clause\":\"2.1\"", "\"clause\":\"3.4\"");
            line["leaf"] = json!(data_encoding::HEXLOWER.encode(&sha256(&[&[0], body.as_bytes()])));
            line["body"] = json!(body);
            parts.log[place] = line.to_string();
            format!("entry {place} rewritten with its hash")
        }
        13..=16 => rows(parts, kind - 13, dice)?,
        17 => {
            let file = dice.roll(parts.files.len());
            let bytes = &mut parts.files[file].1;
            let place = dice.roll(bytes.len());
            bytes[place] ^= 1 << dice.roll(8);
            format!("file {file} flipped at {place}")
        }
        18 => format!("file removed: {}", parts.files.remove(dice.roll(parts.files.len())).0),
        19 => {
            let name = data_encoding::HEXLOWER.encode(&sha256(&[b"stranger"]));
            parts.files.push((name, b"stranger".to_vec()));
            "file added".into()
        }
        20 => {
            let checkpoint = dice.roll(parts.checkpoints.len());
            let note = &mut parts.checkpoints[checkpoint].1;
            *note = flipped(note, dice);
            format!("checkpoint {checkpoint} flipped:\n{note}")
        }
        _ => checkpoints(parts, dice)?,
    };
    Some(what)
}

fn lines(lines: &mut Vec<String>, kind: usize, dice: &mut Dice) -> Option<String> {
    let place = dice.roll(lines.len());
    let other = dice.roll(lines.len());
    match kind {
        0 => lines[place] = flipped(&lines[place], dice),
        1 => drop(lines.remove(place)),
        2 => lines.insert(other, lines[place].clone()),
        3 if lines[place] == lines[other] => return None,
        3 => lines.swap(place, other),
        4 => lines.truncate(place),
        _ => {
            let end = lines[place].char_indices().nth(dice.roll(20)).map_or(0, |(end, _)| end);
            lines[place].truncate(end);
        }
    }
    Some(format!("line {place} (or {other}) spoiled by way {kind}"))
}

fn rows(parts: &mut Parts, kind: usize, dice: &mut Dice) -> Option<String> {
    let table = ["plan", "section", "blob"][dice.roll(3)];
    let rows = parts.rows.get_mut(table).filter(|rows| !rows.is_empty())?;
    let place = dice.roll(rows.len());
    let mut row: Value = serde_json::from_str(&rows[place]).unwrap();
    let columns: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
    let column = &columns[dice.roll(columns.len())];
    let other = match &row[column] {
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) => json!(format!("{text} ")),
        Value::Null => json!(""),
        _ => json!({"b64": "AAAA"}),
    };
    match kind {
        0 => row[column] = other,
        1 => return Some(format!("row removed: {}", rows.remove(place))),
        2 => row["id"] = json!("stranger"),
        _ => row["more"] = json!(1),
    }
    match kind {
        2 => rows.push(row.to_string()),
        _ => rows[place] = row.to_string(),
    }
    Some(format!("row {table}/{place} column {column} by way {kind}"))
}

fn checkpoints(parts: &mut Parts, dice: &mut Dice) -> Option<String> {
    let count = parts.checkpoints.len();
    let place = dice.roll(count);
    match dice.roll(4) {
        0 => parts.checkpoints.clear(),
        1 => parts.checkpoints[place].0 = "7777.txt".into(),
        2 if count > 1 => {
            parts.checkpoints[place].1 = parts.checkpoints[(place + 1) % count].1.clone();
        }
        2 => return None,
        _ => {
            let note = &mut parts.checkpoints[place].1;
            let end = note.char_indices().nth(dice.roll(note.chars().count())).map_or(0, |(end, _)| end);
            note.truncate(end);
        }
    }
    Some(format!("checkpoint {place} spoiled"))
}

/// One ASCII character of the text becomes another.
fn flipped(text: &str, dice: &mut Dice) -> String {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii()).map(|(place, _)| place).collect();
    let place = places[dice.roll(places.len())];
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] = if bytes[place] == b'~' { b'!' } else { bytes[place] + 1 }.max(b' ');
    String::from_utf8(bytes).expect("ASCII for ASCII")
}
