//! The desk: four counters, the to-dos by deadline, the towns' lives, what is new.

use super::lives::{OnDesk, on_desk};
use super::steps::{action, state};
use super::store::{self, After, Show, StepRow, Whose};
use crate::audit::subject_words;
use crate::web::{Acting, clock_words, csv_answer, page};
use crate::{declarations, orgs, selection};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::calendar::Calendar;
use domain::day::Day;
use domain::role::Role;
use domain::stage::BatchStage;
use kit::page::{Empty, Frame, Light, Notice, Pager, Tag, Tone};
use kit::{Error, Result};
use serde::Deserialize;

const TODOS_A_PAGE: i64 = 50;
pub(super) const CSV_ROWS_A_QUERY: i64 = 1000;
const NEWS: i64 = 5;
/// The pack's value: as many working days left make a to-do a near one.
const SOON_DAYS: &str = "desk.soon_days";

#[derive(Template)]
#[template(path = "desk/desk.html")]
struct DeskPage {
    page: Frame,
    counters: Vec<Counter>,
    todos: Vec<Todo>,
    pager: Pager,
    csv_href: String,
    /// Decisions on accounts wait on a page of their own.
    decisions: Option<Notice>,
    empty: Empty,
    towns: OnDesk,
    /// Title, address, day.
    news: Vec<(String, String, String)>,
}

struct Counter {
    words: &'static str,
    icon: &'static str,
    tone: &'static str,
    count: i64,
    href: String,
    is_on: bool,
}

struct Todo {
    words: String,
    href: String,
    object: String,
    number: String,
    batch: String,
    from: String,
    since: String,
    remark: String,
    light: Option<Light>,
    state: Tag,
}

/// Which to-dos, and from where on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    show: String,
    after: String,
}

impl Ask {
    fn show(&self) -> Show {
        let all = [Show::Soon, Show::Late, Show::Returned];
        all.into_iter().find(|show| show.code() == self.show).unwrap_or(Show::All)
    }
}

pub async fn show(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let whose = whose(&acting)?;
    let (all, soon, late, returned) = store::counts(acting.store().read(), &whose).await?;
    let after = read_key(&ask.after);
    let mut rows = store::todos(acting.store().read(), &whose, ask.show(), &after, TODOS_A_PAGE + 1).await?;
    let has_more = rows.len() > TODOS_A_PAGE as usize;
    rows.truncate(TODOS_A_PAGE as usize);
    let counts = [all, soon, late, returned];
    let deciding = decisions_waiting(&acting).await?;
    page(&DeskPage {
        page: acting.frame("我的待办"),
        counters: counters([all + deciding, soon, late, returned], ask.show()),
        pager: pager(counts, &ask, &rows, has_more),
        todos: rows.iter().map(|row| todo(&acting, row)).collect(),
        csv_href: address("/desk.csv", ask.show(), ""),
        decisions: decisions(deciding),
        empty: empty(&acting, ask.show()).await?,
        towns: on_desk(&acting).await?,
        news: news(&acting).await?,
    })
}

/// Grants and resets that wait for whoever decides on them: to-dos of his, on a page of their own.
async fn decisions_waiting(acting: &Acting) -> Result<i64> {
    match acting.may("grant.decide") {
        true => orgs::count_decisions_waiting(acting.store().read()).await,
        false => Ok(0),
    }
}

fn decisions(count: i64) -> Option<Notice> {
    let says = format!("有{count}件授权或账号重置等待批准。");
    (count > 0).then(|| Notice::new(Tone::Waiting, "", says).leading_to("前往授权审批", "/grants"))
}

