//! `zhenxing assess …`: the evaluation engine over files. One JSON object on standard output; exit code 0,
//! 2 with findings, 3 when cancelled; progress on standard error.

mod grid;
mod package;
mod progress;
mod read;
mod run;
mod schema;
mod workbook;

use anyhow::Result;
use assess::Control;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub use run::{Answer, execute};

/// How long a cancelled run may take to notice.
const GRACE: Duration = Duration::from_millis(40);

#[derive(Args)]
pub struct Assess {
    #[command(subcommand)]
    pub command: AssessCommand,
}

#[derive(Subcommand, Clone)]
pub enum AssessCommand {
    /// 评价：得分、排名、等次、入选及理由
    Evaluate {
        #[command(flatten)]
        input: Input,
        /// 说明这些城镇的得分构成（可多次）
        #[arg(long, value_name = "TOWN")]
        explain: Vec<String>,
    },
    /// 权重及其依据
    Weights(Input),
    /// 稳健性：名次、入选、等次的把握
    Robustness {
        #[command(flatten)]
        input: Input,
        /// 使这两个城镇互换所需的最小权重变动
        #[arg(long, num_args = 2, value_names = ["TOWN", "TOWN"])]
        swap: Vec<String>,
    },
    /// 敏感性：哪一项不确定因素影响最大
    Sensitivity(Input),
    /// 比较两次评价：写两个方案，或两张数据表，或各两个
    Compare(Pair),
    /// 评分人之间的一致性：每列一位评分人
    Agreement(Ratings),
    /// 打印方案、数据和结果的 JSON Schema
    Schema,
}

#[derive(Args, Clone)]
pub struct Input {
    /// 方案（.json）
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    /// 数据表（.csv、.xlsx、.json）
    #[arg(long, value_name = "FILE")]
    pub table: PathBuf,
    #[command(flatten)]
    pub how: How,
}

#[derive(Args, Clone)]
pub struct Pair {
    /// 方案（.json），一个或两个
    #[arg(long, value_name = "FILE", required = true)]
    pub plan: Vec<PathBuf>,
    /// 数据表（.csv、.xlsx、.json），一张或两张
    #[arg(long, value_name = "FILE", required = true)]
    pub table: Vec<PathBuf>,
    #[command(flatten)]
    pub how: How,
}

#[derive(Args, Clone)]
pub struct Ratings {
    /// 方案（可不写，不使用）
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// 评分表（.csv、.xlsx、.json）
    #[arg(long, value_name = "FILE")]
    pub table: PathBuf,
    #[command(flatten)]
    pub how: How,
}

#[derive(Args, Clone, Copy, Default)]
pub struct How {
    /// 随机种子，覆盖方案中的种子
    #[arg(long)]
    pub seed: Option<u64>,
    /// 抽样次数，覆盖方案中的次数
    #[arg(long)]
    pub draws: Option<u32>,
    /// 线程数；结果与线程数无关
    #[arg(long)]
    pub threads: Option<usize>,
}

impl Assess {
    pub async fn run(self) -> Result<ExitCode> {
        let mut control = Control::with_threads(self.command.threads());
        control.progress = Some(progress::to_stderr());
        let cancel = control.cancel.clone();
        let command = self.command.clone();
        let mut work = tokio::task::spawn_blocking(move || execute(&command, &control));
        let answer = tokio::select! {
            done = &mut work => done?,
            _ = tokio::signal::ctrl_c() => {
                cancel.store(true, Ordering::Relaxed);
                match tokio::time::timeout(GRACE, work).await {
                    Ok(done) => done?,
                    Err(_) => {
                        // The step under way keeps no state; leaving it behind is the quickest clean end.
                        print(&Answer::cancelled())?;
                        std::process::exit(i32::from(Answer::cancelled().code));
                    }
                }
            }
        };
        print(&answer)?;
        Ok(ExitCode::from(answer.code))
    }
}

/// A reader who has seen enough, as `head` has, is no fault.
fn print(answer: &Answer) -> std::io::Result<()> {
    match writeln!(std::io::stdout().lock(), "{}", answer.json) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

impl AssessCommand {
    fn threads(&self) -> usize {
        let how = match self {
            AssessCommand::Evaluate { input, .. } | AssessCommand::Robustness { input, .. } => input.how,
            AssessCommand::Weights(input) | AssessCommand::Sensitivity(input) => input.how,
            AssessCommand::Compare(pair) => pair.how,
            AssessCommand::Agreement(ratings) => ratings.how,
            AssessCommand::Schema => How::default(),
        };
        let available = || std::thread::available_parallelism().map_or(1, usize::from);
        how.threads.unwrap_or_else(available).clamp(1, 256)
    }
}
