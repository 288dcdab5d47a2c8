//! The way through a long list: earlier, later, and how many there are.

use askama::Template;

/// Keyset pages: each knows its neighbours' addresses, not its number.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "page/pager.html")]
pub struct Pager {
    /// How many rows match: `共 37 条`, `共 1000+ 条`.
    pub total_words: String,
    /// The address of the rows before these.
    pub previous_href: Option<String>,
    /// The address of the rows after these.
    pub next_href: Option<String>,
    /// The sizes of a page on offer: rows, address, whether it is this one.
    pub sizes: Vec<(u16, String, bool)>,
}

/// Counting stops here: past it a number helps nobody and costs a scan.
const COUNTED_UP_TO: i64 = 1000;

impl Pager {
    /// A pager over `count` matching rows.
    pub fn new(count: i64, previous_href: Option<String>, next_href: Option<String>) -> Pager {
        let more = if count > COUNTED_UP_TO { "+" } else { "" };
        let total_words = format!("共{}{more}条", count.min(COUNTED_UP_TO));
        Pager { total_words, previous_href, next_href, sizes: Vec::new() }
    }
}