/// The to-dos as a table.
pub async fn csv(acting: Acting, Query(ask): Query<Ask>) -> Result<Response> {
    let whose = whose(&acting)?;
    let (mut rows, mut after) = (Vec::new(), After::default());
    loop {
        let read = acting.store().read();
        let found = store::todos(read, &whose, ask.show(), &after, CSV_ROWS_A_QUERY).await?;
        let Some(last) = found.last() else { break };
        after = read_key(&key(last));
        rows.extend(found);
    }
    let calendar = acting.pack().calendar();
    let table = rows.iter().map(|row| {
        let todo = todo(&acting, row);
        let due = row.due_day.clone().unwrap_or_default();
        let left = left_words(calendar, whose.today, &due);
        vec![
            todo.words,
            todo.object,
            todo.number,
            todo.batch,
            todo.from,
            todo.since,
            due,
            left,
            todo.state.words,
        ]
    });
    let head = ["事项", "对象", "编号", "批次", "来自", "收到时间", "截止日", "剩余", "状态"];
    csv_answer("zhenxing-todos.csv", &head, table.collect())
}

fn whose(acting: &Acting) -> Result<Whose> {
    let today = acting.today();
    let soon_days = acting.pack().days(SOON_DAYS, today).map_err(Error::internal)?;
    Ok(Whose {
        organisation: acting.reach.organisation().ok_or(Error::NotFound)?,
        role: acting.actor.role,
        today,
        soon: last_near_day(acting.pack().calendar(), today, soon_days),
    })
}

/// The last day with at most so many working days left.
fn last_near_day(calendar: &Calendar, today: Day, soon_days: i32) -> Day {
    let mut day = today;
    while calendar.working_days_left(today, day.plus_days(1)) <= soon_days {
        day = day.plus_days(1);
    }
    day
}

/// `2018-05-02.ID`, as the link to the next page carries it.
pub(super) fn read_key(text: &str) -> After {
    let (due, id) = text.split_once('.').unwrap_or_default();
    After { due: due.to_owned(), id: id.to_owned() }
}

/// The key of a row in the order of deadlines.
pub(super) fn key(row: &StepRow) -> String {
    format!("{}.{}", row.due_day.as_deref().unwrap_or("9999"), row.id)
}

