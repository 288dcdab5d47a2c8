//! Cancelling at any check ends a run there, and no more than a column of work lies between two.

use super::*;
use crate::plan::Plan;
use crate::robustness::tests::uncertainty;
use crate::table::{LeafId, Table, TownId};
use crate::{evaluate_with, leave_one_out, plan_weights_with, robustness};

const TOWNS: usize = 40;
const COLUMNS: usize = 12;

/// Figures with a gap, so that the slow ways are taken.
fn table() -> Table {
    let cell = |at: usize| (at != 5).then_some(((at * 7_919) % 1_009) as f64 / 100.0);
    let towns = (0..TOWNS).map(|town| TownId(format!("t{town}"))).collect();
    let leaves = (0..COLUMNS).map(|leaf| LeafId(format!("c{leaf}"))).collect();
    Table::new(towns, leaves, (0..TOWNS * COLUMNS).map(cell).collect()).expect("a table")
}

fn plan() -> Plan {
    let leaves: Vec<String> = (0..COLUMNS).map(|at| format!(r#"{{"code":"c{at}","leaf":{{}}}}"#)).collect();
    let text = format!(
        r#"{{"name":"p","tree":{{"code":"root","children":[{}]}},"steps":{{"weights":{{"critic":{{}}}}}}}}"#,
        leaves.join(",")
    );
    serde_json::from_str(&text).expect("a plan")
}

type Call = dyn Fn(&Control) -> Option<EvalError>;

/// Checks made by a call that is cancelled at one of them, and how it ended.
fn probe(call: &Call, cancel_at: usize) -> (usize, Option<EvalError>) {
    let probe = Arc::new(Probe { cancel_at, ..Probe::default() });
    let control = Control { probe: Some(Arc::clone(&probe)), ..Control::default() };
    let error = call(&control);
    (probe.made.load(Ordering::Relaxed), error)
}

fn calls() -> Vec<(&'static str, usize, Box<Call>)> {
    // Reading, completing and normalising a column, and each pair of columns in their weights.
    let prepared = 3 * COLUMNS + COLUMNS * (COLUMNS + 1) / 2;
    let vary = || uncertainty(r#"{"weights_relative":{"delta":0.2}}"#, 50);
    vec![
        // Each node's scores, each node's and leaf's part of the result.
        ("evaluate", prepared + 3 * COLUMNS, Box::new(|c| evaluate_with(&table(), &plan(), c).err())),
        ("weights", prepared, Box::new(|c| plan_weights_with(&table(), &plan(), c).err())),
        ("leave one out", prepared * COLUMNS / 2, Box::new(|c| leave_one_out(&table(), &plan(), c).err())),
        // What each column holds, its gaps, its place among the packed ones; a check a draw.
        (
            "robustness",
            prepared + 3 * COLUMNS + 50,
            Box::new(move |c| robustness(&table(), &plan(), &vary(), c).err()),
        ),
    ]
}

#[test]
fn a_run_ends_at_the_check_that_finds_it_cancelled() {
    for (name, least, call) in calls() {
        let (all, error) = probe(&call, 0);
        assert_eq!(error, None, "{name}");
        assert!(all >= least, "{name}: {all} checks leave more than a column between two");
        for cancel_at in (1..=all).step_by(7) {
            let (made, error) = probe(&call, cancel_at);
            assert_eq!(error, Some(EvalError::Cancelled), "{name}");
            // A kernel that leaves its loop is asked once more by its caller.
            assert!(made <= cancel_at + 1, "{name}: {made} checks, cancelled at {cancel_at}");
        }
    }
}

#[test]
fn another_thread_can_cancel() {
    let control = Control::default();
    let cancel = Arc::clone(&control.cancel);
    std::thread::spawn(move || cancel.store(true, Ordering::Relaxed)).join().expect("a thread");
    assert_eq!(evaluate_with(&table(), &plan(), &control).err(), Some(EvalError::Cancelled));
}
