//! Publication: the conference's decision becomes a version of the list.

use super::store::{self, Entry, Listed, Version};
use crate::declarations::{self, BatchRow, Deed, Moved, move_batch, move_on};
use crate::selection::{self, Decision};
use crate::submissions;
use domain::clause::Clause;
use domain::day::Day;
use domain::id::{BatchId, ListId};
use domain::selection::{ListKind, Publication, Published, publish};
use domain::stage::{BatchStage, DeclarationStage, MembershipStage};
use kit::record::{Act, Event, Next, checkpoint};
use kit::{Error, Result};

/// What the provincial approver gives.
#[derive(Clone, Debug, Default)]
pub struct PublicationInput {
    pub effective: Option<Day>,
    pub approval_number: String,
}

/// Publishes a batch: the next version of the list, whole; then signs the head of the log.
pub async fn publish_batch(deed: &Deed<'_>, batch: BatchId, input: &PublicationInput) -> Result<i64> {
    let reach = deed.reach("list.publish")?;
    let mut act = deed.begin().await?;
    let row = declarations::take_batch(&mut act, &reach, batch).await?;
    deed.need_seen(row.version - 1)?;
    let decision = selection::decision(act.read(), &row.id).await?.ok_or_else(not_decided)?;
    let programme = store::programme_of(act.read(), &row.id).await?;
    let before = store::newest_of(act.read(), &programme).await?;
    let published = decide(deed, &mut act, &row, &decision, before.as_ref(), input).await?;
    let version = new_version(deed, &row, programme, &decision, &published, input);
    let list: ListId = version.id.parse().map_err(Error::internal)?;
    store::insert_version(&mut act, &version).await?;
    let listed = store::to_list(act.read(), batch).await?;
    write_entries(&mut act, list, before.as_ref(), &row, &version, &listed).await?;
    write_members(&mut act, &version, &listed).await?;
    leave_out(&mut act, batch).await?;
    move_batch(&mut act, batch, row.version, BatchStage::Published, Next::default()).await?;
    act.lands_on(format!("/lists/{}?done=list.published", version.version));
    act.commit(
        Event::new("list.published", "list", list)
            .clause(Clause::new(3, 3))
            .note("version", version.version)
            .note("listed", listed.len())
            .note("effective", &version.effective_day)
            .note("minutes_number", &version.minutes_number)
            .note("filing_due", &version.filing_due)
            .policy(deed.pack().digest()),
    )
    .await?;
    checkpoint(deed.app.store()).await?;
    Ok(version.version)
}

fn not_decided() -> Error {
    domain::problem::Refusal::by(
        Clause::new(4, 2),
        "not_decided",
        "联席会议尚未议定本批次名单。",
        "请先登记会议纪要并完成公示。",
    )
    .into()
}

async fn decide(
    deed: &Deed<'_>,
    act: &mut Act,
    row: &BatchRow,
    decision: &Decision,
    before: Option<&Version>,
    input: &PublicationInput,
) -> Result<Published> {
    let who = deed.who(act.read()).await?;
    let notice = selection::notice_of(act.read(), &row.id).await?.ok_or_else(not_decided)?;
    let proposed_by =
        selection::proposer(act.read(), &row.id, deed.actor.person).await?.ok_or_else(not_decided)?;
    let version_before = before.map_or(0, |version| version.version);
    let publication = Publication {
        stage: row.stage()?,
        notice_last: notice.last_day.parse().map_err(Error::internal)?,
        proposed_by,
        effective_before: before
            .map(|version| version.effective_day.parse())
            .transpose()
            .map_err(Error::internal)?,
        version_before,
        version: version_before + 1,
        decided_on: decision.held_on.parse().map_err(Error::internal)?,
        effective: input.effective.unwrap_or_else(|| deed.today()),
        approval_number: (!input.approval_number.is_empty()).then(|| input.approval_number.clone()),
        under_objection: Vec::new(),
    };
    Ok(publish(&publication, &who, deed.pack(), deed.today())?)
}

