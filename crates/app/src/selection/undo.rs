//! The verbs that undo before publication: a proposal withdrawn, a notice put right.

use super::store::{self, Correction, Decision, NewWithdrawal, Notice};
use crate::declarations::{self, BatchRow, Deed, Moved, move_on};
use domain::clause::Clause;
use domain::document_number::DocumentNumber;
use domain::id::BatchId;
use domain::problem::Refusal;
use domain::role::Role;
use domain::selection::{NoticeChange, Taking, correct_notice, no_personal_number, office_phone, take_back};
use domain::stage::DeclarationStage;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};

/// Why a proposal is withdrawn, and by which minutes once the conference has decided.
#[derive(Clone, Debug, Default)]
pub struct WithdrawalInput {
    pub why: String,
    pub minutes_number: String,
}

/// The office, or after the decision the conference, withdraws a proposal. One act.
pub async fn withdraw_proposal(deed: &Deed<'_>, declaration: &str, input: &WithdrawalInput) -> Result<()> {
    let reach = deed.reach("selection.take_back")?;
    let mut act = deed.begin().await?;
    let candidate = store::candidate(act.read(), &reach, declaration).await?;
    let batch: BatchId = candidate.batch_id.parse().map_err(Error::internal)?;
    let row = declarations::take_batch(&mut act, &reach, batch).await?;
    let stage: DeclarationStage = candidate.stage.parse().map_err(Error::internal)?;
    let taking =
        Taking { batch: row.stage()?, stage, why: &input.why, minutes_number: &input.minutes_number };
    let taken = take_back(&taking, &deed.who(act.read()).await?, deed.pack(), deed.today())?;
    let minutes = taken.minutes_number.as_ref().map_or(String::new(), DocumentNumber::to_string);
    let new = NewWithdrawal {
        candidate: &candidate,
        why: &taken.why,
        minutes_number: &minutes,
        person: deed.actor.person,
        signature: &deed.actor.signature(),
    };
    store::withdraw_proposal(&mut act, &new).await?;
    if taken.minutes_number.is_some() {
        strike_from_notice(deed, &mut act, &candidate.id, &candidate.name).await?;
    }
    let owed = if minutes.is_empty() { owed_again(&mut act, &row).await? } else { Next::default() };
    let moved = Moved {
        id: &candidate.id,
        place: &candidate.place_id,
        version: candidate.version,
        to: taken.stage,
        remark: &taken.why,
        owed,
    };
    move_on(&mut act, &moved).await?;
    act.lands_on(format!("/selection/{batch}?done=declaration.proposal_withdrawn"));
    let mut event = Event::new("declaration.proposal_withdrawn", "declaration", &candidate.id)
        .place(candidate.place_id.parse().map_err(Error::internal)?)
        .clause(if minutes.is_empty() { Clause::new(3, 3) } else { Clause::new(4, 2) })
        .reason(&taken.why)
        .policy(deed.pack().digest());
    if !minutes.is_empty() {
        event = event.note("minutes_number", &minutes);
    }
    act.commit(event).await?;
    Ok(())
}

/// Before the conference decides, the declaration is the office's as on the day it was received.
async fn owed_again(act: &mut Act, batch: &BatchRow) -> Result<Next> {
    let list_by = batch.list_by()?;
    Ok(Next {
        owing: vec![(declarations::office(act.read()).await?, Role::Office)],
        due: Some(list_by),
        due_why: Some(format!("本批次名单公布的计划日期为{}。", list_by.words())),
        ..Next::default()
    })
}

/// The notice keeps its line and says that it no longer counts.
async fn strike_from_notice(deed: &Deed<'_>, act: &mut Act, declaration: &str, name: &str) -> Result<()> {
    let Some((notice, position)) = store::place_in_notice(act.read(), declaration).await? else {
        return Ok(());
    };
    let struck = Correction {
        position,
        kind: "withdrawn".to_owned(),
        was: name.to_owned(),
        becomes: String::new(),
        day: deed.today().to_string(),
    };
    store::insert_correction(act, &notice, &struck).await
}

/// What stands in a notice, or is to stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeWords {
    pub minutes_number: String,
    pub phone: String,
    /// The name of each entry that still counts, with its position.
    pub names: Vec<(i64, String)>,
}

