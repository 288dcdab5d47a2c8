//! The list of declarations: filters, a hundred rows a page, and the export of exactly the filter.

use super::super::store::{self, From, ListRow, Narrow};
use super::{light, stage_tag};
use crate::web::{Acting, csv_answer, encode, page};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::day::Day;
use domain::eligibility::Track;
use domain::stage::DeclarationStage;
use kit::page::{Choice, Empty, Field, Frame, Light, Pager, Tag};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/declarations.html")]
pub struct DeclarationsPage {
    pub page: Frame,
    pub fields: Vec<Field>,
    pub chips: Vec<(String, String)>,
    pub rows: Vec<Line>,
    pub pager: Pager,
    pub empty: Empty,
    pub export: String,
    pub may_start: bool,
}

/// One declaration of the list.
pub struct Line {
    pub href: String,
    pub name: String,
    pub number: String,
    pub track: &'static str,
    pub place: String,
    pub batch: String,
    pub tag: Tag,
    pub is_late: bool,
    pub light: Option<Light>,
    pub owner: String,
    /// The telephone of the one organisation that has it.
    pub phone: String,
}

/// What was asked for, as it stands in the address.
#[derive(Default)]
struct Asked {
    narrow: Narrow,
    from: From,
}

impl Asked {
    fn read(query: Option<String>) -> Asked {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query.as_deref().unwrap_or_default()).unwrap_or_default();
        let get = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
        };
        let from = match (get("after"), get("before")) {
            (after, _) if !after.is_empty() => From::After(after),
            (_, before) if !before.is_empty() => From::Before(before),
            _ => From::Start,
        };
        let narrow = Narrow {
            batch: get("batch"),
            stage: get("stage"),
            city: get("city"),
            track: get("track"),
            late: get("late") == "1",
            words: get("q"),
        };
        Asked { narrow, from }
    }
}

