//! Names change with a date; what a place was called before stays readable.

use super::acts::{self, Renaming};
use super::facts::FormPage;
use super::moving::{Becomes, move_division};
use super::store::{self, DivisionRow, PlaceRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::problem::Problem;
use kit::page::{Field, Frame};
use kit::{Error, Result};

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    division: String,
    from: String,
    why: String,
}

impl Typed {
    fn take(fields: &mut Fields, problems: &mut Vec<Problem>) -> Typed {
        Typed {
            name: fields.need("name", "新名称", problems),
            division: fields.take("division"),
            from: fields.need("from", "起始日期", problems),
            why: fields.need("why", "依据和原因", problems),
        }
    }
}

/// The first day of a new state: after the present one's first day, and not in the future.
pub fn first_day(from: &str, old_from: &str, today: Day, problems: &mut Vec<Problem>) -> Option<Day> {
    let day: Option<Day> = from.parse().ok();
    let old: Option<Day> = old_from.parse().ok();
    let says = match day {
        None if from.is_empty() => return None,
        None => "“起始日期”请写作 2018-05-02。".to_owned(),
        Some(day) if day > today => "“起始日期”不能晚于今天，请到生效之日再登记。".to_owned(),
        Some(day) if old.is_some_and(|old| day <= old) => {
            format!("“起始日期”须晚于现名称的起始日{old_from}，请核对。")
        }
        Some(day) => return Some(day),
    };
    problems.push(Problem::new("from", "malformed", says));
    None
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let place = store::place(&mut acting.store().read(), &id, &acting.reach, acting.today()).await?;
    page(&place_form(&acting, &place, &Typed::default(), Vec::new()))
}

pub async fn rename(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let mut read = acting.store().read();
    let place = store::place(&mut read, &id, &acting.reach, acting.today()).await?;
    let mut problems = Vec::new();
    let version = fields.take("version").parse().unwrap_or(-1);
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let names = store::names(&mut read, &place.id).await?;
    let old_from = names.first().map(|name| name.2.clone()).unwrap_or_default();
    let from = first_day(&typed.from, &old_from, acting.today(), &mut problems);
    let division_code = match typed.division.as_str() {
        "" => place.division_code.clone(),
        code => {
            let known = store::division(&mut read, code, from.unwrap_or(acting.today())).await?;
            if known.is_none_or(|division| !division.code.starts_with(&place.county_code)) {
                let says = "没有这个区划代码，或不在原来的县（市、区）内，请核对。";
                problems.push(Problem::new("division", "unknown", says));
            }
            code.to_owned()
        }
    };
    let Some(from) = from.filter(|_| problems.is_empty()) else {
        return page_with_problems(&place_form(&acting, &place, &typed, problems));
    };
    let new = Renaming { name: typed.name, division_code, from, why: typed.why };
    acts::rename(&acting, &fields.key, &place, &new, version).await?;
    Ok(Redirect::to(&format!("/places/{id}?done=place.renamed")).into_response())
}

pub async fn show_division(acting: Acting, Path(code): Path<String>) -> Result<Response> {
    let division = division(&acting, &code).await?;
    page(&division_form(&acting, &division, &Typed::default(), Vec::new()))
}

pub async fn rename_division(
    acting: Acting,
    Path(code): Path<String>,
    mut fields: Fields,
) -> Result<Response> {
    let old = division(&acting, &code).await?;
    let mut problems = Vec::new();
    fields.take("version");
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let new_code = new_code(&acting, &old, &typed, &mut problems).await?;
    let begun = match new_code {
        Some(_) => match store::newest_beginning(&mut acting.store().read(), &code).await? {
            newest if old.is_town() && newest == old.valid_from => day_before(&newest)?,
            newest => newest,
        },
        None => old.valid_from.clone(),
    };
    let from = first_day(&typed.from, &begun, acting.today(), &mut problems);
    let Some(from) = from.filter(|_| problems.is_empty()) else {
        return page_with_problems(&division_form(&acting, &old, &typed, problems));
    };
    let (key, name, why) = (fields.key.as_str(), typed.name.as_str(), typed.why.as_str());
    let Some(code) = new_code else {
        acts::rename_division(&acting, key, &old, (name, from, why)).await?;
        return Ok(Redirect::to(&format!("/divisions?code={code}&done=division.renamed")).into_response());
    };
    move_division(&acting, key, &old, &Becomes::Recoded { code, name }, (from, why)).await?;
    Ok(Redirect::to(&format!("/divisions?code={code}&done=division.recoded")).into_response())
}

