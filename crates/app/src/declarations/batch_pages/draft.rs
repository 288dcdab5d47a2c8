//! The form of a batch that has not been called: what was typed, what it means, where it goes.

use super::super::act_page::{ActPage, Told, landed};
use super::super::acts::batches::{self as acts, BatchDraft};
use super::super::deed::{Deed, need_none};
use super::super::store::{self, BatchRow};
use super::{CRUMBS, TIME, authority_field, load};
use crate::web::{Acting, Fields};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::clause::Clause;
use domain::day::Day;
use domain::declaration::{Slip, plan_days};
use domain::eligibility::Track;
use domain::id::ProgrammeId;
use domain::limits::{BATCH_ORDINALS, BATCH_TARGETS, LAST_YEAR, TITLE_CHARS};
use domain::problem::Problem;
use kit::page::{Choice, Field};
use kit::{Error, Result};

const COUNT: Clause = Clause::new(3, 3);

/// What was typed into the form of a batch.
#[derive(Clone, Debug, Default)]
struct Typed {
    programme: String,
    ordinal: String,
    year: String,
    title: String,
    target_count: String,
    opens: String,
    closes: String,
    list_by: String,
    slip_reason: String,
    slip_authority: String,
    town_form: String,
    platform_form: String,
    version: String,
}

impl Typed {
    fn take(fields: &mut Fields) -> Typed {
        Typed {
            programme: fields.take("programme"),
            ordinal: fields.take("ordinal"),
            year: fields.take("year"),
            title: fields.take("title"),
            target_count: fields.take("target_count"),
            opens: fields.take("opens"),
            closes: fields.take("closes"),
            list_by: fields.take("list_by"),
            slip_reason: fields.take("slip_reason"),
            slip_authority: fields.take("slip_authority"),
            town_form: fields.take("town_form"),
            platform_form: fields.take("platform_form"),
            version: fields.take("version"),
        }
    }

    /// What a new batch most likely is: the next one, in the plan's days of this year or, where they are
    /// past, of the next.
    async fn fresh(acting: &Acting) -> Result<Typed> {
        let batches = store::batches(acting.store().read(), &acting.reach).await?;
        let ordinal = batches.iter().map(|batch| batch.ordinal).max().unwrap_or(0) + 1;
        let (today, pack) = (acting.today(), acting.pack());
        let mut year = i64::from(today.year());
        let mut days = plan_days(year, pack, today)?;
        if days.closes < today {
            year += 1;
            days = plan_days(year, pack, today)?;
        }
        let targets = pack.list("batch.targets", today).unwrap_or_default();
        let target =
            targets.iter().find(|entry| entry.code == ordinal.to_string()).and_then(|entry| entry.points);
        let programmes = store::programmes(acting.store().read()).await?;
        let name = programmes.first().map(|(_, name)| name.as_str()).unwrap_or_default();
        let form_for = |track: Track| {
            pack.forms()
                .find(|form| form.track == Some(track))
                .map(|form| form.code.clone())
                .unwrap_or_default()
        };
        Ok(Typed {
            ordinal: ordinal.to_string(),
            year: year.to_string(),
            title: format!("{year}年{name}申报（第{ordinal}批）"),
            target_count: target.map(|points| points.normalize().to_string()).unwrap_or_default(),
            opens: today.to_string(),
            closes: days.closes.to_string(),
            list_by: days.list_by.to_string(),
            town_form: form_for(Track::StatutoryTown),
            platform_form: form_for(Track::Platform),
            ..Typed::default()
        })
    }

    fn of(batch: &BatchRow) -> Typed {
        Typed {
            ordinal: batch.ordinal.to_string(),
            year: batch.year.to_string(),
            title: batch.title.clone(),
            target_count: batch.target_count.to_string(),
            opens: batch.opens.clone(),
            closes: batch.closes_nominal.clone(),
            list_by: batch.list_by_nominal.clone(),
            slip_reason: batch.slip_reason.clone(),
            slip_authority: batch.slip_authority.clone(),
            town_form: batch.town_form.clone(),
            platform_form: batch.platform_form.clone(),
            version: batch.version.to_string(),
            programme: String::new(),
        }
    }

