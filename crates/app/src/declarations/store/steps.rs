//! SQL for what was done to a declaration: steps, signatures, marks; and who owes the next step.

use domain::declaration::Mark;
use domain::id::{OrganisationId, RowId};
use domain::stage::DeclarationStage;
use kit::actor::Actor;
use kit::db::{Read, Sql, Value};
use kit::record::Act;
use kit::{Error, Result, args};

/// One step as it is written.
pub struct NewStep<'a> {
    pub declaration: &'a str,
    pub event: &'static str,
    pub before: &'a str,
    pub after: &'a str,
    pub edition: Option<&'a str>,
    pub content_hash: &'a str,
    pub opinion: &'a str,
    pub document_number: &'a str,
}

pub async fn insert_step(act: &mut Act, actor: &Actor, step: &NewStep<'_>) -> Result<()> {
    let now = act.now_ms();
    act.write_one(
        "INSERT INTO declaration_step (id, declaration_id, event, stage_before, stage_after, edition_id, \
         content_hash, opinion, document_number, person_id, signature, role, organisation_id, organisation_name, \
         at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            kit::clock::fresh::<RowId>(),
            step.declaration,
            step.event,
            step.before,
            step.after,
            step.edition,
            step.content_hash,
            step.opinion,
            step.document_number,
            actor.person,
            actor.signature(),
            actor.role,
            actor.organisation,
            &actor.organisation_name,
            now,
        ],
    )
    .await
}

/// A step that another slice takes with a declaration, signed by whoever holds the act.
pub async fn insert_move(
    act: &mut Act,
    declaration: &str,
    event: &'static str,
    to: DeclarationStage,
    remark: &str,
) -> Result<()> {
    let (now, who) = (act.now_ms(), act.who().clone());
    let person = who.person.text();
    let name: Option<(String,)> =
        act.read().opt("SELECT name FROM person WHERE id = $1", args![&person]).await?;
    let organisation: Option<(String,)> =
        act.read().opt("SELECT name FROM organisation WHERE id = $1", args![who.organisation]).await?;
    let (before, edition, hash): (String, Option<String>, String) = act
        .read()
        .one(
            "SELECT COALESCE((SELECT s.stage_after FROM declaration_step s WHERE s.declaration_id = d.id \
               ORDER BY s.at_ms DESC, s.id DESC LIMIT 1), d.stage), d.edition_id, d.content_hash \
             FROM declaration d WHERE d.id = $1",
            args![declaration],
        )
        .await?;
    act.write_one(
        "INSERT INTO declaration_step (id, declaration_id, event, stage_before, stage_after, edition_id, \
         content_hash, opinion, person_id, signature, role, organisation_id, organisation_name, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            kit::clock::fresh::<RowId>(),
            declaration,
            event,
            before,
            to.code(),
            edition,
            hash,
            remark,
            &person,
            name.map_or(person.clone(), |(name,)| name),
            who.role.map(|role| role.code()).unwrap_or_default(),
            who.organisation.map(|id| id.to_string()).unwrap_or_default(),
            organisation.map(|(name,)| name).unwrap_or_default(),
            now,
        ],
    )
    .await
}

/// One step as a page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    pub event: String,
    pub stage_before: String,
    pub stage_after: String,
    pub opinion: String,
    pub document_number: String,
    pub signature: String,
    pub role: String,
    pub organisation_name: String,
    pub at_ms: i64,
}

/// The steps of a declaration, the newest first.
pub async fn steps(mut read: Read<'_>, declaration: &str) -> Result<Vec<StepRow>> {
    Ok(read
        .all(
            "SELECT event, stage_before, stage_after, opinion, document_number, signature, role, organisation_name, \
             at_ms FROM declaration_step WHERE declaration_id = $1 ORDER BY at_ms DESC, id DESC",
            args![declaration],
        )
        .await?)
}

/// One bureau's signature.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignatureRow {
    pub declaration_id: String,
    pub content_hash: String,
    pub bureau: String,
    pub organisation_name: String,
    pub person_id: String,
    pub signature: String,
    pub opinion: String,
    pub signed_ms: i64,
    pub void_ms: Option<i64>,
    pub void_why: Option<String>,
}

