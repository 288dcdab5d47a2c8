//! One declaration: where it stands, who has it now and until when, and everything that happened.

use super::super::document::{self, DocumentLine};
use super::super::store::{self, BatchRow, DeclarationRow, MarkRow, OwingRow, SignatureRow, StepRow};
use super::{light, load, marks, stage_tag};
use crate::audit::act_words;
use crate::desk;
use crate::submissions::{self, Seen};
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::day::Day;
use domain::eligibility::Track;
use domain::form::Form;
use domain::role::Role;
use domain::stage::{DeclarationStage, LIFE_LINE};
use kit::page::{Frame, Happening, LifeLine, Light, Notice, Pairs, Step, StepState, Tag, Timeline, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/declaration.html")]
pub struct DeclarationPage {
    pub page: Frame,
    pub tag: Tag,
    pub light: Option<Light>,
    pub notices: Vec<Notice>,
    pub life: LifeLine,
    pub holders: Vec<Holder>,
    pub facts: Pairs,
    pub faults: Vec<(String, String)>,
    pub signatures: Vec<SignatureLine>,
    pub editions: Vec<EditionLine>,
    pub documents: Vec<DocumentLine>,
    pub timeline: Timeline,
    pub primary: Option<(&'static str, String)>,
    pub actions: Vec<(&'static str, String)>,
}

/// Who owes the next step.
pub struct Holder {
    pub organisation: String,
    pub role: &'static str,
    pub since: String,
    pub phone: String,
    pub light: Option<Light>,
}

/// A bureau's signature, or the want of it.
pub struct SignatureLine {
    pub organisation: String,
    pub tag: Tag,
    pub who: String,
    pub when: String,
    pub hash: String,
    pub note: String,
}

/// One sent version.
pub struct EditionLine {
    pub words: String,
    pub href: String,
    pub when: String,
    pub who: String,
    pub hash: String,
    pub difference: Option<String>,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let store = acting.store();
    let batches = acting.reach_in("batch.read").ok_or(Error::NotFound)?;
    let batch = store::batch(store.read(), &batches, row.batch()?).await?;
    let form = form_of(&acting, &batch, &row)?;
    let stage = row.stage()?;
    let owing = store::owing(store.read(), "declaration", &row.id).await?;
    let steps = store::steps(store.read(), &row.id).await?;
    let marked = store::marks(store.read(), &row.id).await?;
    let faults = submissions::faults(store.read(), row.id()?).await?;
    let open = faults.iter().filter(|fault| fault.settled_ms.is_none());
    let (primary, actions) = actions(&acting, &row, stage, &owing);
    let mut frame = acting.frame_under(&[("申报件", "/declarations")], &row.name);
    desk::say_next(&acting, &mut frame, "declaration", &row.id).await?;
    page(&DeclarationPage {
        page: frame,
        tag: stage_tag(stage),
        light: owing.first().and_then(|row| light(&acting, row.due_day.as_deref(), row.due_why.as_deref())),
        notices: notices(&acting, &row, &batch, &marked).await?,
        life: life(stage, &steps),
        holders: owing.iter().filter_map(|row| holder(&acting, row)).collect(),
        facts: facts(&row, &batch, &whereabouts(&acting, &row).await?),
        faults: open.map(|fault| (submissions::place_of(form, fault), fault.says.clone())).collect(),
        signatures: signatures(&acting, &row, stage).await?,
        editions: editions(&acting, &row).await?,
        documents: document::lines(store.read(), "declaration", &row.id, "/declarations").await?,
        timeline: timeline(&acting, &steps),
        primary,
        actions,
    })
}

/// A document kept with the declaration.
pub async fn document(acting: Acting, Path((id, document)): Path<(String, String)>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    document::send(&acting, "declaration", &row.id, &document).await
}

/// The form a declaration is filled in on.
pub fn form_of<'a>(acting: &'a Acting, batch: &BatchRow, row: &DeclarationRow) -> Result<&'a Form> {
    let code = batch.form_for(row.track()?);
    acting.pack().form(code).ok_or_else(|| Error::internal(format!("the pack has no form {code}")))
}

fn holder(acting: &Acting, row: &OwingRow) -> Option<Holder> {
    let organisation = row.organisation_name.clone()?;
    let role = row.owing_role.as_deref().and_then(|role| role.parse::<Role>().ok());
    Some(Holder {
        organisation,
        role: role.map_or("", Role::words),
        since: clock_words(row.entered_ms)[..16].to_owned(),
        phone: row.phone.clone().unwrap_or_default(),
        light: light(acting, row.due_day.as_deref(), row.due_why.as_deref()),
    })
}

/// 景德镇市浮梁县.
async fn whereabouts(acting: &Acting, row: &DeclarationRow) -> Result<String> {
    let mut words = String::new();
    for code in [&row.city_code, &row.county_code] {
        let name = store::division_name(acting.store().read(), code, acting.today()).await?;
        words.push_str(&name.unwrap_or_default());
    }
    Ok(words)
}

fn facts(row: &DeclarationRow, batch: &BatchRow, whereabouts: &str) -> Pairs {
    let mut facts = Pairs::new()
        .and("编号", &row.number)
        .and("类别", Track::words_of(&row.track))
        .and("所在地", whereabouts)
        .and("批次", &batch.title);
    if let Some(number) = &row.county_number {
        facts = facts.and("县级申报文号", number);
    }
    if let Some(order) = row.recommended {
        facts = facts.and("设区市推荐顺序", format!("第{order}位"));
    }
    if let Some(day) = row.reported_day.as_deref().and_then(|day| day.parse::<Day>().ok()) {
        facts = facts.and("设区市上报日", day.words());
    }
    facts
}

/// What is late now and what to do, then what stays with it for ever.
async fn notices(
    acting: &Acting,
    row: &DeclarationRow,
    batch: &BatchRow,
    marked: &[MarkRow],
) -> Result<Vec<Notice>> {
    let overdue = overdue(acting, row, batch).await?;
    Ok(overdue.into_iter().chain(marked.iter().map(|mark| marks::notice(acting, mark))).collect())
}

/// 三(二): what was to be reported by now, and the way that is left.
async fn overdue(acting: &Acting, row: &DeclarationRow, batch: &BatchRow) -> Result<Option<Notice>> {
    let closes = row.supplement_due()?.map_or(batch.closes()?, |due| due.max(batch.closes().unwrap_or(due)));
    let is_unsent = row.stage()?.step() < DeclarationStage::Reported.step()
        && row.stage()? != DeclarationStage::Withdrawn;
    if !is_unsent || acting.today() <= closes {
        return Ok(None);
    }
    let leave = store::late_leave(acting.store().read(), &batch.id, row.covered()).await?;
    let until = leave.map(|leave| leave.until).filter(|day| acting.today() <= *day);
    let says = match until {
        Some(until) => format!("经批准可在{}前由设区市上报，上报后永久标明逾期。", until.words()),
        None => format!(
            "应于{}前由设区市上报。如有正当理由，请联系省联席会议办公室申请逾期受理，由批准机关同意后上报。",
            closes.words()
        ),
    };
    Ok(Some(Notice::new(Tone::Bad, "申报已经截止", says)))
}

/// The life line: what is behind with its day, where it is, what lies ahead.
pub fn life(stage: DeclarationStage, steps: &[StepRow]) -> LifeLine {
    let here = stage.step_after(steps.first().and_then(|step| step.stage_before.parse().ok()));
    let ended = matches!(stage, DeclarationStage::NotSelected | DeclarationStage::Withdrawn);
    let when = |index: usize| {
        let reached = steps.iter().rev().find(|step| {
            step.stage_after.parse::<DeclarationStage>().is_ok_and(|stage| stage.step() == index)
        });
        reached.map(|step| Day::at(step.at_ms).to_string()).unwrap_or_default()
    };
    let step = |(index, words): (usize, &&'static str)| {
        let state = match index {
            index if index < here => StepState::Done,
            index if index == here => StepState::Current,
            _ if ended => StepState::Skipped,
            _ => StepState::Coming,
        };
        let when = if index <= here { when(index) } else { String::new() };
        Step::new(*words, state, when)
    };
    LifeLine::new("", LIFE_LINE.iter().enumerate().map(step).collect())
}

async fn signatures(
    acting: &Acting,
    row: &DeclarationRow,
    stage: DeclarationStage,
) -> Result<Vec<SignatureLine>> {
    let rows = store::signatures(acting.store().read(), &row.id).await?;
    let mut lines: Vec<_> = rows.iter().map(|signed| signature_line(row, signed)).collect();
    if stage == DeclarationStage::AtCity {
        let handlers =
            store::handlers(acting.store().read(), &row.place_id, &row.county_code, &row.city_code).await?;
        for (code, _, name) in handlers.bureaus {
            let stands = |signed: &SignatureRow| signed.void_ms.is_none() && signed.bureau == code;
            if !rows.iter().any(stands) {
                lines.push(SignatureLine {
                    organisation: name,
                    tag: Tag::new(Tone::Waiting, "待会签"),
                    who: String::new(),
                    when: String::new(),
                    hash: String::new(),
                    note: String::new(),
                });
            }
        }
    }
    Ok(lines)
}

fn signature_line(row: &DeclarationRow, signed: &SignatureRow) -> SignatureLine {
    let stands = signed.void_ms.is_none() && signed.content_hash == row.content_hash;
    let tag = if stands { Tag::new(Tone::Done, "已会签") } else { Tag::new(Tone::Bad, "已作废") };
    let voided = signed.void_why.clone().unwrap_or_default();
    let note = if stands { signed.opinion.clone() } else { voided };
    SignatureLine {
        organisation: signed.organisation_name.clone(),
        tag,
        who: signed.signature.clone(),
        when: clock_words(signed.signed_ms)[..16].to_owned(),
        hash: short(&signed.content_hash),
        note,
    }
}

/// The first digits of a hash, enough to tell two apart by eye.
pub fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

async fn editions(acting: &Acting, row: &DeclarationRow) -> Result<Vec<EditionLine>> {
    let heads = submissions::editions(acting.store().read(), row.id()?, Seen::by(&acting.reach)).await?;
    let base = format!("/submissions/{}", row.id);
    Ok(heads
        .iter()
        .zip(heads.iter().skip(1).map(Some).chain([None]))
        .map(|(head, before)| EditionLine {
            words: format!("第{}版", head.number),
            href: format!("{base}/editions/{}", head.number),
            when: clock_words(head.sealed_ms)[..16].to_owned(),
            who: head.sealed_name.clone().unwrap_or_default(),
            hash: short(&head.content_hash),
            difference: before
                .map(|before| format!("{base}/difference?from={}&to={}", before.number, head.number)),
        })
        .collect())
}

/// 流转记录: the newest first, each with the working days the step before it took.
fn timeline(acting: &Acting, steps: &[StepRow]) -> Timeline {
    let calendar = acting.pack().calendar();
    let happening = |(index, step): (usize, &StepRow)| {
        let did = act_words(&step.event).unwrap_or(&step.event);
        let tone = match step.event.as_str() {
            "declaration.returned" => Tone::Bad,
            "declaration.withdrawn" => Tone::Quiet,
            _ => Tone::Done,
        };
        let number = match step.document_number.as_str() {
            "" => String::new(),
            number => format!("（{number}）"),
        };
        let role = step.role.parse::<Role>().map_or("", Role::words);
        let who = format!("{}·{}（{role}）", step.organisation_name, step.signature);
        let took = steps.get(index + 1).map(|earlier| {
            let (from, to) = (Day::at(earlier.at_ms), Day::at(step.at_ms));
            match calendar.working_days_left(from, to) {
                0 => "当日办结".to_owned(),
                days => format!("用时{days}个工作日"),
            }
        });
        Happening::new(&clock_words(step.at_ms)[..16], who, format!("{did}{number}"), tone)
            .saying(&step.opinion)
            .taking(took.unwrap_or_default())
    };
    Timeline { happenings: steps.iter().enumerate().map(happening).collect() }
}

type Links = (Option<(&'static str, String)>, Vec<(&'static str, String)>);

/// What the visitor may do now. The step his office owes comes first, as the primary button.
fn actions(acting: &Acting, row: &DeclarationRow, stage: DeclarationStage, owing: &[OwingRow]) -> Links {
    let role = acting.actor.role;
    let own = acting.actor.organisation.to_string();
    let owes = owing.iter().any(|row| {
        row.organisation_id.as_deref() == Some(own.as_str()) && row.owing_role.as_deref() == Some(role.code())
    });
    let here = |tail: &str| format!("/declarations/{}{tail}", row.id);
    let primary = match (stage, role) {
        (DeclarationStage::Draft | DeclarationStage::Returned, Role::Clerk) => {
            Some(("填写申报书", format!("/submissions/{}", row.id)))
        }
        (DeclarationStage::Withdrawn, Role::Clerk) => Some(("恢复填报", here("/reopening"))),
        (DeclarationStage::AtTownHead, Role::TownHead) => Some(("复核并报送", here("/confirmation"))),
        (DeclarationStage::AtCounty, Role::CountyReviewer) if owes => Some(("审核申报书", here("/review"))),
        (DeclarationStage::AtCounty, Role::CountyApprover) if owes => Some(("审定申报书", here("/approval"))),
        (DeclarationStage::AtCity, Role::CityBureau) if owes => Some(("会签申报书", here("/signature"))),
        (DeclarationStage::AtCity, Role::CityApprover) if owes => {
            Some(("查看上报清单", format!("/city-reports?batch={}", row.batch_id)))
        }
        (DeclarationStage::Reported, Role::Office) => Some(("受理申报书", here("/receipt"))),
        _ => None,
    };
    let moves = DeclarationStage::moves();
    let has = |act: &str| {
        moves.iter().any(|arrow| arrow.from == stage && arrow.act == act && arrow.by.contains(&role))
    };
    let mut others = Vec::new();
    if has("return") {
        others.push(("退回补正", here("/return")));
    }
    if has("propose") {
        others.push(("提出拟列入意见", format!("/selection/declarations/{}", row.id)));
    }
    if has("take_back") {
        others.push(("撤回拟列入意见", format!("/selection/declarations/{}/withdrawal", row.id)));
    }
    if has("withdraw") {
        others.push(("撤回", here("/withdrawal")));
    }
    (primary, others)
}
