//! A town's division goes up in another of its county; what lay in it moves along, its past stays.

use super::acts::{self, Merger};
use super::facts::FormPage;
use super::rename::first_day;
use super::store::{self, DivisionRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::problem::Problem;
use kit::page::{Choice, Field, Frame};
use kit::{Error, Result};

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
    let (old, others) = town(&acting, &code).await?;
    page(&form(&acting, &old, &others, &Typed::default(), Vec::new()))
}

pub async fn merge(acting: Acting, Path(code): Path<String>, mut fields: Fields) -> Result<Response> {
    let (old, others) = town(&acting, &code).await?;
    let mut problems = Vec::new();
    fields.take("version");
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let from = first_day(&typed.from, &old.valid_from, acting.today(), &mut problems);
    let into = others.iter().find(|other| other.code == typed.into);
    if into.is_none() && !typed.into.is_empty() {
        problems.push(Problem::new("into", "unknown", "请从列表中选择并入的镇（乡、街道）。"));
    }
    let (Some(from), Some(into)) = (from, into) else {
        return page_with_problems(&form(&acting, &old, &others, &typed, problems));
    };
    if !problems.is_empty() {
        return page_with_problems(&form(&acting, &old, &others, &typed, problems));
    }
    acts::merge_division(&acting, &fields.key, &Merger { old: &old, into, from, why: &typed.why }).await?;
    let county = old.parent_code.as_deref().unwrap_or_default();
    Ok(Redirect::to(&format!("/divisions?code={county}&done=division.merged")).into_response())
}

/// The town that ends, and those of its county that may take it in.
async fn town(acting: &Acting, code: &str) -> Result<(DivisionRow, Vec<DivisionRow>)> {
    if !acting.reach.holds_division(code) {
        return Err(Error::NotFound);
    }
    let mut read = acting.store().read();
    let today: Day = acting.today();
    let old = store::division(&mut read, code, today).await?.filter(DivisionRow::is_town);
    let old = old.ok_or(Error::NotFound)?;
    let county = old.parent_code.as_deref().unwrap_or_default();
    let mut others = store::divisions_below(&mut read, county, today).await?;
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
        lead: "原区划自起始日期起撤销，其中的小镇转到并入的区划；以前的申报和名单仍按当时的区划显示。",
        problems,
        action: format!("/divisions/{}/merger", old.code),
        version: 0,
        key: FormPage::key(),
        fields,
        button: "保存撤并",
        back: back.clone(),
    }
}
