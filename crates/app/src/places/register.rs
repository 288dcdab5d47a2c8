//! A county registers a statutory town or a platform, with the unit that fills in its forms.

use super::acts::{self, Registration};
use super::facts::FormPage;
use super::store::{self, DivisionRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use axum::response::{IntoResponse, Redirect, Response};
use domain::clause::Clause;
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, Field, Frame};
use kit::{Error, Result};

/// The kind of division that is a statutory town.
const TOWN: &str = "镇";

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    track: String,
    town: String,
    name: String,
    operator: String,
    phone: String,
}

pub async fn show(acting: Acting) -> Result<Response> {
    page(&form(&acting, &Typed::default(), Vec::new()).await?)
}

pub async fn register(acting: Acting, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    fields.take("version");
    let typed = Typed {
        track: fields.need("track", "类别", &mut problems),
        town: fields.take("town"),
        name: fields.take("name"),
        operator: fields.take("operator"),
        phone: fields.need("phone", "填报单位电话", &mut problems),
    };
    problems.extend(fields.leftover());
    let division = division(&acting, &typed, &mut problems).await?;
    problems.extend(typed.too_long());
    let Some(division) = division.filter(|_| problems.is_empty()) else {
        return page_with_problems(&form(&acting, &typed, problems).await?);
    };
    let is_town = typed.track == "StatutoryTown";
    let name = if is_town { division.name.clone() } else { typed.name.clone() };
    let suffix = if is_town { "政府" } else { "管委会" };
    let operator = Some(typed.operator.clone()).filter(|name| !name.is_empty());
    let new = Registration {
        track: if is_town { "StatutoryTown" } else { "Platform" },
        operator: operator.unwrap_or_else(|| format!("{name}{suffix}")),
        name,
        division,
        phone: typed.phone.clone(),
    };
    let id = acts::register(&acting, &fields.key, &new).await?;
    Ok(Redirect::to(&format!("/places/{id}?done=place.registered")).into_response())
}

impl Typed {
    fn too_long(&self) -> Vec<Problem> {
        let fields = [("name", "平台名称", &self.name), ("operator", "填报单位", &self.operator)];
        let long = fields.into_iter().filter(|(_, _, text)| text.chars().count() > 60);
        long.map(|(field, label, _)| {
            Problem::new(field, "too_long", format!("“{label}”不能超过60字，请精简。"))
        })
        .collect()
    }
}

/// The division the place lies in; what it may not be is refused by its clause.
async fn division(
    acting: &Acting,
    typed: &Typed,
    problems: &mut Vec<Problem>,
) -> Result<Option<DivisionRow>> {
    let county = acting.actor.division.as_str();
    let mut read = acting.store().read();
    let code = match typed.track.as_str() {
        "StatutoryTown" if typed.town.is_empty() => {
            problems.push(Problem::new("town", "required", "请选择要登记的镇。"));
            return Ok(None);
        }
        "StatutoryTown" => typed.town.as_str(),
        "Platform" if typed.name.is_empty() => {
            problems.push(Problem::new("name", "required", "请填写“平台名称”。"));
            return Ok(None);
        }
        "Platform" => county,
        _ => {
            problems.push(Problem::new("track", "not_an_option", "请选择类别。"));
            return Ok(None);
        }
    };
    if !acting.reach.holds_division(code) {
        return Err(Error::NotFound);
    }
    let found = store::division(&mut read, code, acting.today()).await?.ok_or(Error::NotFound)?;
    if typed.track == "StatutoryTown" && found.kind != TOWN {
        let says = format!("“{}”是{}，不是建制镇。", found.name, found.kind);
        let remedy = "请选择建制镇；乡和街道符合条件的，可按创新创业平台登记。";
        return Err(Refusal::by(Clause::new(3, 1), "not_a_statutory_town", says, remedy).into());
    }
    let taken = store::towns_taken(&mut read, county).await?;
    if typed.track == "StatutoryTown" && taken.iter().any(|(town,)| town == code) {
        problems.push(Problem::new("town", "taken", format!("“{}”已经登记，请从小镇列表打开。", found.name)));
        return Ok(None);
    }
    Ok(Some(found))
}

async fn form(acting: &Acting, typed: &Typed, problems: Vec<Problem>) -> Result<FormPage> {
    let mut read = acting.store().read();
    let towns = store::divisions_below(&mut read, &acting.actor.division, acting.today()).await?;
    let taken = store::towns_taken(&mut read, &acting.actor.division).await?;
    let free =
        towns.into_iter().filter(|town| town.kind == TOWN && !taken.iter().any(|(code,)| *code == town.code));
    let towns = free.map(|town| Choice::new(town.code, town.name)).collect();
    let tracks = vec![
        Choice::new("StatutoryTown", "建制镇").hint("城关镇除外。"),
        Choice::new("Platform", "创新创业平台").hint("既非建制镇也非产业园区。"),
    ];
    let fields = vec![
        Field::radios("track", "类别", tracks).value(&typed.track).clause(Clause::new(3, 1)).told(&problems),
        Field::select("town", "镇（登记建制镇时选择）", towns)
            .value(&typed.town)
            .hint("只列出本县尚未登记的镇；乡和街道不是建制镇。")
            .told(&problems),
        Field::text("name", "平台名称（登记平台时填写）").value(&typed.name).told(&problems),
        Field::text("operator", "填报单位")
            .value(&typed.operator)
            .hint("不填的，镇为“××镇政府”，平台为“××管委会”。")
            .optional()
            .told(&problems),
        Field::text("phone", "填报单位电话").value(&typed.phone).told(&problems),
    ];
    Ok(FormPage {
        page: Frame {
            error: !problems.is_empty(), ..acting.frame_under(&[("小镇", "/places")], "登记小镇")
        },
        lead: "登记后请填写认定事实，并由系统管理员为填报单位开通账号。",
        problems,
        action: "/places".to_owned(),
        version: 0,
        key: FormPage::key(),
        fields,
        button: "登记小镇",
        back: "/places".to_owned(),
    })
}
