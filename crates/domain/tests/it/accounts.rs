//! Lock-out, passwords, separation of duties, delegation.

use crate::world::{day, pack, refused};
use domain::account::{
    Delay, Delegation, Held, Holder, address_delay_after, approve_grant, delay_after, delegate,
    grant_refusal, password_expired, password_problems, session_limits,
};
use domain::id::{OrganisationId, PersonId};
use domain::role::Role;

#[test]
fn an_address_waits_longer_with_each_account_and_is_never_locked() {
    for (accounts, seconds) in [(0, 0), (9, 0), (10, 1), (11, 2), (14, 16), (15, 30), (100_000, 30)] {
        let waits = address_delay_after(accounts, pack(), day("2018-04-26"));
        assert_eq!(waits.expect("the pack has the numbers"), seconds, "{accounts}");
    }
}

#[test]
fn failures_wait_longer_then_lock_and_never_for_good() {
    let delay =
        |failures| delay_after(failures, pack(), day("2018-04-26")).expect("the pack has the numbers");
    assert_eq!([0, 1, 2, 3, 4].map(|failures| delay(failures).seconds()), [0, 1, 2, 4, 8]);
    assert_eq!(delay(4), Delay::Wait(8));
    assert_eq!(delay(5), Delay::Locked(900));
    assert_eq!(delay(5_000_000_000), Delay::Locked(900));
}

#[test]
fn administrators_idle_shorter() {
    let limits = |administrator| session_limits(administrator, pack(), day("2018-04-26")).expect("limits");
    assert_eq!((limits(false).idle_ms, limits(true).idle_ms), (1_800_000, 900_000));
    assert_eq!((limits(true).absolute_ms, limits(true).most), (43_200_000, 3));
}

#[test]
fn a_password_is_long_mixed_and_not_guessable() {
    let with = |second_factor| Holder {
        words: vec!["lixiaoming".to_owned(), "李".to_owned()],
        second_factor,
        administrator: false,
    };
    let codes = |password: &str, second_factor: bool| {
        let problems = password_problems(password, &with(second_factor), pack(), day("2018-04-26"));
        problems.expect("the pack has the rules").into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("Kx7-mwtzrq", true), Vec::<String>::new(), "ten characters with a second factor");
    assert_eq!(codes("Kx7-mwtzr", true), ["too_short"]);
    assert_eq!(codes("Kx7-mwtzrqbndf", false), ["too_short"]);
    assert_eq!(codes("Kx7-mwtzrqbndfh", false), Vec::<String>::new(), "fifteen without");
    assert_eq!(codes("kxwmwtzrqbndf7", true), ["too_plain"]);
    assert_eq!(codes("kxwm-tzrqbndf7", true), Vec::<String>::new(), "three of four classes");
    assert_eq!(codes(&"Kx7-".repeat(33), true), ["too_long"]);
    assert_eq!(codes(&"Kx7-".repeat(32), true), Vec::<String>::new());
    for guess in ["Kx7-LiXiaoMing", "Kx7-Password!", "Kx7-zr2018qb", "Kx7-江西wtzrq", "Kx7-李wtzrqbn"] {
        assert_eq!(codes(guess, true), ["guessable"], "{guess}");
    }
}

#[test]
fn a_password_ages() {
    let expired = |administrator, today: &str| {
        password_expired(day("2018-01-01"), administrator, pack(), day(today))
            .expect("the pack has the number")
    };
    assert!(!expired(false, "2018-04-01") && expired(false, "2018-04-02"), "ninety days");
    assert!(!expired(true, "2018-01-31") && expired(true, "2018-02-01"), "thirty for the three");
}

fn held(role: Role) -> Held {
    Held { role, organisation: OrganisationId(1) }
}

fn grant(old: Role, new: Role) -> Option<String> {
    grant_refusal(&[held(old)], &held(new)).map(|refusal| refusal.code)
}

#[test]
fn some_roles_are_not_for_one_person() {
    for (old, new, code) in [
        (Role::SystemAdmin, Role::SecurityAdmin, "administrators"),
        (Role::AuditAdmin, Role::SystemAdmin, "administrators"),
        (Role::SecurityAdmin, Role::Office, "administrator_and_business"),
        (Role::Auditor, Role::SystemAdmin, "administrator_and_business"),
        (Role::Auditor, Role::Clerk, "auditor_and_writer"),
        (Role::Expert, Role::Office, "expert_and_official"),
        (Role::Clerk, Role::TownHead, "filler_and_approver"),
        (Role::CountyApprover, Role::CountyReviewer, "filler_and_approver"),
        (Role::Clerk, Role::Clerk, "already_held"),
    ] {
        assert_eq!(grant(old, new).as_deref(), Some(code), "{old} {new}");
        assert_eq!(grant(new, old).as_deref(), Some(code), "{new} {old}");
    }
    assert_eq!(grant(Role::CityBureau, Role::CityApprover), None);
    let elsewhere = Held { role: Role::TownHead, organisation: OrganisationId(2) };
    assert_eq!(grant_refusal(&[held(Role::Clerk)], &elsewhere), None, "in another organisation");
    assert_eq!(grant_refusal(&[], &held(Role::Auditor)), None);
}

#[test]
fn one_asks_and_another_grants() {
    let (system, security, holder) = (PersonId(1), PersonId(2), PersonId(3));
    let approve = |asked, approved, holder| approve_grant(asked, approved, holder);
    assert!(approve((system, Role::SystemAdmin), (security, Role::SecurityAdmin), holder).is_ok());
    assert_eq!(
        refused(approve((system, Role::Office), (security, Role::SecurityAdmin), holder)),
        "grant_asker"
    );
    assert_eq!(
        refused(approve((system, Role::SystemAdmin), (security, Role::SystemAdmin), holder)),
        "grant_approver"
    );
    assert_eq!(
        refused(approve((system, Role::SystemAdmin), (system, Role::SecurityAdmin), holder)),
        "same_person"
    );
    assert_eq!(
        refused(approve((system, Role::SystemAdmin), (security, Role::SecurityAdmin), security)),
        "own_grant"
    );
}

#[test]
fn a_delegation_is_short_direct_and_of_an_approver() {
    let sample = Delegation {
        from: PersonId(1),
        to: PersonId(2),
        role: Role::CountyApprover,
        first: day("2018-04-26"),
        last: day("2018-05-25"),
    };
    let give = |delegation: &Delegation, borrowed| delegate(delegation, borrowed, pack(), day("2018-04-26"));
    assert!(give(&sample, false).is_ok(), "thirty days are on the line");
    assert_eq!(refused(give(&Delegation { last: day("2018-05-26"), ..sample.clone() }, false)), "too_long");
    assert_eq!(refused(give(&sample, true)), "borrowed");
    assert_eq!(refused(give(&Delegation { to: PersonId(1), ..sample.clone() }, false)), "to_oneself");
    assert_eq!(refused(give(&Delegation { role: Role::Clerk, ..sample.clone() }, false)), "not_delegable");
    assert_eq!(
        refused(give(&Delegation { role: Role::SystemAdmin, ..sample.clone() }, false)),
        "not_delegable"
    );
    assert_eq!(refused(give(&Delegation { last: day("2018-04-25"), ..sample.clone() }, false)), "dates");
}
