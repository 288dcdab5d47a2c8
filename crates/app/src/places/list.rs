//! The list of towns and platforms within reach.

use super::store::{self, After, Filter, PAGE_ROWS};
use crate::web::{Acting, Fields, page};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::eligibility::Track;
use domain::stage::MembershipStage;
use kit::Result;
use kit::page::{Choice, Empty, Field, Frame, Pager, Tag, Tone};

#[derive(Template)]
#[template(path = "places/list.html")]
pub struct ListPage {
    pub page: Frame,
    pub filters: Vec<Field>,
    pub is_filtered: bool,
    pub lines: Vec<Line>,
    pub pager: Pager,
    pub may_register: bool,
}

pub struct Line {
    pub id: String,
    pub name: String,
    pub track: &'static str,
    pub county: String,
    pub city: String,
    pub stage: Option<Tag>,
    pub facts: Tag,
}

pub async fn show(acting: Acting, RawQuery(query): RawQuery) -> Result<Response> {
    let mut asked = Fields::of_query(query.as_deref());
    let filter = Filter {
        city: asked.take("city"),
        county: asked.take("county"),
        track: asked.take("track"),
        name: asked.take("q"),
    };
    let after = After { division: asked.take("after"), id: asked.take("id") };
    let mut read = acting.store().read();
    let mut rows = store::list(&mut read, &acting.reach, &filter, &after).await?;
    let count = store::count(&mut read, &acting.reach, &filter).await?;
    let has_more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    let next = rows.last().filter(|_| has_more).map(|last| address(&filter, &last.division_code, &last.id));
    let first = (!after.division.is_empty()).then(|| address(&filter, "", ""));
    let cities = store::divisions_of_level(&mut read, "city", acting.today()).await?;
    let counties = store::divisions_of_level(&mut read, "county", acting.today()).await?;
    page(&ListPage {
        page: acting.frame_under(&[], "小镇"),
        is_filtered: !(filter.city.is_empty()
            && filter.county.is_empty()
            && filter.track.is_empty()
            && filter.name.is_empty()),
        filters: filters(&acting, &filter, cities, counties),
        lines: rows.into_iter().map(line).collect(),
        pager: Pager::new(count, first, next),
        may_register: acting.may("place.register"),
    })
}

fn filters(
    acting: &Acting,
    filter: &Filter,
    cities: Vec<(String, String)>,
    counties: Vec<(String, String)>,
) -> Vec<Field> {
    let prefix = acting.actor.division.as_str();
    let within =
        |code: &str, wide: &str| code.starts_with(prefix) && code.starts_with(wide.get(..4).unwrap_or(""));
    let choices = |all: Vec<(String, String)>, wide: &str| -> Vec<Choice> {
        let here = all.into_iter().filter(|(code, _)| within(code, wide));
        here.map(|(code, name)| Choice::new(code, name)).collect()
    };
    let tracks = Track::ALL.iter().map(|track| Choice::new(track.code(), track.words())).collect();
    let mut fields = Vec::new();
    if prefix.len() < 4 {
        fields.push(Field::filter("city", "设区市", choices(cities, "")).value(&filter.city));
    }
    if prefix.len() < 6 {
        fields.push(
            Field::filter("county", "县（市、区）", choices(counties, &filter.city)).value(&filter.county),
        );
    }
    fields.push(Field::filter("track", "类别", tracks).value(&filter.track));
    fields.push(Field::text("q", "名称（含曾用名）").value(&filter.name));
    fields
}

fn address(filter: &Filter, after: &str, id: &str) -> String {
    let pairs = [
        ("city", filter.city.as_str()),
        ("county", &filter.county),
        ("track", &filter.track),
        ("q", &filter.name),
        ("after", after),
        ("id", id),
    ];
    let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("/places?{}", serde_urlencoded::to_string(given).unwrap_or_default())
}

fn line(row: store::PlaceLine) -> Line {
    Line {
        track: Track::words_of(&row.track),
        county: row.county.unwrap_or_default(),
        city: row.city.unwrap_or_default(),
        stage: row.stage.as_deref().and_then(stage_tag),
        facts: match row.facts_confirmed_ms {
            Some(_) => Tag::new(Tone::Done, "已确认"),
            None => Tag::new(Tone::Waiting, "待确认"),
        },
        id: row.id,
        name: row.name,
    }
}

pub(super) fn stage_tag(code: &str) -> Option<Tag> {
    let stage: MembershipStage = code.parse().ok()?;
    let tone = match stage {
        MembershipStage::Declared => Tone::Busy,
        MembershipStage::Listed | MembershipStage::Named => Tone::Done,
        MembershipStage::Watched => Tone::Watch,
        MembershipStage::Exited | MembershipStage::Revoked => Tone::Quiet,
    };
    Some(Tag::new(tone, stage.words()))
}

/// Why there is nothing.
pub fn empty(is_filtered: &bool) -> Empty {
    if *is_filtered {
        Empty::new("没有符合条件的小镇。").leading_to("清除筛选", "/places")
    } else {
        Empty::new("范围内还没有登记小镇。由所在县（市、区）登记后出现在这里。")
    }
}
