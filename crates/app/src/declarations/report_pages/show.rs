//! The reports of the cities, and one report: its list in order, its signatures, what is missing.

use super::super::acts::Standing;
use super::super::document::{self, DocumentLine};
use super::super::pages::{light, short, stage_tag};
use super::super::store::{self, Narrow, ReportRow, ReportedRow};
use super::{load, tag, title};
use crate::desk;
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::pack::Entry;
use domain::problem::Refusal;
use domain::role::Role;
use domain::stage::DeclarationStage;
use kit::page::{Empty, Frame, Light, Notice, Pairs, Tag, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/city_reports.html")]
pub struct CityReportsPage {
    pub page: Frame,
    pub rows: Vec<ReportLine>,
    pub empty: Empty,
}

/// One report of the list.
pub struct ReportLine {
    pub href: String,
    pub title: String,
    pub batch: String,
    pub tag: Tag,
    pub number: String,
    pub count: i64,
    pub sent: String,
}

pub async fn list(acting: Acting, RawQuery(query): RawQuery) -> Result<Response> {
    let query = query.unwrap_or_default();
    let batch = query.split('&').find_map(|pair| pair.strip_prefix("batch=")).unwrap_or_default();
    let store = acting.store();
    let reports = store::reports(store.read(), &acting.reach, batch).await?;
    let rows = reports.iter().map(|report| ReportLine {
        href: format!("/city-reports/{}", report.id),
        title: title(report),
        batch: report.batch_title.clone(),
        tag: tag(report),
        number: report.document_number.clone(),
        count: report.items,
        sent: report.sent_ms.map(|ms| clock_words(ms)[..16].to_owned()).unwrap_or_default(),
    });
    let rows = rows.collect();
    let empty = Empty::new("还没有上报清单。申报书经县级审定、报到市级后，这里会列出。");
    page(&CityReportsPage { page: acting.frame("设区市上报"), rows, empty })
}

#[derive(Template)]
#[template(path = "declarations/city_report.html")]
pub struct CityReportPage {
    pub page: Frame,
    pub tag: Tag,
    pub notices: Vec<Notice>,
    pub facts: Pairs,
    pub listed: Vec<ListedLine>,
    /// At the city and not on the list: name, address, why not.
    pub missing: Vec<(String, String, String)>,
    /// Not yet at the city: name, address, where it is, who has it.
    pub behind: Vec<BehindLine>,
    pub signatures: Vec<SignedLine>,
    pub documents: Vec<DocumentLine>,
    pub primary: Option<(&'static str, String)>,
    pub actions: Vec<(&'static str, String)>,
}

/// One declaration of the list.
pub struct ListedLine {
    pub position: i64,
    pub name: String,
    pub number: String,
    pub href: String,
    pub county: String,
    pub county_number: String,
    pub tag: Tag,
    pub is_late: bool,
    pub hash: String,
}

/// One declaration that has not come to the city.
pub struct BehindLine {
    pub name: String,
    pub href: String,
    pub tag: Tag,
    pub owner: String,
    pub light: Option<Light>,
}

/// One bureau's signature on the list.
pub struct SignedLine {
    pub organisation: String,
    pub tag: Tag,
    pub who: String,
    pub when: String,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let store = acting.store();
    let batch =
        store::batch(store.read(), &acting.reach, report.batch_id.parse().map_err(Error::internal)?).await?;
    let standings = Standing::of_city(&acting, &report).await?;
    let facts = Pairs::new()
        .and("批次", &batch.title)
        .and("上报文号", &report.document_number)
        .and("总体情况", &report.summary)
        .and("上报截止", format!("{}24:00", batch.closes()?.words()));
    let signatures = signatures(&acting, &report).await?;
    let listed = listed(&acting, &report).await?;
    let (primary, actions) = actions(&acting, &report, &standings, &signatures, &listed);
    let mut frame = acting.frame_under(&[("设区市上报", "/city-reports")], &title(&report));
    desk::say_next(&acting, &mut frame, "city_report", &report.id).await?;
    page(&CityReportPage {
        page: frame,
        tag: tag(&report),
        notices: notices(&report, &standings),
        facts,
        listed,
        missing: missing(&report, &standings),
        behind: behind(&acting, &report).await?,
        signatures,
        documents: document::lines(store.read(), "city_report", &report.id, "/city-reports").await?,
        primary,
        actions,
    })
}

/// A document kept with the report.
pub async fn document(acting: Acting, Path((id, document)): Path<(String, String)>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    document::send(&acting, "city_report", &report.id, &document).await
}

async fn listed(acting: &Acting, report: &ReportRow) -> Result<Vec<ListedLine>> {
    let rows = store::report_list(acting.store().read(), &report.id).await?;
    let line = |row: ReportedRow| {
        Ok(ListedLine {
            position: row.position,
            href: format!("/declarations/{}", row.id),
            county: row.county_name.unwrap_or_default(),
            county_number: row.county_number.unwrap_or_default(),
            tag: stage_tag(row.stage.parse().map_err(Error::internal)?),
            is_late: row.is_late == 1,
            hash: short(&row.content_hash),
            name: row.name,
            number: row.number,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Declarations at the city that cannot be reported yet, each with the reason.
fn missing(report: &ReportRow, standings: &[Standing]) -> Vec<(String, String, String)> {
    if report.sent_ms.is_some() {
        return Vec::new();
    }
    let href = |standing: &Standing| format!("/declarations/{}", standing.row.id);
    standings
        .iter()
        .filter(|standing| !standing.unsigned.is_empty())
        .map(|standing| {
            let why = format!("尚缺{}的会签", standing.unsigned.join("、"));
            (standing.row.name.clone(), href(standing), why)
        })
        .collect()
}

async fn behind(acting: &Acting, report: &ReportRow) -> Result<Vec<BehindLine>> {
    if report.sent_ms.is_some() {
        return Ok(Vec::new());
    }
    let narrow =
        Narrow { batch: report.batch_id.clone(), city: report.city_code.clone(), ..Narrow::default() };
    let rows = store::list_all(acting.store().read(), &acting.reach, &narrow).await?;
    let mut lines = Vec::new();
    for row in rows {
        let stage: DeclarationStage = row.stage.parse().map_err(Error::internal)?;
        let is_behind = matches!(
            stage,
            DeclarationStage::Draft
                | DeclarationStage::Returned
                | DeclarationStage::AtTownHead
                | DeclarationStage::AtCounty
        );
        if is_behind {
            lines.push(BehindLine {
                href: format!("/declarations/{}", row.id),
                tag: stage_tag(stage),
                owner: row.owner_words(),
                light: light(acting, row.due_day.as_deref(), row.due_why.as_deref()),
                name: row.name,
            });
        }
    }
    Ok(lines)
}

async fn signatures(acting: &Acting, report: &ReportRow) -> Result<Vec<SignedLine>> {
    if report.content_hash.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::report_signatures(acting.store().read(), &report.id).await?;
    let bureaus: Vec<Entry> = acting.pack().list("city.bureaus", acting.today()).map_err(Refusal::from)?;
    let mut lines: Vec<_> = rows
        .iter()
        .map(|row| SignedLine {
            organisation: row.organisation_name.clone(),
            tag: match row.void_ms {
                None => Tag::new(Tone::Done, "已会签"),
                Some(_) => Tag::new(Tone::Bad, "已作废"),
            },
            who: row.signature.clone(),
            when: clock_words(row.signed_ms)[..16].to_owned(),
        })
        .collect();
    let stands = |code: &str| rows.iter().any(|row| row.void_ms.is_none() && row.bureau == code);
    lines.extend(bureaus.iter().filter(|bureau| !stands(&bureau.code)).map(|bureau| SignedLine {
        organisation: bureau.name.clone(),
        tag: Tag::new(Tone::Waiting, "待会签"),
        who: String::new(),
        when: String::new(),
    }));
    Ok(lines)
}

fn notices(report: &ReportRow, standings: &[Standing]) -> Vec<Notice> {
    if report.sent_ms.is_some() {
        return Vec::new();
    }
    let unsigned = standings.iter().filter(|standing| !standing.unsigned.is_empty()).count();
    let mut notices = Vec::new();
    if standings.is_empty() {
        let says = "目前没有报到市级的申报书。";
        notices.push(Notice::new(Tone::Quiet, "还不能上报", says));
    } else if unsigned > 0 {
        let title = format!("有{unsigned}件未会签齐，不能上报");
        let says = "依据三（四），建设、发展改革、财政三个部门都会签后才能编入清单；可以先上报已会签齐的，其余另编清单。";
        notices.push(Notice::new(Tone::Waiting, title, says));
    }
    notices
}

type Links = (Option<(&'static str, String)>, Vec<(&'static str, String)>);

fn actions(
    acting: &Acting,
    report: &ReportRow,
    standings: &[Standing],
    signatures: &[SignedLine],
    listed: &[ListedLine],
) -> Links {
    let waits = listed.iter().any(|line| line.tag.words == DeclarationStage::Reported.words());
    let here = |tail: &str| format!("/city-reports/{}{tail}", report.id);
    let ready = standings.iter().any(|standing| standing.unsigned.is_empty());
    let is_compiled = !report.content_hash.is_empty();
    let own = acting.actor.organisation_name.as_str();
    let has_signed = signatures.iter().any(|line| line.organisation == own && line.tag.words == "已会签");
    match (report.sent_ms.is_some(), acting.actor.role) {
        (false, Role::CityBureau) if is_compiled && !has_signed => {
            (Some(("会签上报清单", here("/signature"))), vec![("重新编制清单", here("/list"))])
        }
        (false, Role::CityBureau) if is_compiled => (None, vec![("重新编制清单", here("/list"))]),
        (false, Role::CityBureau) if ready => (Some(("编制上报清单", here("/list"))), Vec::new()),
        (false, Role::CityApprover) if is_compiled => (Some(("上报省办", here("/sending"))), Vec::new()),
        (true, Role::Office) if waits => (Some(("受理整份清单", here("/receipt"))), Vec::new()),
        _ => (None, Vec::new()),
    }
}
