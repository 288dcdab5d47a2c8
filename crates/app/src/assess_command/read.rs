//! Reads plans and tables from files by their ending.

use super::grid::{CELL_LIMIT, Fault, Grid, Places, Value};
use super::workbook;
use assess::table::TableData;
use assess::{EvalError, Plan, Table};
use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;

/// Largest file taken, in bytes on disk.
const FILE_LIMIT: u64 = 512 << 20;

/// A table and where its names stand.
pub struct Read {
    pub table: Table,
    pub places: Places,
}

/// The plan of a JSON file.
pub fn plan(path: &Path) -> Result<Plan, Vec<Fault>> {
    let text = text(path)?;
    Plan::from_json(&text).map_err(|error| faults(&Places::default(), &error))
}

/// The table of a CSV, Excel or JSON file.
pub fn table(path: &Path) -> Result<Read, Vec<Fault>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let (data, places) = match ending.as_str() {
        "json" => {
            let table = Table::from_json(&text(path)?).map_err(|e| faults(&Places::default(), &e))?;
            return Ok(Read { table, places: Places::default() });
        }
        "csv" => comma_separated(path)?,
        "xlsx" => workbook::read(path)?,
        _ => {
            let file = path.display().to_string();
            return Err(vec![Fault::of_file("file", &file, "请使用 .csv、.xlsx 或 .json 文件")]);
        }
    };
    let table = Table::try_from(data).map_err(|error| faults(&places, &error))?;
    Ok(Read { table, places })
}

/// The findings of an error with their cells.
pub fn faults(places: &Places, error: &EvalError) -> Vec<Fault> {
    error.findings().into_iter().map(|finding| places.locate(finding)).collect()
}

/// The text of a JSON file, without the mark some editors put before it.
fn text(path: &Path) -> Result<String, Vec<Fault>> {
    bounded(path)?;
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &reason(&error)))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Refuses a file too large to be read.
pub(super) fn bounded(path: &Path) -> Result<(), Vec<Fault>> {
    match std::fs::metadata(path) {
        Ok(about) if about.len() > FILE_LIMIT => Err(unreadable(path, "文件超过 512 兆，请拆分")),
        _ => Ok(()),
    }
}

/// Why the system does not give a file.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "没有这个文件，请核对路径".to_owned(),
        ErrorKind::PermissionDenied => "没有读取权限，请核对".to_owned(),
        ErrorKind::IsADirectory => "这是文件夹，请写明文件".to_owned(),
        ErrorKind::InvalidData => "文字编码不是 UTF-8，请另存为 UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

fn unreadable(path: &Path, why: &str) -> Vec<Fault> {
    vec![Fault::of_file("file", &path.display().to_string(), format!("无法读取文件：{why}"))]
}

fn comma_separated(path: &Path) -> Result<(TableData, Places), Vec<Fault>> {
    bounded(path)?;
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &reason(&error)))?;
    let text =
        decoded(bytes).ok_or_else(|| unreadable(path, "文字编码不明，请在表格软件里另存为“CSV UTF-8”"))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("csv");
    let mut grid = Grid::new(name, CELL_LIMIT);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    while !grid.is_full() {
        let more = reader.read_record(&mut record).map_err(|error| unreadable(path, &error.to_string()))?;
        if !more {
            break;
        }
        for (column, field) in record.iter().enumerate().filter(|(_, field)| !field.is_empty()) {
            grid.put(row, column as u32, Value::Text(field.to_owned()));
        }
        row += 1;
    }
    grid.finish()
}

/// Text in UTF-8, in UTF-16 that says so, or in GB18030, as spreadsheet programs save it.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        return encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
            .map(Cow::into_owned);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let text =
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(error.as_bytes());
            text.map(Cow::into_owned)
        }
    }
}
