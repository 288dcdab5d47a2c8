//! The command line in Chinese: its help, and what it says to a command it does not understand.

use anyhow::Error;
use clap::builder::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Parser};
use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

/// The program as it was called, or the code to end with once help or the fault has been printed.
pub fn parse<P: Parser>() -> Result<P, ExitCode> {
    chinese::<P>()
        .try_get_matches_from(with_help_last(std::env::args_os().collect()))
        .and_then(|found| P::from_arg_matches(&found))
        .map_err(|error| {
            if error.use_stderr() {
                eprintln!("{}", explained(&error));
                return ExitCode::from(2);
            }
            say(error.to_string().trim_end());
            ExitCode::SUCCESS
        })
}

/// To whoever reads along; a reader who has gone away, as `head` does, ends nothing.
pub fn say(words: impl Display) {
    let _unheard = writeln!(std::io::stdout(), "{words}");
}

/// `zhenxing help serve` asks what `zhenxing serve --help` asks.
fn with_help_last(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// A fault and what led to it, in one sentence.
pub fn sentence(error: &Error) -> String {
    let mut words = error.chain().map(ToString::to_string);
    let first = words.next().unwrap_or_default();
    let causes = words.collect::<Vec<_>>().join("：");
    if causes.is_empty() {
        return first;
    }
    format!("{}（原因：{}）。", first.trim_end_matches('。'), causes.trim_end_matches('。'))
}

fn chinese<P: Parser>() -> Command {
    let mut command = P::command();
    command = command.arg(Arg::new("version").short('V').long("version").action(ArgAction::Version));
    command = command.mut_arg("version", |arg| arg.help("打印版本号"));
    with_chinese_help(command.disable_version_flag(true), "")
}

/// Headings, the flag for help, defaults and variables in Chinese, for a command and those below it.
fn with_chinese_help(command: Command, above: &str) -> Command {
    let name = format!("{above}{}", command.get_name());
    let below = format!("{name} ");
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("打印本说明");
    let mut command = command
        .bin_name(&name)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}\n")
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(in_words)
        .mut_subcommands(|command| with_chinese_help(command, &below));
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[选项]");
    command.override_usage(usage)
}

fn in_words(arg: Arg) -> Arg {
    if !arg.get_action().takes_values() {
        return arg.help_heading("选项");
    }
    let heading = if arg.is_positional() { "参数" } else { "选项" };
    let mut notes = Vec::new();
    if let [default] = arg.get_default_values() {
        notes.push(format!("不写则为 {}", default.to_string_lossy()));
    }
    if let Some(variable) = arg.get_env() {
        notes.push(format!("也可用环境变量 {}", variable.to_string_lossy()));
    }
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !notes.is_empty() {
        help = format!("{help}（{}）", notes.join("；"));
    }
    arg.help_heading(heading).hide_default_value(true).hide_env(true).help(help)
}

/// What is wrong with the command, and where to look.
fn explained(error: &clap::Error) -> String {
    let named = |kind| error.get(kind).map(listed).unwrap_or_default();
    let arg = named(ContextKind::InvalidArg);
    let fault = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return error.to_string().trim_end().to_owned();
        }
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "还缺一个命令".to_owned(),
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个选项"),
        ErrorKind::MissingRequiredArgument => format!("还缺 {arg}"),
        ErrorKind::ArgumentConflict => format!("“{arg}”写了两次，或不能与其他选项同用"),
        ErrorKind::InvalidUtf8 => "命令中有不是 UTF-8 的文字".to_owned(),
        ErrorKind::InvalidValue if named(ContextKind::InvalidValue).is_empty() => {
            format!("“{arg}”后面还缺一个值")
        }
        _ => format!("“{arg}”的值“{}”不能用{}", named(ContextKind::InvalidValue), reason(error)),
    };
    let nearest = match named(ContextKind::SuggestedSubcommand) + &named(ContextKind::SuggestedArg) {
        word if word.is_empty() => word,
        word => format!("最接近的是“{word}”。"),
    };
    format!("{fault}。{nearest}用 --help 查看用法。")
}

fn listed(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(words) => words.join("、"),
        other => other.to_string(),
    }
}

/// Our own parsers answer in Chinese; what others say in English helps nobody here.
fn reason(error: &clap::Error) -> String {
    match error.source().map(ToString::to_string) {
        Some(words) if !words.is_ascii() => format!("：{words}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Parser, chinese, explained, sentence, with_help_last};
    use clap::{Args, Subcommand};

    #[derive(Parser)]
    #[command(name = "tool", version, about = "一件工具")]
    struct Tool {
        #[command(subcommand)]
        verb: Verb,
    }

    #[derive(Subcommand)]
    enum Verb {
        /// 启动
        Serve(Serve),
    }

    #[derive(Args)]
    struct Serve {
        /// 端口
        #[arg(long, default_value_t = 8600, env = "TOOL_PORT")]
        port: u16,
        /// 数据目录
        #[arg(long, value_name = "DIR")]
        data: String,
    }

    fn answer(line: &str) -> String {
        let words = with_help_last(line.split(' ').map(Into::into).collect());
        let error = chinese::<Tool>().try_get_matches_from(words).expect_err("it cannot be run");
        if error.use_stderr() { explained(&error) } else { error.to_string() }
    }

    #[test]
    fn help_is_chinese_throughout() {
        for line in ["tool --help", "tool serve --help"] {
            let help = answer(line);
            for english in ["Usage", "Commands", "Options", "Print", "default", "env"] {
                assert!(!help.contains(english), "{english}: {help}");
            }
        }
        let help = answer("tool serve --help");
        assert!(help.contains("用法：tool serve [选项]"), "{help}");
        assert_eq!(answer("tool help serve"), help);
        assert_eq!(answer("tool help"), answer("tool --help"));
        assert!(help.contains("端口（不写则为 8600；也可用环境变量 TOOL_PORT）"), "{help}");
    }

    #[test]
    fn a_command_not_understood_is_answered_in_a_sentence() {
        assert_eq!(answer("tool serv"), "没有“serv”这个命令。最接近的是“serve”。用 --help 查看用法。");
        assert_eq!(
            answer("tool serve --dta x"),
            "没有“--dta”这个选项。最接近的是“--data”。用 --help 查看用法。"
        );
        assert_eq!(answer("tool serve"), "还缺 --data <DIR>。用 --help 查看用法。");
        assert_eq!(answer("tool serve --data"), "“--data <DIR>”后面还缺一个值。用 --help 查看用法。");
        assert_eq!(
            answer("tool serve --data x --port many"),
            "“--port <PORT>”的值“many”不能用。用 --help 查看用法。"
        );
    }

    #[test]
    fn a_fault_and_its_cause_are_one_sentence() {
        let fault = anyhow::anyhow!("Permission denied").context("无法写入，请换一个目录。");
        assert_eq!(sentence(&fault), "无法写入，请换一个目录（原因：Permission denied）。");
        assert_eq!(sentence(&anyhow::anyhow!("没有数据。")), "没有数据。");
    }
}
