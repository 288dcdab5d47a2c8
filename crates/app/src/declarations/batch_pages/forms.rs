//! The pages of the acts on a batch: call, extension, closing.

use super::super::act_page::{ActPage, Told, landed, reason_words};
use super::super::acts::batches::{self as acts, ExtensionInput, Whom};
use super::super::deed::{Deed, need_none};
use super::super::document::{scan_field, take_scan};
use super::super::store::{self, BatchRow};
use super::{CRUMBS, TIME, authority_field, load};
use crate::web::{Acting, Fields, Upload};
use axum::extract::Path;
use axum::response::Response;
use domain::day::Day;
use domain::declaration as decide;
use domain::problem::Problem;
use domain::stage::DeclarationStage;
use kit::page::{Choice, Field, Notice, Pairs};
use kit::{Error, Result};

fn call_page(acting: &Acting, batch: &BatchRow, number: &str, told: &Told) -> Result<Response> {
    let here = format!("/batches/{}", batch.id);
    let crumbs = [CRUMBS[0], (batch.title.as_str(), here.as_str())];
    let mut page = ActPage::new(acting, &crumbs, "发出申报通知", "发出申报通知", &here);
    page.consequences = vec![
        format!("各市、县、镇（平台）看到本批次，自{}起可以申报。", batch.opens()?.words()),
        format!("申报截止：{}24:00。{}", batch.closes()?.words(), batch.closes_why),
        "发出后批次内容不能再修改；推迟截止日须办理延期，写明理由和批准机关。".to_owned(),
    ];
    page.fields = vec![
        Field::text("document_number", "通知文号")
            .value(number)
            .hint("例如：赣建村〔2018〕12号")
            .told(&told.problems),
        scan_field(acting, "通知扫描件", "")?.optional().told(&told.problems),
    ];
    page.hidden = vec![("version", batch.version.to_string())];
    page.has_file = true;
    page.answer(told)
}

pub async fn show_call(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    call_page(&acting, &load(&acting, &id).await?, "", &Told::default())
}

pub async fn call(acting: Acting, Path(id): Path<String>, mut upload: Upload) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    let number = upload.fields.take("document_number");
    let seen = upload.fields.take("version");
    let deed = Deed::of(&acting, &upload.fields.key).seeing(seen);
    let result = async {
        let mut problems = upload.fields.leftover();
        let scan = take_scan(&acting, upload.files, None, &mut problems).await?;
        need_none(problems)?;
        let called = acts::call(&deed, batch.id()?, &number, scan.as_ref()).await;
        deed.traced("batch", &batch.id, called).await
    };
    match landed(result.await, format!("/batches/{id}?done=batch.called"))? {
        Ok(response) => Ok(response),
        Err(told) => call_page(&acting, &batch, &number, &told),
    }
}

/// What was typed into the form of an extension.
#[derive(Clone, Debug, Default)]
struct TypedExtension {
    whom: String,
    division: String,
    declaration: String,
    until: String,
    reason: String,
    authority: String,
    document_number: String,
}

impl TypedExtension {
    fn take(fields: &mut Fields) -> TypedExtension {
        TypedExtension {
            whom: fields.take("whom"),
            division: fields.take("division"),
            declaration: fields.take("declaration"),
            until: fields.take("until"),
            reason: fields.take("reason"),
            authority: fields.take("authority"),
            document_number: fields.take("document_number"),
        }
    }

    fn read(&self) -> Result<ExtensionInput> {
        let mut problems = Vec::new();
        let whom = match self.whom.as_str() {
            "batch" => Some(Whom::Batch),
            "division" => Some(Whom::Division(self.division.clone())),
            "declaration" => Some(Whom::Declaration(self.declaration.clone())),
            _ => None,
        };
        if whom.is_none() {
            problems.push(Problem::new("whom", "required", "请选择延期的对象。"));
        }
        let until = self.until.parse::<Day>().ok();
        if until.is_none() {
            problems.push(Problem::new("until", "day", "“延至”请按“2018-05-11”的格式填写。"));
        }
        match (whom, until) {
            (Some(whom), Some(until)) => Ok(ExtensionInput {
                whom,
                until,
                reason: self.reason.clone(),
                authority: self.authority.clone(),
                document_number: self.document_number.clone(),
            }),
            _ => Err(Error::Invalid(problems)),
        }
    }
}

