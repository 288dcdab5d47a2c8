//! Thousands of rows beside the demo's, so that a plan which reads them all would be felt.

use crate::world::World;
use kit::args;
use kit::db::{Db, Sql};
use sqlx::AssertSqlSafe;

const ROWS: usize = 3000;

/// Tables with the columns in which a copied row differs from the one it is a copy of, after the
/// tables they refer to.
const COPIED: [(&str, &[&str]); 32] = [
    ("division", &["id", "code"]),
    ("organisation", &["id", "name", "division_prefix"]),
    ("former_name", &["id", "organisation_id"]),
    ("person", &["id", "login"]),
    ("credential", &["id"]),
    ("role_grant", &["id", "person_id", "organisation_id"]),
    ("delegation", &["id", "from_person_id", "to_person_id"]),
    ("account_reset", &["id", "person_id"]),
    ("place", &["id", "division_code"]),
    ("place_name", &["id", "place_id"]),
    ("membership", &["id", "place_id"]),
    ("submission", &["id", "place_id"]),
    ("edition", &["id", "submission_id"]),
    ("edition_editor", &["id", "edition_id"]),
    ("edition_release", &["id", "edition_id"]),
    ("section", &["id", "edition_id"]),
    ("edition_file", &["id", "edition_id"]),
    ("fault", &["id", "submission_id"]),
    ("draft_section", &["id", "submission_id"]),
    ("draft_editor", &["id", "submission_id"]),
    ("draft_file", &["id", "submission_id"]),
    ("declaration", &["id", "place_id", "number"]),
    ("declaration_step", &["id", "declaration_id"]),
    ("bureau_signature", &["id", "declaration_id"]),
    ("list_entry", &["id", "place_id"]),
    ("stage", &["id", "subject_id", "owing_organisation_id"]),
    ("session", &["token_hash", "person_id"]),
    ("idempotency", &["key"]),
    ("failed_sign_in", &["id", "login", "from_address"]),
    ("log_entry", &["seq", "person", "subject_id", "place_id"]),
    ("log_node", &["position"]),
    ("row_digest", &["row_id", "seq"]),
];

/// A first row of the tables that the demo leaves empty.
const FIRST: [&str; 5] = [
    "INSERT INTO former_name (id, organisation_id, name, until_ms) \
     SELECT 'first', o.id, '', 0 FROM organisation o LIMIT 1",
    "INSERT INTO delegation (id, grant_id, from_person_id, to_person_id, first_day, last_day, reason) \
     SELECT 'first', g.id, g.person_id, g.person_id, '2018-01-01', '2018-01-02', '' FROM role_grant g LIMIT 1",
    "INSERT INTO account_reset (id, person_id, reason, requested_by, requested_ms, decided_ms) \
     SELECT 'first', p.id, '', '', 0, 0 FROM person p LIMIT 1",
    "INSERT INTO idempotency (key, person, location, at_ms) VALUES ('first', '', '', 0)",
    "INSERT INTO failed_sign_in (id, login, from_address, at_ms) VALUES ('first', '', '', 0)",
];

/// Copies a row of each table thousands of times; PostgreSQL learns how many there are now.
pub async fn crowd(world: &World) {
    for sql in FIRST {
        run(world, sql.to_owned()).await;
    }
    for (table, differs) in COPIED {
        let first = Sql::built(format!("SELECT * FROM {table} LIMIT 1"));
        let rows = world.store().read().cells(first, args![]).await.expect("read");
        let row = rows.first().unwrap_or_else(|| panic!("the demo has no row of {table}"));
        let columns: Vec<&str> = row.0.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = columns
            .iter()
            .map(|column| match (differs.contains(column), *column) {
                (false, column) => format!("one.{column}"),
                (true, "seq" | "position") => "1000000 + n.i".to_owned(),
                (true, _) => "'crowd-' || CAST(n.i AS TEXT)".to_owned(),
            })
            .collect();
        run(
            world,
            format!(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT n.i + 1 FROM n WHERE n.i < {ROWS}) \
                 INSERT INTO {table} ({}) SELECT {} FROM n CROSS JOIN (SELECT * FROM {table} LIMIT 1) AS one",
                columns.join(", "),
                values.join(", ")
            ),
        )
        .await;
    }
    if let Db::Pg(_) = world.store().db() {
        run(world, "ANALYZE".to_owned()).await;
    }
}

async fn run(world: &World, sql: String) {
    let sql = AssertSqlSafe(sql);
    match world.store().db() {
        Db::Sqlite { write, .. } => sqlx::raw_sql(sql).execute(write).await.map(|_| ()),
        Db::Pg(pool) => sqlx::raw_sql(sql).execute(pool).await.map(|_| ()),
    }
    .expect("the statement runs");
}
