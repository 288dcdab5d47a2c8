//! 三(四): the city's report: its declarations in order of recommendation, signed by the three
//! bureaus over one hash, sent by the city government.

use super::super::deed::{Deed, need_none};
use super::super::document::{self, Kept, Owner};
use super::super::store::{self, DeclarationRow, ReportItem, ReportRow};
use super::case::{Case, MANNER, Said, must, owed_by};
use super::city::due_to_report;
use domain::declaration::{self as decide, Recommended, ReportState, Signature};
use domain::document_number::DocumentNumber;
use domain::form::content_hash;
use domain::id::{CityReportId, SubmissionId};
use domain::problem::{Problem, Refusal};
use domain::role::Role;
use domain::stage::DeclarationStage;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};

/// The kind of a city report in the stage table.
const KIND: &str = "city_report";

/// A report as a bureau compiles it.
#[derive(Clone, Debug, Default)]
pub struct ReportDraft {
    pub document_number: String,
    pub summary: String,
    /// The declarations in order of recommendation.
    pub order: Vec<SubmissionId>,
}

/// The city's report that has not been sent, held for this act; made where there is none.
pub async fn ensure(act: &mut Act, row: &DeclarationRow) -> Result<ReportRow> {
    if let Some(open) = unsent(act, row).await? {
        return Ok(open);
    }
    store::hold_batch(act, &row.batch_id).await?;
    if let Some(open) = unsent(act, row).await? {
        return Ok(open);
    }
    let id: CityReportId = kit::clock::fresh();
    store::insert_report(act, id, &row.batch_id, &row.city_code).await?;
    unsent(act, row).await?.ok_or(Error::Conflict)
}

/// The report that is still unsent when this act has it to itself.
async fn unsent(act: &mut Act, row: &DeclarationRow) -> Result<Option<ReportRow>> {
    if let Some(open) = store::open_report(act.read(), &row.batch_id, &row.city_code).await? {
        store::hold_report(act, &open.id).await?;
    }
    store::open_report(act.read(), &row.batch_id, &row.city_code).await
}

/// What all three have signed and a report left out waits for the city's next one.
async fn await_next(deed: &Deed<'_>, act: &mut Act, sent: &ReportRow) -> Result<()> {
    let (batch, city) = (sent.batch_id.as_str(), sent.city_code.as_str());
    for row in store::declarations_of_city(act.read(), batch, city, DeclarationStage::AtCity).await? {
        let case = Case::of(deed, act, row).await?;
        if decide::is_signed_by_all(&case.state, deed.pack(), deed.today())? {
            return await_compiling(deed, act, &case).await;
        }
    }
    Ok(())
}

/// A declaration has all signatures: the leading bureau owes the report, if nobody does yet.
pub async fn await_compiling(deed: &Deed<'_>, act: &mut Act, case: &Case<'_>) -> Result<()> {
    let report = ensure(act, &case.row).await?;
    if !store::owing(act.read(), KIND, &report.id).await?.is_empty() {
        return Ok(());
    }
    let bureaus = deed.pack().list("city.bureaus", deed.today()).map_err(Refusal::from)?;
    let leads = bureaus.iter().find(|bureau| bureau.attribute("leads") == "true").or(bureaus.first());
    let leads = leads.map(|bureau| bureau.code.as_str()).unwrap_or_default();
    let leading = case.handlers.bureaus.iter().find(|(code, ..)| code == leads);
    let due = due_to_report(case);
    let next = owed_by(DeclarationStage::Draft, leading.map(|(_, id, _)| *id), Role::CityBureau, Some(&due))?;
    act.enter_stage(KIND, &report.id, next).await
}

/// A bureau compiles the list: number, summary, order. Earlier signatures on the report are void.
pub async fn compile(deed: &Deed<'_>, id: CityReportId, draft: &ReportDraft) -> Result<()> {
    let reach = deed.reach("city_report.write")?;
    let mut act = deed.begin().await?;
    let mut report = store::take_report(&mut act, &reach, id).await?;
    decide::compile_report(&state(&mut act, &report).await?, draft.order.len())?;
    deed.need_seen(&report.content_hash)?;
    let number = parse_number(&draft.document_number)?;
    let summary = decide::summary(&draft.summary, deed.pack(), deed.today());
    let summary = summary.map_err(|refusal| Error::Invalid(vec![refusal.at("summary")]))?;
    let cases = listed(deed, &mut act, &report, &draft.order).await?;
    need_all_signed(deed, &cases)?;
    let items: Vec<_> = cases.iter().zip(1..).map(|(case, position)| item(case, position)).collect();
    report.document_number = number.to_string();
    report.summary = summary;
    report.content_hash = hash_of(&report, &items);
    report.compiled_by = Some(deed.actor.person.to_string());
    store::save_report(&mut act, &report).await?;
    store::replace_items(&mut act, &report.id, &items).await?;
    store::void_report_signatures(&mut act, &report.id).await?;
    let first = cases.first().ok_or(Error::Conflict)?;
    let due = cases.iter().map(due_to_report).min_by_key(|due| due.day);
    let next = Next {
        stage: DeclarationStage::AtCity.code(),
        owing: first.handlers.bureaus.iter().map(|(_, id, _)| (*id, Role::CityBureau)).collect(),
        due: due.as_ref().map(|due| due.day),
        due_why: due.map(|due| due.explain),
        ..Next::default()
    };
    act.enter_stage(KIND, id, next).await?;
    act.lands_on(format!("/city-reports/{id}?done=city_report.compiled"));
    act.commit(event("city_report.compiled", &report, deed)).await?;
    Ok(())
}

