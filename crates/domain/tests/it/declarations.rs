//! From the call to receipt: each rule passes, fails and stands exactly on the line.

use crate::world::{day, pack, refused, who};
use domain::declaration::{
    BatchState, Call, DeclarationState, Extension, Fault, LateLeave, Lateness, Mark, Recommended, Signature,
    Who, Window, bureau_sign, call, city_report, close, county_approve, county_review, edit, extend,
    grant_late, hand_to_town_head, is_signed_by_all, not_the_drafter, receive, reopen, return_for_revision,
    standing_signatures, start, town_head_confirm, withdraw,
};
use domain::eligibility::{Applicant, DivisionKind, Track};
use domain::id::PersonId;
use domain::problem::Problem;
use domain::role::Role;
use domain::stage::{BatchStage, DeclarationStage};

const CLERK: u128 = 1;
const HEAD: u128 = 2;
const REVIEWER: u128 = 3;
const APPROVER: u128 = 4;
const BUREAUS: [&str; 3] = ["construction", "development", "finance"];

fn applicant() -> Applicant {
    Applicant {
        division: Some(DivisionKind::Town),
        county_seat: Some(false),
        pilot_county: Some(false),
        ..Applicant::unknown(Track::StatutoryTown)
    }
}

fn declaration(stage: DeclarationStage) -> DeclarationState {
    DeclarationState {
        batch: BatchStage::Called,
        stage,
        applicant: applicant(),
        editors: [PersonId(CLERK)].into(),
        confirmed_by: None,
        reviewed_by: None,
        content_hash: "now".to_owned(),
        signatures: Vec::new(),
        closes: day("2018-05-02"),
        extensions: Vec::new(),
        supplement_due: None,
        supplement_rounds: 0,
        late_leave: None,
    }
}

fn signed() -> DeclarationState {
    let sign = |(bureau, person): (&str, u128)| Signature {
        bureau: bureau.to_owned(),
        person: PersonId(person),
        content_hash: "now".to_owned(),
    };
    let signatures = BUREAUS.into_iter().zip(10..).map(sign).collect();
    DeclarationState { signatures, ..declaration(DeclarationStage::AtCity) }
}

fn bureau(person: u128, code: &str) -> Who {
    Who { bureau: Some(code.to_owned()), ..who(person, Role::CityBureau) }
}

fn batch() -> BatchState {
    let window = Window { opens: day("2018-03-01"), closes: day("2018-05-02") };
    BatchState { stage: BatchStage::Called, window: Some(window) }
}

fn office() -> Who {
    who(30, Role::OfficeApprover)
}

fn the_call() -> Call {
    Call {
        document_number: "赣特镇办〔2018〕1号".to_owned(),
        opens: day("2018-03-01"),
        closes: day("2018-04-30"),
        list_by: day("2018-06-30"),
    }
}

fn draft() -> BatchState {
    BatchState { stage: BatchStage::Draft, window: None }
}

#[test]
fn a_call_rolls_its_dates_and_says_why() {
    let called = call(&draft(), &office(), &the_call(), pack(), day("2018-03-01")).expect("a call");
    assert_eq!((called.window.closes, called.list_by.day), (day("2018-05-02"), day("2018-07-02")));
    assert_eq!(called.closes.nominal, day("2018-04-30"));
}

#[test]
fn a_call_needs_role_stage_number_and_time() {
    let on = |today: &str| call(&draft(), &office(), &the_call(), pack(), day(today));
    assert!(on("2018-02-28").is_ok() && on("2018-03-01").is_ok());
    assert_eq!(refused(on("2018-03-02")), "window_order");
    let late = Call { opens: day("2018-04-03"), ..the_call() };
    assert_eq!(pack().calendar().working_days_left(day("2018-04-03"), day("2018-05-02")), 19);
    assert_eq!(refused(call(&draft(), &office(), &late, pack(), day("2018-04-03"))), "call_too_short");
    let just = Call { opens: day("2018-04-02"), ..the_call() };
    assert!(
        call(&draft(), &office(), &just, pack(), day("2018-04-02")).is_ok(),
        "20 working days are enough"
    );
    let wrong = Call { document_number: "1号".to_owned(), ..the_call() };
    assert_eq!(refused(call(&draft(), &office(), &wrong, pack(), day("2018-03-01"))), "document_number");
    let clerk = who(31, Role::Office);
    assert_eq!(refused(call(&draft(), &clerk, &the_call(), pack(), day("2018-03-01"))), "wrong_role");
    assert_eq!(refused(call(&batch(), &office(), &the_call(), pack(), day("2018-03-01"))), "wrong_stage");
    let backwards = Call { list_by: day("2018-04-29"), ..the_call() };
    assert_eq!(refused(call(&draft(), &office(), &backwards, pack(), day("2018-03-01"))), "window_order");
}

