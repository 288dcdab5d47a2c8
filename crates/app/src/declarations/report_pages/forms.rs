//! The pages of the acts on a city's report: compile, sign, send, receive.

use super::super::act_page::{ActPage, Told, landed};
use super::super::acts::{self, Standing, report::ReportDraft};
use super::super::deed::{Deed, need_none};
use super::super::document::{scan_field, take_scan};
use super::super::pages::short;
use super::super::store::{self, ReportRow};
use super::{load, title};
use crate::web::{Acting, Fields, Upload};
use axum::extract::Path;
use axum::response::Response;
use domain::declaration::summary;
use domain::document_number::DocumentNumber;
use domain::id::{CityReportId, SubmissionId};
use domain::problem::{Problem, Refusal};
use domain::reason::Length;
use kit::page::{Field, Pairs};
use kit::{Error, Result};
use std::collections::BTreeMap;

fn act_page(acting: &Acting, report: &ReportRow, words: (&str, &str)) -> ActPage {
    let here = format!("/city-reports/{}", report.id);
    let name = title(report);
    let crumbs = [("设区市上报", "/city-reports"), (name.as_str(), here.as_str())];
    ActPage::new(acting, &crumbs, words.0, words.1, &here)
}

fn id_of(report: &ReportRow) -> Result<CityReportId> {
    report.id.parse().map_err(Error::internal)
}

/// What was typed into the form of a list.
#[derive(Default)]
struct Typed {
    document_number: String,
    summary: String,
    /// The place typed for each declaration, by its id.
    order: BTreeMap<String, String>,
}

impl Typed {
    fn read(&self, acting: &Acting) -> Result<ReportDraft> {
        let mut problems = Vec::new();
        let mut placed: Vec<(i64, SubmissionId)> = Vec::new();
        for (id, text) in self.order.iter().filter(|(_, text)| !text.is_empty()) {
            let place = text.parse::<i64>().ok().filter(|place| *place >= 1);
            match (place, id.parse()) {
                (Some(place), Ok(id)) => placed.push((place, id)),
                _ => {
                    let says = "推荐顺序请填1、2、3……不编入清单的请留空。";
                    problems.push(Problem::new(format!("order.{id}"), "number", says));
                }
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        let gapless = placed.iter().zip(1..).all(|((place, _), expected)| *place == expected);
        if problems.is_empty() && !gapless {
            let field = placed.first().map(|(_, id)| format!("order.{id}")).unwrap_or_default();
            let says = format!("推荐顺序请从1排到{}，不重复、不跳号。", placed.len());
            problems.push(Problem::new(field, "order_of_recommendation", says));
        }
        if let Err(says) = self.document_number.parse::<DocumentNumber>() {
            problems.push(Problem::new("document_number", "malformed", says));
        }
        if let Err(refusal) = summary(&self.summary, acting.pack(), acting.today()) {
            problems.push(refusal.at("summary"));
        }
        need_none(problems)?;
        let order = placed.into_iter().map(|(_, id)| id).collect();
        Ok(ReportDraft {
            document_number: self.document_number.clone(),
            summary: self.summary.clone(),
            order,
        })
    }
}

async fn compile_page(acting: &Acting, report: &ReportRow, typed: &Typed, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, report, ("编制上报清单", "保存清单，送三个部门会签"));
    page.consequences = vec![
        "三个部门对清单（文号、总体情况、推荐顺序、每件的内容）会签，会签齐后由市政府审定人上报。".to_owned(),
        "重新编制清单的，已有的清单会签全部作废。".to_owned(),
        "三个部门未会签齐的申报书不能编入；可在会签齐后另编一份清单上报。".to_owned(),
    ];
    let standings = Standing::of_city(acting, report).await?;
    let length = Length::of_summaries(acting.pack(), acting.today()).map_err(Refusal::from)?;
    let mut fields = vec![
        Field::text("document_number", "上报文号")
            .value(&typed.document_number)
            .hint("例如：景府字〔2018〕30号"),
        Field::paragraph("summary", "总体情况")
            .value(&typed.summary)
            .rows(4)
            .hint(format!("{}，说明汇总和初审情况。", length.words())),
    ];
    for standing in standings.iter().filter(|standing| standing.unsigned.is_empty()) {
        let value = typed.order.get(&standing.row.id).cloned().unwrap_or_default();
        let label = format!("{}的推荐顺序", standing.row.name);
        let field = Field::number(format!("order.{}", standing.row.id), label);
        fields
            .push(field.value(value).hint(format!("编号{}；留空则不编入。", standing.row.number)).optional());
    }
    page.fields = fields.into_iter().map(|field| field.told(&told.problems)).collect();
    page.hidden = vec![("content_hash", report.content_hash.clone())];
    page.answer(told)
}

pub async fn show_compile(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let items = store::report_items(acting.store().read(), &report.id).await?;
    let mut order: BTreeMap<String, String> =
        items.iter().map(|item| (item.declaration_id.clone(), item.position.to_string())).collect();
    if order.is_empty() {
        let standings = Standing::of_city(&acting, &report).await?;
        let ready = standings.into_iter().filter(|standing| standing.unsigned.is_empty());
        order = ready.zip(1..).map(|(standing, place)| (standing.row.id, place.to_string())).collect();
    }
    let typed =
        Typed { document_number: report.document_number.clone(), summary: report.summary.clone(), order };
    compile_page(&acting, &report, &typed, &Told::default()).await
}

pub async fn compile(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let mut typed = Typed {
        document_number: fields.take("document_number"),
        summary: fields.take("summary"),
        order: BTreeMap::new(),
    };
    let deed = Deed::of(&acting, &fields.key).seeing(fields.take("content_hash"));
    let mut unknown = Fields::default();
    for (name, text) in fields.rest() {
        match name.strip_prefix("order.") {
            Some(id) => {
                typed.order.insert(id.to_owned(), text.trim().to_owned());
            }
            None => unknown = Fields::new(vec![(name, text)]),
        }
    }
    let result = async {
        need_none(unknown.leftover())?;
        acts::compile(&deed, id_of(&report)?, &typed.read(&acting)?).await
    };
    match landed(result.await, format!("/city-reports/{id}?done=city_report.compiled"))? {
        Ok(response) => Ok(response),
        Err(told) => compile_page(&acting, &report, &typed, &told).await,
    }
}

async fn facts(acting: &Acting, report: &ReportRow) -> Result<Pairs> {
    let mut facts = Pairs::new().and("上报文号", &report.document_number).and("总体情况", &report.summary);
    for row in store::report_list(acting.store().read(), &report.id).await? {
        facts = facts.and(format!("第{}位", row.position), row.name);
    }
    Ok(facts.and("清单摘要", short(&report.content_hash)))
}

async fn signature_page(acting: &Acting, report: &ReportRow, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, report, ("会签上报清单", "代表本部门会签清单"));
    page.facts = facts(acting, report).await?;
    page.consequences = vec![
        "您签的是以上文号、总体情况、推荐顺序和每件的内容；重新编制后会签作废。".to_owned(),
        "三个部门会签齐后，由市政府审定人上报省联席会议办公室。".to_owned(),
    ];
    page.hidden = vec![("content_hash", report.content_hash.clone())];
    page.answer(told)
}

