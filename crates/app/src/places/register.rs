//! A county registers a statutory town or a platform, with the unit that fills in its forms.

use super::acts::{self, Registration};
use super::facts::FormPage;
use super::store::{self, DivisionRow};
use crate::web::{Acting, Fields, page, page_with_problems};
use axum::response::{IntoResponse, Redirect, Response};
use domain::clause::Clause;
use domain::eligibility::{DivisionKind, Track, division_refusal, open_tracks, town_kinds, track_refusal};
use domain::limits::NAME_CHARS_MAX;
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, Field, Frame};
use kit::{Error, Result};

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
    let lies_in = lies_in(&acting, &typed, &mut problems).await?;
    problems.extend(typed.too_long());
    let Some((track, division)) = lies_in.filter(|_| problems.is_empty()) else {
        return page_with_problems(&form(&acting, &typed, problems).await?);
    };
    let (name, suffix) = match track {
        Track::StatutoryTown => (division.name.clone(), "政府"),
        Track::Platform => (typed.name.clone(), "管委会"),
    };
    let operator = Some(typed.operator.clone()).filter(|name| !name.is_empty());
    let new = Registration {
        track,
        operator: operator.unwrap_or_else(|| format!("{name}{suffix}")),
        name,
        division,
        phone: typed.phone.clone(),
    };
    let id = match acts::register(&acting, &fields.key, &new).await {
        Err(Error::Invalid(problems)) => {
            return page_with_problems(&form(&acting, &typed, problems).await?);
        }
        result => result?,
    };
    Ok(Redirect::to(&format!("/places/{id}?done=place.registered")).into_response())
}

impl Typed {
    fn too_long(&self) -> Vec<Problem> {
        let fields = [("name", "平台名称", &self.name), ("operator", "填报单位", &self.operator)];
        let long = fields.into_iter().filter(|(_, _, text)| text.chars().count() > NAME_CHARS_MAX);
        long.map(|(field, label, _)| {
            Problem::new(field, "too_long", format!("“{label}”不能超过{NAME_CHARS_MAX}字，请精简。"))
        })
        .collect()
    }
}

/// The track and the division the place lies in; what it may not be is refused by its clause.
async fn lies_in(
    acting: &Acting,
    typed: &Typed,
    problems: &mut Vec<Problem>,
) -> Result<Option<(Track, DivisionRow)>> {
    let county = acting.actor.division.as_str();
    let (pack, today) = (acting.pack(), acting.today());
    let mut read = acting.store().read();
    let Ok(track) = typed.track.parse::<Track>() else {
        problems.push(Problem::new("track", "not_an_option", "请选择类别。"));
        return Ok(None);
    };
    let code = match track {
        Track::StatutoryTown => typed.town.as_str(),
        Track::Platform => county,
    };
    let missing = match track {
        Track::StatutoryTown => Problem::new("town", "required", "请选择要登记的镇。"),
        Track::Platform => Problem::new("name", "required", "请填写“平台名称”。"),
    };
    if code.is_empty() || (track == Track::Platform && typed.name.is_empty()) {
        problems.push(missing);
        return Ok(None);
    }
    if !acting.reach.holds_division(code) {
        return Err(Error::NotFound);
    }
    let found = store::division(&mut read, code, today).await?.ok_or(Error::NotFound)?;
    let kind = found.is_town().then(|| DivisionKind::of_words(&found.kind));
    let mut refusals = track_refusal(track, pack, today).map_err(Refusal::from)?.into_iter();
    let of_division = division_refusal(track, kind, pack, today).map_err(Refusal::from)?;
    if let Some(refusal) = refusals.next().or(of_division) {
        return Err(refusal.into());
    }
    let taken = store::towns_taken(&mut read, county).await?;
    if track == Track::StatutoryTown && taken.iter().any(|(town,)| town == code) {
        problems.push(acts::is_taken(&found.name));
        return Ok(None);
    }
    Ok(Some((track, found)))
}

async fn form(acting: &Acting, typed: &Typed, problems: Vec<Problem>) -> Result<FormPage> {
    let mut read = acting.store().read();
    let towns = store::divisions_below(&mut read, &acting.actor.division, acting.today()).await?;
    let taken = store::towns_taken(&mut read, &acting.actor.division).await?;
    let kinds = town_kinds(acting.pack(), acting.today()).map_err(Refusal::from)?;
    let free = towns.into_iter().filter(|town| {
        kinds.contains(&DivisionKind::of_words(&town.kind)) && !taken.iter().any(|(code,)| *code == town.code)
    });
    let towns = free.map(|town| Choice::new(town.code, town.name)).collect();
    let tracks = open_tracks(acting.pack(), acting.today()).map_err(Refusal::from)?;
    let tracks = tracks.iter().map(|track| Choice::new(track.code(), track.words())).collect();
    let names: Vec<_> = kinds.iter().map(|kind| kind.words()).collect();
    let fields = vec![
        Field::radios("track", "类别", tracks).value(&typed.track).clause(Clause::new(3, 1)).told(&problems),
        Field::select("town", "镇（登记建制镇时选择）", towns)
            .value(&typed.town)
            .hint(format!("只列出本县尚未登记、可按建制镇申报的区划（{}）。", names.join("、")))
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
        key: crate::web::fresh_key(),
        fields,
        button: "登记小镇",
        back: "/places".to_owned(),
    })
}
