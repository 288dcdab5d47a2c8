//! 三(四): the three bureaus, the city's report, in time or late.

use crate::declarations::{batch, declaration, office, signed};
use crate::world::{day, pack, refused, who};
use domain::declaration::{
    DeclarationState, Extension, LateLeave, Lateness, Mark, Recommended, ReportState, Signature, Who,
    bureau_sign, compile_report, grant_late, is_signed_by_all, send_report, sign_report, standing_signatures,
};
use domain::id::PersonId;
use domain::role::Role;
use domain::stage::{BatchStage, DeclarationStage};

fn bureau(person: u128, code: &str) -> Who {
    Who { bureau: Some(code.to_owned()), ..who(person, Role::CityBureau) }
}

#[test]
fn each_bureau_signs_once_what_it_has_seen() {
    let today = day("2018-04-26");
    let sign = |state: &DeclarationState, by: &Who, hash: &str| bureau_sign(state, by, hash, pack(), today);
    let mut state = signed();
    let third = state.signatures.pop().expect("a signature");
    assert_eq!(is_signed_by_all(&state, pack(), today), Ok(false));
    assert!(sign(&state, &bureau(12, "finance"), "now").is_ok());
    assert_eq!(refused(sign(&state, &bureau(12, "finance"), "before")), "content_changed");
    assert_eq!(refused(sign(&state, &bureau(12, "development"), "now")), "already_signed");
    assert_eq!(refused(sign(&state, &bureau(10, "finance"), "now")), "same_person");
    assert_eq!(refused(sign(&state, &bureau(12, "forestry"), "now")), "not_a_signing_bureau");
    assert_eq!(refused(sign(&state, &who(12, Role::CityApprover), "now")), "wrong_role");
    state.signatures.push(third);
    assert_eq!(is_signed_by_all(&state, pack(), today), Ok(true));
    state.content_hash = "edited".to_owned();
    assert!(standing_signatures(&state).is_empty(), "an edit voids the three");
    assert_eq!(is_signed_by_all(&state, pack(), today), Ok(false));
}

/// A list that the three bureaus have signed.
fn list_signed() -> ReportState {
    ReportState {
        document_number: "洪建文〔2018〕9号".to_owned(),
        content_hash: "list".to_owned(),
        signatures: signed()
            .signatures
            .into_iter()
            .map(|one| Signature { content_hash: "list".to_owned(), ..one })
            .collect(),
        is_sent: false,
    }
}

fn report(
    states: &[(&DeclarationState, i64)],
    today: &str,
) -> Result<domain::declaration::Reported, domain::problem::Refusal> {
    let list: Vec<_> =
        states.iter().map(|(state, order)| Recommended { state, name: "甲镇", order: *order }).collect();
    send_report(&list_signed(), &list, &who(20, Role::CityApprover), pack(), day(today))
}

#[test]
fn a_city_reports_signed_declarations_in_order_and_in_time() {
    let signed = signed();
    let reported = report(&[(&signed, 2), (&signed, 1)], "2018-05-02").expect("the last day counts");
    assert!(
        reported.outcomes.iter().all(|one| one.stage == DeclarationStage::Reported && one.marks.is_empty())
    );
    assert_eq!(refused(report(&[(&signed, 1), (&signed, 3)], "2018-05-02")), "order_of_recommendation");
    assert_eq!(refused(report(&[(&signed, 1), (&signed, 1)], "2018-05-02")), "order_of_recommendation");
    assert_eq!(refused(report(&[], "2018-05-02")), "empty_report");
    assert_eq!(refused(report(&[(&declaration(DeclarationStage::AtCity), 1)], "2018-05-02")), "not_signed");
    assert_eq!(
        refused(report(&[(&declaration(DeclarationStage::AtCounty), 1)], "2018-05-02")),
        "wrong_stage"
    );
    assert_eq!(refused(report(&[(&signed, 1)], "2018-05-03")), "window_closed");
    let own = DeclarationState { editors: [PersonId(20)].into(), ..signed };
    assert_eq!(refused(report(&[(&own, 1)], "2018-05-02")), "filler_is_approver");
}

fn lateness((due, days, round): (&str, i32, i64), reason: &str) -> Lateness {
    Lateness { due: day(due), days, round, reason: reason.to_owned(), authority: "lead".to_owned() }
}

