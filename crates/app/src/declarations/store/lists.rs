//! SQL for the list of declarations: filters, pages by key, a count, and the whole for export.

use crate::places::newest_name;
use kit::access::Reach;
use kit::db::{Args, Read, Sql};
use kit::{Result, args};

/// What the list is narrowed to; an empty text narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    pub batch: String,
    pub stage: String,
    pub city: String,
    pub track: String,
    pub late: bool,
    /// Part of a name or a number.
    pub words: String,
}

/// One line of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListRow {
    pub id: String,
    pub number: String,
    pub name: String,
    pub track: String,
    pub stage: String,
    pub batch_title: String,
    pub city_name: Option<String>,
    pub county_name: Option<String>,
    pub is_late: i64,
    pub recommended: Option<i64>,
    pub county_number: Option<String>,
    pub due_day: Option<String>,
    pub due_why: Option<String>,
    pub owner: Option<String>,
    pub owner_phone: Option<String>,
    pub owners: i64,
}

impl ListRow {
    /// Who has it now: one organisation with its telephone, or the first of several.
    pub fn owner_words(&self) -> String {
        format!("{} {}", self.owner_name(), self.phone_of_one()).trim().to_owned()
    }

    /// The organisation that has it now, or the first of several.
    pub fn owner_name(&self) -> String {
        match (self.owner.as_deref(), self.owners) {
            (None, _) => String::new(),
            (Some(owner), 0 | 1) => owner.to_owned(),
            (Some(owner), several) => format!("{owner}等{several}个单位"),
        }
    }

    pub fn phone_of_one(&self) -> &str {
        if self.owners > 1 { "" } else { self.owner_phone.as_deref().unwrap_or_default() }
    }
}

const NARROWED: &str = "($1 = '' OR d.batch_id = $1) AND ($2 = '' OR d.stage = $2) \
     AND ($3 = '' OR d.city_code = $3) AND ($4 = '' OR d.track = $4) AND ($5 = 0 OR d.is_late = 1) \
     AND ($6 = '' OR d.name LIKE $6 OR d.number LIKE $6)";

/// What of a declaration the list needs.
const LISTED: &str = "d.id, d.number, d.name, d.track, d.stage, d.batch_id, d.city_code, d.county_code, \
     d.is_late, d.recommended, d.county_number";

/// One row for each organisation that owes the next step, and one where none does.
const SHOWN: &str = concat!(
    "d.id, d.number, d.name, d.track, d.stage, b.title AS batch_title, ",
    newest_name!("d.city_code"),
    " AS city_name, ",
    newest_name!("d.county_code"),
    " AS county_name, d.is_late, d.recommended, d.county_number, s.due_day, s.due_why, o.name AS owner, \
     o.phone AS owner_phone, CAST(CASE WHEN o.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS owners"
);

const OWED: &str = "JOIN batch b ON b.id = d.batch_id \
     LEFT JOIN stage s ON s.subject_kind = 'declaration' AND s.subject_id = d.id AND s.left_ms IS NULL \
     LEFT JOIN organisation o ON o.id = s.owing_organisation_id";

/// Rows of a page.
pub const PAGE_ROWS: usize = 100;

/// Where a page of the list begins.
#[derive(Clone, Debug, Default)]
pub enum From {
    #[default]
    Start,
    /// The rows after this id.
    After(String),
    /// The rows before this id.
    Before(String),
}

/// One page, the newest first, and whether more lie beyond it in the direction it was asked for.
pub async fn list(
    read: Read<'_>,
    reach: &Reach,
    narrow: &Narrow,
    from: &From,
) -> Result<(Vec<ListRow>, bool)> {
    let mut rows = select(read, reach, narrow, from, PAGE_ROWS + 1).await?;
    let has_more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    Ok((rows, has_more))
}

/// How many there are, counted up to just past a thousand.
pub async fn list_count(mut read: Read<'_>, reach: &Reach, narrow: &Narrow) -> Result<i64> {
    let (found, bound) = found(reach, narrow);
    let sql = format!("SELECT COUNT(*) FROM (SELECT d.id {found} LIMIT 1001) AS counted");
    Ok(read.int(Sql::built(sql), bound).await?)
}

/// Everything the filter holds, for an export.
pub async fn list_all(mut read: Read<'_>, reach: &Reach, narrow: &Narrow) -> Result<Vec<ListRow>> {
    const ROWS_A_QUERY: usize = 2000;
    let (mut all, mut from) = (Vec::new(), From::Start);
    loop {
        let rows = select(read.again(), reach, narrow, &from, ROWS_A_QUERY).await?;
        let is_last = rows.len() < ROWS_A_QUERY;
        all.extend(rows);
        match all.last().filter(|_| !is_last) {
            Some(row) => from = From::After(row.id.clone()),
            None => return Ok(all),
        }
    }
}

/// The rows of the page first, so that names and owners are looked up for what is shown alone.
async fn select(
    mut read: Read<'_>,
    reach: &Reach,
    narrow: &Narrow,
    from: &From,
    limit: usize,
) -> Result<Vec<ListRow>> {
    let (found, mut bound) = found(reach, narrow);
    let cursor = bound.len() + 1;
    let (bound_by, order) = match from {
        From::Start => (String::new(), "DESC"),
        From::After(_) => (format!("AND d.id < ${cursor}"), "DESC"),
        From::Before(_) => (format!("AND d.id > ${cursor}"), "ASC"),
    };
    if let From::After(id) | From::Before(id) = from {
        bound.extend(args![id]);
    }
    let sql = format!(
        "SELECT {SHOWN} FROM (SELECT {LISTED} {found} {bound_by} ORDER BY d.id {order} LIMIT {limit}) d {OWED} \
         ORDER BY d.id {order}, o.name"
    );
    let mut rows: Vec<ListRow> = Vec::new();
    for row in read.all::<ListRow>(Sql::built(sql), bound).await? {
        match rows.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.owners += row.owners,
            None => rows.push(row),
        }
    }
    Ok(rows)
}

/// What lies within reach and filter. Whoever reaches everything walks the declarations in their
/// order; for others the places within reach come first.
fn found(reach: &Reach, narrow: &Narrow) -> (String, Args) {
    let like = match narrow.words.replace(['%', '_'], "") {
        words if words.is_empty() => String::new(),
        words => format!("%{words}%"),
    };
    let mut bound: Args = args![&narrow.batch, &narrow.stage, &narrow.city, &narrow.track, narrow.late, like];
    if reach.is_all() {
        return (format!("FROM declaration d WHERE {NARROWED}"), bound);
    }
    bound.extend(reach.places());
    let found = format!(
        "FROM place p JOIN declaration d ON d.place_id = p.id WHERE {NARROWED} \
         AND p.division_code >= $7 AND p.division_code < $8 AND ($9 = '' OR p.id = $9)"
    );
    (found, bound)
}
