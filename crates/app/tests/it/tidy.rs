//! The rules of the house, held against its own sources. Each rule is a function over one file's
//! text that names what is wrong in it; below, each is shown a file it must refuse.

use crate::sources::{files, literals, name, read};

/// The most lines a file of Rust may have.
const LINES: usize = 400;

/// Where SQL stands outside a store, and why.
const OTHER_SQL: &[(&str, &str)] = &[
    ("crates/kit/src/archive/", "an archive holds every table, whatever its slice"),
    ("crates/kit/src/db/", "what differs between the engines, and their schema"),
    ("crates/kit/src/record/", "the record writes its own tables"),
];

/// Inner modules that another slice may name, and why.
const OPEN_MODULES: &[(&str, &str, &str)] =
    &[("demo", "declarations::acts", "the demo plays what the pages do, verb by verb")];

/// What must not be left in a program.
const UNFINISHED: [&str; 3] = ["todo", "unimplemented", "dbg"];

/// A rule: the faults in a file of this name and text.
type Rule = fn(&str, &str) -> Vec<String>;

/// Name and text.
type File<'a> = (&'a str, &'a str);

#[test]
fn sql_stands_in_stores_alone() {
    hold("crates", "rs", sql_outside_store);
    for (place, _) in OTHER_SQL {
        let mut sources = rust().into_iter().filter(|file| name(file).starts_with(place));
        assert!(sources.any(|file| literals(&read(&file)).iter().any(|text| is_sql(&text.text))), "{place}");
    }
}

#[test]
fn no_file_is_long() {
    hold("crates", "rs", too_long);
}

#[test]
fn every_module_begins_with_its_sentence() {
    hold("crates", "rs", without_sentence);
}

#[test]
fn nothing_is_left_unfinished() {
    hold("crates", "rs", unfinished);
}

#[test]
fn a_slice_reaches_another_through_its_door() {
    hold("crates/app/src", "rs", past_the_door);
}

#[test]
fn pages_hold_no_script_and_no_style() {
    hold("crates", "html", inline_code);
}

#[test]
fn every_table_has_a_caption() {
    hold("crates", "html", table_without_caption);
}

