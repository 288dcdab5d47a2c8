//! A whole table, page by page in the order of its text key.

use super::{Cells, Result, Sql, Tx};
use crate::args;

const ROWS_A_PAGE: i64 = 1000;

pub(crate) struct Pages<'a> {
    table: &'a str,
    key: &'a str,
    at: At,
}

/// Where the reading stands. It starts before every key: an empty key is one too.
enum At {
    Start,
    After(String),
    End,
}

impl<'a> Pages<'a> {
    pub fn of(table: &'a str, key: &'a str) -> Pages<'a> {
        Pages { table, key, at: At::Start }
    }

    /// The next rows, whole; none at the end.
    pub async fn next(&mut self, tx: &mut Tx) -> Result<Vec<Cells>> {
        let (within, after) = match &self.at {
            At::Start => (String::new(), ""),
            At::After(key) => (format!("WHERE {} > $1", self.key), key.as_str()),
            At::End => return Ok(Vec::new()),
        };
        let sql = format!("SELECT * FROM {} {within} ORDER BY {} LIMIT {ROWS_A_PAGE}", self.table, self.key);
        let bound = if within.is_empty() { args![] } else { args![after] };
        let rows = tx.read().cells(Sql::built(sql), bound).await?;
        let last = rows.last().and_then(|row| row.text(self.key));
        self.at = last.map_or(At::End, |key| At::After(key.to_owned()));
        Ok(rows)
    }
}
