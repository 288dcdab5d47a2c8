//! Proposal, decision, public notice, publication, and who stood on the list on a day.

use crate::world::{day, pack, refused, who};
use domain::id::PersonId;
use domain::role::Role;
use domain::selection::{
    Meeting, NoticeChange, Publication, Taking, correct_notice, decide, notice_period, propose, publish,
    take_back,
};
use domain::stage::{BatchStage, DeclarationStage};

const REASONS: &str = "产业特色鲜明，规划完整，县级支持有力。";

fn meeting(present: &[&str]) -> Meeting {
    Meeting {
        minutes_number: "赣特镇联纪〔2018〕2号".to_owned(),
        held_on: day("2018-06-20"),
        present: present.iter().map(|code| (*code).to_owned()).collect(),
        closed_on: day("2018-05-02"),
        listed: 16,
        listed_before: 44,
        unreceived: 0,
        batch: "2".to_owned(),
    }
}

const FIVE: [&str; 5] = ["housing", "development", "finance", "rural", "land"];

#[test]
fn a_received_declaration_is_proposed_with_reasons() {
    let today = day("2018-06-01");
    let proposed = |stage, reasons: &str, role| {
        propose(BatchStage::Selecting, stage, &who(31, role), reasons, pack(), today)
    };
    assert_eq!(proposed(DeclarationStage::Received, REASONS, Role::Office), Ok(DeclarationStage::Proposed));
    assert_eq!(refused(proposed(DeclarationStage::Reported, REASONS, Role::Office)), "wrong_stage");
    assert_eq!(refused(proposed(DeclarationStage::Received, REASONS, Role::OfficeApprover)), "wrong_role");
    assert_eq!(refused(proposed(DeclarationStage::Received, "特色鲜明产业兴旺好", Role::Office)), "reasons");
    assert!(
        proposed(DeclarationStage::Received, "特色鲜明产业兴旺很好", Role::Office).is_ok(),
        "ten characters"
    );
}

#[test]
fn nothing_is_proposed_once_the_conference_has_decided() {
    let proposed = |batch| {
        let office = who(31, Role::Office);
        propose(batch, DeclarationStage::Received, &office, REASONS, pack(), day("2018-06-01"))
    };
    assert!(proposed(BatchStage::Called).is_ok());
    assert_eq!(refused(proposed(BatchStage::OnNotice)), "batch_decided");
    assert_eq!(refused(proposed(BatchStage::Published)), "batch_decided");
}

#[test]
fn a_proposal_is_withdrawn_by_whoever_decided_last() {
    let taken = |batch, stage, role, why, minutes_number| {
        take_back(&Taking { batch, stage, why, minutes_number }, &who(31, role), pack(), day("2018-06-01"))
    };
    let (selecting, on_notice, proposed) =
        (BatchStage::Selecting, BatchStage::OnNotice, DeclarationStage::Proposed);
    let why = "面积数据核对有误";
    let before = taken(selecting, proposed, Role::Office, why, "").expect("before the decision");
    assert_eq!((before.stage, before.minutes_number), (DeclarationStage::Received, None));
    let during = taken(on_notice, proposed, Role::OfficeApprover, why, "赣特镇联纪〔2018〕4号");
    assert_eq!(during.expect("in the notice").stage, DeclarationStage::Received);
    let refusals = [
        (taken(selecting, proposed, Role::Office, "错了", ""), "reason", "3.4"),
        (taken(selecting, DeclarationStage::Received, Role::Office, why, ""), "wrong_stage", "3.3"),
        (taken(on_notice, proposed, Role::Office, why, "赣特镇联纪〔2018〕4号"), "decided", "4.2"),
        (taken(on_notice, proposed, Role::OfficeApprover, why, ""), "document_number", "4.2"),
        (taken(BatchStage::Published, proposed, Role::OfficeApprover, why, ""), "published", "4.2"),
        (taken(BatchStage::Published, DeclarationStage::Listed, Role::Office, why, ""), "published", "4.2"),
    ];
    for (result, code, clause) in refusals {
        let refusal = result.expect_err(code);
        assert_eq!(
            (refusal.code.as_str(), refusal.clause.map(|one| one.to_string())),
            (code, Some(clause.into()))
        );
    }
}

#[test]
fn a_notice_is_put_right_while_it_runs() {
    let change = NoticeChange { field: "phone".into(), was: "1".into(), becomes: "2".into() };
    let corrected = |batch, role, changes: &[NoticeChange], why| {
        correct_notice(batch, &who(31, role), (changes, why), pack(), day("2018-06-22"))
    };
    let (on_notice, approver, one) = (BatchStage::OnNotice, Role::OfficeApprover, [change]);
    assert!(corrected(on_notice, approver, &one, "电话号码录入有误").is_ok());
    assert_eq!(refused(corrected(on_notice, approver, &[], "电话号码录入有误")), "nothing_changed");
    assert_eq!(refused(corrected(on_notice, approver, &one, "错")), "reason");
    assert_eq!(refused(corrected(on_notice, Role::Office, &one, "电话号码录入有误")), "wrong_role");
    assert_eq!(refused(corrected(BatchStage::Selecting, approver, &one, "电话号码录入有误")), "no_notice");
    assert_eq!(refused(corrected(BatchStage::Published, approver, &one, "电话号码录入有误")), "published");
}

