//! Nothing is said against a true file.

use verify::{Options, verify};

use crate::writer::{Writer, sample};

#[test]
fn four_hundred_true_exports_raise_no_alarm() {
    for seed in 0..400 {
        let export = sample(seed).finish().pack();
        let report = verify(export.as_slice(), &Options::default());
        assert!(report.is_true(), "seed {seed}:\n{report}");
        assert_eq!(report.exit_code(), 0);
    }
}

#[test]
fn the_last_lines_name_the_tables_and_say_the_verdict() {
    let report = verify(sample(3).finish().pack().as_slice(), &Options::default()).to_string();
    let lines: Vec<&str> = report.lines().rev().take(3).collect();
    assert_eq!(lines, ["校验通过", "withheld tables: credential", "unrecorded tables: session, draft"]);
}

#[test]
fn an_empty_log_is_true() {
    let report = verify(Writer::default().finish().pack().as_slice(), &Options::default());
    assert!(report.is_true(), "{report}");
    assert_eq!(report.root, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

#[test]
fn a_backup_holds_keys_and_unrecorded_and_withheld_tables() {
    let mut parts = sample(5).finish_backup();
    parts.rows.insert("draft".into(), vec![r#"{"id":"d1"}"#.into()]);
    parts.others.push(("keys/log.key".into(), b"secret".to_vec()));
    let report = verify(parts.pack().as_slice(), &Options::default());
    assert!(report.is_true(), "{report}");
    assert!(!parts.rows["credential"].is_empty());
    parts.rows.get_mut("credential").unwrap().pop();
    assert_eq!(verify(parts.pack().as_slice(), &Options::default()).fault_count, 1);
}

#[test]
fn entries_after_the_last_checkpoint_are_noted() {
    let mut writer = sample(9);
    writer.act("plan.sent", &[]);
    let report = verify(writer.finish().pack().as_slice(), &Options::default());
    assert!(report.is_true(), "{report}");
    assert!(report.to_string().contains("尚无检查点"), "{report}");
}
