//! 办理进度: every open step within reach, who has it, how late; the totals by city.

use super::pages::{CSV_ROWS_A_QUERY, key, left_words, light, minutes, object_words, read_key};
use super::steps::{stage_words, state};
use super::store::{self, After, BoardFilter, CityTotal, StepRow};
use crate::audit::subject_link;
use crate::declarations::{self, BatchRow};
use crate::web::{Acting, csv_answer, page};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::day::Day;
use domain::role::Role;
use domain::stage::{BatchStage, DeclarationStage};
use kit::Result;
use kit::page::{Choice, Empty, Field, Frame, Light, Pager, Tag};
use serde::Deserialize;

const STEPS_A_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "desk/board.html")]
struct BoardPage {
    page: Frame,
    fields: Vec<Field>,
    clear: bool,
    csv_href: String,
    /// Of which batch the totals are.
    heading: String,
    totals: Vec<TotalView>,
    sum: CityTotal,
    rows: Vec<BoardLine>,
    pager: Pager,
    empty: Empty,
}

struct TotalView {
    total: CityTotal,
    href: String,
    late_href: String,
}

struct BoardLine {
    organisation: String,
    role: String,
    phone: String,
    object: String,
    number: String,
    href: Option<String>,
    state: Tag,
    since: String,
    days_here: i32,
    light: Option<Light>,
    is_late: bool,
}

/// The filters, as they stand in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    batch: String,
    city: String,
    stage: String,
    late: String,
    after: String,
}

impl Ask {
    fn filter(&self) -> BoardFilter {
        BoardFilter {
            batch: self.batch.clone(),
            city: self.city.clone(),
            stage: self.stage.clone(),
            late: !self.late.is_empty(),
        }
    }

    fn is_set(&self) -> bool {
        [&self.batch, &self.city, &self.stage, &self.late].iter().any(|text| !text.is_empty())
    }

    fn href(&self, base: &str, after: &str) -> String {
        let pairs = [
            ("batch", self.batch.as_str()),
            ("city", &self.city),
            ("stage", &self.stage),
            ("late", &self.late),
            ("after", after),
        ];
        let pairs: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(pairs).unwrap_or_default() {
            query if query.is_empty() => base.to_owned(),
            query => format!("{base}?{query}"),
        }
    }
}

pub async fn show(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let (filter, today) = (ask.filter(), acting.today());
    let read = || acting.store().read();
    let count = store::board_count(read(), &acting.reach, &filter, today).await?;
    let after = read_key(&ask.after);
    let mut rows = store::board(read(), &acting.reach, &filter, today, &after, STEPS_A_PAGE + 1).await?;
    let has_more = rows.len() > STEPS_A_PAGE as usize;
    rows.truncate(STEPS_A_PAGE as usize);
    let first = (!ask.after.is_empty()).then(|| ask.href("/board", ""));
    let next = rows.last().filter(|_| has_more).map(|row| ask.href("/board", &key(row)));
    let (of, heading) = counted(&acting, &ask).await?;
    let totals = store::totals(read(), &acting.reach, &of, today).await?;
    let ask = &ask;
    page(&BoardPage {
        page: acting.frame("办理进度"),
        fields: fields(&acting, ask).await?,
        clear: ask.is_set(),
        csv_href: ask.href("/board.csv", ""),
        heading,
        sum: sum(&totals),
        totals: totals.into_iter().map(|total| total_view(&of, total)).collect(),
        rows: rows.iter().map(|row| line(&acting, row)).collect(),
        pager: Pager::new(count, first, next),
        empty: empty(ask),
    })
}

fn empty(ask: &Ask) -> Empty {
    if ask.is_set() {
        return Empty::new("没有符合条件的在办事项。").leading_to("清除筛选", "/board");
    }
    Empty::new("现在没有在办事项。批次开放申报后，各单位手里的件会列在这里。")
        .leading_to("查看批次", "/batches")
}