#[test]
fn every_dependency_is_used() {
    let manifests = files("crates", "toml").into_iter().filter(|file| file.ends_with("Cargo.toml"));
    let mut faults = Vec::new();
    for manifest in manifests {
        let folder = name(&manifest).trim_end_matches("Cargo.toml").to_owned();
        let sources: String = files(&folder, "rs").iter().map(|file| read(file)).collect();
        faults.extend(unused(&read(&manifest), &sources).iter().map(|what| format!("{folder}: {what}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Applies a rule to every file of a kind below a folder.
fn hold(folder: &str, extension: &str, rule: Rule) {
    let files = files(folder, extension);
    assert!(!files.is_empty(), "{folder} holds no .{extension}");
    let faults: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let name = name(file);
            let faults = rule(&name, &read(file));
            faults.into_iter().map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn rust() -> Vec<std::path::PathBuf> {
    files("crates", "rs")
}

/// SQL in a program's file that is neither `store….rs` nor in a folder `store`.
fn sql_outside_store(name: &str, text: &str) -> Vec<String> {
    let file = name.rsplit('/').next().expect("a name");
    let is_store = name.contains("/store/") || file.starts_with("store");
    let is_named = OTHER_SQL.iter().any(|(place, _)| name.starts_with(place));
    if !name.contains("/src/") || is_store || is_named {
        return Vec::new();
    }
    let found = literals(text).into_iter().filter(|literal| is_sql(&literal.text));
    found.map(|literal| format!("line {}: SQL belongs in the slice's store", literal.line)).collect()
}

fn is_sql(text: &str) -> bool {
    ["SELECT ", "INSERT INTO ", "DELETE FROM "].iter().any(|verb| text.contains(verb))
        || (text.contains("UPDATE ") && text.contains(" SET "))
}

fn too_long(_: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > LINES { vec![format!("{lines} lines: split it by verb")] } else { Vec::new() }
}

fn without_sentence(_: &str, text: &str) -> Vec<String> {
    match text.lines().next().and_then(|line| line.strip_prefix("//! ")) {
        Some(sentence) if !sentence.trim().is_empty() => Vec::new(),
        _ => vec!["the first line does not say what the module does".to_owned()],
    }
}

fn unfinished(_: &str, text: &str) -> Vec<String> {
    let left = UNFINISHED.iter().filter(|word| text.contains(&format!("{word}!(")));
    left.map(|word| format!("{word}! is left")).collect()
}

/// `other::inner::…`: a path past another slice's `mod.rs`.
fn past_the_door(name: &str, text: &str) -> Vec<String> {
    let Some((own, _)) = name.trim_start_matches("crates/app/src/").split_once('/') else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for other in slices().iter().filter(|other| *other != own) {
        let door = format!("{other}::");
        for (at, _) in text.match_indices(&door) {
            let before = text[..at].trim_end_matches("crate::");
            let is_slice = !before.ends_with(|letter: char| is_word(letter) || letter == ':');
            for inner in inner_modules(&text[at + door.len()..]) {
                let path = format!("{other}::{inner}");
                let is_open = OPEN_MODULES.iter().any(|(from, to, _)| *from == own && *to == path);
                if is_slice && !is_open {
                    faults.push(format!("{path} is behind {other}/mod.rs"));
                }
            }
        }
    }
    faults
}

/// The folders of the program: each a slice with its `mod.rs`.
fn slices() -> Vec<String> {
    let doors = rust().into_iter().map(|file| name(&file));
    let inside = doors
        .filter_map(|file| file.strip_prefix("crates/app/src/")?.strip_suffix("/mod.rs").map(str::to_owned));
    inside.filter(|folder| !folder.contains('/')).collect()
}

/// Modules named right behind a slice's name: `inner::x`, or any in `{inner::x, Y}`.
fn inner_modules(path: &str) -> Vec<String> {
    let listed = path.strip_prefix('{').map(|list| list.split(['}', ';']).next().unwrap_or_default());
    let parts: Vec<&str> = listed.map_or(vec![path], |list| list.split([',', '{']).collect());
    parts.into_iter().filter_map(module).collect()
}

/// The module a path begins with, where it goes on behind it.
fn module(path: &str) -> Option<String> {
    let path = path.trim_start();
    let end = path.find(|letter| !is_word(letter))?;
    let begins_low = path.starts_with(|letter: char| letter.is_ascii_lowercase());
    (begins_low && path[end..].starts_with("::")).then(|| path[..end].to_owned())
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Script and style in the page itself: the browser is told to refuse them.
fn inline_code(_: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for tag in text.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
        let is_script = tag.starts_with("script") && !tag.contains("src=");
        let sets_style = tag.starts_with("style") || tag.contains(" style=");
        let handles = tag.split_whitespace().skip(1).filter_map(|word| word.split_once('='));
        let handles_events = handles.into_iter().any(|(attribute, _)| attribute.starts_with("on"));
        if is_script || sets_style || handles_events {
            faults.push(format!("<{tag}> runs or styles inside the page"));
        }
    }
    faults
}

fn table_without_caption(_: &str, text: &str) -> Vec<String> {
    let tables = text.split("<table").skip(1).map(|rest| rest.split("</table").next().unwrap_or_default());
    let bare = tables.filter(|table| !table.contains("<caption"));
    bare.map(|_| "a table without a caption".to_owned()).collect()
}

/// Dependencies that no source of the crate names.
fn unused(manifest: &str, sources: &str) -> Vec<String> {
    let mut is_dependency = false;
    let mut faults = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependency = line.ends_with("dependencies]");
        } else if let Some(named) =
            line.split(['.', ' ', '=']).next().filter(|word| is_dependency && !word.is_empty())
        {
            let used = format!("{}::", named.replace('-', "_"));
            let begins = |at: usize| !sources[..at].ends_with(is_word);
            if !named.starts_with('#') && !sources.match_indices(&used).any(|(at, _)| begins(at)) {
                faults.push(format!("nothing uses {named}"));
            }
        }
    }
    faults
}

/// Every rule, a file it refuses and one like it that it lets pass.
#[test]
fn every_rule_can_fail() {
    let left = format!("{}!()", UNFINISHED[0]);
    let (long, full) = ("\n".repeat(LINES + 1), "\n".repeat(LINES));
    let page = "crates/app/src/desk/pages.rs";
    let sql = r#"read("SELECT id FROM place")"#;
    let update = r#"write("UPDATE place SET name = $1")"#;
    let rows: &[(Rule, File<'_>, File<'_>)] = &[
        (sql_outside_store, (page, sql), ("crates/app/src/desk/store.rs", sql)),
        (sql_outside_store, (page, update), ("crates/app/src/desk/store/steps.rs", update)),
        (sql_outside_store, ("crates/kit/src/page/mod.rs", sql), ("crates/kit/src/record/act.rs", sql)),
        (sql_outside_store, (page, sql), (page, r#"say("select one")"#)),
        (too_long, (page, &long), (page, &full)),
        (without_sentence, (page, "use kit::Result;"), (page, "//! The desk.")),
        (without_sentence, (page, "//! \nuse kit::Result;"), (page, "//! The desk.\n")),
        (unfinished, (page, &left), (page, "done()")),
        (past_the_door, (page, "use crate::orgs::people::find;"), (page, "use crate::orgs::find;")),
        (past_the_door, (page, "orgs::people::find()"), (page, "orgs::find()")),
        (
            past_the_door,
            (page, "use crate::{orgs::{Person, people::find}};"),
            (page, "use crate::orgs::{Person, find};"),
        ),
        (
            past_the_door,
            (page, "orgs::people::find()"),
            ("crates/app/src/orgs/pages.rs", "orgs::people::find()"),
        ),
        (
            past_the_door,
            (page, "declarations::acts::start()"),
            ("crates/app/src/demo/player.rs", "declarations::acts::start()"),
        ),
        (inline_code, (page, "<script>go()</script>"), (page, r#"<script src="/a.js"></script>"#)),
        (inline_code, (page, "<style>p {}</style>"), (page, "<strong>p</strong>")),
        (inline_code, (page, r#"<p style="color: red">"#), (page, r#"<p class="late">"#)),
        (inline_code, (page, r#"<a onclick="go()">"#), (page, r#"<a href="/?once=1">"#)),
        (table_without_caption, (page, "<table><tr></table>"), (page, "<table><caption>a</caption></table>")),
        (table_without_caption, (page, "<table><caption></table><table></table>"), (page, "<p>")),
        (
            |_, text| unused("[dependencies]\nserde-json.workspace = true\n", text),
            (page, "my_serde_json::x"),
            (page, "serde_json::x"),
        ),
        (
            |_, text| unused("[dev-dependencies]\ncsv = \"1\"\n[lints]\nworkspace = true\n", text),
            (page, "let csv = 1;"),
            (page, "csv::Reader"),
        ),
    ];
    for (at, (rule, (bad_name, bad), (good_name, good))) in rows.iter().enumerate() {
        assert!(!rule(bad_name, bad).is_empty(), "row {at} passes a bad file");
        assert_eq!(rule(good_name, good), Vec::<String>::new(), "row {at} refuses a good file");
    }
}
