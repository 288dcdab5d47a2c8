//! 三(二): open a batch, change its draft, issue the call, make the window longer, close it.

use super::super::deed::Deed;
use super::super::document::{self, Kept, Owner};
use super::super::store::{self, BatchDays, BatchRow, Covered};
use domain::calendar::{Deadline, Term};
use domain::clause::Clause;
use domain::day::Day;
use domain::declaration::{self as decide, Call, PlanDays, Slip};
use domain::document_number::DocumentNumber;
use domain::eligibility::Track;
use domain::id::{BatchId, ProgrammeId};
use domain::problem::{Problem, Refusal};
use domain::role::Role;
use domain::stage::BatchStage;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};

const TIME: Clause = Clause::new(3, 2);

/// A batch as the office prepares it.
#[derive(Clone, Debug)]
pub struct BatchDraft {
    pub programme: ProgrammeId,
    pub ordinal: i64,
    pub year: i64,
    pub title: String,
    pub target_count: i64,
    pub opens: Day,
    /// The last days as the notice will say them; rest days are stepped over here.
    pub closes: Day,
    pub list_by: Day,
    pub slip: Slip,
    pub town_form: String,
    pub platform_form: String,
}

/// An extension as it is kept.
#[derive(Clone, Debug)]
pub struct Granted {
    pub division: String,
    pub declaration: String,
    pub was: Day,
    pub until: Day,
    pub why: String,
    pub reason: String,
    pub authority: String,
    pub document_number: String,
}

/// A longer window as the office asks for it.
#[derive(Clone, Debug)]
pub struct ExtensionInput {
    pub whom: Whom,
    pub until: Day,
    pub reason: String,
    pub authority: String,
    pub document_number: String,
}

/// For whom a window is made longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    Batch,
    /// A city or a county, by its code.
    Division(String),
    /// One declaration, by its number.
    Declaration(String),
}

/// The office opens a batch as a draft.
pub async fn open(deed: &Deed<'_>, draft: &BatchDraft) -> Result<BatchId> {
    deed.reach("batch.write")?;
    let id: BatchId = kit::clock::fresh();
    let mut act = deed.begin().await?;
    let (closes, list_by, slip) = decide_days(deed, draft)?;
    let days = BatchDays { closes: &closes, list_by: &list_by, slip: &slip };
    store::insert_batch(&mut act, id, draft.programme, draft, &days).await.map_err(ordinal_taken)?;
    store::note_drafter(&mut act, &id.to_string()).await?;
    await_call(&mut act, id).await?;
    act.lands_on(format!("/batches/{id}?done=batch.opened"));
    let event = Event::new("batch.opened", "batch", id).clause(TIME).policy(deed.pack().digest());
    act.commit(event.note("title", &draft.title)).await?;
    Ok(id)
}

/// The office changes a batch that has not been called.
pub async fn change(deed: &Deed<'_>, id: BatchId, version: i64, draft: &BatchDraft) -> Result<()> {
    let reach = deed.reach("batch.write")?;
    let mut act = deed.begin().await?;
    let batch = store::batch(act.read(), &reach, id).await?;
    need_draft(&batch)?;
    let (closes, list_by, slip) = decide_days(deed, draft)?;
    let days = BatchDays { closes: &closes, list_by: &list_by, slip: &slip };
    store::update_batch(&mut act, &batch, version, draft, &days).await?;
    store::note_drafter(&mut act, &batch.id).await?;
    act.lands_on(format!("/batches/{id}?done=batch.changed"));
    act.commit(Event::new("batch.changed", "batch", id).clause(TIME).policy(deed.pack().digest())).await?;
    Ok(())
}

/// The provincial approver issues the call: from now on declarations may be begun.
pub async fn call(deed: &Deed<'_>, id: BatchId, number: &str, scan: Option<&Kept>) -> Result<()> {
    let reach = deed.reach("batch.call")?;
    let mut act = deed.begin().await?;
    let batch = store::take_batch(&mut act, &reach, id).await?;
    deed.need_seen(batch.version - 1)?;
    let who = deed.who(act.read()).await?;
    decide::not_the_drafter(&store::drafters(act.read(), &batch.id).await?, &who)?;
    let asked = Call {
        document_number: number.to_owned(),
        opens: batch.opens()?,
        closes: batch.closes_nominal.parse().map_err(Error::internal)?,
        list_by: batch.list_by_nominal.parse().map_err(Error::internal)?,
    };
    let called = decide::call(&batch.state()?, &who, &asked, deed.pack(), deed.today())?;
    store::save_call(&mut act, &batch, &called).await?;
    if let Some(scan) = scan {
        let number = called.document_number.to_string();
        let owner = Owner { kind: "batch", id: &batch.id, event: "batch.called", number: &number };
        document::attach(&mut act, &owner, scan).await?;
    }
    let due = decide::close_due(called.closes.day, deed.pack(), deed.today())?;
    await_close(&mut act, id, &due).await?;
    act.lands_on(format!("/batches/{id}?done=batch.called"));
    let event = Event::new("batch.called", "batch", id)
        .clause(TIME)
        .note("document_number", called.document_number)
        .note("closes", called.closes.day)
        .policy(deed.pack().digest());
    act.commit(event).await?;
    Ok(())
}