/// A bureau signs the report's hash; the third signature puts it before the city government.
pub async fn sign_report(deed: &Deed<'_>, id: CityReportId, content_hash: &str) -> Result<()> {
    let reach = deed.reach("city_report.sign")?;
    let mut act = deed.begin().await?;
    let report = store::take_report(&mut act, &reach, id).await?;
    let who = deed.who(act.read()).await?;
    let standing = state(&mut act, &report).await?;
    let is_last = decide::sign_report(&standing, &who, content_hash, deed.pack(), deed.today())?;
    let bureau = who.bureau.unwrap_or_default();
    store::insert_report_signature(&mut act, deed.actor, &report, &bureau).await?;
    act.leave_stages(KIND, &report.id, Some(deed.actor.organisation)).await?;
    if is_last {
        await_sending(&mut act, &report).await?;
    }
    act.lands_on(format!("/city-reports/{id}?done=city_report.signed"));
    act.commit(event("city_report.signed", &report, deed)).await?;
    Ok(())
}

/// All three have signed the list: the city government owes the report.
async fn await_sending(act: &mut Act, report: &ReportRow) -> Result<()> {
    let handlers = store::handlers(act.read(), "", "", &report.city_code).await?;
    let due = store::newest_due(act.read(), KIND, &report.id).await?;
    let next = Next {
        stage: DeclarationStage::AtCity.code(),
        owing: vec![(must(handlers.city)?, Role::CityApprover)],
        due: due.as_ref().and_then(|(day, _)| day.parse().ok()),
        due_why: due.map(|(_, why)| why),
        ..Next::default()
    };
    act.enter_stage(KIND, &report.id, next).await
}

/// The city government sends the report to the office, with the scan of its letter.
pub async fn send_report(deed: &Deed<'_>, id: CityReportId, scan: Option<&Kept>) -> Result<()> {
    let reach = deed.reach("city_report.send")?;
    let mut act = deed.begin().await?;
    let mut report = store::take_report(&mut act, &reach, id).await?;
    store::hold_batch(&mut act, &report.batch_id).await?;
    deed.need_seen(&report.content_hash)?;
    let items = store::report_items(act.read(), &report.id).await?;
    let mut cases = listed(deed, &mut act, &report, &ids_of(&items)?).await?;
    let reported = decide_sending(deed, &mut act, &report, &cases).await?;
    need_unchanged(&items, &cases)?;
    let scan = scan.ok_or_else(|| {
        Error::Invalid(vec![Problem::new("scan", "required", "请上传市级上报文件的扫描件。")])
    })?;
    let office = store::office(act.read()).await?;
    for ((case, outcome), position) in cases.iter_mut().zip(&reported.outcomes).zip(1i64..) {
        case.row.city_report_id = Some(report.id.clone());
        case.row.recommended = Some(position);
        case.row.reported_day = Some(deed.today().to_string());
        let late = outcome.marks.iter().any(|mark| matches!(mark, decide::Mark::Late { .. }));
        case.row.is_late = i64::from(late || case.row.is_late == 1);
        let said = Said { opinion: "", document_number: &report.document_number };
        let next = owed_by(outcome.stage, Some(office), Role::Office, outcome.due.as_ref())?;
        case.leave(deed, &mut act, outcome, said, Some(next)).await?;
    }
    report.sent_by = Some(deed.actor.person.to_string());
    report.sent_ms = Some(act.now_ms());
    store::save_report(&mut act, &report).await?;
    let owner =
        Owner { kind: KIND, id: &report.id, event: "city_report.sent", number: &report.document_number };
    document::attach(&mut act, &owner, scan).await?;
    let done = Next { stage: DeclarationStage::Reported.code(), ..Next::default() };
    act.enter_stage(KIND, id, done).await?;
    await_next(deed, &mut act, &report).await?;
    act.lands_on(format!("/city-reports/{id}?done=city_report.sent"));
    let count = cases.len();
    act.commit(event("city_report.sent", &report, deed).note("declarations", count)).await?;
    Ok(())
}