/// The board as a table: exactly what the filter shows.
pub async fn csv(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let (today, calendar) = (acting.today(), acting.pack().calendar());
    let (mut rows, mut after) = (Vec::new(), After::default());
    loop {
        let read = acting.store().read();
        let found = store::board(read, &acting.reach, &ask.filter(), today, &after, CSV_ROWS_A_QUERY).await?;
        let Some(last) = found.last() else { break };
        after = read_key(&key(last));
        rows.extend(found);
    }
    let table = rows.iter().map(|row| {
        let line = line(&acting, row);
        let due = row.due_day.clone().unwrap_or_default();
        let left = left_words(calendar, today, &due);
        let stage = stage_words(&row.subject_kind, &row.stage).to_owned();
        vec![
            line.organisation,
            line.role,
            line.phone,
            line.object,
            line.number,
            row.batch_title.clone(),
            stage,
            line.since,
            line.days_here.to_string(),
            due,
            left,
        ]
    });
    let head =
        ["单位", "身份", "电话", "对象", "编号", "批次", "环节", "收到时间", "已停留天数", "截止日", "剩余"];
    csv_answer("zhenxing-board.csv", &head, table.collect())
}

async fn fields(acting: &Acting, ask: &Ask) -> Result<Vec<Field>> {
    let choices = |rows: Vec<(String, String)>| -> Vec<Choice> {
        rows.into_iter().map(|(value, words)| Choice::new(value, words)).collect()
    };
    let batches = store::batches(acting.store().read()).await?;
    let stages = DeclarationStage::ALL.iter().filter(|stage| !stage.owed_by().is_empty());
    let stages = stages.map(|stage| Choice::new(stage.code(), stage.words())).collect();
    let mut fields = vec![Field::filter("batch", "批次", choices(batches)).value(&ask.batch)];
    if acting.reach.is_all() {
        let cities = store::cities(acting.store().read()).await?;
        fields.push(Field::filter("city", "设区市", choices(cities)).value(&ask.city));
    }
    fields.push(Field::filter("stage", "环节", stages).value(&ask.stage));
    fields.push(Field::filter("late", "时限", vec![Choice::new("1", "只看逾期")]).value(&ask.late));
    Ok(fields)
}

/// The batch whose totals are shown: the one asked for, or the newest that is under way.
async fn counted(acting: &Acting, ask: &Ask) -> Result<(String, String)> {
    let Some(reach) = acting.reach_in("batch.read") else { return Ok((ask.batch.clone(), String::new())) };
    let batches = declarations::batches(acting.store().read(), &reach).await?;
    let is_open = |batch: &&BatchRow| {
        batch.stage().is_ok_and(|it| it != BatchStage::Draft && it != BatchStage::Published)
    };
    let chosen = match ask.batch.as_str() {
        "" => batches.iter().find(is_open),
        id => batches.iter().find(|batch| batch.id == id),
    };
    Ok(chosen.map_or_else(Default::default, |batch| (batch.id.clone(), batch.title.clone())))
}

fn sum(totals: &[CityTotal]) -> CityTotal {
    let add = |of: fn(&CityTotal) -> i64| totals.iter().map(of).sum();
    CityTotal {
        city_code: String::new(),
        city_name: "合计".to_owned(),
        expected: add(|one| one.expected),
        reported: add(|one| one.reported),
        returned: add(|one| one.returned),
        late: add(|one| one.late),
    }
}

fn total_view(batch: &str, total: CityTotal) -> TotalView {
    let of_city = Ask { batch: batch.to_owned(), city: total.city_code.clone(), ..Ask::default() };
    let late = Ask { late: "1".to_owned(), ..of_city.clone() };
    TotalView { href: of_city.href("/board", ""), late_href: late.href("/board", ""), total }
}

fn line(acting: &Acting, row: &StepRow) -> BoardLine {
    let role = row.owing_role.as_deref().and_then(|code| code.parse::<Role>().ok());
    let due: Option<Day> = row.due_day.as_deref().and_then(|day| day.parse().ok());
    BoardLine {
        organisation: row.organisation.clone().unwrap_or_default(),
        role: role.map_or_else(String::new, |role| role.words().to_owned()),
        phone: row.phone.clone().unwrap_or_default(),
        object: object_words(row),
        number: row.number.clone(),
        href: subject_link(acting, &row.subject_kind, &row.subject_id),
        state: state(&row.subject_kind, &row.stage),
        since: minutes(row.entered_ms),
        days_here: Day::at(row.entered_ms).days_until(acting.today()).max(0),
        light: light(acting, row),
        is_late: due.is_some_and(|due| due < acting.today()),
    }
}