/// A longer window for the batch, a city, a county or one declaration, with reason and authority.
pub async fn extend(deed: &Deed<'_>, id: BatchId, input: &ExtensionInput) -> Result<()> {
    let reach = deed.reach("batch.extend")?;
    let mut act = deed.begin().await?;
    let batch = store::take_batch(&mut act, &reach, id).await?;
    let granted = decide_extension(deed, &mut act, &batch, input).await?;
    store::insert_extension(&mut act, &batch, &granted).await?;
    store::prolong_steps(&mut act, &batch.id, &granted).await?;
    if input.whom == Whom::Batch {
        store::save_window(&mut act, &batch, granted.until, &granted.why).await?;
        let due = decide::close_due(granted.until, deed.pack(), deed.today())?;
        await_close(&mut act, id, &due).await?;
    }
    act.lands_on(format!("/batches/{id}?done=batch.extended"));
    let event = Event::new("batch.extended", "batch", id)
        .clause(TIME)
        .reason(&granted.reason)
        .note("was", granted.was)
        .note("until", granted.until)
        .note("authority", &granted.authority)
        .note("document_number", &granted.document_number)
        .note("for", whom_text(&granted));
    act.commit(event.policy(deed.pack().digest())).await?;
    Ok(())
}

/// The office closes the window, once its last day is over, and selection begins.
pub async fn close(deed: &Deed<'_>, id: BatchId) -> Result<()> {
    let reach = deed.reach("batch.close")?;
    let mut act = deed.begin().await?;
    let batch = store::take_batch(&mut act, &reach, id).await?;
    deed.need_seen(batch.version - 1)?;
    let who = deed.who(act.read()).await?;
    let stage = decide::close(&batch.state()?, &who, deed.today())?;
    store::save_batch_stage(&mut act, &batch.id, batch.version, stage).await?;
    let office = store::office(act.read()).await?;
    let next = Next {
        stage: stage.code(),
        owing: vec![(office, Role::Office), (office, Role::OfficeApprover)],
        due: Some(batch.list_by()?),
        due_why: Some("名单公布的计划日期。".to_owned()),
        ..Next::default()
    };
    act.enter_stage("batch", id, next).await?;
    act.lands_on(format!("/batches/{id}?done=batch.closed"));
    act.commit(Event::new("batch.closed", "batch", id).clause(TIME)).await?;
    Ok(())
}

/// The days of a draft: rolled off rest days, and other than the plan's only with a reason.
fn decide_days(deed: &Deed<'_>, draft: &BatchDraft) -> Result<(Deadline, Deadline, Slip)> {
    let (pack, today) = (deed.pack(), deed.today());
    need_forms(deed, draft)?;
    let planned = decide::plan_days(draft.year, pack, today)?;
    let chosen = PlanDays { closes: draft.closes, list_by: draft.list_by };
    let slip = decide::keep_or_slip(planned, chosen, &draft.slip, pack, today)?;
    let closes = pack.calendar().deadline_after(draft.opens, Term::On(draft.closes));
    let list_by = pack.calendar().deadline_after(draft.opens, Term::On(draft.list_by));
    Ok((closes, list_by, slip))
}

/// Each track is declared on a form of its own.
fn need_forms(deed: &Deed<'_>, draft: &BatchDraft) -> Result<()> {
    let mut problems = Vec::new();
    let fields = [
        ("town_form", &draft.town_form, Track::StatutoryTown),
        ("platform_form", &draft.platform_form, Track::Platform),
    ];
    for (field, code, track) in fields {
        let fits = deed.pack().form(code).is_some_and(|form| form.track == Some(track));
        if !fits {
            let says = format!("请选择{}的申报表单。", track.words());
            problems.push(Problem::new(field, "form", says));
        }
    }
    super::super::deed::need_none(problems)
}

