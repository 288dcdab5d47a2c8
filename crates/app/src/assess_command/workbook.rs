//! Streams an Excel workbook: the first sheet is the table; a sheet named by a year is an earlier year.

use super::grid::{CELL_LIMIT, Fault, Grid, Places, Value};
use super::package::weigh;
use super::read::{bounded, reason};
use assess::table::TableData;
use calamine::{DataRef, Reader, Xlsx};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Most sheets read.
const SHEET_LIMIT: usize = 60;
/// What a sheet of Excel can hold.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The table of a workbook with its places, or every fault.
pub fn read(path: &Path) -> Result<(TableData, Places), Vec<Fault>> {
    let name = path.display().to_string();
    let unreadable = |why: String| vec![Fault::of_file("file", &name, format!("无法读取工作簿：{why}"))];
    bounded(path)?;
    let file = File::open(path).map_err(|error| unreadable(reason(&error)))?;
    weigh(&file).map_err(unreadable)?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| unreadable(error.to_string()))?;
    let sheets = book.sheet_names();
    let first = sheets.first().ok_or_else(|| unreadable("没有工作表".to_owned()))?;
    let mut most = CELL_LIMIT;
    let (mut data, places) = sheet(&mut book, first, &name, most)?;
    most = most.saturating_sub(size(&data));
    data.year = year(first);
    for earlier in sheets.iter().skip(1).take(SHEET_LIMIT) {
        if let Some(year) = year(earlier) {
            let (mut past, _) = sheet(&mut book, earlier, &name, most)?;
            most = most.saturating_sub(size(&past));
            past.year = Some(year);
            data.history.push(past);
        }
    }
    Ok((data, places))
}

/// The name of a sheet, or the end of a heading, as a year.
pub(super) fn year(name: &str) -> Option<i32> {
    let digits = name.trim().trim_end_matches('年');
    let year = digits.parse().ok().filter(|year| (1900..=2200).contains(year));
    year.filter(|_| digits.len() == 4)
}

/// The cells of a table, blank ones included.
fn size(data: &TableData) -> u64 {
    let earlier: u64 = data.history.iter().map(size).sum();
    let columns = 1 + data.columns.len() + data.attributes.len();
    earlier + data.towns.len() as u64 * columns as u64
}

fn sheet(
    book: &mut Xlsx<BufReader<File>>,
    name: &str,
    file: &str,
    most: u64,
) -> Result<(TableData, Places), Vec<Fault>> {
    let unreadable = |why: String| {
        vec![Fault {
            sheet: Some(name.to_owned()),
            ..Fault::of_file("file", file, format!("无法读取工作表：{why}"))
        }]
    };
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| unreadable(error.to_string()))?;
    let mut grid = Grid::new(name, most);
    while !grid.is_full() {
        let next = reader.next_cell_with_formula_metadata();
        let Some(cell) = next.map_err(|error| unreadable(error.to_string()))? else {
            break;
        };
        let (row, column) = cell.pos;
        if row >= ROWS || column >= COLUMNS {
            return Err(unreadable("有单元格在 Excel 的范围之外，请另存为新文件".to_owned()));
        }
        grid.put(row, column, value(&cell.value, cell.formula.is_some()));
    }
    grid.finish()
}

fn value(data: &DataRef<'_>, is_formula: bool) -> Value {
    match data {
        DataRef::Empty if is_formula => Value::Bad("公式没有存下计算结果，请用电子表格软件打开并保存后再试"),
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::String(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
        DataRef::Bool(yes) => Value::Number(f64::from(u8::from(*yes))),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => {
            Value::Bad("这里是日期或时间，请改为数字")
        }
        DataRef::Error(_) => Value::Bad("公式有错误，请更正"),
        DataRef::Empty => Value::Blank,
    }
}
