//! A declaration from its beginning to receipt: each rule passes, fails and stands exactly on the line.

use crate::world::{day, pack, refused, who};
use domain::declaration::{
    BatchState, DeclarationState, Fault, LateLeave, Mark, Signature, Who, Window, county_approve,
    county_review, hand_to_town_head, receive, reopen, return_for_revision, start, town_head_confirm,
    withdraw,
};
use domain::eligibility::{Applicant, DivisionKind, Fact, Track};
use domain::id::PersonId;
use domain::problem::Problem;
use domain::role::Role;
use domain::stage::{BatchStage, DeclarationStage};

pub const CLERK: u128 = 1;
pub const HEAD: u128 = 2;
pub const REVIEWER: u128 = 3;
pub const APPROVER: u128 = 4;
pub const BUREAUS: [&str; 3] = ["construction", "development", "finance"];

pub fn applicant() -> Applicant {
    let town = Applicant { division: Some(DivisionKind::Town), ..Applicant::unknown(Track::StatutoryTown) };
    town.knowing(Fact::CountySeat, false).knowing(Fact::PilotCounty, false)
}

/// The applicant with a fact that nobody has confirmed.
fn unsure_of(fact: Fact) -> Applicant {
    let mut applicant = applicant();
    applicant.facts.remove(&fact);
    applicant
}

pub fn declaration(stage: DeclarationStage) -> DeclarationState {
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

pub fn signed() -> DeclarationState {
    let sign = |(bureau, person): (&str, u128)| Signature {
        bureau: bureau.to_owned(),
        person: PersonId(person),
        content_hash: "now".to_owned(),
    };
    let signatures = BUREAUS.into_iter().zip(10..).map(sign).collect();
    DeclarationState { signatures, ..declaration(DeclarationStage::AtCity) }
}

pub fn batch() -> BatchState {
    let window = Window { opens: day("2018-03-01"), closes: day("2018-05-02") };
    BatchState { stage: BatchStage::Called, window: Some(window) }
}

pub fn office() -> Who {
    who(30, Role::OfficeApprover)
}

#[test]
fn a_declaration_begins_in_the_window_by_an_eligible_applicant() {
    let on = |today: &str, applicant: &Applicant| {
        start((&batch(), None), applicant, &who(CLERK, Role::Clerk), pack(), day(today))
    };
    assert_eq!(on("2018-03-01", &applicant()).expect("begun").stage, DeclarationStage::Draft);
    assert!(on("2018-05-02", &applicant()).is_ok(), "the last day counts");
    assert_eq!(refused(on("2018-02-28", &applicant())), "window_not_open");
    assert_eq!(refused(on("2018-05-03", &applicant())), "window_closed");
    let seat = applicant().knowing(Fact::CountySeat, true);
    assert_eq!(refused(on("2018-04-01", &seat)), "county_seat");
    let unknown = unsure_of(Fact::CountySeat);
    assert!(on("2018-04-01", &unknown).is_ok(), "facts may be settled before sending");
    let pilot = applicant().knowing(Fact::PilotCounty, true);
    assert_eq!(on("2018-04-01", &pilot).expect("begun").marks, [Mark::PilotCounty]);
    assert_eq!(
        refused(start((&batch(), None), &applicant(), &who(HEAD, Role::TownHead), pack(), day("2018-04-01"))),
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
        start((&batch, Some(&leave)), &applicant(), &clerk, pack(), day(today))
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
    let applicant = unsure_of(Fact::CountySeat);
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
        county_review(&state, &reviewer, "材料齐全，数据属实", pack(), today).expect("reviewed").stage,
        DeclarationStage::AtCounty
    );
    assert_eq!(refused(county_review(&state, &reviewer, "好", pack(), today)), "reason");
    let again = DeclarationState { reviewed_by: Some(PersonId(REVIEWER)), ..state.clone() };
    assert_eq!(
        refused(county_review(&again, &reviewer, "材料齐全，数据属实", pack(), today)),
        "already_reviewed"
    );
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
    let take = |state: &DeclarationState, role: Role| {
        withdraw(state, &who(HEAD, role), why, pack(), day("2018-04-26"))
    };
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
        refused(withdraw(
            &declaration(DeclarationStage::Draft),
            &who(CLERK, Role::Clerk),
            " ",
            pack(),
            day("2018-04-26")
        )),
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
