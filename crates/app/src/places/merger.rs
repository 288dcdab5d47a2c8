//! A town goes up in another of its county, a county in another of its city; what lay in it moves
//! along, its past stays.

use super::acts::{self, Merger};
use super::facts::FormPage;
use super::moving::{Becomes, move_division};
use super::rename::first_day;
use super::store::{self, DivisionRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::problem::Problem;
use kit::page::{Choice, Field, Frame};
use kit::{Error, Result};

const OF_A_TOWN: &str =
    "原区划自起始日期起撤销，其中的小镇转到并入的区划；以前的申报和名单仍按当时的区划显示。";
const OF_A_COUNTY: &str = "原县（市、区）自起始日期起撤销，各镇、小镇和填报单位转到并入的县（市、区），未办事项转给并入的县级政府。\
     镇的区划代码改为并入县的六位加原后三位，重号的顺延。原县级政府人员的授权同时收回，仍需办理的请重新申请授权。\
     以前的申报和名单仍按当时的区划显示。";

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    into: String,
    from: String,
    why: String,
}

impl Typed {
    fn take(fields: &mut Fields, problems: &mut Vec<Problem>) -> Typed {
        Typed {
            into: fields.need("into", "并入", problems),
            from: fields.need("from", "起始日期", problems),
            why: fields.need("why", "依据和原因", problems),
        }
    }
}

pub async fn show(acting: Acting, Path(code): Path<String>) -> Result<Response> {
    let (old, others) = division(&acting, &code).await?;
    page(&form(&acting, &old, &others, &Typed::default(), Vec::new()))
}

pub async fn merge(acting: Acting, Path(code): Path<String>, mut fields: Fields) -> Result<Response> {
    let (old, others) = division(&acting, &code).await?;
    let mut problems = Vec::new();
    fields.take("version");
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let begun = store::newest_beginning(&mut acting.store().read(), &old.code).await?;
    let from = first_day(&typed.from, &begun, acting.today(), &mut problems);
    let into = others.iter().find(|other| other.code == typed.into);
    if into.is_none() && !typed.into.is_empty() {
        problems.push(Problem::new("into", "unknown", "请从列表中选择并入的区划。"));
    }
    let (Some(from), Some(into)) = (from, into) else {
        return page_with_problems(&form(&acting, &old, &others, &typed, problems));
    };
    if !problems.is_empty() {
        return page_with_problems(&form(&acting, &old, &others, &typed, problems));
    }
    let key = fields.key.as_str();
    match old.is_county() {
        true => move_division(&acting, key, &old, &Becomes::PartOf(into), (from, &typed.why)).await?,
        false => {
            acts::merge_division(&acting, key, &Merger { old: &old, into, from, why: &typed.why }).await?
        }
    }
    Ok(Redirect::to(&format!("/divisions?code={}&done=division.merged", into.code)).into_response())
}

/// The division that ends, and those beside it that may take it in.
async fn division(acting: &Acting, code: &str) -> Result<(DivisionRow, Vec<DivisionRow>)> {
    if !acting.reach.holds_division(code) {
        return Err(Error::NotFound);
    }
    let mut read = acting.store().read();
    let today: Day = acting.today();
    let old = store::division(&mut read, code, today).await?.filter(DivisionRow::may_merge);
    let old = old.ok_or(Error::NotFound)?;
    let above = old.parent_code.as_deref().unwrap_or_default();
    let mut others = store::divisions_below(&mut read, above, today).await?;
    others.retain(|other| other.code != old.code);
    Ok((old, others))
}

fn form(
    acting: &Acting,
    old: &DivisionRow,
    others: &[DivisionRow],
    typed: &Typed,
    problems: Vec<Problem>,
) -> FormPage {
    let back = format!("/divisions?code={}", old.code);
    let choices = others.iter().map(|other| Choice::new(&other.code, &other.name)).collect();
    let fields = vec![
        Field::select("into", "并入", choices).value(&typed.into).told(&problems),
        Field::day("from", "起始日期")
            .value(&typed.from)
            .hint("批复生效的那一天，原区划到前一天为止。")
            .told(&problems),
        Field::paragraph("why", "依据和原因")
            .value(&typed.why)
            .hint("写明批复文号。")
            .rows(3)
            .told(&problems),
    ];
    FormPage {
        page: Frame {
            error: !problems.is_empty(),
            ..acting.frame_under(&[("行政区划", "/divisions"), (&old.name, &back)], "区划撤并")
        },
        lead: match old.is_county() {
            true => OF_A_COUNTY,
            false => OF_A_TOWN,
        },
        problems,
        action: format!("/divisions/{}/merger", old.code),
        version: 0,
        key: crate::web::fresh_key(),
        fields,
        button: "保存撤并",
        back: back.clone(),
    }
}
