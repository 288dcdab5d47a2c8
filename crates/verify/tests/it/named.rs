//! Each kind of fault is named: where it is, and which entry wrote what is wrong.

use serde_json::json;
use verify::{Options, Report, verify};

use crate::writer::{Parts, Writer, pack, row};

/// Two plans, one deleted, one attachment, checkpoints at 2 and at the end.
fn story() -> Writer {
    let mut writer = Writer::default();
    let plan = |id: &str, fen: i64| Some(row(id, json!({"amount_fen": fen})));
    writer.act("plan.sent", &[("plan", "a".into(), plan("a", 1)), ("plan", "b".into(), plan("b", 2))]);
    writer.act("plan.approved", &[("plan", "a".into(), plan("a", 3))]);
    writer.checkpoint();
    writer.act("plan.withdrawn", &[("plan", "b".into(), None)]);
    writer.file(b"scan");
    writer.checkpoint();
    writer
}

fn check(parts: &Parts) -> Report {
    verify(parts.pack().as_slice(), &Options::default())
}

fn spoiled(spoil: impl FnOnce(&mut Parts)) -> String {
    let mut parts = story().finish();
    spoil(&mut parts);
    let report = check(&parts);
    assert_eq!(report.exit_code(), 1, "{report}");
    assert!(report.to_string().ends_with("校验不通过\n"));
    report.to_string()
}

#[test]
fn a_changed_row_is_named_with_the_entry_that_wrote_it() {
    let report = spoiled(|parts| {
        let plan = &mut parts.rows.get_mut("plan").unwrap()[0];
        *plan = plan.replace("\"amount_fen\":3", "\"amount_fen\":300");
    });
    assert!(
        report.contains("错误：表 plan 的行 a：与第 2 条记录（plan.approved）写入的不同，已被改动。"),
        "{report}"
    );
    assert!(report.contains("最早出错的记录：第 2 条。"), "{report}");
}

