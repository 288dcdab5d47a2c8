//! The conference decides. What the page does, the demo and the tests do too.

use super::store::{self, NewDecision, Notice, NoticeEntry};
use crate::declarations::{self, Deed, move_batch};
use domain::clause::Clause;
use domain::day::Day;
use domain::id::BatchId;
use domain::problem::Problem;
use domain::role::Role;
use domain::selection::{Meeting, decide, notice_period, office_phone, publish_due};
use domain::stage::BatchStage;
use kit::record::{Event, Next};
use kit::{Error, Result};

/// What the conference decided, and the notice that follows.
#[derive(Clone, Debug, Default)]
pub struct DecisionInput {
    pub minutes_number: String,
    pub held_on: Option<Day>,
    /// Codes of the members present.
    pub present: Vec<String>,
    pub notice_first: Option<Day>,
    pub notice_days: Option<i32>,
    pub phone: String,
}

/// The conference decides on what was proposed; the notice begins. One act.
pub async fn decide_batch(deed: &Deed<'_>, batch: BatchId, input: &DecisionInput) -> Result<()> {
    let reach = deed.reach("selection.decide")?;
    let (held_on, notice_first) = need_days(input)?;
    let (pack, today) = (deed.pack(), deed.today());
    let mut act = deed.begin().await?;
    let row = declarations::take_batch(&mut act, &reach, batch).await?;
    deed.need_seen(row.version - 1)?;
    office_phone(&input.phone)?;
    let who = deed.who(act.read()).await?;
    let proposed = store::proposed(act.read(), &reach, batch).await?;
    let meeting = Meeting {
        minutes_number: input.minutes_number.clone(),
        held_on,
        present: input.present.clone(),
        closed_on: row.closes()?,
        listed: proposed.len() as i64,
        listed_before: store::listed_before(act.read(), batch).await?,
        unreceived: store::unreceived(act.read(), batch).await?,
        batch: row.ordinal.to_string(),
    };
    let decided = decide(row.stage()?, &who, &meeting, pack, today)?;
    let (first, last) = notice_period(notice_first, input.notice_days, pack, today)?;
    let minutes_number = decided.minutes_number.to_string();
    let new = NewDecision {
        batch: &row.id,
        minutes_number: &minutes_number,
        held_on,
        present: &input.present.join(","),
        remarks: &decided.remarks.join(""),
        person: deed.actor.person,
        signature: &deed.actor.signature(),
    };
    let decision = store::insert_decision(&mut act, &new).await?;
    let working_days = match input.notice_days {
        Some(days) => days,
        None => pack.days("notice.days", today).map_err(|error| Error::Refused(error.into()))?,
    };
    let notice = Notice {
        id: String::new(),
        batch_id: row.id.clone(),
        title: format!("关于{}拟列入名单的公示", row.title),
        first_day: first.to_string(),
        last_day: last.to_string(),
        working_days: i64::from(working_days),
        phone: input.phone.clone(),
    };
    let notice_id = store::insert_notice(&mut act, &notice, decision).await?;
    for (position, candidate) in (1i64..).zip(&proposed) {
        store::insert_decision_item(&mut act, decision, &candidate.id, position).await?;
        let entry = NoticeEntry {
            position,
            name: candidate.name.clone(),
            track: candidate.track.clone(),
            county_name: candidate.county_name.clone(),
            city_name: candidate.city_name.clone(),
        };
        store::insert_notice_entry(&mut act, notice_id, &entry).await?;
    }
    let next = Next {
        owing: vec![(declarations::office(act.read()).await?, Role::OfficeApprover)],
        due: Some(publish_due(last, pack, today)?.day),
        due_why: Some(format!("公示期{}至{}，期满次日起可以公布。", first.words(), last.words())),
        ..Next::default()
    };
    move_batch(&mut act, batch, row.version, BatchStage::OnNotice, next).await?;
    act.lands_on(format!("/selection/{batch}?done=conference.decided"));
    act.commit(
        Event::new("conference.decided", "batch", batch)
            .clause(Clause::new(4, 2))
            .note("minutes_number", &minutes_number)
            .note("held_on", held_on)
            .note("present", input.present.join(","))
            .note("listed", proposed.len())
            .note("notice_until", last)
            .policy(pack.digest()),
    )
    .await?;
    Ok(())
}

fn need_days(input: &DecisionInput) -> Result<(Day, Day)> {
    match (input.held_on, input.notice_first) {
        (Some(held_on), Some(first)) => Ok((held_on, first)),
        (held_on, first) => {
            let mut problems = Vec::new();
            if held_on.is_none() {
                problems.push(Problem::new("held_on", "required", "请填写会议日期。"));
            }
            if first.is_none() {
                problems.push(Problem::new("notice_first", "required", "请填写公示开始日期。"));
            }
            Err(Error::Invalid(problems))
        }
    }
}
