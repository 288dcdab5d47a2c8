//! The SQL of public notices.

use domain::day::Day;
use domain::id::{DecisionId, NoticeId, RowId};
use kit::db::Read;
use kit::record::Act;
use kit::{Error, Result, args};

/// A public notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Notice {
    pub id: String,
    pub batch_id: String,
    pub title: String,
    pub first_day: String,
    pub last_day: String,
    pub working_days: i64,
    pub phone: String,
}

/// One line of a notice, as the public reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeEntry {
    pub position: i64,
    pub name: String,
    pub track: String,
    pub county_name: String,
    pub city_name: String,
}

impl NoticeEntry {
    /// 建制镇 or 创新创业平台.
    pub fn track_words(&self) -> &'static str {
        domain::eligibility::Track::words_of(&self.track)
    }
}

pub async fn insert_notice(act: &mut Act, notice: &Notice, decision: DecisionId) -> Result<NoticeId> {
    let id: NoticeId = kit::clock::fresh();
    act.write_one(
        "INSERT INTO notice (id, batch_id, decision_id, title, first_day, last_day, working_days, phone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            id,
            &notice.batch_id,
            decision,
            &notice.title,
            &notice.first_day,
            &notice.last_day,
            notice.working_days,
            &notice.phone,
        ],
    )
    .await?;
    Ok(id)
}

pub async fn insert_notice_entry(act: &mut Act, notice: NoticeId, entry: &NoticeEntry) -> Result<()> {
    act.write_one(
        "INSERT INTO notice_entry (id, notice_id, position, name, track, county_name, city_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            kit::clock::fresh::<RowId>(),
            notice,
            entry.position,
            &entry.name,
            &entry.track,
            &entry.county_name,
            &entry.city_name,
        ],
    )
    .await
}

macro_rules! notices {
    ($which:literal) => {
        concat!(
            "SELECT id, batch_id, title, first_day, last_day, working_days, phone FROM notice WHERE ",
            $which
        )
    };
}

/// The notices that have begun before a first day and id, newest first; an empty day is no bound.
pub async fn notices(mut read: Read<'_>, today: Day, before: (&str, &str), most: i64) -> Result<Vec<Notice>> {
    let sql = notices!(
        "first_day <= $1 AND ($2 = '' OR first_day < $2 OR (first_day = $2 AND id < $3)) \
         ORDER BY first_day DESC, id DESC LIMIT $4"
    );
    Ok(read.all(sql, args![today, before.0, before.1, most]).await?)
}

/// How many notices have begun.
pub async fn count_notices(mut read: Read<'_>, today: Day) -> Result<i64> {
    Ok(read.int("SELECT COUNT(*) FROM notice WHERE first_day <= $1", args![today]).await?)
}

/// A notice that has begun.
pub async fn notice(mut read: Read<'_>, id: &str, today: Day) -> Result<Notice> {
    let sql = notices!("id = $1 AND first_day <= $2");
    read.opt(sql, args![id, today]).await?.ok_or(Error::NotFound)
}

pub async fn notice_of(mut read: Read<'_>, batch: &str) -> Result<Option<Notice>> {
    Ok(read.opt(notices!("batch_id = $1"), args![batch]).await?)
}

pub async fn notice_entries(mut read: Read<'_>, notice: &str) -> Result<Vec<NoticeEntry>> {
    Ok(read
        .all(
            "SELECT position, name, track, county_name, city_name FROM notice_entry WHERE notice_id = $1 ORDER BY position",
            args![notice],
        )
        .await?)
}
