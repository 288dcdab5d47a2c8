//! Measures one task and prints one line of JSON: CPU seconds of all threads, wall seconds, repetitions.
//!
//! usage: bench TASK TOWNS INDICATORS DRAWS [THREADS]
//! TASK: first, full, topsis, mixed, sobol, one_topsis, plan_topsis, one_critic, one_entropy; or cancel_evaluate,
//! cancel_first, cancel_full, which print the longest time from the flag to the end, in milliseconds
//!
//! The figures follow from a formula (`figure`), so that a peer in another language works on the same ones.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use assess::{
    Control, Detail, LeafId, Plan, Table, Target, TownId, Uncertainty, WeightMethod, evaluate_with,
    robustness, sensitivity, topsis, totals, weights,
};

/// Shortest total time of the repetitions, in seconds.
const MEASURED_S: f64 = 1.0;

struct Task {
    name: String,
    towns: usize,
    indicators: usize,
    draws: u32,
    control: Control,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| {
        words.get(at).map_or(default, |word| word.parse().expect("a whole number"))
    };
    let task = Task {
        name: words.first().cloned().unwrap_or_else(|| "first".to_owned()),
        towns: number(1, 2_000),
        indicators: number(2, 100),
        draws: number(3, 10_000) as u32,
        control: Control::with_threads(number(4, 1)),
    };
    if let Some(name) = task.name.strip_prefix("cancel_") {
        println!(r#"{{"task":"{}","longest_ms":{:.1}}}"#, task.name, task.longest_end_ms(name));
        return;
    }
    let run = task.prepared();
    let check = run();
    let (started, cpu_before) = (Instant::now(), cpu_seconds());
    let mut repetitions = 0u32;
    while repetitions == 0 || started.elapsed().as_secs_f64() < MEASURED_S {
        assert_eq!(run().to_bits(), check.to_bits(), "the same result each time");
        repetitions += 1;
    }
    let count = f64::from(repetitions);
    let cpu = (cpu_seconds() - cpu_before) / count;
    let wall = started.elapsed().as_secs_f64() / count;
    println!(
        r#"{{"task":"{}","towns":{},"indicators":{},"draws":{},"cpu_s":{cpu:.6},"wall_s":{wall:.6},"repetitions":{repetitions},"check":{check}}}"#,
        task.name, task.towns, task.indicators, task.draws
    );
}

impl Task {
    /// The work to be measured; it returns a number that depends on the result.
    fn prepared(&self) -> Box<dyn Fn() -> f64> {
        let table = table(self.towns, self.indicators);
        let n = self.indicators;
        match self.name.as_str() {
            "first" => self.robustness(table, plan(n, "", "\"arithmetic\""), UNIFORM, Detail::First),
            "full" => self.robustness(table, plan(n, "", "\"arithmetic\""), UNIFORM, Detail::All),
            "topsis" => {
                let plan = plan(n, VECTOR, "\"topsis\"");
                self.robustness(table, plan, UNIFORM, Detail::First)
            }
            "mixed" => self.robustness(table, plan(n, "", "\"arithmetic\""), MIXED, Detail::All),
            "sobol" => self.sensitivity(table, plan(n, "", "\"arithmetic\"")),
            "one_topsis" => one_topsis(table, n),
            "plan_topsis" => {
                let plan = plan(n, VECTOR, "\"topsis\"");
                Box::new(move || sum(&totals(&table, &plan).expect("totals")))
            }
            "one_critic" => one_weighing(table, WeightMethod::Critic { correlation: Default::default() }),
            "one_entropy" => one_weighing(table, WeightMethod::Entropy { data: Default::default() }),
            other => panic!("unknown task {other}"),
        }
    }

