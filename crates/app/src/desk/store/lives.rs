//! The newest declaration of each town, and who has it.

use kit::access::Reach;
use kit::db::{Read, Value};
use kit::{Result, args};

/// A town's newest declaration, for its life line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LifeRow {
    pub id: String,
    pub name: String,
    pub stage: String,
    pub county_code: String,
    /// Where it stood before.
    pub came_from: String,
    pub batch_title: String,
    /// The first of those who owe it its next step, and how many they are.
    pub holder: Option<String>,
    pub phone: Option<String>,
    pub since_ms: Option<i64>,
    pub holders: i64,
}

/// The newest declaration of each place within reach, from behind a county and an id on.
pub async fn lives(
    mut read: Read<'_>,
    reach: &Reach,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<LifeRow>> {
    let mut bound: Vec<Value> = reach.places().into();
    bound.extend(args![after.0, after.1, most]);
    Ok(read
        .all(
            "SELECT d.id, d.name, d.stage, d.county_code, b.title AS batch_title, \
               COALESCE((SELECT t.stage_before FROM declaration_step t WHERE t.declaration_id = d.id \
                 ORDER BY t.at_ms DESC, t.id DESC LIMIT 1), '') AS came_from, \
               o.name AS holder, o.phone, s.entered_ms AS since_ms, \
               (SELECT COUNT(*) FROM stage c WHERE c.subject_kind = 'declaration' AND c.subject_id = d.id \
                 AND c.left_ms IS NULL AND c.owing_organisation_id IS NOT NULL) AS holders \
             FROM declaration d JOIN place p ON p.id = d.place_id JOIN batch b ON b.id = d.batch_id \
             LEFT JOIN stage s ON s.id = (SELECT MIN(x.id) FROM stage x WHERE x.subject_kind = 'declaration' \
               AND x.subject_id = d.id AND x.left_ms IS NULL AND x.owing_organisation_id IS NOT NULL) \
             LEFT JOIN organisation o ON o.id = s.owing_organisation_id \
             WHERE p.division_code >= $1 AND p.division_code < $2 AND ($3 = '' OR p.id = $3) \
               AND NOT EXISTS (SELECT 1 FROM declaration n WHERE n.place_id = d.place_id AND n.id > d.id) \
               AND (d.county_code > $4 OR (d.county_code = $4 AND d.id > $5)) \
             ORDER BY d.county_code, d.id LIMIT $6",
            bound,
        )
        .await?)
}

/// How many places within reach have ever declared.
pub async fn count_lives(mut read: Read<'_>, reach: &Reach) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT DISTINCT d.place_id FROM declaration d \
               JOIN place p ON p.id = d.place_id WHERE p.division_code >= $1 AND p.division_code < $2 \
                 AND ($3 = '' OR p.id = $3) LIMIT 1001) AS found";
    Ok(read.int(sql, reach.places().into()).await?)
}