pub async fn show_signature(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    signature_page(&acting, &report, &Told::default()).await
}

pub async fn sign(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let content_hash = fields.take("content_hash");
    let deed = Deed::of(&acting, &fields.key).seeing(&content_hash);
    let result = async {
        need_none(fields.leftover())?;
        let signed = acts::sign_report(&deed, id_of(&report)?, &content_hash).await;
        deed.traced("city_report", &report.id, signed).await
    };
    match landed(result.await, format!("/city-reports/{id}?done=city_report.signed"))? {
        Ok(response) => Ok(response),
        Err(told) => signature_page(&acting, &report, &told).await,
    }
}

async fn sending_page(acting: &Acting, report: &ReportRow, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, report, ("上报省联席会议办公室", "上报清单和申报书"));
    page.facts = facts(acting, report).await?;
    page.consequences = vec![
        "清单内的申报书一并上报，由省联席会议办公室受理或退回补正。".to_owned(),
        "超过截止日上报的，须有省里批准的延期，并永久标明逾期。".to_owned(),
    ];
    page.fields = vec![scan_field(acting, "市级上报文件扫描件", "盖章文件，")?.told(&told.problems)];
    page.hidden = vec![("content_hash", report.content_hash.clone())];
    page.has_file = true;
    page.answer(told)
}

pub async fn show_sending(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    sending_page(&acting, &report, &Told::default()).await
}

pub async fn send(acting: Acting, Path(id): Path<String>, mut upload: Upload) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let seen = upload.fields.take("content_hash");
    let deed = Deed::of(&acting, &upload.fields.key).seeing(seen);
    let result = async {
        let mut problems = upload.fields.leftover();
        let scan = take_scan(&acting, upload.files, Some("市级上报文件"), &mut problems).await?;
        need_none(problems)?;
        let sent = acts::send_report(&deed, id_of(&report)?, scan.as_ref()).await;
        deed.traced("city_report", &report.id, sent).await
    };
    match landed(result.await, format!("/city-reports/{id}?done=city_report.sent"))? {
        Ok(response) => Ok(response),
        Err(told) => sending_page(&acting, &report, &told).await,
    }
}

async fn receipt_page(acting: &Acting, report: &ReportRow, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, report, ("受理整份清单", "受理清单内的申报书"));
    page.facts = facts(acting, report).await?;
    page.consequences = vec![
        "清单内尚未办理的申报书全部受理；已退回补正的不受影响。".to_owned(),
        "个别需要补正的，请先打开该件退回补正，再受理其余。".to_owned(),
    ];
    page.answer(told)
}

pub async fn show_receipt(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let report = load(&acting, &id).await?;
    receipt_page(&acting, &report, &Told::default()).await
}

pub async fn receive(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let report = load(&acting, &id).await?;
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        acts::receive_report(&deed, id_of(&report)?).await.map(|_| ())
    };
    match landed(result.await, format!("/city-reports/{id}?done=declaration.received"))? {
        Ok(response) => Ok(response),
        Err(told) => receipt_page(&acting, &report, &told).await,
    }
}
