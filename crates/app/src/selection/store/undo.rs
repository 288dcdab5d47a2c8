//! The SQL of what is undone before publication.

use super::{Candidate, Notice};
use domain::id::{PersonId, RowId};
use kit::db::Read;
use kit::record::Act;
use kit::{Result, args};

/// What is written of a withdrawn proposal.
pub struct NewWithdrawal<'a> {
    pub candidate: &'a Candidate,
    pub why: &'a str,
    pub minutes_number: &'a str,
    pub person: PersonId,
    pub signature: &'a str,
}

/// The proposal goes, and what it said is kept beside why it was withdrawn.
pub async fn withdraw_proposal(act: &mut Act, new: &NewWithdrawal<'_>) -> Result<()> {
    let declaration = &new.candidate.id;
    act.write_one(
        "INSERT INTO proposal_withdrawal (id, batch_id, declaration_id, reasons, proposed_by, \
           proposed_signature, proposed_ms, why, minutes_number, withdrawn_by, signature, at_ms) \
         SELECT $1, p.batch_id, p.declaration_id, p.reasons, p.proposed_by, p.signature, p.at_ms, $2, $3, $4, $5, \
           CAST($6 AS BIGINT) FROM proposal p WHERE p.declaration_id = $7",
        args![
            kit::clock::fresh::<RowId>(),
            new.why,
            new.minutes_number,
            new.person,
            new.signature,
            act.now_ms(),
            declaration,
        ],
    )
    .await?;
    act.write_one("DELETE FROM proposal WHERE declaration_id = $1", args![declaration]).await
}

/// A withdrawn proposal, as the batch's page tells it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Withdrawal {
    pub declaration_id: String,
    pub name: String,
    pub reasons: String,
    pub proposed_signature: String,
    pub why: String,
    pub minutes_number: String,
    pub signature: String,
    pub at_ms: i64,
}

impl Withdrawal {
    /// When it was withdrawn.
    pub fn time(&self) -> String {
        crate::web::clock_words(self.at_ms)
    }
}

/// What was withdrawn in a batch, newest first.
pub async fn withdrawals(mut read: Read<'_>, batch: &str) -> Result<Vec<Withdrawal>> {
    Ok(read
        .all(
            "SELECT w.declaration_id, d.name, w.reasons, w.proposed_signature, w.why, w.minutes_number, \
               w.signature, w.at_ms FROM proposal_withdrawal w JOIN declaration d ON d.id = w.declaration_id \
             WHERE w.batch_id = $1 ORDER BY w.at_ms DESC, w.id DESC",
            args![batch],
        )
        .await?)
}

/// Where a declaration stands in the running notice of its batch: the notice and the entry.
pub async fn place_in_notice(mut read: Read<'_>, declaration: &str) -> Result<Option<(String, i64)>> {
    Ok(read
        .opt(
            "SELECT n.id, i.position FROM decision_item i JOIN decision c ON c.id = i.decision_id \
             JOIN declaration d ON d.id = i.declaration_id AND d.batch_id = c.batch_id \
             JOIN notice n ON n.decision_id = c.id WHERE d.id = $1",
            args![declaration],
        )
        .await?)
}

/// What was put right in a notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Correction {
    /// The entry it is about; 0 for the notice itself.
    pub position: i64,
    /// `withdrawn`, `name` or `phone`.
    pub kind: String,
    pub was: String,
    pub becomes: String,
    pub day: String,
}

impl Correction {
    /// The sentence the public reads.
    pub fn words(&self) -> String {
        match self.kind.as_str() {
            "withdrawn" => format!("{}经联席会议复核，不再拟列入。", self.was),
            "name" => format!("名称“{}”更正为“{}”。", self.was, self.becomes),
            _ => format!("联系电话{}更正为{}。", self.was, self.becomes),
        }
    }
}

/// In the order in which they were made.
pub async fn corrections(mut read: Read<'_>, notice: &str) -> Result<Vec<Correction>> {
    Ok(read
        .all(
            "SELECT position, kind, was, becomes, day FROM notice_correction WHERE notice_id = $1 ORDER BY notice_id, id",
            args![notice],
        )
        .await?)
}

pub async fn insert_correction(act: &mut Act, notice: &str, new: &Correction) -> Result<()> {
    act.write_one(
        "INSERT INTO notice_correction (id, notice_id, position, kind, was, becomes, day) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            kit::clock::fresh::<RowId>(),
            notice,
            new.position,
            &new.kind,
            &new.was,
            &new.becomes,
            &new.day,
        ],
    )
    .await
}

/// Another phone for objections; a conflict where it is no longer what was read.
pub async fn set_notice_phone(act: &mut Act, notice: &str, was: &str, becomes: &str) -> Result<()> {
    act.write_one("UPDATE notice SET phone = $1 WHERE id = $2 AND phone = $3", args![becomes, notice, was])
        .await
}

/// Another number of the minutes.
pub async fn set_minutes_number(act: &mut Act, decision: &str, was: &str, becomes: &str) -> Result<()> {
    act.write_one(
        "UPDATE decision SET minutes_number = $1 WHERE id = $2 AND minutes_number = $3",
        args![becomes, decision, was],
    )
    .await
}

/// Another name of an entry: on the notice, and on the declaration that the list will copy.
pub async fn set_entry_name(
    act: &mut Act,
    notice: &Notice,
    decision: &str,
    position: i64,
    (was, becomes): (&str, &str),
) -> Result<()> {
    act.write_one(
        "UPDATE notice_entry SET name = $1 WHERE notice_id = $2 AND position = $3 AND name = $4",
        args![becomes, &notice.id, position, was],
    )
    .await?;
    act.write_one(
        "UPDATE declaration SET name = $1, version = version + 1 WHERE id = \
           (SELECT i.declaration_id FROM decision_item i WHERE i.decision_id = $2 AND i.position = $3)",
        args![becomes, decision, position],
    )
    .await
}