#[test]
fn a_window_closes_after_its_last_day() {
    let clerk = who(31, Role::Office);
    assert_eq!(refused(close(&batch(), &clerk, day("2018-05-02"))), "window_open");
    assert_eq!(close(&batch(), &clerk, day("2018-05-03")), Ok(BatchStage::Selecting));
}

#[test]
fn an_extension_needs_reason_authority_and_measure() {
    let extend_to = |until: &str, why: (&str, &str)| {
        extend(&batch(), &office(), day(until), why, pack(), day("2018-04-26"))
    };
    let why = ("洪涝灾害影响材料准备", "conference");
    let extension = extend_to("2018-05-12", why).expect("an extension");
    assert_eq!(extension.until, day("2018-05-14"), "12 May is a Saturday");
    assert_eq!(extension.was, day("2018-05-02"));
    assert_eq!(refused(extend_to("2018-05-12", ("", "conference"))), "reason");
    assert_eq!(refused(extend_to("2018-05-12", ("洪涝灾害影响", "town"))), "authority");
    assert_eq!(refused(extend_to("2018-05-02", why)), "extension_backwards");
    assert!(extend_to("2018-05-30", why).is_ok(), "20 working days are on the line");
    assert_eq!(refused(extend_to("2018-05-31", why)), "extension_too_long");
}

#[test]
fn a_declaration_begins_in_the_window_by_an_eligible_applicant() {
    let on = |today: &str, applicant: &Applicant| {
        start((&batch(), None), applicant, &who(CLERK, Role::Clerk), day(today))
    };
    assert_eq!(on("2018-03-01", &applicant()).expect("begun").stage, DeclarationStage::Draft);
    assert!(on("2018-05-02", &applicant()).is_ok(), "the last day counts");
    assert_eq!(refused(on("2018-02-28", &applicant())), "window_not_open");
    assert_eq!(refused(on("2018-05-03", &applicant())), "window_closed");
    let seat = Applicant { county_seat: Some(true), ..applicant() };
    assert_eq!(refused(on("2018-04-01", &seat)), "county_seat");
    let unknown = Applicant { county_seat: None, ..applicant() };
    assert!(on("2018-04-01", &unknown).is_ok(), "facts may be settled before sending");
    let pilot = Applicant { pilot_county: Some(true), ..applicant() };
    assert_eq!(on("2018-04-01", &pilot).expect("begun").marks, [Mark::PilotCounty]);
    assert_eq!(
        refused(start((&batch(), None), &applicant(), &who(HEAD, Role::TownHead), day("2018-04-01"))),
        "wrong_role"
    );
}

#[test]
fn leave_to_be_late_is_leave_to_begin_and_to_resume() {
    let leave =
        LateLeave { until: day("2018-05-08"), reason: "洪涝".to_owned(), authority: "lead".to_owned() };
    let clerk = who(CLERK, Role::Clerk);
    let begin = |stage: BatchStage, today: &str| {
        let batch = BatchState { stage, ..batch() };
        start((&batch, Some(&leave)), &applicant(), &clerk, day(today))
    };
    assert!(begin(BatchStage::Called, "2018-05-08").is_ok(), "the last day of the leave counts");
    assert!(begin(BatchStage::Selecting, "2018-05-08").is_ok());
    assert_eq!(refused(begin(BatchStage::Called, "2018-05-09")), "window_closed");
    assert_eq!(refused(begin(BatchStage::Selecting, "2018-05-09")), "wrong_stage");
    assert_eq!(refused(begin(BatchStage::OnNotice, "2018-05-08")), "wrong_stage");
    let withdrawn = declaration(DeclarationStage::Withdrawn);
    let resume = |leave: Option<LateLeave>| {
        let state = DeclarationState { late_leave: leave, ..withdrawn.clone() };
        reopen(&state, &batch(), &clerk, day("2018-05-08"))
    };
    assert!(resume(Some(leave.clone())).is_ok());
    assert_eq!(refused(resume(None)), "window_closed");
}

#[test]
fn whoever_drafted_a_batch_does_not_call_it() {
    let drafters = [PersonId(30), PersonId(31)].into();
    assert_eq!(refused(not_the_drafter(&drafters, &office())), "filler_is_approver");
    let delegate = Who { for_person: Some(PersonId(31)), ..who(32, Role::OfficeApprover) };
    assert_eq!(refused(not_the_drafter(&drafters, &delegate)), "filler_is_approver");
    assert_eq!(not_the_drafter(&drafters, &who(32, Role::OfficeApprover)), Ok(()));
}