fn new_version(
    deed: &Deed<'_>,
    row: &BatchRow,
    programme_id: String,
    decision: &Decision,
    published: &Published,
    input: &PublicationInput,
) -> Version {
    let list: ListId = kit::clock::fresh();
    let effective = input.effective.unwrap_or_else(|| deed.today());
    Version {
        id: list.to_string(),
        programme_id,
        version: published.version,
        batch_id: row.id.clone(),
        decision_id: decision.id.clone(),
        title: format!("省特色小镇建设名单（第{}版）", published.version),
        minutes_number: decision.minutes_number.clone(),
        decided_day: decision.held_on.clone(),
        published_day: deed.today().to_string(),
        effective_day: effective.to_string(),
        approval_number: (!input.approval_number.is_empty()).then(|| input.approval_number.clone()),
        filing_due: published.filing_due.day.to_string(),
        filing_why: published.filing_due.explain.clone(),
        published_by: deed.actor.person.to_string(),
        signature: deed.actor.signature(),
    }
}

/// The entries of the version before, and behind them the new ones.
async fn write_entries(
    act: &mut Act,
    list: ListId,
    before: Option<&Version>,
    row: &BatchRow,
    version: &Version,
    listed: &[Listed],
) -> Result<()> {
    let mut all = match before {
        Some(before) => store::entries(act.read(), &before.id).await?,
        None => Vec::new(),
    };
    all.extend(listed.iter().map(|one| Entry {
        id: String::new(),
        list_id: String::new(),
        position: 0,
        place_id: one.place_id.clone(),
        declaration_id: one.declaration_id.clone(),
        kind: ListKind::Construction.code().to_owned(),
        track: one.track.clone(),
        name: one.name.clone(),
        county_code: one.county_code.clone(),
        county_name: one.county_name.clone(),
        city_name: one.city_name.clone(),
        batch_ordinal: row.ordinal,
        since_day: version.effective_day.clone(),
    }));
    for (position, entry) in (1i64..).zip(&all) {
        store::insert_entry(act, list, position, entry).await?;
    }
    Ok(())
}

async fn write_members(act: &mut Act, version: &Version, listed: &[Listed]) -> Result<()> {
    let since: Day = version.effective_day.parse().map_err(Error::internal)?;
    for one in listed {
        let moved = Moved {
            id: &one.declaration_id,
            place: &one.place_id,
            version: one.version,
            to: DeclarationStage::Listed,
            remark: &format!("列入第{}版建设名单", version.version),
            owed: Next::default(),
        };
        move_on(act, &moved).await?;
        let stage = MembershipStage::Listed;
        let member = store::list_member(act, &version.programme_id, one, stage.code(), since).await?;
        let next = Next {
            stage: stage.code(),
            place: Some(store::place_id(&one.place_id)?),
            remark: Some(format!("请于{}前完成专项规划和工作方案备案", version.filing_due)),
            ..Next::default()
        };
        act.enter_stage("membership", member, next).await?;
    }
    Ok(())
}

/// Whatever the list leaves out ends with it, so that nobody goes on owing a step of a batch that is over.
async fn leave_out(act: &mut Act, batch: BatchId) -> Result<()> {
    for one in store::to_leave_out(act.read(), batch).await? {
        let remark = match one.recommended {
            Some(_) => "未列入本批次名单，可以在下一批次重新申报",
            None => "本批次名单已经公布，申报未办结，可以在下一批次重新申报",
        };
        let moved = Moved {
            id: &one.declaration_id,
            place: &one.place_id,
            version: one.version,
            to: DeclarationStage::NotSelected,
            remark,
            owed: Next::default(),
        };
        move_on(act, &moved).await?;
        if one.stage()?.is_editable() {
            submissions::close(act, moved.id.parse().map_err(Error::internal)?).await?;
        }
    }
    declarations::end_reports(act, batch).await
}