fn address(base: &str, show: Show, after: &str) -> String {
    let pairs: Vec<(&str, &str)> = [("show", show.code()), ("after", after)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match serde_urlencoded::to_string(pairs).unwrap_or_default() {
        query if query.is_empty() => base.to_owned(),
        query => format!("{base}?{query}"),
    }
}

fn counters([all, soon, late, returned]: [i64; 4], on: Show) -> Vec<Counter> {
    let counter = |show: Show, words, icon, tone, count| Counter {
        words,
        icon,
        tone: if count > 0 { tone } else { "" },
        count,
        href: address("/desk", show, ""),
        is_on: show == on,
    };
    vec![
        counter(Show::All, "待办", "inbox", "", all),
        counter(Show::Soon, "临期", "clock", "tone-waiting", soon),
        counter(Show::Late, "逾期", "alert", "tone-bad", late),
        counter(Show::Returned, "被退回", "back", "tone-bad", returned),
    ]
}

fn pager([all, soon, late, returned]: [i64; 4], ask: &Ask, rows: &[StepRow], has_more: bool) -> Pager {
    let count = match ask.show() {
        Show::All => all,
        Show::Soon => soon,
        Show::Late => late,
        Show::Returned => returned,
    };
    let first = (!ask.after.is_empty()).then(|| address("/desk", ask.show(), ""));
    let next = rows.last().filter(|_| has_more).map(|row| address("/desk", ask.show(), &key(row)));
    Pager::new(count, first, next)
}

fn todo(acting: &Acting, row: &StepRow) -> Todo {
    let (words, href) = action(acting, row);
    Todo {
        words,
        href,
        object: object_words(row),
        number: row.number.clone(),
        batch: if row.subject_kind == "batch" { String::new() } else { row.batch_title.clone() },
        from: from_words(row),
        since: minutes(row.entered_ms),
        remark: row.remark.clone().unwrap_or_default(),
        light: light(acting, row),
        state: state(&row.subject_kind, &row.stage),
    }
}

/// 示例瓷源镇, 景德镇市上报清单, 第二批.
pub(super) fn object_words(row: &StepRow) -> String {
    let kind = subject_words(&row.subject_kind).unwrap_or_default();
    match (row.subject_kind.as_str(), row.object.as_str()) {
        (_, "") => kind.to_owned(),
        ("city_report", name) => format!("{name}上报清单"),
        (_, name) => name.to_owned(),
    }
}

fn from_words(row: &StepRow) -> String {
    match (&row.from_person, &row.from_organisation) {
        (Some(person), Some(organisation)) => format!("{organisation}·{person}"),
        (Some(person), None) => person.clone(),
        (None, _) => "系统".to_owned(),
    }
}

/// 2018-04-26 14:03.
pub(super) fn minutes(at_ms: i64) -> String {
    clock_words(at_ms).chars().take(16).collect()
}

/// The deadline with what is left of it and how it was reckoned.
pub(super) fn light(acting: &Acting, row: &StepRow) -> Option<Light> {
    let due: Day = row.due_day.as_deref()?.parse().ok()?;
    let left = acting.pack().calendar().working_days_left(acting.today(), due);
    let light = Light::new(due, acting.today(), left);
    Some(match &row.due_why {
        Some(why) => light.because(why),
        None => light,
    })
}

/// 剩3个工作日, 今天截止, 逾期2天.
pub(super) fn left_words(calendar: &Calendar, today: Day, due: &str) -> String {
    let Ok(due) = due.parse::<Day>() else { return String::new() };
    match today.days_until(due) {
        0 => "今天截止".to_owned(),
        days if days < 0 => format!("逾期{}天", -days),
        _ => format!("剩{}个工作日", calendar.working_days_left(today, due)),
    }
}

async fn empty(acting: &Acting, show: Show) -> Result<Empty> {
    if show != Show::All {
        return Ok(Empty::new("没有这一类待办。").leading_to("查看全部待办", "/desk"));
    }
    if acting.may("declaration.start") {
        return open_to(acting).await;
    }
    let words = "现在没有待办。轮到您办理时，会出现在这里。";
    let (says, href) = match acting.actor.role {
        Role::Auditor | Role::AuditAdmin => ("查看操作日志", "/log"),
        Role::SystemAdmin => ("管理人员与身份", "/people"),
        Role::SecurityAdmin => ("查看授权审批", "/grants"),
        _ if acting.may("board.read") => ("查看办理进度", "/board"),
        _ => ("查看方案条文", "/rules"),
    };
    Ok(Empty::new(words).leading_to(says, href))
}

/// What a town can begin today, and until when; nothing, where no window is open.
async fn open_to(acting: &Acting) -> Result<Empty> {
    let today = acting.today();
    let reach = acting.reach_in("batch.read").ok_or(Error::Forbidden)?;
    for batch in declarations::batches(acting.store().read(), &reach).await? {
        let closes = batch.closes()?;
        if batch.stage()? == BatchStage::Called && batch.opens()? <= today && today <= closes {
            let newest = store::lives(acting.store().read(), &reach, ("", ""), 1).await?;
            if let Some(life) = newest.first().filter(|life| life.batch_title == batch.title) {
                let says = "现在没有待办，本单位的申报书正在办理，轮到您时会出现在这里。";
                return Ok(Empty::new(says).leading_to("查看申报件", format!("/declarations/{}", life.id)));
            }
            let left = left_words(acting.pack().calendar(), today, &closes.to_string());
            let says = format!("{}正在进行，{}24:00截止，{left}。", batch.title, closes.words());
            return Ok(Empty::new(says).leading_to("开始申报", "/declarations/new"));
        }
    }
    let says = "现在没有待办，也没有开放申报的批次。省联席会议办公室发出申报通知后，在这里开始申报。";
    Ok(Empty::new(says).leading_to("查看我的申报件", "/declarations"))
}

async fn news(acting: &Acting) -> Result<Vec<(String, String, String)>> {
    let notices = selection::notices(acting.store().read(), acting.today(), ("", ""), NEWS).await?;
    let line = |notice: selection::Notice| {
        (notice.title, format!("/public/notices/{}", notice.id), notice.first_day)
    };
    Ok(notices.into_iter().map(line).collect())
}
