//! The list of batches, and one batch: its window, its counts by stage and city, who is late.

use super::super::store::{self, BatchRow, ExtensionRow, StageCount};
use super::stage_tag;
use crate::desk;
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::day::Day;
use domain::id::BatchId;
use domain::pack::Pack;
use domain::stage::{BatchStage, DeclarationStage};
use kit::page::{Empty, Frame, Light, Notice, Pairs, Tag, Tone};
use kit::{Error, Result};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "declarations/batches.html")]
pub struct BatchesPage {
    pub page: Frame,
    pub rows: Vec<BatchLine>,
    pub may_open: bool,
    pub empty: Empty,
}

/// One batch of the list.
pub struct BatchLine {
    pub href: String,
    pub title: String,
    pub year: i64,
    pub tag: Tag,
    pub window: String,
    pub light: Option<Light>,
    pub count: i64,
    pub target: i64,
}

pub async fn list(acting: Acting) -> Result<Response> {
    let reach = &acting.reach;
    let counts = store::stage_counts(acting.store().read(), reach, "").await?;
    let mut rows = Vec::new();
    for batch in store::batches(acting.store().read(), reach).await? {
        let count = counts.iter().filter(|count| count.batch_id == batch.id).map(|count| count.count).sum();
        rows.push(BatchLine {
            href: format!("/batches/{}", batch.id),
            title: batch.title.clone(),
            year: batch.year,
            tag: stage_tag(batch.stage()?),
            window: format!("{}至{}", batch.opens()?.words(), batch.closes()?.words()),
            light: window_light(&batch, acting.pack(), acting.today())?,
            count,
            target: batch.target_count,
        });
    }
    let may_open = acting.may("batch.write");
    let empty = Empty::new("还没有发出申报通知的批次。");
    let empty = if may_open { empty.leading_to("拟定新批次", "/batches/new") } else { empty };
    page(&BatchesPage { page: acting.frame("批次"), rows, may_open, empty })
}

/// The light of a window that is open, or was open until lately.
pub fn window_light(batch: &BatchRow, pack: &Pack, today: Day) -> Result<Option<Light>> {
    if batch.stage()? != BatchStage::Called {
        return Ok(None);
    }
    let closes = batch.closes()?;
    let left = pack.calendar().working_days_left(today, closes);
    Ok(Some(Light::new(closes, today, left).because(batch.closes_why.clone())))
}