/// A town's code that was given wrongly is put right from the day on which it was given.
fn day_before(day: &str) -> Result<String> {
    let day: Day = day.parse().map_err(Error::Internal)?;
    Ok(day.plus_days(-1).to_string())
}

/// The code a county or a town gets, where it gets another: of the same city or county, and never used
/// before.
async fn new_code<'a>(
    acting: &Acting,
    old: &DivisionRow,
    typed: &'a Typed,
    problems: &mut Vec<Problem>,
) -> Result<Option<&'a str>> {
    let code = typed.division.as_str();
    if code.is_empty() || code == old.code {
        return Ok(None);
    }
    let (digits, kept) = if old.is_town() { (9, 6) } else { (6, 4) };
    let is_code = code.len() == digits && code.bytes().all(|digit| digit.is_ascii_digit());
    let mut fault = |says: &str| problems.push(Problem::new("division", "malformed", says));
    if !old.may_merge() {
        fault("只有县（市、区）和乡镇可以变更代码，请留空。");
    } else if !is_code || code.ends_with("00") && old.is_county() || !code.starts_with(&old.code[..kept]) {
        fault(
            "新的区划代码，县（市、区）为六位数字，前四位与所属设区市相同；乡镇为九位数字，前六位与所属县相同，请核对。",
        );
    } else if !store::codes_below(&mut acting.store().read(), code).await?.is_empty() {
        fault("这个区划代码已经用过，请核对；并入其他区划的，请用“撤并”。");
    }
    Ok(Some(code))
}

async fn division(acting: &Acting, code: &str) -> Result<DivisionRow> {
    if !acting.reach.holds_division(code) {
        return Err(Error::NotFound);
    }
    store::division(&mut acting.store().read(), code, acting.today()).await?.ok_or(Error::NotFound)
}

fn questions(typed: &Typed, now: &str, problems: &[Problem]) -> Vec<Field> {
    vec![
        Field::text("name", "新名称").value(&typed.name).before(now).told(problems),
        Field::day("from", "起始日期")
            .value(&typed.from)
            .hint("批复生效的那一天，旧名称到前一天为止。")
            .told(problems),
        Field::paragraph("why", "依据和原因").value(&typed.why).hint("写明批复文号。").rows(3).told(problems),
    ]
}

fn place_form(acting: &Acting, place: &PlaceRow, typed: &Typed, problems: Vec<Problem>) -> FormPage {
    let mut fields = questions(typed, &place.name, &problems);
    let division = Field::text("division", "新的区划代码")
        .value(&typed.division)
        .before(&place.division_code)
        .hint("并入其他镇或区划代码变更时填写，九位。")
        .optional()
        .told(&problems);
    fields.insert(1, division);
    let (name, home) = (place.name.as_str(), format!("/places/{}", place.id));
    FormPage {
        page: Frame {
            error: !problems.is_empty(),
            ..acting.frame_under(&[("小镇", "/places"), (name, home.as_str())], "更名或并转")
        },
        lead: "旧名称和区划保留在“名称沿革”中，以前的申报和名单仍按当时的名称显示。",
        problems,
        action: format!("{home}/name"),
        version: place.version,
        key: crate::web::fresh_key(),
        fields,
        button: "保存新名称",
        back: home.clone(),
    }
}

fn division_form(acting: &Acting, old: &DivisionRow, typed: &Typed, problems: Vec<Problem>) -> FormPage {
    let back = format!("/divisions?code={}", old.code);
    let mut fields = questions(typed, &old.name, &problems);
    if old.may_merge() {
        let code = Field::text("division", "新的区划代码")
            .value(&typed.division)
            .before(&old.code)
            .hint(match old.is_county() {
                true => "县改市、改区等代码变更时填写，六位；各镇、小镇、填报单位和未办事项随之变更。",
                false => "代码登记有误或变更时填写，九位；登记有误的，起始日期填原代码的起始日。小镇、填报单位随之变更。",
            })
            .optional()
            .told(&problems);
        fields.insert(1, code);
    }
    FormPage {
        page: Frame {
            error: !problems.is_empty(),
            ..acting.frame_under(&[("行政区划", "/divisions"), (&old.name, &back)], "区划更名")
        },
        lead: "更名自起始日期起生效；查询以前日期时仍显示旧名称。",
        fields,
        problems,
        action: format!("/divisions/{}/name", old.code),
        version: 0,
        key: crate::web::fresh_key(),
        button: "保存新名称",
        back: back.clone(),
    }
}