#[test]
fn only_the_clerk_edits_and_only_what_lies_with_him() {
    let clerk = who(CLERK, Role::Clerk);
    assert!(edit(&declaration(DeclarationStage::Draft), &clerk).is_ok());
    assert!(edit(&declaration(DeclarationStage::Returned), &clerk).is_ok());
    assert_eq!(refused(edit(&declaration(DeclarationStage::AtCounty), &clerk)), "not_editable");
    assert_eq!(
        refused(edit(&declaration(DeclarationStage::Draft), &who(HEAD, Role::TownHead))),
        "wrong_role"
    );
}

#[test]
fn a_declaration_is_handed_over_complete() {
    let today = day("2018-04-26");
    let hand = |problems: &[Problem]| {
        hand_to_town_head(
            &declaration(DeclarationStage::Draft),
            &who(CLERK, Role::Clerk),
            problems,
            pack(),
            today,
        )
    };
    let outcome = hand(&[]).expect("handed over");
    assert_eq!(outcome.stage, DeclarationStage::AtTownHead);
    assert_eq!(outcome.due.as_ref().expect("a deadline").day, day("2018-05-02"));
    assert_eq!(outcome.owed_by(), [Role::TownHead]);
    assert_eq!(refused(hand(&[Problem::new("101", "required", "请填写“甲”。")])), "incomplete");
}

#[test]
fn who_stands_in_is_bound_as_the_one_he_acts_for() {
    const DELEGATE: u128 = 40;
    let today = day("2018-04-26");
    let for_person = |giver: u128, role| Who { for_person: Some(PersonId(giver)), ..who(DELEGATE, role) };
    let state = declaration(DeclarationStage::AtTownHead);
    let confirm =
        |giver: u128| town_head_confirm(&state, &for_person(giver, Role::TownHead), &[], pack(), today);
    confirm(HEAD).expect("confirmed for the head");
    assert_eq!(refused(confirm(CLERK)), "filler_is_approver");
    let reviewed =
        DeclarationState { reviewed_by: Some(PersonId(REVIEWER)), ..declaration(DeclarationStage::AtCounty) };
    let approve = |giver: u128| {
        let who = for_person(giver, Role::CountyApprover);
        county_approve(&reviewed, &who, ("渝府字〔2018〕7号", true), pack(), today)
    };
    approve(APPROVER).expect("approved for the approver");
    assert_eq!(refused(approve(REVIEWER)), "reviewer_is_approver");
}

#[test]
fn the_head_confirms_what_another_filled_in() {
    let today = day("2018-04-26");
    let state = declaration(DeclarationStage::AtTownHead);
    let confirm = |state: &DeclarationState, person: u128| {
        town_head_confirm(state, &who(person, Role::TownHead), &[], pack(), today)
    };
    assert_eq!(confirm(&state, HEAD).expect("confirmed").stage, DeclarationStage::AtCounty);
    assert_eq!(refused(confirm(&state, CLERK)), "filler_is_approver");
    let for_the_clerk = Who { for_person: Some(PersonId(CLERK)), ..who(HEAD, Role::TownHead) };
    let delegated = town_head_confirm(&state, &for_the_clerk, &[], pack(), today);
    assert_eq!(refused(delegated), "filler_is_approver");
    let applicant = Applicant { county_seat: None, ..applicant() };
    let unknown = DeclarationState { applicant, ..state.clone() };
    assert_eq!(refused(confirm(&unknown, HEAD)), "unknown_county_seat");
    assert_eq!(refused(confirm(&declaration(DeclarationStage::Draft), HEAD)), "wrong_stage");
}