/// A batch's decision and notice with what can be put right in them.
pub struct OnNotice {
    pub decision: Decision,
    pub notice: Notice,
    pub words: NoticeWords,
}

/// What stands there now; nothing before the conference has decided.
pub async fn on_notice(mut read: kit::db::Read<'_>, batch: &str) -> Result<Option<OnNotice>> {
    let Some(decision) = store::decision(read.again(), batch).await? else { return Ok(None) };
    let Some(notice) = store::notice_of(read.again(), batch).await? else { return Ok(None) };
    let corrections = store::corrections(read.again(), &notice.id).await?;
    let struck =
        |position: i64| corrections.iter().any(|one| one.kind == "withdrawn" && one.position == position);
    let entries = store::notice_entries(read.again(), &notice.id).await?;
    let names = entries.into_iter().filter(|entry| !struck(entry.position));
    let words = NoticeWords {
        minutes_number: decision.minutes_number.clone(),
        phone: notice.phone.clone(),
        names: names.map(|entry| (entry.position, entry.name)).collect(),
    };
    Ok(Some(OnNotice { decision, notice, words }))
}

/// The provincial approver puts the notice right, with the reason. One act.
pub async fn correct(deed: &Deed<'_>, batch: BatchId, new: &NoticeWords, why: &str) -> Result<()> {
    let reach = deed.reach("selection.correct")?;
    let mut act = deed.begin().await?;
    let row = declarations::take_batch(&mut act, &reach, batch).await?;
    let found = on_notice(act.read(), &row.id).await?;
    let changes = found.as_ref().map_or_else(Vec::new, |found| changes(&found.words, new));
    let who = deed.who(act.read()).await?;
    let why = correct_notice(row.stage()?, &who, (&changes, why), deed.pack(), deed.today())?;
    let found = found.ok_or(Error::NotFound)?;
    let mut event = Event::new("notice.corrected", "batch", batch)
        .clause(Clause::new(4, 2))
        .reason(why)
        .policy(deed.pack().digest());
    let mut said = Vec::new();
    for change in &changes {
        write_change(deed, &mut act, &found, change).await?;
        said.push(format!("{}→{}", change.was, change.becomes));
    }
    event = event.note("corrected", said.join("；"));
    act.lands_on(format!("/selection/{batch}?done=notice.corrected"));
    act.commit(event).await?;
    Ok(())
}

fn changes(old: &NoticeWords, new: &NoticeWords) -> Vec<NoticeChange> {
    let pair = |field: &str, was: &str, becomes: &str| NoticeChange {
        field: field.to_owned(),
        was: was.to_owned(),
        becomes: becomes.to_owned(),
    };
    let mut all = vec![
        pair("minutes_number", &old.minutes_number, &new.minutes_number),
        pair("phone", &old.phone, &new.phone),
    ];
    for (position, name) in &new.names {
        if let Some((_, was)) = old.names.iter().find(|(at, _)| at == position) {
            all.push(pair(&format!("name.{position}"), was, name));
        }
    }
    all.retain(|change| change.was != change.becomes);
    all
}

async fn write_change(deed: &Deed<'_>, act: &mut Act, found: &OnNotice, change: &NoticeChange) -> Result<()> {
    let (was, becomes) = (change.was.as_str(), change.becomes.as_str());
    let mut told = Correction {
        position: 0,
        kind: "phone".to_owned(),
        was: was.to_owned(),
        becomes: becomes.to_owned(),
        day: deed.today().to_string(),
    };
    match change.field.as_str() {
        "minutes_number" => {
            let number: DocumentNumber = becomes.parse().map_err(|remedy: String| {
                let says = format!("文号“{becomes}”不规范。");
                Refusal::by(Clause::new(4, 2), "document_number", says, remedy)
            })?;
            return store::set_minutes_number(act, &found.decision.id, was, &number.to_string()).await;
        }
        "phone" => {
            office_phone(becomes)?;
            store::set_notice_phone(act, &found.notice.id, was, becomes).await?;
        }
        name => {
            no_personal_number(becomes)?;
            told.kind = "name".to_owned();
            told.position = name.trim_start_matches("name.").parse().map_err(Error::internal)?;
            store::set_entry_name(act, &found.notice, &found.decision.id, told.position, (was, becomes))
                .await?;
        }
    }
    store::insert_correction(act, &found.notice.id, &told).await
}
