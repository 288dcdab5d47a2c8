//! `zhenxing-verify FILE [--checkpoint NOTE] [--key VKEY]`: exit 0 when true, 1 when not, 2 when unreadable.

use std::fs::{self, File};
use std::io::Write;
use std::process::ExitCode;

use verify::Options;

const USAGE: &str = "用法：zhenxing-verify 导出文件 [--checkpoint 检查点文件] [--key 公钥或公钥文件]";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(code) => ExitCode::from(code),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<u8, String> {
    let (mut path, mut options) = (None, Options::default());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(USAGE);
        match argument.as_str() {
            "--checkpoint" => options.checkpoint = Some(text_of(&value()?)?),
            "--key" => options.key = Some(key_of(value()?)?),
            _ if argument.starts_with('-') || path.is_some() => return Err(USAGE.into()),
            _ => path = Some(argument),
        }
    }
    let path = path.ok_or(USAGE)?;
    let file = File::open(&path).map_err(|error| format!("打不开 {path}（{error}）。请检查路径和权限。"))?;
    let report = verify::verify(file, &options);
    // Whoever reads along may go away; the code is the verdict.
    let _unheard = write!(std::io::stdout(), "{report}");
    Ok(report.exit_code())
}

/// The key itself, or the file that holds it.
fn key_of(value: String) -> Result<String, String> {
    match verify::note::Key::parse(&value) {
        Ok(_) => Ok(value),
        Err(_) => text_of(&value),
    }
}

fn text_of(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("读不了 {path}（{error}）。请检查路径和权限。"))
}