#[test]
fn a_deleted_row_and_an_unlogged_row_and_a_risen_row_are_named() {
    let report = spoiled(|parts| parts.rows.get_mut("plan").unwrap().clear());
    assert!(report.contains("表 plan 的行 a：第 2 条记录（plan.approved）写入，现已缺失。"), "{report}");
    let report = spoiled(|parts| parts.rows.get_mut("plan").unwrap().push(r#"{"id":"z"}"#.into()));
    assert!(report.contains("表 plan 的行 z：没有任何记录写过它"), "{report}");
    let report = spoiled(|parts| parts.rows.get_mut("plan").unwrap().push(r#"{"id":"b"}"#.into()));
    assert!(report.contains("表 plan 的行 b：第 3 条记录（plan.withdrawn）已删除它，现又出现。"), "{report}");
    let report = spoiled(|parts| drop(parts.rows.remove("plan")));
    assert!(report.contains("表 plan 的行 a：第 2 条记录（plan.approved）写入，现已缺失。"), "{report}");
}

#[test]
fn a_table_that_is_kept_back_is_named() {
    let report = spoiled(|parts| {
        parts.rows.remove("plan");
        parts.about["withheld"] = json!(["credential", "plan"]);
    });
    assert!(report.contains("错误：文件略去了表 plan。只有 credential 可以略去。"), "{report}");
}

#[test]
fn attachments_are_held_against_their_names_and_the_list() {
    let report = spoiled(|parts| parts.files[0].1 = b"scam".to_vec());
    assert!(report.contains("内容与它的哈希不符"), "{report}");
    let report = spoiled(|parts| parts.files.clear());
    assert!(report.contains("：缺失。"), "{report}");
    let report = spoiled(|parts| parts.files.push(("00".repeat(32), vec![])));
    assert!(report.contains("没有登记"), "{report}");
}

#[test]
fn a_changed_entry_is_the_first_bad_record() {
    let report = spoiled(|parts| parts.log[1] = parts.log[1].replace("plan.approved", "plan.imagined"));
    assert!(report.contains("第 2 条记录：正文与它的哈希不符，已被改动。"), "{report}");
    assert!(report.contains("检查点 2：与日志前 2 条算出的树根不符"), "{report}");
    assert!(report.contains("最早出错的记录：第 2 条。"), "{report}");
    let report = spoiled(|parts| drop(parts.log.remove(1)));
    assert!(report.contains("第 2 条记录：缺失，已被删除。"), "{report}");
    let report = spoiled(|parts| parts.log.swap(0, 1));
    assert!(report.contains("次序不对"), "{report}");
}

#[test]
fn time_never_runs_backwards_and_numbers_agree() {
    let report = spoiled(|parts| parts.log[1] = parts.log[1].replace(r#"\"at\":1"#, r#"\"at\":0"#));
    assert!(report.contains("第 2 条记录：正文不合格式。"), "{report}");
    let report = spoiled(|parts| parts.log[1] = parts.log[1].replace(r#"\"at\":1"#, r#"\"at\":-1"#));
    assert!(report.contains("第 2 条记录：时间早于前一条记录。"), "{report}");
    let report = spoiled(|parts| parts.log[1] = parts.log[1].replace(r#"\"seq\":2"#, r#"\"seq\":4"#));
    assert!(report.contains("第 2 条记录：正文里的序号与所在位置不一致。"), "{report}");
}

#[test]
fn digests_are_held_against_the_root_in_the_body() {
    let report = spoiled(|parts| drop(parts.digests.remove(2)));
    assert!(
        report.contains("第 2 条记录：所写各行的摘要与正文不符（正文记 1 行，摘要表 0 行）。"),
        "{report}"
    );
}

#[test]
fn an_outside_checkpoint_shows_truncation_and_fork() {
    let outside = story().note();
    let options = Options { checkpoint: Some(outside.clone()), ..Options::default() };
    let mut shorter = Writer::default();
    shorter.act("plan.sent", &[]);
    shorter.checkpoint();
    let report = verify(shorter.finish().pack().as_slice(), &options).to_string();
    assert!(report.contains("外部检查点签发时有 4 条记录，现在只有 1 条，日志被截断。"), "{report}");

    let mut forked = Writer::default();
    (0..9).for_each(|_| forked.act("plan.sent", &[]));
    forked.checkpoint();
    let report = verify(forked.finish().pack().as_slice(), &options).to_string();
    assert!(
        report.contains("日志前 4 条与外部检查点不符：历史被改写，出现了另一份日志（分叉）。"),
        "{report}"
    );

    let mut longer = story();
    longer.act("plan.sent", &[]);
    longer.checkpoint();
    assert!(verify(longer.finish().pack().as_slice(), &options).is_true());
    let spoiled = Options { checkpoint: Some(outside.replace("\n4\n", "\n3\n")), ..Options::default() };
    let report = verify(story().finish().pack().as_slice(), &spoiled).to_string();
    assert!(report.contains("外部检查点：签名不对"), "{report}");
}

#[test]
fn a_file_signed_anew_by_another_key_fails_against_the_kept_key() {
    let options = Options { key: Some(Writer::default().vkey()), ..Options::default() };
    let mut forged = Writer::with_key(9);
    forged.act("plan.sent", &[]);
    forged.checkpoint();
    let export = forged.finish().pack();
    assert!(verify(export.as_slice(), &Options::default()).is_true());
    let report = verify(export.as_slice(), &options).to_string();
    assert!(report.contains("检查点 1.txt：签名不对"), "{report}");
    assert!(verify(story().finish().pack().as_slice(), &options).is_true());
}

#[test]
fn a_table_cannot_be_declared_away() {
    let without_plan = json!(["section", "blob"]);
    let report = spoiled(|parts| parts.about["recorded"] = without_plan.clone());
    assert!(report.contains("日志写过表 plan，但文件说它不记录。"), "{report}");
    let report = spoiled(|parts| {
        parts.about["recorded"] = without_plan;
        parts.about["unrecorded"] = json!(["plan"]);
        parts.rows.remove("plan");
    });
    assert!(report.contains("日志写过表 plan，但文件说它不记录。"), "{report}");
}

#[test]
fn members_are_in_order_once_and_known() {
    let members = story().finish().members();
    let check =
        |members: &[(String, Vec<u8>)]| verify(pack(members).as_slice(), &Options::default()).to_string();
    let mut swapped = members.clone();
    swapped.swap(1, 2);
    assert!(check(&swapped).contains("次序不对"));
    let mut twice = members.clone();
    twice.push(members[members.len() - 1].clone());
    assert!(check(&twice).contains("出现了两次"));
    let mut more = members.clone();
    more.push(("keys/log.key".into(), vec![1]));
    assert!(check(&more).contains("不该有的条目 keys/log.key"));
}

#[test]
fn a_hundred_faults_are_listed_and_all_are_counted() {
    let report = spoiled(|parts| {
        let plan = parts.rows.get_mut("plan").unwrap();
        plan.extend((0..250).map(|number| json!({"id": format!("z{number}")}).to_string()));
    });
    assert_eq!(report.lines().filter(|line| line.starts_with("错误：")).count(), 100);
    assert!(report.contains("错误共 250 处，以上列出前 100 处。"), "{report}");
}