#[test]
fn an_extended_window_marks_what_needed_it() {
    let longer = |was: &str, until: &str, reason: &str| Extension {
        was: day(was),
        until: day(until),
        reason: reason.to_owned(),
        authority: "lead".to_owned(),
    };
    let extensions =
        vec![longer("2018-05-02", "2018-05-14", "洪涝"), longer("2018-05-14", "2018-05-21", "余震")];
    let state = DeclarationState { closes: day("2018-05-21"), extensions, ..signed() };
    let marks = |state: &DeclarationState, today: &str| {
        report(&[(state, 1)], today).expect("within the window").outcomes[0].marks.clone()
    };
    assert_eq!(marks(&state, "2018-05-02"), []);
    assert_eq!(marks(&state, "2018-05-03"), [Mark::Extended(lateness(("2018-05-02", 1, 0), "洪涝"))]);
    assert_eq!(marks(&state, "2018-05-14"), [Mark::Extended(lateness(("2018-05-02", 12, 0), "洪涝"))]);
    assert_eq!(marks(&state, "2018-05-15"), [Mark::Extended(lateness(("2018-05-02", 13, 0), "余震"))]);
    assert_eq!(refused(report(&[(&state, 1)], "2018-05-22")), "window_closed");
    let supplemented =
        DeclarationState { supplement_due: Some(day("2018-05-10")), supplement_rounds: 1, ..state };
    assert_eq!(marks(&supplemented, "2018-05-10"), [Mark::Supplemented { round: 1 }]);
    let extended = Mark::Extended(lateness(("2018-05-02", 9, 1), "洪涝"));
    assert_eq!(marks(&supplemented, "2018-05-11"), [Mark::Supplemented { round: 1 }, extended]);
}

#[test]
fn late_sending_needs_leave_and_is_marked_for_ever() {
    let leave = |until: &str| {
        grant_late(
            (&batch(), day("2018-05-02")),
            &office(),
            day(until),
            ("县里遭遇洪涝", "lead"),
            pack(),
            day("2018-05-03"),
        )
    };
    assert_eq!(refused(leave("2018-05-02")), "extension_backwards");
    let leave = leave("2018-05-08").expect("leave");
    let late = DeclarationState { late_leave: Some(leave), ..signed() };
    let reported = report(&[(&late, 1)], "2018-05-08").expect("the last day of the leave counts");
    assert_eq!(reported.outcomes[0].marks, [Mark::Late(lateness(("2018-05-02", 6, 0), "县里遭遇洪涝"))]);
    assert_eq!(refused(report(&[(&late, 1)], "2018-05-09")), "window_closed");
    let in_time = report(&[(&late, 1)], "2018-05-02").expect("in time");
    assert!(in_time.outcomes[0].marks.is_empty(), "leave that was not needed leaves no mark");
}

#[test]
fn after_a_return_by_the_office_the_supplement_clock_counts() {
    let state =
        DeclarationState { supplement_due: Some(day("2018-05-16")), supplement_rounds: 1, ..signed() };
    let reported = report(&[(&state, 1)], "2018-05-16").expect("on the line");
    assert_eq!(reported.outcomes[0].marks, [Mark::Supplemented { round: 1 }]);
    assert_eq!(refused(report(&[(&state, 1)], "2018-05-17")), "supplement_over");
    let leave =
        LateLeave { until: day("2018-05-18"), reason: "余震".to_owned(), authority: "lead".to_owned() };
    let late = DeclarationState { late_leave: Some(leave), ..state.clone() };
    let marks = [Mark::Supplemented { round: 1 }, Mark::Late(lateness(("2018-05-16", 2, 1), "余震"))];
    assert_eq!(report(&[(&late, 1)], "2018-05-18").expect("with leave").outcomes[0].marks, marks);
    let early = DeclarationState { supplement_due: Some(day("2018-04-17")), ..state };
    let reported = report(&[(&early, 1)], "2018-05-02").expect("the window is open");
    assert_eq!(reported.outcomes[0].marks, [Mark::Supplemented { round: 1 }]);
    assert_eq!(refused(report(&[(&early, 1)], "2018-05-03")), "window_closed");
}