    /// Raises the flag at forty moments of a run.
    fn longest_end_ms(&self, name: &str) -> f64 {
        let table = table(self.towns, self.indicators);
        let plan = plan(self.indicators, "", "\"arithmetic\"");
        let mut uncertainty = uncertainty(UNIFORM, self.draws);
        uncertainty.detail = if name == "first" { Detail::First } else { Detail::All };
        let ended = |moment: u64| {
            let control = self.control.clone();
            control.cancel.store(false, Ordering::Relaxed);
            let cancel = Arc::clone(&control.cancel);
            let raised = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(moment));
                cancel.store(true, Ordering::Relaxed);
                Instant::now()
            });
            let cancelled = match name {
                "evaluate" => evaluate_with(&table, &plan, &control).is_err(),
                _ => robustness(&table, &plan, &uncertainty, &control).is_err(),
            };
            let end = Instant::now();
            let raised = raised.join().expect("the flag goes up");
            if cancelled { end.saturating_duration_since(raised).as_secs_f64() * 1e3 } else { 0.0 }
        };
        (1..=40).map(|step| ended(step * 15)).fold(0.0, f64::max)
    }

    fn robustness(&self, table: Table, plan: Plan, inputs: &str, detail: Detail) -> Box<dyn Fn() -> f64> {
        let mut uncertainty = uncertainty(inputs, self.draws);
        uncertainty.detail = detail;
        let control = self.control.clone();
        Box::new(move || {
            let found = robustness(&table, &plan, &uncertainty, &control).expect("a result");
            assert_eq!(found.failed_draws, 0);
            found.towns.iter().filter_map(|town| town.selected).sum()
        })
    }

    fn sensitivity(&self, table: Table, plan: Plan) -> Box<dyn Fn() -> f64> {
        let uncertainty = uncertainty(SOBOL, self.draws);
        let control = self.control.clone();
        Box::new(move || {
            let found = sensitivity(&table, &plan, &uncertainty, Target::RankShift, &control);
            found.expect("indices").variance
        })
    }
}

fn one_topsis(table: Table, indicators: usize) -> Box<dyn Fn() -> f64> {
    let equal = vec![1.0 / indicators as f64; indicators];
    let costs: Vec<bool> = (0..indicators).map(|at| !at.is_multiple_of(2)).collect();
    Box::new(move || topsis(&table, &equal, &costs).expect("scores").0[0])
}

fn one_weighing(table: Table, method: WeightMethod) -> Box<dyn Fn() -> f64> {
    Box::new(move || weights(&table, &method, None).expect("weights").0.values[0])
}

fn sum(totals: &[Option<f64>]) -> f64 {
    totals.iter().flatten().sum()
}

const UNIFORM: &str = r#"{"weights_uniform":{}}"#;
const VECTOR: &str = r#","normalisation":"vector""#;
const MIXED: &str = r#"{"weights_relative":{"delta":0.25}},
    {"normalisation":{"options":["min_max",{"z_score":{"mean":50,"sd":10}}]}},
    {"aggregation":{"options":["arithmetic",{"geometric":{"floor":0.01}}]}}"#;
const SOBOL: &str = MIXED;

/// A positive figure between 0.01 and 1.01: SplitMix64 of the cell's number (Steele et al. 2014).
fn figure(town: usize, indicator: usize) -> f64 {
    let cell = (town as u64) << 32 | indicator as u64;
    let mut bits = cell.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    0.01 + (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn table(towns: usize, indicators: usize) -> Table {
    let cells = (0..indicators).flat_map(|at| (0..towns).map(move |town| Some(figure(town, at))));
    let ids = (0..towns).map(|town| TownId(format!("t{town}"))).collect();
    let codes = (0..indicators).map(|at| LeafId(format!("c{at}"))).collect();
    Table::new(ids, codes, cells.collect()).expect("a table")
}

/// Every second indicator is a cost; 60 places.
fn plan(indicators: usize, leaf: &str, aggregation: &str) -> Plan {
    let direction = |at: usize| if at.is_multiple_of(2) { "benefit" } else { "cost" };
    let leaves: Vec<String> = (0..indicators)
        .map(|at| format!(r#"{{"code":"c{at}","leaf":{{"direction":"{}"{leaf}}}}}"#, direction(at)))
        .collect();
    let text = format!(
        r#"{{"name":"bench","tree":{{"code":"root","aggregation":{aggregation},"children":[{}]}},
            "steps":{{"weights":"equal"}},"select":{{"count":60}}}}"#,
        leaves.join(",")
    );
    serde_json::from_str(&text).expect("a plan")
}

fn uncertainty(inputs: &str, draws: u32) -> Uncertainty {
    let text = format!(r#"{{"inputs":[{inputs}],"draws":{draws},"seed":1}}"#);
    serde_json::from_str(&text).expect("an uncertainty")
}

/// User and system time of all threads, ended ones too, to a hundredth of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux tells the times");
    let after_name = stat.rsplit_once(") ").expect("the name stands in brackets").1;
    let ticks = after_name.split(' ').skip(11).take(2);
    ticks.map(|word| word.parse::<f64>().expect("a number of ticks")).sum::<f64>() / 100.0
}
