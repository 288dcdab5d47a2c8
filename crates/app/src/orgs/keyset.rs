//! Long lists page by page: what stands after or before a key, never a page number.

use super::asked;
use crate::web::Visit;
use kit::page::Pager;

/// Rows a page shows.
const SHOWN: usize = 50;
/// Rows a query fetches: one more says that there is a further page.
pub const FETCHED: i64 = SHOWN as i64 + 1;

/// Where in a list a visitor is.
#[derive(Clone, Debug, Default)]
pub struct Keyset {
    pub after: String,
    pub before: String,
    path: String,
    /// The other parts of the query, kept from page to page.
    kept: Vec<(&'static str, String)>,
}

impl Keyset {
    pub fn of(visit: &Visit, kept: &[&'static str]) -> Keyset {
        Keyset {
            after: asked(visit, "after"),
            before: asked(visit, "before"),
            path: visit.here.split('?').next().unwrap_or_default().to_owned(),
            kept: kept.iter().map(|name| (*name, asked(visit, name))).collect(),
        }
    }

    pub fn is_backward(&self) -> bool {
        !self.before.is_empty()
    }

    /// The rows to show and the pager below them. Backward rows come in reverse.
    pub fn turn<T>(&self, mut rows: Vec<T>, count: i64, key: impl Fn(&T) -> &str) -> (Vec<T>, Pager) {
        let more = rows.len() > SHOWN;
        rows.truncate(SHOWN);
        if self.is_backward() {
            rows.reverse();
        }
        let (has_previous, has_next) =
            if self.is_backward() { (more, true) } else { (!self.after.is_empty(), more) };
        let previous = rows.first().filter(|_| has_previous).map(|row| self.href("before", key(row)));
        let next = rows.last().filter(|_| has_next).map(|row| self.href("after", key(row)));
        (rows, Pager::new(count, previous, next))
    }

    fn href(&self, name: &'static str, key: &str) -> String {
        let mut pairs: Vec<(&str, &str)> =
            self.kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.push((name, key));
        format!("{}?{}", self.path, serde_urlencoded::to_string(pairs).unwrap_or_default())
    }
}

/// A pattern for LIKE that finds a text anywhere; everything where nothing is sought.
pub fn pattern(sought: &str) -> String {
    let plain: String = sought.chars().filter(|letter| !matches!(letter, '%' | '_' | '\\')).collect();
    format!("%{plain}%")
}