#[test]
fn a_listed_declaration_that_has_left_the_city_is_named() {
    let back = DeclarationState { stage: DeclarationStage::Returned, ..signed() };
    let refusal = report(&[(&back, 1)], "2018-04-28").expect_err("it is with the town");
    assert!(refusal.says.contains("退回") && refusal.remedy.contains("重新编制清单"), "{refusal}");
}

#[test]
fn a_leave_reads_back_as_it_was_written() {
    let leave =
        LateLeave { until: day("2018-05-08"), reason: "洪涝".to_owned(), authority: "lead".to_owned() };
    let text = serde_json::to_string(&leave).expect("JSON");
    assert_eq!(serde_json::from_str::<LateLeave>(&text).expect("a leave"), leave);
}

#[test]
fn once_the_conference_has_decided_a_declaration_stays_where_it_is() {
    let report = |batch| {
        let state = DeclarationState { batch, ..signed() };
        let list = [Recommended { state: &state, name: "示例镇", order: 1 }];
        let city = who(20, Role::CityApprover);
        send_report(&list_signed(), &list, &city, pack(), day("2018-05-02")).map(|_| ())
    };
    assert_eq!(report(BatchStage::Selecting), Ok(()), "the office may still receive what leave allows");
    assert_eq!(refused(report(BatchStage::OnNotice)), "batch_decided");
    assert_eq!(refused(report(BatchStage::Published)), "batch_decided");
}

#[test]
fn a_list_is_signed_as_it_stands_by_each_bureau_once() {
    let today = day("2018-04-28");
    let whole = list_signed();
    let (first, second) = (whole.signatures[0].clone(), whole.signatures[1].clone());
    let state = ReportState { signatures: vec![first.clone(), second], ..list_signed() };
    let sign = |state: &ReportState, who: &Who, hash: &str| sign_report(state, who, hash, pack(), today);
    let last = &whole.signatures[2];
    let third = |person| bureau(person, &last.bureau);
    assert_eq!(sign(&state, &third(40), "list"), Ok(true), "the last of the three");
    let one = ReportState { signatures: vec![first.clone()], ..list_signed() };
    assert_eq!(sign(&one, &third(40), "list"), Ok(false), "one more is wanting");
    assert_eq!(refused(sign(&state, &third(40), "before")), "content_changed");
    let empty = ReportState { content_hash: String::new(), ..state.clone() };
    assert_eq!(refused(sign(&empty, &third(40), "")), "content_changed", "nothing is compiled yet");
    assert_eq!(refused(sign(&state, &bureau(40, &first.bureau), "list")), "already_signed");
    assert_eq!(refused(sign(&state, &bureau(40, "forestry"), "list")), "not_a_signing_bureau");
    let substitute = Who { for_person: Some(first.person), ..third(40) };
    assert_eq!(
        refused(sign(&state, &substitute, "list")),
        "same_person",
        "not in the first one's name either"
    );
    let sent = ReportState { is_sent: true, ..list_signed() };
    assert_eq!(refused(sign(&sent, &third(40), "list")), "already_sent");
    assert_eq!(refused(compile_report(&sent, 1)), "already_sent");
    assert_eq!(refused(compile_report(&state, 0)), "empty_report");
    assert_eq!(compile_report(&whole, 1), Ok(()), "signatures are void then, not a bar");
}

#[test]
fn a_list_is_sent_signed_by_all_three_and_by_somebody_else() {
    let declaration = signed();
    let list = [Recommended { state: &declaration, name: "甲镇", order: 1 }];
    let send = |state: &ReportState, person| {
        let city = who(person, Role::CityApprover);
        send_report(state, &list, &city, pack(), day("2018-04-28")).map(|_| ())
    };
    let mut state = list_signed();
    assert_eq!(send(&state, 20), Ok(()));
    assert_eq!(
        send(&ReportState { is_sent: true, ..state.clone() }, 20).map_err(|no| no.code),
        Err("already_sent".to_owned())
    );
    let stale = ReportState { content_hash: "changed".to_owned(), ..state.clone() };
    assert_eq!(refused(send(&stale, 20)), "not_signed", "signatures on another list count for nothing");
    state.signatures.pop();
    assert_eq!(refused(send(&state, 20)), "not_signed");
}