#[derive(Template)]
#[template(path = "declarations/batch.html")]
pub struct BatchPage {
    pub page: Frame,
    pub tag: Tag,
    pub notice: Option<Notice>,
    pub light: Option<Light>,
    pub facts: Pairs,
    pub counters: Vec<Counter>,
    pub cities: Vec<CityLine>,
    pub total: CityLine,
    pub extensions: Vec<ExtensionLine>,
    pub documents: Vec<super::super::document::DocumentLine>,
    pub actions: Vec<(&'static str, String)>,
    pub primary: Option<(&'static str, String)>,
}

/// How many declarations stand at a stage.
pub struct Counter {
    pub words: &'static str,
    pub count: i64,
    pub href: String,
    pub tone: &'static str,
    pub icon: &'static str,
}

/// How far one city is.
#[derive(Default)]
pub struct CityLine {
    pub name: String,
    pub href: String,
    pub town: i64,
    pub county: i64,
    pub city: i64,
    pub reported: i64,
    pub received: i64,
    pub late: i64,
    pub unsent: i64,
}

/// One extension.
pub struct ExtensionLine {
    pub whom: String,
    pub was: String,
    pub until: String,
    pub reason: String,
    pub authority: String,
    pub document_number: String,
    pub when: String,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let (store, reach) = (acting.store(), &acting.reach);
    let batch = store::batch(store.read(), reach, id).await?;
    let counts = store::stage_counts(store.read(), reach, &batch.id).await?;
    let cities = store::cities(store.read(), acting.today()).await?;
    let lines = city_lines(&batch, &counts, &cities, |code| reach.holds_division(code));
    let total = lines.iter().fold(CityLine { name: "合计".to_owned(), ..CityLine::default() }, add);
    let extensions = store::extensions(store.read(), &batch.id).await?;
    let extensions = extensions.into_iter().map(|row| extension_line(row, acting.pack(), acting.today()));
    let stage = batch.stage()?;
    let (primary, actions) = actions(&acting, &batch, stage).await?;
    let crumbs = [("批次", "/batches")];
    let mut frame = acting.frame_under(&crumbs, &batch.title);
    desk::say_next(&acting, &mut frame, "batch", &batch.id).await?;
    page(&BatchPage {
        page: frame,
        tag: stage_tag(stage),
        notice: notice(&batch, stage, acting.today())?,
        light: window_light(&batch, acting.pack(), acting.today())?,
        facts: facts(&batch, acting.pack(), acting.today())?,
        counters: counters(&batch, &counts),
        cities: lines,
        total,
        extensions: extensions.collect(),
        documents: super::super::document::lines(store.read(), "batch", &batch.id, "/batches").await?,
        actions,
        primary,
    })
}

fn notice(batch: &BatchRow, stage: BatchStage, today: Day) -> Result<Option<Notice>> {
    Ok(match stage {
        BatchStage::Draft => Some(Notice::new(
            Tone::Waiting,
            "尚未发出申报通知",
            "市、县、镇还看不到这一批次。核对无误后，请省审定人发出申报通知。",
        )),
        BatchStage::Called if batch.closes()? < today => Some(Notice::new(
            Tone::Bad,
            "申报已经截止",
            "尚未上报的申报书须经批准延期后才能上报，并永久标明逾期。",
        )),
        BatchStage::Called | BatchStage::Selecting | BatchStage::OnNotice | BatchStage::Published => None,
    })
}

fn facts(batch: &BatchRow, pack: &Pack, today: Day) -> Result<Pairs> {
    let form = |code: &str| pack.form(code).map_or_else(|| code.to_owned(), |form| form.title.clone());
    let mut facts = Pairs::new()
        .and("申报通知", batch.call_number.clone().unwrap_or_else(|| "尚未发出".to_owned()))
        .and("年度", format!("{}年，第{}批", batch.year, batch.ordinal))
        .and("申报开始", batch.opens()?.words())
        .and("申报截止", format!("{}24:00", batch.closes()?.words()));
    if let Some(pair) = facts.pairs.last_mut() {
        pair.note = format!("怎么算的：{}依据三（二）。", batch.closes_why);
    }
    facts = facts.and("名单公布计划", batch.list_by()?.words());
    if !batch.slip_reason.is_empty() {
        let by = authority_words(pack, &batch.slip_authority, today);
        facts = facts.and("晚于方案日期", format!("{}（{by}批准）", batch.slip_reason));
    }
    Ok(facts
        .and("拟列入约数", format!("约{}个", batch.target_count))
        .and("建制镇表单", form(&batch.town_form))
        .and("平台表单", form(&batch.platform_form)))
}

/// The name of an authority that may allow a later day.
pub fn authority_words(pack: &Pack, code: &str, today: Day) -> String {
    let known = pack.list("declaration.late_authorities", today).unwrap_or_default();
    known.into_iter().find(|entry| entry.code == code).map_or_else(|| code.to_owned(), |entry| entry.name)
}

fn counters(batch: &BatchRow, counts: &[StageCount]) -> Vec<Counter> {
    let mut by_stage: BTreeMap<DeclarationStage, i64> = BTreeMap::new();
    for count in counts {
        if let Ok(stage) = count.stage.parse() {
            *by_stage.entry(stage).or_default() += count.count;
        }
    }
    by_stage
        .into_iter()
        .map(|(stage, count)| {
            let (tone, icon) = match stage {
                DeclarationStage::Returned | DeclarationStage::Held => ("tone-bad", "alert"),
                DeclarationStage::Listed => ("tone-done", "check"),
                DeclarationStage::NotSelected | DeclarationStage::Withdrawn => ("tone-quiet", "minus"),
                DeclarationStage::Draft => ("tone-quiet", "circle"),
                DeclarationStage::AtTownHead
                | DeclarationStage::AtCounty
                | DeclarationStage::AtCity
                | DeclarationStage::Reported
                | DeclarationStage::Received
                | DeclarationStage::UnderReview
                | DeclarationStage::Proposed
                | DeclarationStage::Reserve => ("tone-busy", "dot"),
            };
            let href = format!("/declarations?batch={}&stage={stage}", batch.id);
            Counter { words: stage.words(), count, href, tone, icon }
        })
        .collect()
}

fn city_lines(
    batch: &BatchRow,
    counts: &[StageCount],
    cities: &[(String, String)],
    within: impl Fn(&str) -> bool,
) -> Vec<CityLine> {
    let line = |(code, name): &(String, String)| {
        let mut line = CityLine {
            name: name.clone(),
            href: format!("/declarations?batch={}&city={code}", batch.id),
            ..CityLine::default()
        };
        for count in counts.iter().filter(|count| count.city_code == *code) {
            tally(&mut line, count);
        }
        line
    };
    let shown = |code: &str| within(code) || counts.iter().any(|count| count.city_code == code);
    cities.iter().filter(|(code, _)| shown(code)).map(line).collect()
}

fn tally(line: &mut CityLine, count: &StageCount) {
    let Ok(stage) = count.stage.parse::<DeclarationStage>() else { return };
    line.late += count.late;
    let column = match stage {
        DeclarationStage::Draft | DeclarationStage::AtTownHead | DeclarationStage::Returned => &mut line.town,
        DeclarationStage::AtCounty => &mut line.county,
        DeclarationStage::AtCity => &mut line.city,
        DeclarationStage::Reported => &mut line.reported,
        DeclarationStage::Received
        | DeclarationStage::UnderReview
        | DeclarationStage::Proposed
        | DeclarationStage::Listed
        | DeclarationStage::NotSelected
        | DeclarationStage::Held
        | DeclarationStage::Reserve => &mut line.received,
        DeclarationStage::Withdrawn => return,
    };
    *column += count.count;
    line.unsent = line.town + line.county + line.city;
}

fn add(mut sum: CityLine, line: &CityLine) -> CityLine {
    sum.town += line.town;
    sum.county += line.county;
    sum.city += line.city;
    sum.reported += line.reported;
    sum.received += line.received;
    sum.late += line.late;
    sum.unsent += line.unsent;
    sum
}

fn extension_line(row: ExtensionRow, pack: &Pack, today: Day) -> ExtensionLine {
    let day = |text: &str| text.parse::<Day>().map_or_else(|_| text.to_owned(), Day::words);
    let whom = match (row.division_name, row.declaration_name) {
        (Some(division), _) => division,
        (None, Some(declaration)) => declaration,
        (None, None) => "整个批次".to_owned(),
    };
    ExtensionLine {
        whom,
        was: day(&row.was),
        until: day(&row.until),
        reason: row.reason,
        authority: authority_words(pack, &row.authority, today),
        document_number: row.document_number,
        when: clock_words(row.granted_ms),
    }
}

type Links = (Option<(&'static str, String)>, Vec<(&'static str, String)>);

/// What the visitor may do with the batch now; the one that is his turn comes first.
async fn actions(acting: &Acting, batch: &BatchRow, stage: BatchStage) -> Result<Links> {
    let link = |words: &'static str, tail: &str| (words, format!("/batches/{}{tail}", batch.id));
    let (mut primary, mut others) = (None, Vec::new());
    let is_over = batch.closes().is_ok_and(|closes| closes < acting.today());
    match stage {
        BatchStage::Draft => {
            if acting.may("batch.call") {
                primary = Some(link("发出申报通知", "/call"));
            }
            if acting.may("batch.write") {
                others.push(link("修改批次", "/edit"));
            }
        }
        BatchStage::Called => {
            if acting.may("declaration.start") {
                primary = own_declaration(acting, batch, is_over).await?;
            }
            if acting.may("batch.close") && is_over {
                primary = Some(link("结束申报", "/closing"));
            }
            if acting.may("batch.extend") {
                others.push(link("办理延期", "/extension"));
            }
        }
        BatchStage::Selecting => {
            if acting.may("batch.extend") {
                others.push(link("办理逾期受理", "/extension"));
            }
        }
        BatchStage::OnNotice | BatchStage::Published => {}
    }
    if stage != BatchStage::Draft {
        others.push(("查看申报件", format!("/declarations?batch={}", batch.id)));
    }
    Ok((primary, others))
}

/// The declaration of the visitor's town or platform, or the page that begins one while there is time.
async fn own_declaration(
    acting: &Acting,
    batch: &BatchRow,
    is_over: bool,
) -> Result<Option<(&'static str, String)>> {
    let Some(place) = acting.actor.place else { return Ok(None) };
    let own = store::declaration_of(acting.store().read(), &batch.id, place).await?;
    Ok(match own {
        Some(own) => Some(("打开本单位申报书", format!("/declarations/{}", own.id))),
        None if is_over => None,
        None => Some(("开始申报", format!("/declarations/new?batch={}", batch.id))),
    })
}

/// A document kept with the batch.
pub async fn document(acting: Acting, Path((id, document)): Path<(String, String)>) -> Result<Response> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    let batch = store::batch(acting.store().read(), &acting.reach, id).await?;
    super::super::document::send(&acting, "batch", &batch.id, &document).await
}