#[test]
fn the_county_reviews_then_another_approves_by_document() {
    let today = day("2018-04-26");
    let state = declaration(DeclarationStage::AtCounty);
    let reviewer = who(REVIEWER, Role::CountyReviewer);
    assert_eq!(
        county_review(&state, &reviewer, "材料齐全，数据属实").expect("reviewed").stage,
        DeclarationStage::AtCounty
    );
    assert_eq!(refused(county_review(&state, &reviewer, "好")), "reason");
    let approve = |state: &DeclarationState, person: u128, document: (&str, bool)| {
        county_approve(state, &who(person, Role::CountyApprover), document, pack(), today)
    };
    let document = ("渝府字〔2018〕7号", true);
    assert_eq!(refused(approve(&state, APPROVER, document)), "not_reviewed");
    let reviewed = DeclarationState { reviewed_by: Some(PersonId(REVIEWER)), ..state };
    assert_eq!(approve(&reviewed, APPROVER, document).expect("approved").stage, DeclarationStage::AtCity);
    assert_eq!(refused(approve(&reviewed, REVIEWER, document)), "reviewer_is_approver");
    let for_the_reviewer =
        Who { for_person: Some(PersonId(REVIEWER)), ..who(APPROVER, Role::CountyApprover) };
    let delegated = county_approve(&reviewed, &for_the_reviewer, document, pack(), today);
    assert_eq!(refused(delegated), "reviewer_is_approver");
    assert_eq!(refused(approve(&reviewed, CLERK, document)), "filler_is_approver");
    assert_eq!(refused(approve(&reviewed, APPROVER, ("7号", true))), "document_number");
    assert_eq!(refused(approve(&reviewed, APPROVER, ("渝府字〔2018〕7号", false))), "scan_missing");
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

fn report(
    states: &[(&DeclarationState, i64)],
    today: &str,
) -> Result<domain::declaration::Reported, domain::problem::Refusal> {
    let list: Vec<_> =
        states.iter().map(|(state, order)| Recommended { state, name: "甲镇", order: *order }).collect();
    city_report(&list, &who(20, Role::CityApprover), "洪建文〔2018〕9号", pack(), day(today))
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
fn a_return_names_the_items_and_starts_the_clock() {
    let form = pack().form("declaration-statutory-town").expect("the form");
    let fault = |item: &str, reason: &str| Fault { item: item.to_owned(), reason: reason.to_owned() };
    let back = |state: &DeclarationState, role: Role, faults: &[Fault]| {
        return_for_revision(state, &who(31, role), (form, faults), pack(), day("2018-05-03"))
    };
    let received = declaration(DeclarationStage::Received);
    let named = [fault("302", "与统计公报不符"), fault("row.1.605", "总投资与立项文件不符")];
    let outcome = back(&received, Role::Office, &named).expect("returned");
    assert_eq!(outcome.stage, DeclarationStage::Returned);
    assert_eq!(outcome.due.expect("the clock").day, day("2018-05-10"));
    assert_eq!(refused(back(&received, Role::Office, &[])), "no_faults");
    assert_eq!(refused(back(&received, Role::Office, &[fault("9999", "没有这一项目")])), "unknown_item");
    assert_eq!(refused(back(&received, Role::Office, &[fault("302", "")])), "reason");
    assert_eq!(refused(back(&received, Role::CityBureau, &named)), "wrong_role");
    let rounds = |supplement_rounds: i64| DeclarationState { supplement_rounds, ..received.clone() };
    assert!(back(&rounds(2), Role::Office, &named).is_ok(), "the third round is on the line");
    assert_eq!(refused(back(&rounds(3), Role::Office, &named)), "supplement_rounds");
}

#[test]
fn the_office_receives_what_was_reported() {
    let clerk = who(31, Role::Office);
    let outcome = receive(&declaration(DeclarationStage::Reported), &clerk).expect("received");
    assert_eq!(outcome.stage, DeclarationStage::Received);
    assert_eq!(refused(receive(&declaration(DeclarationStage::AtCity), &clerk)), "wrong_stage");
    let filler = who(CLERK, Role::Office);
    assert_eq!(refused(receive(&declaration(DeclarationStage::Reported), &filler)), "filler_is_approver");
}

#[test]
fn a_declaration_is_taken_back_before_the_next_level_acts() {
    let why = "需要重新核对数据";
    let take = |state: &DeclarationState, role: Role| withdraw(state, &who(HEAD, role), why);
    let at_county = declaration(DeclarationStage::AtCounty);
    assert_eq!(take(&at_county, Role::TownHead).expect("withdrawn").stage, DeclarationStage::Withdrawn);
    assert_eq!(refused(take(&at_county, Role::Clerk)), "wrong_role");
    let reviewed = DeclarationState { reviewed_by: Some(PersonId(REVIEWER)), ..at_county };
    assert_eq!(refused(take(&reviewed, Role::TownHead)), "next_level_acted");
    assert!(take(&declaration(DeclarationStage::AtCity), Role::CountyApprover).is_ok());
    assert_eq!(refused(take(&signed(), Role::CountyApprover)), "next_level_acted");
    assert!(take(&declaration(DeclarationStage::Reported), Role::CityApprover).is_ok());
    assert_eq!(refused(take(&declaration(DeclarationStage::Received), Role::CityApprover)), "wrong_stage");
    assert_eq!(
        refused(withdraw(&declaration(DeclarationStage::Draft), &who(CLERK, Role::Clerk), " ")),
        "reason"
    );
}

#[test]
fn a_withdrawn_declaration_is_taken_up_again_in_the_window() {
    let state = declaration(DeclarationStage::Withdrawn);
    let again = |today: &str| reopen(&state, &batch(), &who(CLERK, Role::Clerk), day(today));
    assert_eq!(again("2018-05-02").expect("reopened").stage, DeclarationStage::Draft);
    assert_eq!(refused(again("2018-05-03")), "window_closed");
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
        city_report(&list, &city, "景府字〔2018〕30号", pack(), day("2018-05-02")).map(|_| ())
    };
    assert_eq!(report(BatchStage::Selecting), Ok(()), "the office may still receive what leave allows");
    assert_eq!(refused(report(BatchStage::OnNotice)), "batch_decided");
    assert_eq!(refused(report(BatchStage::Published)), "batch_decided");
}
