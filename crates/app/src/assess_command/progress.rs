//! Progress of long runs on standard error, with an estimate of the time left.

use assess::Progress;
use assess::control::ProgressCall;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Nothing is said before a run has taken this long, nor more often.
const INTERVAL: Duration = Duration::from_secs(1);

/// A callback that writes a line a second.
pub fn to_stderr() -> ProgressCall {
    let start = Instant::now();
    let last = Mutex::new(start);
    Arc::new(move |progress| {
        // A busy lock means another thread is writing its line just now.
        let Ok(mut last) = last.try_lock() else { return };
        if last.elapsed() >= INTERVAL {
            *last = Instant::now();
            eprintln!("{}", line(progress, start.elapsed()));
        }
    })
}

fn line(progress: Progress, elapsed: Duration) -> String {
    let Progress { done, total } = progress;
    let percent = done.min(total) * 100 / total.max(1);
    if done == 0 {
        return format!("已完成 {percent}%");
    }
    let left = elapsed.as_secs_f64() * total.saturating_sub(done) as f64 / done as f64;
    format!("已完成 {percent}%（{done}/{total}），约剩 {} 秒", left.ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_estimates_the_time_left() {
        let quarter = Progress { done: 25, total: 100 };
        assert_eq!(line(quarter, Duration::from_secs(10)), "已完成 25%（25/100），约剩 30 秒");
        assert_eq!(line(Progress { done: 0, total: 0 }, INTERVAL), "已完成 0%");
    }
}