    /// The programme that was chosen; where nothing was, the first.
    async fn programme(&self, acting: &Acting) -> Result<ProgrammeId> {
        let programmes = store::programmes(acting.store().read()).await?;
        let programme = match self.programme.as_str() {
            "" => programmes.first(),
            chosen => programmes.iter().find(|(id, _)| id == chosen),
        };
        programme.ok_or(Error::NotFound)?.0.parse().map_err(Error::internal)
    }

    /// Typed values, or everything that is wrong with them.
    async fn read(&self, acting: &Acting) -> Result<BatchDraft> {
        let mut problems = Vec::new();
        let programme = self.programme(acting).await?;
        let mut number = |name: &str, label: &str, text: &str, range: std::ops::RangeInclusive<i64>| {
            let number = text.parse::<i64>().ok().filter(|number| range.contains(number));
            number.unwrap_or_else(|| {
                let says = format!("“{label}”请填{}到{}之间的整数。", range.start(), range.end());
                problems.push(Problem::new(name, "number", says));
                0
            })
        };
        let years = i64::from(acting.pack().about().in_force_from.year())..=i64::from(LAST_YEAR);
        let ordinal = number("ordinal", "批次序号", &self.ordinal, BATCH_ORDINALS);
        let year = number("year", "年度", &self.year, years);
        let target_count = number("target_count", "拟列入约数", &self.target_count, BATCH_TARGETS);
        let day = |name: &str, label: &str, text: &str, problems: &mut Vec<Problem>| {
            text.parse::<Day>().ok().or_else(|| {
                let says = format!("“{label}”请按“2018-04-30”的格式填写。");
                problems.push(Problem::new(name, "day", says));
                None
            })
        };
        let opens = day("opens", "申报开始日", &self.opens, &mut problems);
        let closes = day("closes", "申报截止日", &self.closes, &mut problems);
        let list_by = day("list_by", "名单公布日", &self.list_by, &mut problems);
        if !TITLE_CHARS.contains(&self.title.chars().count()) {
            let says = format!("“批次名称”请填{}到{}个字。", TITLE_CHARS.start(), TITLE_CHARS.end());
            problems.push(Problem::new("title", "length", says));
        }
        need_none(problems)?;
        let (Some(opens), Some(closes), Some(list_by)) = (opens, closes, list_by) else {
            return Err(Error::internal("a day without a problem is a day"));
        };
        need_none(in_order(opens, closes, list_by))?;
        Ok(BatchDraft {
            programme,
            ordinal,
            year,
            title: self.title.clone(),
            target_count,
            opens,
            closes,
            list_by,
            slip: Slip { reason: self.slip_reason.clone(), authority: self.slip_authority.clone() },
            town_form: self.town_form.clone(),
            platform_form: self.platform_form.clone(),
        })
    }

    /// When a reason is asked for: beyond the plan's days of the year that was typed.
    fn planned(&self, acting: &Acting) -> String {
        let year = self.year.parse().unwrap_or_else(|_| i64::from(acting.today().year()));
        plan_days(year, acting.pack(), acting.today()).map_or_else(
            |_| "晚于方案日期时必填。".to_owned(),
            |days| {
                let (closes, list_by) = (days.closes.words(), days.list_by.words());
                format!("截止日晚于{closes}，或公布日晚于{list_by}时必填。")
            },
        )
    }