async fn decide_extension(
    deed: &Deed<'_>,
    act: &mut Act,
    batch: &BatchRow,
    input: &ExtensionInput,
) -> Result<Granted> {
    let (pack, today) = (deed.pack(), deed.today());
    let number: DocumentNumber = input
        .document_number
        .parse()
        .map_err(|says: String| Error::Invalid(vec![Problem::new("document_number", "malformed", says)]))?;
    let who = deed.who(act.read()).await?;
    let state = batch.state()?;
    let (concerned, was) = concerned(deed, act, batch, &input.whom).await?;
    let because = (input.reason.as_str(), input.authority.as_str());
    let (until, reason, authority) = match &input.whom {
        Whom::Batch => {
            let extension = decide::extend(&state, &who, input.until, because, pack, today)?;
            (extension.until, extension.reason, extension.authority)
        }
        Whom::Division(_) | Whom::Declaration(_) => {
            let leave = decide::grant_late((&state, was), &who, input.until, because, pack, today)?;
            (leave.until, leave.reason, leave.authority)
        }
    };
    let (division, declaration) = concerned;
    let why = format!("经批准由{}延至{}（{number}）。", was.words(), until.words());
    let document_number = number.to_string();
    Ok(Granted { division, declaration, was, until, why, reason, authority, document_number })
}

/// The division's code and the declaration's id an extension is for, both empty for the batch; and
/// the last day they had so far, be it the window's or that of earlier leave.
async fn concerned(
    deed: &Deed<'_>,
    act: &mut Act,
    batch: &BatchRow,
    whom: &Whom,
) -> Result<((String, String), Day)> {
    let refuse = |field: &str, says: &str| Error::Invalid(vec![Problem::new(field, "unknown", says)]);
    let (concerned, leave) = match whom {
        Whom::Batch => Default::default(),
        Whom::Division(code) => {
            let city = store::city_of(act.read(), code, deed.today()).await?;
            let city = city.ok_or_else(|| refuse("division", "没有这个市或县，请填写6位区划代码。"))?;
            let covered = Covered { county: code, city: &city, ..Covered::default() };
            let leave = store::late_leave(act.read(), &batch.id, covered).await?;
            ((code.clone(), String::new()), leave)
        }
        Whom::Declaration(number) => {
            let row = store::declaration_numbered(act.read(), &batch.id, number).await?;
            let row = row.ok_or_else(|| refuse("declaration", "本批次没有这个编号的申报书，请核对编号。"))?;
            let leave = store::late_leave(act.read(), &batch.id, row.covered()).await?;
            ((String::new(), row.id), leave)
        }
    };
    let closes = batch.closes()?;
    Ok((concerned, leave.map_or(closes, |leave| leave.until.max(closes))))
}

fn whom_text(granted: &Granted) -> String {
    match (granted.division.as_str(), granted.declaration.as_str()) {
        ("", "") => "batch".to_owned(),
        ("", declaration) => declaration.to_owned(),
        (division, _) => division.to_owned(),
    }
}

fn need_draft(batch: &BatchRow) -> Result<()> {
    match batch.stage()? {
        BatchStage::Draft => Ok(()),
        stage @ (BatchStage::Called
        | BatchStage::Selecting
        | BatchStage::OnNotice
        | BatchStage::Published) => {
            let says = format!("本批次{}，不能再修改。", stage.words());
            Err(Refusal::by(TIME, "already_called", says, "需要推迟截止日的，请办理延期。").into())
        }
    }
}

fn ordinal_taken(error: Error) -> Error {
    match error {
        Error::Conflict => {
            let says = "这个批次序号已经有了，请换一个序号，或在原批次上修改。";
            Error::Invalid(vec![Problem::new("ordinal", "taken", says)])
        }
        other => other,
    }
}

async fn await_call(act: &mut Act, id: BatchId) -> Result<()> {
    let office = store::office(act.read()).await?;
    let next = Next {
        stage: BatchStage::Draft.code(),
        owing: vec![(office, Role::OfficeApprover)],
        ..Next::default()
    };
    act.enter_stage("batch", id, next).await
}

async fn await_close(act: &mut Act, id: BatchId, due: &Deadline) -> Result<()> {
    let office = store::office(act.read()).await?;
    let next = Next {
        stage: BatchStage::Called.code(),
        owing: vec![(office, Role::Office)],
        due: Some(due.day),
        due_why: Some(format!("申报截止后转入评审：{}", due.explain)),
        ..Next::default()
    };
    act.enter_stage("batch", id, next).await
}
