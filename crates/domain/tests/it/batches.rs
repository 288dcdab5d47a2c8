//! 三(二): the call, its window, extensions.

use crate::declarations::{batch, office};
use crate::world::{day, pack, refused, who};
use domain::declaration::{BatchState, Call, Who, call, close, extend, not_the_drafter};
use domain::id::PersonId;
use domain::role::Role;
use domain::stage::BatchStage;

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
fn whoever_drafted_a_batch_does_not_call_it() {
    let drafters = [PersonId(30), PersonId(31)].into();
    assert_eq!(refused(not_the_drafter(&drafters, &office())), "filler_is_approver");
    let delegate = Who { for_person: Some(PersonId(31)), ..who(32, Role::OfficeApprover) };
    assert_eq!(refused(not_the_drafter(&drafters, &delegate)), "filler_is_approver");
    assert_eq!(not_the_drafter(&drafters, &who(32, Role::OfficeApprover)), Ok(()));
}
