//! The dossier of a place: facts, names through time, its part in programmes, what happened to it.

use super::acts::{Facts, asked_of};
use super::list::stage_tag;
use super::store::{self, LogRow, NameRow, PlaceRow};
use crate::audit::act_words;
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::day::Day;
use domain::eligibility::{Asked, Track};
use domain::stage::{DeclarationStage, MembershipStage};
use kit::Result;
use kit::page::{Frame, Happening, LifeLine, Pairs, Step, StepState, Tag, Timeline, Tone};

#[derive(Template)]
#[template(path = "places/dossier.html")]
pub struct DossierPage {
    pub page: Frame,
    pub id: String,
    pub life: LifeLine,
    pub about: Pairs,
    pub facts: Pairs,
    pub facts_tag: Tag,
    pub may_set_facts: bool,
    /// The version and key of the form that confirms, for whoever may.
    pub confirming: Option<(i64, String)>,
    pub may_rename: bool,
    pub names: Vec<NameLine>,
    pub memberships: Vec<(String, String, Option<Tag>, String)>,
    pub declarations: Vec<(String, String, String, String)>,
    pub log: Timeline,
}

pub struct NameLine {
    pub name: String,
    pub division: String,
    pub from: String,
    pub until: String,
    pub why: String,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let mut read = acting.store().read();
    let place = store::place(&mut read, &id, &acting.reach, acting.today()).await?;
    let memberships = store::memberships(&mut read, &place.id).await?;
    let stage = memberships.first().and_then(|(_, _, stage, _)| stage.parse::<MembershipStage>().ok());
    let (facts, asked) = (Facts::of(&place), asked_of(&acting, &place)?);
    let may_confirm =
        acting.may("place.confirm") && place.facts_confirmed_ms.is_none() && facts.are_known(&asked);
    page(&DossierPage {
        page: acting.frame_under(&[("小镇", "/places")], &place.name),
        life: life(stage, &memberships),
        about: about(&place),
        facts: fact_pairs(&place, facts, &asked)?,
        facts_tag: facts_tag(&place, facts.are_known(&asked)),
        may_set_facts: acting.may("place.facts"),
        confirming: may_confirm.then(|| (place.version, crate::web::fresh_key())),
        may_rename: acting.may("place.rename"),
        names: store::names(&mut read, &place.id).await?.into_iter().map(name_line).collect(),
        memberships: memberships
            .into_iter()
            .map(|(programme, track, stage, since)| {
                (programme, Track::words_of(&track).to_owned(), stage_tag(&stage), day_words(&since))
            })
            .collect(),
        declarations: store::declarations(&mut read, &place.id)
            .await?
            .into_iter()
            .map(|(id, number, batch, stage)| {
                let words = stage.parse::<DeclarationStage>().map(|stage| stage.words().to_owned());
                (id, number, batch, words.unwrap_or(stage))
            })
            .collect(),
        log: Timeline {
            happenings: store::log(&mut read, &place.id).await?.into_iter().map(happening).collect(),
        },
        id: place.id,
    })
}

/// 申报, 建设名单, 已命名: the life of a place in a programme.
fn life(stage: Option<MembershipStage>, rows: &[(String, String, String, String)]) -> LifeLine {
    let reached = match stage {
        None => 0,
        Some(MembershipStage::Declared) => 1,
        Some(MembershipStage::Listed | MembershipStage::Watched) => 2,
        Some(MembershipStage::Named) => 3,
        Some(MembershipStage::Exited | MembershipStage::Revoked) => 0,
    };
    let when = rows.first().map(|(_, _, _, since)| day_words(since)).unwrap_or_default();
    let names = ["登记", "申报", "建设名单", "已命名"];
    let mut steps: Vec<Step> = names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let state = match at.cmp(&reached) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Current,
                std::cmp::Ordering::Greater => StepState::Coming,
            };
            Step::new(name, state, if at == reached { when.clone() } else { String::new() })
        })
        .collect();
    if let Some(ended @ (MembershipStage::Exited | MembershipStage::Revoked)) = stage {
        steps.truncate(1);
        steps[0].state = StepState::Done;
        steps.push(Step::new(ended.words(), StepState::Current, when));
    }
    LifeLine::new("", steps)
}

fn about(place: &PlaceRow) -> Pairs {
    let or_blank = |text: &Option<String>| text.clone().unwrap_or_default();
    Pairs::new()
        .and("类别", Track::words_of(&place.track))
        .and("区划代码", &place.division_code)
        .and("设区市", or_blank(&place.city))
        .and("县（市、区）", or_blank(&place.county))
        .and("填报单位", or_blank(&place.operator))
        .and("联系电话", or_blank(&place.phone))
}

pub(super) fn fact_words(fact: Option<i64>) -> &'static str {
    match fact {
        Some(1) => "是",
        Some(_) => "否",
        None => "尚未认定",
    }
}

fn fact_pairs(place: &PlaceRow, facts: Facts, asked: &[Asked]) -> Result<Pairs> {
    let mut pairs = Pairs::new();
    if place.track()? == Track::StatutoryTown {
        pairs = pairs.and("区划类型", place.division_kind.clone().unwrap_or_default());
    }
    for asked in asked {
        pairs = pairs.and(&asked.question, fact_words(facts.get(asked.fact)));
    }
    Ok(match place.facts_confirmed_ms {
        Some(at_ms) => {
            let by = place.confirmed_name.as_deref().unwrap_or("系统初始化");
            pairs.and("省办确认", format!("{by}，{}", &clock_words(at_ms)[..16]))
        }
        None => pairs.and("省办确认", "未确认"),
    })
}

fn facts_tag(place: &PlaceRow, are_known: bool) -> Tag {
    match (are_known, place.facts_confirmed_ms) {
        (false, _) => Tag::new(Tone::Bad, "事实不全"),
        (true, None) => Tag::new(Tone::Waiting, "待省办确认"),
        (true, Some(_)) => Tag::new(Tone::Done, "已确认"),
    }
}

fn name_line((name, division, from, until, why): NameRow) -> NameLine {
    let until = until.map_or_else(|| "至今".to_owned(), |day| day_words(&day));
    NameLine { name, division, from: day_words(&from), until, why: why.unwrap_or_default() }
}

pub(super) fn day_words(day: &str) -> String {
    day.parse::<Day>().map_or_else(|_| day.to_owned(), Day::words)
}

fn happening((seq, at_ms, act, person, organisation): LogRow) -> Happening {
    let who = match (organisation, person) {
        (Some(organisation), Some(person)) => format!("{organisation}·{person}"),
        (_, Some(person)) => person,
        _ => "系统".to_owned(),
    };
    let words = act_words(&act).map_or(act.clone(), str::to_owned);
    Happening::new(&clock_words(at_ms)[..16], who, words, Tone::Quiet).saying(format!("日志第{seq}条"))
}