/// Every signature a declaration ever had, in the order they were given.
pub async fn signatures(mut read: Read<'_>, declaration: &str) -> Result<Vec<SignatureRow>> {
    Ok(read
        .all(
            "SELECT declaration_id, content_hash, bureau, organisation_name, person_id, signature, opinion, \
             signed_ms, void_ms, void_why FROM bureau_signature WHERE declaration_id = $1 ORDER BY signed_ms, id",
            args![declaration],
        )
        .await?)
}

/// The signatures on whatever is before a city in a batch, in the order they were given.
pub async fn signatures_at_city(mut read: Read<'_>, batch: &str, city: &str) -> Result<Vec<SignatureRow>> {
    Ok(read
        .all(
            "SELECT s.declaration_id, s.content_hash, s.bureau, s.organisation_name, s.person_id, s.signature, \
             s.opinion, s.signed_ms, s.void_ms, s.void_why FROM declaration d \
             JOIN bureau_signature s ON s.declaration_id = d.id \
             WHERE d.batch_id = $1 AND d.city_code = $2 AND d.stage = 'AtCity' ORDER BY s.signed_ms, s.id",
            args![batch, city],
        )
        .await?)
}

/// A signature as it is written.
pub struct NewSignature<'a> {
    pub declaration: &'a str,
    pub edition: &'a str,
    pub content_hash: &'a str,
    pub bureau: &'a str,
    pub opinion: &'a str,
}

pub async fn insert_signature(act: &mut Act, actor: &Actor, new: &NewSignature<'_>) -> Result<()> {
    let now = act.now_ms();
    act.write_one(
        "INSERT INTO bureau_signature (id, declaration_id, edition_id, content_hash, bureau, organisation_id, \
         organisation_name, person_id, signature, opinion, signed_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            kit::clock::fresh::<RowId>(),
            new.declaration,
            new.edition,
            new.content_hash,
            new.bureau,
            actor.organisation,
            &actor.organisation_name,
            actor.person,
            actor.signature(),
            new.opinion,
            now,
        ],
    )
    .await
}

/// Voids every signature that still stands.
pub async fn void_signatures(act: &mut Act, declaration: &str, why: &str) -> Result<usize> {
    let now = act.now_ms();
    act.write(
        "UPDATE bureau_signature SET void_ms = $1, void_why = $2 WHERE declaration_id = $3 AND void_ms IS NULL",
        args![now, why, declaration],
    )
    .await
}

/// Writes a mark that stays: of lateness one for each sending, of the others one for each round.
pub async fn insert_mark(act: &mut Act, declaration: &str, mark: &Mark) -> Result<()> {
    let (kind, late, round) = match mark {
        Mark::Late(late) => ("Late", Some(late), late.round),
        Mark::Extended(late) => ("Extended", Some(late), late.round),
        Mark::Supplemented { round } => ("Supplemented", None, *round),
        Mark::PilotCounty => ("PilotCounty", None, 0),
    };
    if late.is_none() && has_mark(act, declaration, kind, round).await? {
        return Ok(());
    }
    let now = act.now_ms();
    act.write_one(
        "INSERT INTO declaration_mark (id, declaration_id, kind, due_day, days, reason, authority, round, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            kit::clock::fresh::<RowId>(),
            declaration,
            kind,
            late.map(|late| late.due),
            late.map(|late| i64::from(late.days)),
            late.map(|late| late.reason.clone()).unwrap_or_default(),
            late.map(|late| late.authority.clone()).unwrap_or_default(),
            round,
            now,
        ],
    )
    .await
}

async fn has_mark(act: &mut Act, declaration: &str, kind: &str, round: i64) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM declaration_mark WHERE declaration_id = $1 AND kind = $2 AND round = $3";
    Ok(act.read().int(sql, args![declaration, kind, round]).await? > 0)
}

