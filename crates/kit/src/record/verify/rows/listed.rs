//! The newest digest that the log lists for each row of a table, in the order of the rows' ids, page by page.

use crate::args;
use crate::db::Tx;
use crate::error::Result;
use std::collections::VecDeque;

const DIGESTS_A_PAGE: i64 = 1000;

/// The newest digest of a row, and the entry it stands in.
#[derive(sqlx::FromRow)]
pub(super) struct Newest {
    pub id: String,
    pub seq: i64,
    pub digest: Vec<u8>,
}

impl Newest {
    /// Unless the entry deleted the row.
    pub fn if_written(self) -> Option<Newest> {
        (!self.digest.is_empty()).then_some(self)
    }
}

pub(super) struct Listed<'a> {
    table: &'a str,
    page: VecDeque<Newest>,
    /// The last one read; at first one before all others.
    last: (String, i64),
    is_ended: bool,
}

impl<'a> Listed<'a> {
    pub fn of(table: &'a str) -> Listed<'a> {
        Listed { table, page: VecDeque::new(), last: (String::new(), i64::MIN), is_ended: false }
    }

    /// The next row's, if its id is not beyond this one.
    pub async fn next_until(&mut self, tx: &mut Tx, id: &str) -> Result<Option<Newest>> {
        self.fill(tx).await?;
        match self.page.front() {
            Some(first) if first.id.as_str() <= id => self.next(tx).await,
            _ => Ok(None),
        }
    }

    pub async fn next(&mut self, tx: &mut Tx) -> Result<Option<Newest>> {
        self.fill(tx).await?;
        let mut newest = self.page.pop_front();
        while let Some(found) = &newest {
            self.fill(tx).await?;
            match self.page.front() {
                Some(next) if next.id == found.id => newest = self.page.pop_front(),
                _ => break,
            }
        }
        Ok(newest)
    }

    async fn fill(&mut self, tx: &mut Tx) -> Result<()> {
        if self.is_ended || !self.page.is_empty() {
            return Ok(());
        }
        let (id, seq) = &self.last;
        let rows: Vec<Newest> = tx
            .read()
            .all(
                "SELECT row_id AS id, seq, digest FROM row_digest \
                 WHERE table_name = $1 AND (row_id, seq) > ($2, $3) ORDER BY row_id, seq LIMIT $4",
                args![self.table, id, *seq, DIGESTS_A_PAGE],
            )
            .await?;
        match rows.last() {
            Some(last) => self.last = (last.id.clone(), last.seq),
            None => self.is_ended = true,
        }
        self.page = rows.into();
        Ok(())
    }
}
