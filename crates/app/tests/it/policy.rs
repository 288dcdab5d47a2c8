//! A change of the rules: adopted as data, in force from the next start, without a new program.

use crate::both;
use crate::submissions::{FORM, fill, version_of};
use crate::world::{World, count};
use domain::pack::{NEEDS, Pack};
use std::collections::BTreeSet;
use std::path::Path;
use zhenxing::app::Settings;
use zhenxing::packs::{self, Packs};
use zhenxing::submissions::Fault;
use zhenxing::{App, founding};

pub type Files = Vec<(String, String)>;

/// The default pack with the tests' small form, whose first section asks for `more` besides.
fn files_with(more: &str) -> Files {
    let mut files = packs::embedded_files();
    let form =
        include_str!("forms/declaration-test.toml").replacen("[[section]]\ncode = \"industry\"", more, 1);
    files.push((format!("forms/{FORM}.toml"), form));
    files
}

/// The default pack with the tests' small form.
pub fn files() -> Files {
    files_with(SECTION)
}

const SECTION: &str = "[[section]]\ncode = \"industry\"";

const ITEM: &str = "[[section.item]]\ncode = \"119\"\nlabel = \"行业协会个数\"\nkind = \"integer\"\nunit = \"个\"\n\
                    definition = \"在民政部门登记的。\"\nrequired = true\nclause = \"2.2\"\nto_confirm = true\n\n";

impl World {
    /// Adopts the pack and starts the program again.
    pub async fn adopting(self, files: &Files) -> World {
        let pack = packs::read(files.clone()).expect("the pack reads");
        assert!(founding::adopt(self.store(), &pack, files, false).await.expect("adopted"));
        self.started_again().await
    }

    async fn started_again(self) -> World {
        let carried = packs::jiangxi().expect("the pack is whole");
        let pack = founding::put_in_force(self.store(), carried).await.expect("a pack decides");
        let packs = Packs::kept(pack.into(), self.store()).await.expect("kept");
        let settings = Settings { demo: true, ..Settings::default() };
        let app = App::new(self.store().clone(), packs, settings).expect("the application starts");
        World { app, ..self }
    }
}

both!(an_item_added_to_a_form_needs_no_new_program, world => {
    let world = world.adopting(&files_with(SECTION)).await;
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    fill(&clerk, id).await;
    world.seal(id).await.expect("sealed");
    world.reopen(id, &[Fault { section: "basics".to_owned(), item: String::new(), says: "请补充。".to_owned() }]).await;

    let world = world.adopting(&files_with(&format!("{ITEM}{SECTION}"))).await;
    let clerk = world.person("ciyuan_clerk").await;
    let (tasks, path) = (format!("/submissions/{id}"), format!("/submissions/{id}/sections/basics"));
    clerk.get(&tasks).await.shown().says("被退回·1处");
    clerk.get(&path).await.shown().says("行业协会个数").says("在民政部门登记的。（口径待核实）");
    clerk.get(&format!("{tasks}/check")).await.shown().says("请填写“行业协会个数”");
    let version = version_of(&clerk, &path).await;
    let rest = [("_done", "1"), ("101", "示例瓷源镇"), ("102", "30000"), ("103", "31000"), ("105", "工业发展")];
    let typed = |version, answer| [&[("version", version), ("119", answer)], rest.as_slice()].concat();
    clerk.post(&path, &typed(&version, "两")).await.refused("“行业协会个数”应为数字");
    let version = version_of(&clerk, &path).await;
    clerk.post(&path, &typed(&version, "2")).await.done();
    world.seal(id).await.expect("sealed again");

    let county = world.person("fuliang_reviewer").await;
    county.get(&format!("{tasks}/editions/2")).await.shown().says("行业协会个数").says("2个");
    let first = county.get(&format!("{tasks}/editions/1")).await.shown();
    assert!(!first.text.contains("行业协会个数"), "what was sent is read on the form it was sent on");
    county.get(&format!("{tasks}/difference?from=1&to=2")).await.shown().says("行业协会个数").says("<ins>2个</ins>");
});

