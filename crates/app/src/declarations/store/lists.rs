//! SQL for the list of declarations: filters, pages by key, a count, and the whole for export.

use kit::access::Reach;
use kit::db::{Args, Read, Sql, Value};
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
        match (self.owner.as_deref(), self.owners) {
            (None, _) => String::new(),
            (Some(owner), 0 | 1) => {
                format!("{owner} {}", self.owner_phone.as_deref().unwrap_or_default()).trim().to_owned()
            }
            (Some(owner), several) => format!("{owner}等{several}个单位"),
        }
    }
}

const FILTER: &str = "FROM declaration d JOIN place p ON p.id = d.place_id JOIN batch b ON b.id = d.batch_id \
     WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
       AND ($4 = '' OR d.batch_id = $4) AND ($5 = '' OR d.stage = $5) AND ($6 = '' OR d.city_code = $6) \
       AND ($7 = '' OR d.track = $7) AND ($8 = 0 OR d.is_late = 1) \
       AND ($9 = '' OR d.name LIKE $9 OR d.number LIKE $9)";

const SHOWN: &str = "d.id, d.number, d.name, d.track, d.stage, b.title AS batch_title, \
     (SELECT MIN(v.name) FROM division v WHERE v.code = d.city_code) AS city_name, \
     (SELECT MIN(v.name) FROM division v WHERE v.code = d.county_code) AS county_name, \
     d.is_late, d.recommended, d.county_number, \
     (SELECT MIN(s.due_day) FROM stage s WHERE s.subject_kind = 'declaration' AND s.subject_id = d.id \
       AND s.left_ms IS NULL) AS due_day, \
     (SELECT MIN(s.due_why) FROM stage s WHERE s.subject_kind = 'declaration' AND s.subject_id = d.id \
       AND s.left_ms IS NULL) AS due_why, \
     (SELECT MIN(o.name) FROM stage s JOIN organisation o ON o.id = s.owing_organisation_id \
       WHERE s.subject_kind = 'declaration' AND s.subject_id = d.id AND s.left_ms IS NULL) AS owner, \
     (SELECT MIN(o.phone) FROM stage s JOIN organisation o ON o.id = s.owing_organisation_id \
       WHERE s.subject_kind = 'declaration' AND s.subject_id = d.id AND s.left_ms IS NULL) AS owner_phone, \
     (SELECT COUNT(*) FROM stage s WHERE s.subject_kind = 'declaration' AND s.subject_id = d.id \
       AND s.left_ms IS NULL AND s.owing_organisation_id IS NOT NULL) AS owners";

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
    mut read: Read<'_>,
    reach: &Reach,
    narrow: &Narrow,
    from: &From,
) -> Result<(Vec<ListRow>, bool)> {
    let (bound_by, id, order) = match from {
        From::Start => ("$10 = ''", "", "DESC"),
        From::After(id) => ("d.id < $10", id.as_str(), "DESC"),
        From::Before(id) => ("d.id > $10", id.as_str(), "ASC"),
    };
    let limit = PAGE_ROWS + 1;
    let sql = format!("SELECT {SHOWN} {FILTER} AND {bound_by} ORDER BY d.id {order} LIMIT {limit}");
    let mut bound = bound(reach, narrow);
    bound.extend(args![id]);
    let mut rows: Vec<ListRow> = read.all(Sql::built(sql), bound).await?;
    let has_more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    Ok((rows, has_more))
}

/// How many there are, counted up to just past a thousand.
pub async fn list_count(mut read: Read<'_>, reach: &Reach, narrow: &Narrow) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM (SELECT d.id {FILTER} LIMIT 1001) AS counted");
    Ok(read.int(Sql::built(sql), bound(reach, narrow)).await?)
}

/// Everything the filter holds, for an export.
pub async fn list_all(mut read: Read<'_>, reach: &Reach, narrow: &Narrow) -> Result<Vec<ListRow>> {
    let sql = format!("SELECT {SHOWN} {FILTER} ORDER BY d.id DESC LIMIT 20000");
    Ok(read.all(Sql::built(sql), bound(reach, narrow)).await?)
}

fn bound(reach: &Reach, narrow: &Narrow) -> Args {
    let mut bound: Vec<Value> = reach.places().to_vec();
    let like = match narrow.words.replace(['%', '_'], "") {
        words if words.is_empty() => String::new(),
        words => format!("%{words}%"),
    };
    bound.extend(args![&narrow.batch, &narrow.stage, &narrow.city, &narrow.track, narrow.late, like]);
    bound
}
