//! The facts that decide who may declare: the county gives them, the office confirms.

use super::acts::{self, Facts};
use super::store::{self, PlaceRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::eligibility::Asked;
use domain::problem::Problem;
use kit::Result;
use kit::page::{Choice, ErrorSummary, Field, Frame};

#[derive(Template)]
#[template(path = "places/form.html")]
pub struct FormPage {
    pub page: Frame,
    pub lead: &'static str,
    pub problems: Vec<Problem>,
    pub action: String,
    pub version: i64,
    pub key: String,
    pub fields: Vec<Field>,
    pub button: &'static str,
    pub back: String,
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let place = store::place(&mut acting.store().read(), &id, &acting.reach, acting.today()).await?;
    page(&form(&acting, &place, Facts::of(&place), Vec::new())?)
}

pub async fn set(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let place = store::place(&mut acting.store().read(), &id, &acting.reach, acting.today()).await?;
    let mut fact = |name: &str| match fields.take(name).as_str() {
        "1" => Some(1),
        "0" => Some(0),
        _ => None,
    };
    let mut facts = Facts::of(&place);
    for asked in acts::asked_of(&acting, &place)? {
        facts.set(asked.fact, fact(asked.fact.code()));
    }
    let version = fields.take("version").parse().unwrap_or(-1);
    let problems = fields.leftover();
    if !problems.is_empty() {
        return page_with_problems(&form(&acting, &place, facts, problems)?);
    }
    acts::set_facts(&acting, &fields.key, &place, facts, version).await?;
    Ok(Redirect::to(&format!("/places/{id}?done=place.facts_set")).into_response())
}

pub async fn confirm(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let place = store::place(&mut acting.store().read(), &id, &acting.reach, acting.today()).await?;
    let version = fields.take("version").parse().unwrap_or(-1);
    acts::confirm_facts(&acting, &fields.key, &place, version).await?;
    Ok(Redirect::to(&format!("/places/{id}?done=place.facts_confirmed")).into_response())
}

fn form(acting: &Acting, place: &PlaceRow, facts: Facts, problems: Vec<Problem>) -> Result<FormPage> {
    let radio = |asked: Asked| {
        let choices = vec![Choice::new("1", "是"), Choice::new("0", "否"), Choice::new("", "尚不清楚")];
        let value = facts.get(asked.fact).map_or(String::new(), |fact| fact.to_string());
        let field = Field::radios(asked.fact.code(), asked.question, choices).value(value).hint(asked.hint);
        match asked.clause {
            Some(clause) => field.clause(clause),
            None => field,
        }
    };
    let fields = acts::asked_of(acting, place)?.into_iter().map(radio).collect();
    let name = place.name.as_str();
    let home = format!("/places/{}", place.id);
    let crumbs = [("小镇", "/places"), (name, home.as_str())];
    Ok(FormPage {
        page: Frame { error: !problems.is_empty(), ..acting.frame_under(&crumbs, "填写认定事实") },
        lead: "填写后由省办确认；确认以前不能报送申报书。改动后须重新确认。",
        problems,
        action: format!("{home}/facts"),
        version: place.version,
        key: crate::web::fresh_key(),
        fields,
        button: "保存认定事实",
        back: home.clone(),
    })
}