fn extension_page(
    acting: &Acting,
    batch: &BatchRow,
    typed: &TypedExtension,
    told: &Told,
) -> Result<Response> {
    let here = format!("/batches/{}", batch.id);
    let crumbs = [CRUMBS[0], (batch.title.as_str(), here.as_str())];
    let mut page = ActPage::new(acting, &crumbs, "办理延期", "批准延期", &here);
    page.facts = Pairs::new().and("当前截止日", batch.closes()?.words());
    page.consequences = vec![
        "延期整个批次的，截止日改为新的日期；原截止日和理由永久保留。".to_owned(),
        "延期某市、县或某件的，其上报仍永久标明逾期，逾期天数按原截止日计算。".to_owned(),
        "延期一经批准不能撤销。".to_owned(),
    ];
    let whom = vec![
        Choice::new("batch", "整个批次"),
        Choice::new("division", "某个设区市或县（市、区）"),
        Choice::new("declaration", "某一件申报书"),
    ];
    let fields = vec![
        Field::radios("whom", "延期对象", whom).value(&typed.whom),
        Field::text("division", "区划代码")
            .value(&typed.division)
            .optional()
            .hint("对象为市或县时填写，例如：景德镇市360200，浮梁县360222。"),
        Field::text("declaration", "申报书编号")
            .value(&typed.declaration)
            .optional()
            .hint("对象为某一件时填写。"),
        Field::day("until", "延至").value(&typed.until).clause(TIME).hint("遇休息日自动顺延。"),
        Field::paragraph("reason", "理由")
            .value(&typed.reason)
            .rows(3)
            .hint(format!("{}。", reason_words(acting)?)),
        authority_field("authority", acting).value(&typed.authority),
        Field::text("document_number", "批准文号")
            .value(&typed.document_number)
            .hint("例如：赣建村〔2018〕12号"),
    ];
    page.fields = fields.into_iter().map(|field| field.told(&told.problems)).collect();
    page.answer(told)
}

pub async fn show_extension(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    extension_page(&acting, &batch, &TypedExtension::default(), &Told::default())
}

pub async fn extend(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    let typed = TypedExtension::take(&mut fields);
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        acts::extend(&deed, batch.id()?, &typed.read()?).await
    };
    match landed(result.await, format!("/batches/{id}?done=batch.extended"))? {
        Ok(response) => Ok(response),
        Err(told) => extension_page(&acting, &batch, &typed, &told),
    }
}

async fn close_page(acting: &Acting, batch: &BatchRow, told: &Told) -> Result<Response> {
    let here = format!("/batches/{}", batch.id);
    let crumbs = [CRUMBS[0], (batch.title.as_str(), here.as_str())];
    let mut page = ActPage::new(acting, &crumbs, "结束申报", "结束申报，转入评审", &here);
    page.facts = progress(acting, batch).await?;
    page.consequences = vec![
        "本批次不再接受新的申报，已受理的申报书进入评审。".to_owned(),
        "已退回补正、经批准延期的申报书仍可继续办理，到联席会议议定为止。".to_owned(),
    ];
    page.hidden = vec![("version", batch.version.to_string())];
    let who = Deed::new(&acting.app, &acting.actor).who(acting.store().read()).await?;
    if let (true, Err(refusal)) = (told.is_nothing(), decide::close(&batch.state()?, &who, acting.today())) {
        page.notices.push(Notice::refused(&refusal));
    }
    page.answer(told)
}

/// How many have come, and how many are still on their way.
async fn progress(acting: &Acting, batch: &BatchRow) -> Result<Pairs> {
    let counts = store::stage_counts(acting.store().read(), &acting.reach, &batch.id).await?;
    let sum = |which: &dyn Fn(DeclarationStage) -> bool| -> i64 {
        let of = |count: &&store::StageCount| count.stage.parse::<DeclarationStage>().is_ok_and(which);
        counts.iter().filter(of).map(|count| count.count).sum()
    };
    let reported = DeclarationStage::Reported;
    let unsent =
        |stage: DeclarationStage| stage.step() < reported.step() && stage != DeclarationStage::Withdrawn;
    Ok(Pairs::new()
        .and("省办已受理", format!("{}件", sum(&DeclarationStage::was_received)))
        .and("已上报、尚未受理", format!("{}件", sum(&|stage| stage == reported)))
        .and("尚未上报", format!("{}件", sum(&unsent))))
}

pub async fn show_close(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    close_page(&acting, &load(&acting, &id).await?, &Told::default()).await
}

pub async fn close(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    let deed = Deed::of(&acting, &fields.key).seeing(fields.take("version"));
    let result = async {
        need_none(fields.leftover())?;
        acts::close(&deed, batch.id()?).await
    };
    match landed(result.await, format!("/batches/{id}?done=batch.closed"))? {
        Ok(response) => Ok(response),
        Err(told) => close_page(&acting, &batch, &told).await,
    }
}