    fn fields(&self, acting: &Acting, told: &Told) -> Vec<Field> {
        let pack = acting.pack();
        let forms = |track: Track| {
            let fits = pack.forms().filter(|form| form.track == Some(track));
            fits.map(|form| Choice::new(&form.code, &form.title)).collect::<Vec<_>>()
        };
        let problems = &told.problems;
        let fields = vec![
            Field::text("title", "批次名称").value(&self.title).wide(),
            Field::number("year", "年度").value(&self.year).unit("年").clause(TIME),
            Field::number("ordinal", "批次序号").value(&self.ordinal).hint("本项工作的第几批。"),
            Field::number("target_count", "拟列入约数")
                .value(&self.target_count)
                .unit("个")
                .clause(COUNT)
                .hint("是目标而非上限，超出时提示。"),
            Field::day("opens", "申报开始日").value(&self.opens),
            Field::day("closes", "申报截止日")
                .value(&self.closes)
                .clause(TIME)
                .hint("按通知上的日期填写；遇休息日自动顺延到下一个工作日。"),
            Field::day("list_by", "名单公布日").value(&self.list_by).clause(COUNT),
            Field::paragraph("slip_reason", "晚于方案日期的理由")
                .value(&self.slip_reason)
                .rows(2)
                .optional()
                .hint(self.planned(acting)),
            authority_field("slip_authority", acting).value(&self.slip_authority).optional(),
            Field::select("town_form", "建制镇申报表单", forms(Track::StatutoryTown)).value(&self.town_form),
            Field::select("platform_form", "平台申报表单", forms(Track::Platform)).value(&self.platform_form),
        ];
        fields.into_iter().map(|field| field.told(problems)).collect()
    }
}

/// Declarations come between the first and the last day, and the list after them.
fn in_order(opens: Day, closes: Day, list_by: Day) -> Vec<Problem> {
    let mut problems = Vec::new();
    if closes < opens {
        let says = "“申报截止日”早于“申报开始日”，请核对。";
        problems.push(Problem::new("closes", "order", says).citing(TIME));
    }
    if list_by < closes {
        let says = "“名单公布日”早于“申报截止日”，请核对。";
        problems.push(Problem::new("list_by", "order", says).citing(COUNT));
    }
    problems
}

fn draft_page(acting: &Acting, typed: &Typed, told: &Told, batch: Option<&BatchRow>) -> Result<Response> {
    let (title, button, back) = match batch {
        Some(batch) => ("修改批次", "保存修改", format!("/batches/{}", batch.id)),
        None => ("拟定新批次", "保存批次", "/batches".to_owned()),
    };
    let mut page = ActPage::new(acting, &CRUMBS, title, button, &back);
    page.consequences = vec![
        "批次存为草稿，市、县、镇看不到。".to_owned(),
        "由省审定人核对并发出申报通知后，各镇（平台）方可申报。".to_owned(),
    ];
    page.fields = typed.fields(acting, told);
    page.hidden = vec![("version", typed.version.clone())];
    page.answer(told)
}

pub async fn show_new(acting: Acting) -> Result<Response> {
    draft_page(&acting, &Typed::fresh(&acting).await?, &Told::default(), None)
}

pub async fn create(acting: Acting, mut fields: Fields) -> Result<Response> {
    let typed = Typed::take(&mut fields);
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        acts::open(&deed, &typed.read(&acting).await?).await
    };
    match result.await {
        Ok(id) => Ok(Redirect::to(&format!("/batches/{id}?done=batch.opened")).into_response()),
        Err(error) => draft_page(&acting, &typed, &Told::of(error)?, None),
    }
}

pub async fn show_change(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    draft_page(&acting, &Typed::of(&batch), &Told::default(), Some(&batch))
}

pub async fn change(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let batch = load(&acting, &id).await?;
    let typed = Typed::take(&mut fields);
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        let version = typed.version.parse().map_err(|_| Error::Conflict)?;
        acts::change(&deed, batch.id()?, version, &typed.read(&acting).await?).await
    };
    match landed(result.await, format!("/batches/{id}?done=batch.changed"))? {
        Ok(response) => Ok(response),
        Err(told) => draft_page(&acting, &typed, &told, Some(&batch)),
    }
}