/// The filter as a query, with one name left out.
fn query(narrow: &Narrow, without: &str) -> String {
    let late = if narrow.late { "1" } else { "" };
    let pairs = [
        ("q", narrow.words.as_str()),
        ("batch", &narrow.batch),
        ("stage", &narrow.stage),
        ("city", &narrow.city),
        ("track", &narrow.track),
        ("late", late),
    ];
    let kept = pairs.iter().filter(|(name, value)| *name != without && !value.is_empty());
    kept.map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

pub async fn list(acting: Acting, RawQuery(raw): RawQuery) -> Result<Response> {
    let asked = Asked::read(raw);
    let (store, reach) = (acting.store(), &acting.reach);
    let (rows, has_more) = store::list(store.read(), reach, &asked.narrow, &asked.from).await?;
    let count = store::list_count(store.read(), reach, &asked.narrow).await?;
    let (fields, chips) = filters(&acting, &asked.narrow).await?;
    let pager = pager(&asked, &rows, has_more, count);
    let may_start = acting.may("declaration.start");
    page(&DeclarationsPage {
        page: acting.frame("申报件"),
        fields,
        rows: rows.iter().map(|row| line(&acting, row)).collect::<Result<_>>()?,
        pager,
        empty: empty(may_start, !chips.is_empty()),
        chips,
        export: format!("/declarations/export?{}", query(&asked.narrow, "")),
        may_start,
    })
}

fn empty(may_start: bool, is_narrowed: bool) -> Empty {
    match (is_narrowed, may_start) {
        (true, _) => Empty::new("没有符合条件的申报件。").leading_to("清除筛选", "/declarations"),
        (false, true) => Empty::new("本单位还没有申报件。").leading_to("开始申报", "/declarations/new"),
        (false, false) => Empty::new("还没有申报件。镇（平台）开始申报后，这里会列出。"),
    }
}

fn pager(asked: &Asked, rows: &[ListRow], has_more: bool, count: i64) -> Pager {
    let base = query(&asked.narrow, "");
    let join = if base.is_empty() { "" } else { "&" };
    let link = |word: &str, row: Option<&ListRow>| {
        row.map(|row| format!("/declarations?{base}{join}{word}={}", row.id))
    };
    let (previous, next) = match asked.from {
        From::Start => (false, has_more),
        From::After(_) => (true, has_more),
        From::Before(_) => (has_more, true),
    };
    let previous = if previous { link("before", rows.first()) } else { None };
    let next = if next { link("after", rows.last()) } else { None };
    Pager::new(count, previous, next)
}

fn line(acting: &Acting, row: &ListRow) -> Result<Line> {
    let stage: DeclarationStage = row.stage.parse().map_err(Error::internal)?;
    Ok(Line {
        href: format!("/declarations/{}", row.id),
        name: row.name.clone(),
        number: row.number.clone(),
        track: Track::words_of(&row.track),
        place: place_words(row),
        batch: row.batch_title.clone(),
        tag: stage_tag(stage),
        is_late: row.is_late == 1,
        light: light(acting, row.due_day.as_deref(), row.due_why.as_deref()),
        owner: row.owner_name(),
        phone: row.phone_of_one().to_owned(),
    })
}

fn place_words(row: &ListRow) -> String {
    format!(
        "{}{}",
        row.city_name.as_deref().unwrap_or_default(),
        row.county_name.as_deref().unwrap_or_default()
    )
}

type Filters = (Vec<Field>, Vec<(String, String)>);

/// The questions of the filter, and a chip for each answer given.
async fn filters(acting: &Acting, narrow: &Narrow) -> Result<Filters> {
    let store = acting.store();
    let batches = store::batches(store.read(), &acting.reach).await?;
    let batches: Vec<_> = batches.iter().map(|batch| Choice::new(&batch.id, &batch.title)).collect();
    let cities = store::cities(store.read(), acting.today()).await?;
    let cities: Vec<_> = cities
        .iter()
        .filter(|(code, _)| acting.reach.holds_division(code))
        .map(|(code, name)| Choice::new(code, name))
        .collect();
    let stages = DeclarationStage::ALL.iter().map(|stage| Choice::new(stage.code(), stage.words())).collect();
    let tracks = Track::ALL.iter().map(|track| Choice::new(track.code(), track.words())).collect();
    let mut questions = vec![
        ("q", "名称、编号", Vec::new(), narrow.words.clone()),
        ("batch", "批次", batches, narrow.batch.clone()),
        ("stage", "状态", stages, narrow.stage.clone()),
        ("track", "类别", tracks, narrow.track.clone()),
        ("late", "时限", vec![Choice::new("1", "仅看逾期")], flag(narrow.late)),
    ];
    if cities.len() > 1 {
        questions.insert(3, ("city", "设区市", cities, narrow.city.clone()));
    }
    let (mut fields, mut chips) = (Vec::new(), Vec::new());
    for (name, label, choices, value) in questions {
        if !value.is_empty() {
            let chosen = choices.iter().find(|choice: &&Choice| choice.value == value);
            let words = chosen.map_or_else(|| value.clone(), |choice| choice.words.clone());
            chips.push((format!("{label}：{words}"), format!("/declarations?{}", query(narrow, name))));
        }
        let field = match name {
            "q" => Field::text(name, label),
            _ => Field::filter(name, label, choices),
        };
        fields.push(field.value(value));
    }
    Ok((fields, chips))
}

fn flag(on: bool) -> String {
    if on { "1".to_owned() } else { String::new() }
}

const HEADINGS: [&str; 12] = [
    "编号",
    "名称",
    "类别",
    "设区市",
    "县（市、区）",
    "批次",
    "状态",
    "当前办理单位",
    "截止日",
    "县级文号",
    "推荐顺序",
    "逾期上报",
];

/// Exactly what the filter holds, for a spreadsheet.
pub async fn export(acting: Acting, RawQuery(raw): RawQuery) -> Result<Response> {
    let narrow = Asked::read(raw).narrow;
    let rows = store::list_all(acting.store().read(), &acting.reach, &narrow).await?;
    let name = format!("申报件_{}.csv", acting.today());
    csv_answer(&name, &HEADINGS, rows.iter().map(cells).collect())
}

fn cells(row: &ListRow) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let due = row.due_day.as_deref().and_then(|day| day.parse::<Day>().ok());
    let stage = row.stage.parse::<DeclarationStage>().map_or("", DeclarationStage::words);
    vec![
        row.number.clone(),
        row.name.clone(),
        Track::words_of(&row.track).to_owned(),
        text(&row.city_name),
        text(&row.county_name),
        row.batch_title.clone(),
        stage.to_owned(),
        row.owner_words(),
        due.map(|day| day.to_string()).unwrap_or_default(),
        text(&row.county_number),
        row.recommended.map(|order| order.to_string()).unwrap_or_default(),
        if row.is_late == 1 { "是".to_owned() } else { "否".to_owned() },
    ]
}