#[test]
fn the_conference_decides_with_minutes_and_a_quorum() {
    let by = who(30, Role::OfficeApprover);
    let on = |meeting: &Meeting| decide(BatchStage::Selecting, &by, meeting, pack(), day("2018-06-20"));
    let decided = on(&meeting(&FIVE)).expect("five of eight decide");
    assert_eq!((decided.stage, decided.remarks.len()), (BatchStage::OnNotice, 0));
    assert_eq!(refused(on(&meeting(&FIVE[..4]))), "quorum");
    assert_eq!(
        refused(on(&meeting(&["housing", "housing", "development", "finance", "rural"]))),
        "attendance"
    );
    assert_eq!(
        refused(on(&meeting(&["housing", "development", "finance", "rural", "police"]))),
        "attendance"
    );
    assert_eq!(
        refused(on(&Meeting { minutes_number: "2号".to_owned(), ..meeting(&FIVE) })),
        "document_number"
    );
    assert_eq!(refused(on(&Meeting { held_on: day("2018-06-21"), ..meeting(&FIVE) })), "meeting_in_future");
    let on_the_last_day = Meeting { held_on: day("2018-05-02"), ..meeting(&FIVE) };
    assert_eq!(refused(on(&on_the_last_day)), "meeting_before_close");
    assert!(on(&Meeting { held_on: day("2018-05-03"), ..meeting(&FIVE) }).is_ok());
    assert_eq!(refused(on(&Meeting { listed: 0, ..meeting(&FIVE) })), "nothing_listed");
    assert_eq!(refused(on(&Meeting { unreceived: 1, ..meeting(&FIVE) })), "unreceived");
    let over = on(&Meeting { listed: 17, ..meeting(&FIVE) }).expect("about is not at most");
    let too_many = "本批次拟列入 17 个，超过约 16 个的目标。";
    assert_eq!(over.remarks, [too_many, "连同已列入的 44 个共 61 个，超过各批合计约 60 个的目标。"]);
    let few_before = on(&Meeting { listed: 17, listed_before: 43, ..meeting(&FIVE) });
    assert_eq!(few_before.expect("sixty are on the line").remarks, [too_many]);
    let early = decide(BatchStage::Called, &by, &meeting(&FIVE), pack(), day("2018-06-20"));
    assert_eq!(refused(early), "wrong_stage");
}

#[test]
fn a_notice_runs_three_to_ten_working_days() {
    let notice = |days| notice_period(day("2018-06-22"), days, pack(), day("2018-06-22"));
    assert_eq!(notice(None), Ok((day("2018-06-22"), day("2018-06-28"))));
    assert_eq!(notice(Some(3)).map(|notice| notice.1), Ok(day("2018-06-26")));
    assert!(notice(Some(10)).is_ok());
    assert_eq!(refused(notice(Some(2))), "notice_length");
    assert_eq!(refused(notice(Some(11))), "notice_length");
    assert_eq!(refused(notice_period(day("2018-06-21"), None, pack(), day("2018-06-22"))), "notice_in_past");
}

fn publication() -> Publication {
    Publication {
        stage: BatchStage::OnNotice,
        notice_last: day("2018-06-28"),
        proposed_by: PersonId(31),
        effective_before: Some(day("2017-08-04")),
        version_before: 1,
        version: 2,
        decided_on: day("2018-06-20"),
        effective: day("2018-07-01"),
        approval_number: None,
        under_objection: Vec::new(),
    }
}

#[test]
fn a_list_is_published_after_the_notice_by_another_person() {
    let by = |person: u128, role| who(person, role);
    let on =
        |list: &Publication, today: &str| publish(list, &by(30, Role::OfficeApprover), pack(), day(today));
    let published = on(&publication(), "2018-06-29").expect("the day after the notice");
    assert_eq!((published.stage, published.version), (BatchStage::Published, 2));
    assert_eq!(published.filing_due.day, day("2018-09-29"), "29 September 2018 is a make-up workday");
    assert_eq!(refused(on(&publication(), "2018-06-28")), "notice_running");
    let office = publish(&publication(), &by(30, Role::Office), pack(), day("2018-06-29"));
    assert_eq!(refused(office), "wrong_role");
    let own = publish(&publication(), &by(31, Role::OfficeApprover), pack(), day("2018-06-29"));
    assert_eq!(refused(own), "proposer_is_publisher");
}

#[test]
fn a_list_is_published_whole_and_dated() {
    let on = |list: Publication| publish(&list, &who(30, Role::OfficeApprover), pack(), day("2018-06-29"));
    let held = Publication { under_objection: vec!["甲镇".to_owned()], ..publication() };
    assert_eq!(refused(on(held)), "under_objection");
    assert_eq!(refused(on(Publication { version: 3, ..publication() })), "version");
    assert_eq!(refused(on(Publication { effective: day("2018-06-19"), ..publication() })), "effective_day");
    assert!(
        on(Publication { effective: day("2018-06-20"), ..publication() }).is_ok(),
        "the day of the decision"
    );
    assert!(on(Publication { effective: day("2018-07-27"), ..publication() }).is_ok(), "20 working days on");
    assert_eq!(refused(on(Publication { effective: day("2018-07-28"), ..publication() })), "effective_day");
    let after = |text: &str| Publication { effective_before: Some(day(text)), ..publication() };
    assert!(on(after("2018-07-01")).is_ok(), "on the day the version before takes effect");
    assert_eq!(refused(on(after("2018-07-02"))), "effective_day");
    let approval = |number: &str| Publication { approval_number: Some(number.to_owned()), ..publication() };
    assert_eq!(refused(on(approval("8号"))), "document_number");
    assert!(on(approval("赣府字〔2018〕8号")).is_ok());
}