/// A mark as a page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MarkRow {
    pub declaration_id: String,
    pub kind: String,
    pub due_day: Option<String>,
    pub days: Option<i64>,
    pub reason: String,
    pub authority: String,
    pub round: i64,
    pub at_ms: i64,
}

pub async fn marks(read: Read<'_>, declaration: &str) -> Result<Vec<MarkRow>> {
    marks_among(read, &[declaration]).await
}

/// The marks of several declarations, of each in the order in which they were made.
pub async fn marks_among(mut read: Read<'_>, declarations: &[&str]) -> Result<Vec<MarkRow>> {
    if declarations.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=declarations.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT declaration_id, kind, due_day, days, reason, authority, round, at_ms FROM declaration_mark \
         WHERE declaration_id IN ({}) ORDER BY at_ms, id",
        places.join(", ")
    );
    let bound = declarations.iter().map(|id| Value::from(*id)).collect();
    Ok(read.all(Sql::built(sql), bound).await?)
}

/// Who owes the next step of a thing, since when and until when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwingRow {
    pub organisation_id: Option<String>,
    pub organisation_name: Option<String>,
    pub phone: Option<String>,
    pub owing_role: Option<String>,
    pub due_day: Option<String>,
    pub due_why: Option<String>,
    pub entered_ms: i64,
}

pub async fn owing(mut read: Read<'_>, kind: &str, id: &str) -> Result<Vec<OwingRow>> {
    Ok(read
        .all(
            "SELECT o.id AS organisation_id, o.name AS organisation_name, o.phone, s.owing_role, s.due_day, s.due_why, \
             s.entered_ms FROM stage s LEFT JOIN organisation o ON o.id = s.owing_organisation_id \
             WHERE s.subject_kind = $1 AND s.subject_id = $2 AND s.left_ms IS NULL ORDER BY s.id",
            args![kind, id],
        )
        .await?)
}

/// The organisations that handle a place's declarations.
#[derive(Clone, Debug)]
pub struct Handlers {
    pub operator: Option<OrganisationId>,
    pub county: Option<OrganisationId>,
    pub city: Option<OrganisationId>,
    pub office: Option<OrganisationId>,
    /// The city's bureaus with their codes.
    pub bureaus: Vec<(String, OrganisationId, String)>,
}

pub async fn handlers(mut read: Read<'_>, place: &str, county: &str, city: &str) -> Result<Handlers> {
    let rows: Vec<(String, String, Option<String>, String)> = read
        .all(
            "SELECT id, kind, department, name FROM organisation WHERE valid_until IS NULL \
             AND ((kind = 'operator' AND place_id = $1) OR (kind = 'county' AND division_code = $2) \
               OR (kind IN ('city', 'bureau') AND division_code = $3) OR kind = 'office') \
             ORDER BY id LIMIT 100",
            args![place, county, city],
        )
        .await?;
    let mut handlers =
        Handlers { operator: None, county: None, city: None, office: None, bureaus: Vec::new() };
    for (id, kind, department, name) in rows {
        let id: OrganisationId = id.parse().map_err(Error::internal)?;
        match kind.as_str() {
            "operator" => handlers.operator = Some(id),
            "county" => handlers.county = Some(id),
            "city" => handlers.city = Some(id),
            "office" => handlers.office = Some(id),
            _ => handlers.bureaus.push((department.unwrap_or_default(), id, name)),
        }
    }
    Ok(handlers)
}

/// Where another slice moved a declaration to.
pub async fn set_stage(act: &mut Act, declaration: &str, version: i64, to: DeclarationStage) -> Result<()> {
    act.write_one(
        "UPDATE declaration SET stage = $1, version = version + 1 WHERE id = $2 AND version = $3",
        args![to.code(), declaration, version],
    )
    .await
}

/// The department a bureau belongs to; none, where the organisation is no bureau.
pub async fn department_of(mut read: Read<'_>, organisation: OrganisationId) -> Result<Option<String>> {
    let bureau: Option<(Option<String>,)> = read
        .opt("SELECT department FROM organisation WHERE id = $1 AND kind = 'bureau'", args![organisation])
        .await?;
    Ok(bureau.and_then(|(department,)| department))
}
