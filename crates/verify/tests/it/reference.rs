//! The verifier and the Python reference say the same of the same files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use verify::{Options, verify};

use crate::mutations::{KINDS, mutate};
use crate::writer::{Dice, Writer, sample};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/reference/verify.py");

#[test]
fn both_verifiers_agree() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    fs::create_dir_all(&folder).expect("the target folder takes files");
    let mut files = vec![];
    for seed in 0..66 {
        let mut parts = sample(seed).finish();
        if seed % 5 > 0 {
            let mut dice = Dice(seed + 31);
            mutate(&mut parts, seed as usize % KINDS, &mut dice);
        }
        let path = folder.join(format!("{seed}.tar.gz"));
        fs::write(&path, parts.pack()).expect("the target folder takes files");
        files.push(path);
    }
    let theirs = python(&files);
    assert_eq!(theirs.matches("== ").count(), files.len());
    for (file, theirs) in files.iter().zip(theirs.split("== ").skip(1)) {
        let report = verify(fs::File::open(file).expect("it was just written"), &Options::default());
        let mut ours: BTreeSet<String> = report.faults.iter().map(|fault| fault.at.clone()).collect();
        ours.insert(format!("root {}", report.root));
        let theirs: BTreeSet<String> = theirs.lines().skip(1).map(String::from).collect();
        assert_eq!(ours, theirs, "{}\n{report}", file.display());
    }
}

#[test]
fn both_verifiers_hold_the_log_against_an_outside_checkpoint() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (file, note) = (folder.join("outside.tar.gz"), folder.join("outside.txt"));
    fs::write(&file, sample(4).finish().pack()).unwrap();
    let mut other = Writer::default();
    other.act("plan.sent", &[]);
    for (outside, exit) in [(sample(4).note(), 0), (sample(6).note(), 1), (other.note(), 1)] {
        fs::write(&note, outside).unwrap();
        for (program, first) in
            [(env!("CARGO_BIN_EXE_zhenxing-verify"), vec![]), ("python3", vec!["-B", SCRIPT])]
        {
            let mut command = Command::new(program);
            let command = command.args(first).arg(&file).arg("--checkpoint").arg(&note);
            let output = command.output().expect("python3 is needed to run the tests");
            assert_eq!(output.status.code(), Some(exit), "{program}: {output:?}");
        }
    }
}

#[test]
fn the_program_answers_with_a_sentence_when_it_cannot_read() {
    let output = Command::new(env!("CARGO_BIN_EXE_zhenxing-verify")).arg("/nonexistent").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("请检查路径和权限"));
    let output = Command::new(env!("CARGO_BIN_EXE_zhenxing-verify")).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("用法："));
}

fn python(files: &[std::path::PathBuf]) -> String {
    let output = Command::new("python3").arg("-B").arg(SCRIPT).args(files).output();
    let output = output.expect("python3 is needed to run the tests: apt-get install python3");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the reference writes UTF-8")
}