/// Whether the report may be sent, and what becomes of each declaration on it.
async fn decide_sending(
    deed: &Deed<'_>,
    act: &mut Act,
    report: &ReportRow,
    cases: &[Case<'_>],
) -> Result<decide::Reported> {
    let list: Vec<_> = cases
        .iter()
        .zip(1..)
        .map(|(case, order)| Recommended { state: &case.state, name: &case.row.name, order })
        .collect();
    let who = deed.who(act.read()).await?;
    let state = state(act, report).await?;
    Ok(decide::send_report(&state, &list, &who, deed.pack(), deed.today())?)
}

/// A report as the rules see it.
async fn state(act: &mut Act, report: &ReportRow) -> Result<ReportState> {
    let rows = store::report_signatures(act.read(), &report.id).await?;
    let signature = |row: store::ReportSignature| {
        let person = row.person_id.parse().map_err(Error::internal)?;
        Ok(Signature { bureau: row.bureau, person, content_hash: row.content_hash })
    };
    Ok(ReportState {
        document_number: report.document_number.clone(),
        content_hash: report.content_hash.clone(),
        signatures: rows
            .into_iter()
            .filter(|row| row.void_ms.is_none())
            .map(signature)
            .collect::<Result<_>>()?,
        is_sent: report.sent_ms.is_some(),
    })
}

fn ids_of(items: &[ReportItem]) -> Result<Vec<SubmissionId>> {
    items.iter().map(|item| item.declaration_id.parse().map_err(Error::internal)).collect()
}

/// The declarations of an order, each within the report's city and batch.
async fn listed<'a>(
    deed: &Deed<'a>,
    act: &mut Act,
    report: &ReportRow,
    order: &[SubmissionId],
) -> Result<Vec<Case<'a>>> {
    let reach = deed.reach("declaration.read")?;
    let mut cases = Vec::with_capacity(order.len());
    for id in order {
        let row = store::declaration(act.read(), &reach, *id).await?;
        if row.batch_id != report.batch_id || row.city_code != report.city_code {
            return Err(Error::NotFound);
        }
        cases.push(Case::of(deed, act, row).await?);
    }
    Ok(cases)
}

fn need_all_signed(deed: &Deed<'_>, cases: &[Case<'_>]) -> Result<()> {
    let mut problems = Vec::new();
    for case in cases {
        let at_city = case.state.stage == DeclarationStage::AtCity;
        if !at_city || !decide::is_signed_by_all(&case.state, deed.pack(), deed.today())? {
            let says = format!("“{}”三个部门尚未会签齐，不能选入清单。", case.row.name);
            problems.push(Problem::new(format!("order.{}", case.row.id), "not_signed", says).citing(MANNER));
        }
    }
    need_none(problems)
}

/// The list that was signed is the list that is sent.
fn need_unchanged(items: &[ReportItem], cases: &[Case<'_>]) -> Result<()> {
    let changed = items.iter().zip(cases).find(|(item, case)| item.content_hash != case.row.content_hash);
    let Some((_, case)) = changed else { return Ok(()) };
    let says = format!("“{}”在清单会签后有改动。", case.row.name);
    Err(Refusal::by(MANNER, "content_changed", says, "请由建设局重新编制清单，三个部门重新会签。").into())
}

fn parse_number(text: &str) -> Result<DocumentNumber> {
    text.parse()
        .map_err(|says: String| Error::Invalid(vec![Problem::new("document_number", "malformed", says)]))
}

fn item(case: &Case<'_>, position: i64) -> ReportItem {
    ReportItem {
        declaration_id: case.row.id.clone(),
        position,
        edition_id: case.row.edition_id.clone().unwrap_or_default(),
        content_hash: case.row.content_hash.clone(),
    }
}

/// One hash over the city, the batch, the number, the summary, and each declaration in its place.
fn hash_of(report: &ReportRow, items: &[ReportItem]) -> String {
    let mut parts = vec![
        ("city".to_owned(), report.city_code.clone()),
        ("batch".to_owned(), report.batch_id.clone()),
        ("document_number".to_owned(), report.document_number.clone()),
        ("summary".to_owned(), report.summary.clone()),
    ];
    parts.extend(items.iter().map(|item| {
        (
            format!("declaration.{:04}", item.position),
            format!("{} {}", item.declaration_id, item.content_hash),
        )
    }));
    content_hash(&parts, &[])
}

fn event(act: &'static str, report: &ReportRow, deed: &Deed<'_>) -> Event {
    Event::new(act, KIND, &report.id)
        .clause(MANNER)
        .note("document_number", &report.document_number)
        .note("content_hash", &report.content_hash)
        .policy(deed.pack().digest())
}