both!(an_adopted_pack_decides_until_another_is_adopted, world => {
    let files = files_with(SECTION);
    let digest = packs::read(files.clone()).expect("a pack").digest().to_owned();
    let own = world.app.pack().digest().to_owned();
    let world = world.adopting(&files).await;
    assert_eq!(world.app.pack().digest(), digest);
    let auditor = world.person("auditor").await;
    auditor.get("/rules/versions").await.shown().says(&digest).says("启用记录");
    auditor.get("/log").await.shown().says("启用规则包");
    let world = world.started_again().await;
    assert_eq!(world.app.pack().digest(), digest, "a start changes nothing");
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM pack_version").await, 2);

    let carried = packs::jiangxi().expect("the pack is whole");
    let adopt = async || founding::adopt(world.store(), &carried, &packs::embedded_files(), true).await.expect("done");
    assert!(adopt().await);
    assert!(!adopt().await, "it is in force already");
    let world = world.started_again().await;
    assert_eq!(world.app.pack().digest(), own);
});

both!(an_adopted_pack_that_lacks_what_the_program_needs_is_told_at_the_start, world => {
    let mut files = packs::embedded_files();
    for (_, text) in &mut files {
        *text = text.replace("\"batch.close_days\"", "\"batch.shut_days\"");
    }
    let pack = packs::read(files.clone()).expect("the pack reads");
    assert!(founding::adopt(world.store(), &pack, &files, false).await.expect("adopted"));
    let carried = packs::jiangxi().expect("the pack is whole");
    let error = founding::put_in_force(world.store(), carried).await.expect_err("refused").to_string();
    assert!(error.contains("policy adopt") && error.contains("“batch.close_days”（工作日数）"), "{error}");
});

both!(a_pack_without_a_form_of_the_one_in_force_is_told_so, world => {
    let world = world.adopting(&files_with(SECTION)).await;
    let carried = || packs::jiangxi().expect("the pack is whole");
    let missing = founding::forms_missing_in(world.store(), carried(), &carried()).await;
    assert_eq!(missing.expect("read"), [FORM]);
});

#[test]
fn the_values_the_sources_ask_for_are_the_ones_a_pack_must_have() {
    let pack = packs::jiangxi().expect("the pack is whole");
    let mut asked = BTreeSet::new();
    for folder in ["../domain/src", "../kit/src", "src"] {
        texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut |text| {
            let words = text.split('"').filter(|word| pack.value(word).is_some());
            asked.extend(words.map(str::to_owned));
        });
    }
    let needs: BTreeSet<String> = NEEDS.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(asked, needs);
}

/// The sources but for their tests, and but for the list itself.
fn texts(folder: &Path, read: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, read);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("pack/trial.rs")
        {
            let text = std::fs::read_to_string(&path).expect("a source");
            read(text.split("#[cfg(test)]").next().unwrap_or_default());
        }
    }
}

#[test]
fn a_folder_that_is_no_pack_is_refused_by_file_and_line() {
    let folder = std::env::temp_dir().join(format!("zhenxing-pack-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("forms")).expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("written");
    let found = |expected: &str| {
        let findings = match packs::files_in(&folder).expect("a folder") {
            Ok(files) => Pack::read(&files).err().unwrap_or_default(),
            Err(findings) => findings,
        };
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{lines:?}");
    };
    found("about.toml:0: 缺少 about.toml");
    write("about.toml", b"title = \"a\"\nnote = \"\0\"\n");
    found("about.toml:2: TOML");
    write("about.toml", b"title = \"a\"\nnote = \"\xb7\xbd\"\n");
    found("about.toml:2: 不是 UTF-8");
    write("about.toml", &b"# \n".repeat(1 << 19));
    found("about.toml:0: 不是文件，或大于");
    write("about.toml", b"");
    write("forms/f.toml", &b"[".repeat(1 << 19));
    found("forms/f.toml:1: TOML");
    std::fs::remove_dir_all(&folder).expect("removed");
}
