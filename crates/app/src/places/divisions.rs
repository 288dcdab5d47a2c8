//! Divisions from the province down to the towns, as of a day.

use super::store::{self, DivisionRow, Ended};
use crate::web::{Acting, Fields, page};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::day::Day;
use domain::problem::Refusal;
use kit::page::{Field, Frame};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "places/divisions.html")]
pub struct DivisionsPage {
    pub page: Frame,
    pub code: String,
    pub day: Field,
    pub on: String,
    pub on_words: String,
    pub children: Vec<DivisionRow>,
    pub rename_href: Option<String>,
    pub merger_href: Option<String>,
}

/// `?code=360200&on=2018-04-26`
pub async fn show(acting: Acting, RawQuery(query): RawQuery) -> Result<Response> {
    let mut asked = Fields::of_query(query.as_deref());
    let code = Some(asked.take("code")).filter(|code| !code.is_empty()).unwrap_or_else(|| top(&acting));
    let on: Day = asked.take("on").parse().unwrap_or(acting.today());
    let mut read = acting.store().read();
    let Some(this) = store::division(&mut read, &code, on).await? else {
        return Err(gone(store::division_ended(&mut read, &code, on).await?, on));
    };
    let children = store::divisions_below(&mut read, &code, on).await?;
    let mut crumbs = vec![(this.name.clone(), None)];
    let mut above = this.parent_code.clone();
    while let Some(code) = above {
        let Some(parent) = store::division(&mut read, &code, on).await? else { break };
        crumbs.insert(0, (parent.name, Some(format!("/divisions?code={code}&on={on}"))));
        above = parent.parent_code;
    }
    let may = |action: &str| acting.reach_in(action).is_some_and(|reach| reach.holds_division(&code));
    page(&DivisionsPage {
        page: Frame { crumbs, ..acting.frame(&format!("行政区划：{}", this.name)) },
        day: Field::day("on", "截至日期").value(on.to_string()),
        on: on.to_string(),
        on_words: on.words(),
        children,
        rename_href: may("division.rename").then(|| format!("/divisions/{code}/name")),
        merger_href: (this.may_merge() && may("division.merge")).then(|| format!("/divisions/{code}/merger")),
        code,
    })
}

/// What is said of a division that is no more on that day.
fn gone(ended: Option<Ended>, on: Day) -> Error {
    let Some(Ended { name, valid_until, into_name: Some(into) }) = ended else { return Error::NotFound };
    let last = valid_until.parse::<Day>().map_or(valid_until, |day| day.words());
    Refusal::by_conduct(
        "division_merged",
        format!("{name}已撤并或变更代码，{}不再是一个区划。", on.words()),
        format!("它到{last}为止，此后为{into}。请查询{into}，或把截至日期改到撤并、变更以前。"),
    )
    .into()
}

/// The province's code from the visitor's own division.
fn top(acting: &Acting) -> String {
    format!("{}0000", acting.actor.division.get(..2).unwrap_or_default())
}
