//! The log as a list: with filters for the auditor, and everybody's own acts.

use super::filter::{Chip, Filter};
use super::line::{Line, lines};
use super::store::{self, EntryRow, Whose};
use crate::web::{Acting, csv_answer, page, page_with_problems};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::problem::{Problem, Refusal};
use kit::page::{Empty, ErrorSummary, Field, Frame, Pager};
use kit::{Error, Result};

const ENTRIES_A_PAGE: i64 = 50;
/// A table larger than this is for the export.
const MOST_CSV_ENTRIES: usize = 50_000;
const CSV_ENTRIES_A_QUERY: i64 = 1000;

#[derive(Template)]
#[template(path = "audit/log.html")]
struct LogPage {
    page: Frame,
    problems: Vec<Problem>,
    /// Where the list stands; the filter form asks there.
    base: &'static str,
    fields: Vec<Field>,
    more: Vec<Field>,
    asks_more: bool,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    /// Entries lead to their own pages.
    opens: bool,
    csv_href: Option<String>,
    pager: Pager,
    empty: Empty,
}

impl LogPage {
    /// The start of a hash; the whole stands on the entry's own page and in the table.
    fn brief(value: &str) -> String {
        match value.get(..16) {
            Some(start) if value.len() == 64 => format!("{start}…"),
            _ => value.to_owned(),
        }
    }
}

/// The log with its filters.
pub async fn log(acting: Acting, Query(filter): Query<Filter>) -> Result<Response> {
    let whose = Whose::of(&acting, "log.read").ok_or(Error::NotFound)?;
    let found = match filter.problems() {
        problems if problems.is_empty() => list(&acting, &filter, &whose, "/log").await,
        problems => Err(Error::Invalid(problems)),
    };
    match found {
        Ok(mut shown) => {
            (shown.fields, shown.more) = filter.fields(&[]);
            shown.csv_href = Some(filter.href("/log.csv", "", &[]));
            page(&shown)
        }
        Err(Error::Invalid(problems)) => {
            let mut shown = list(&acting, &Filter::default(), &whose, "/log").await?;
            (shown.fields, shown.more) = filter.fields(&problems);
            (shown.asks_more, shown.page.error, shown.problems) = (true, true, problems);
            page_with_problems(&shown)
        }
        Err(error) => Err(error),
    }
}

/// The filtered log as a table.
pub async fn csv(acting: Acting, Query(filter): Query<Filter>) -> Result<Response> {
    let whose = Whose::of(&acting, "log.read").ok_or(Error::NotFound)?;
    let problems = filter.problems();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let (mut table, mut before) = (Vec::new(), i64::MAX);
    loop {
        let rows = store::older(acting.store(), &filter, &whose, before, CSV_ENTRIES_A_QUERY).await?;
        let Some(last) = rows.last() else { break };
        before = last.seq;
        if table.len() >= MOST_CSV_ENTRIES {
            return Err(too_many().into());
        }
        table.extend(lines(&acting, rows).await?.iter().map(csv_row));
    }
    let head = ["序号", "时间", "人员", "身份", "单位", "办理", "对象", "依据", "理由", "附记"];
    csv_answer("zhenxing-log.csv", &head, table)
}

fn too_many() -> Refusal {
    let says = format!("符合条件的记录超过{MOST_CSV_ENTRIES}条，一张表格放不下。");
    Refusal::by_conduct("too_many", says, "请用日期等条件缩小范围后分次导出；全部记录由审计管理员导出日志。")
}

fn csv_row(line: &Line) -> Vec<String> {
    let notes: Vec<String> = line.notes.iter().map(|(name, value)| format!("{name}：{value}")).collect();
    vec![
        line.seq.to_string(),
        line.time.clone(),
        line.who.clone(),
        line.role.clone(),
        line.organisation.clone(),
        line.act.clone(),
        line.subject.words.clone(),
        line.clause.as_ref().map_or(String::new(), |clause| clause.words.clone()),
        line.reason.clone(),
        notes.join("；"),
    ]
}

/// What one has done oneself: every role's own part of the log.
pub async fn own(acting: Acting, Query(filter): Query<Filter>) -> Result<Response> {
    let whose = Whose::of(&acting, "acts.read").ok_or(Error::NotFound)?;
    let keyset = Filter { before: filter.before, after: filter.after, ..Filter::default() };
    let mut shown = list(&acting, &keyset, &whose, "/desk/acts").await?;
    shown.page = acting.frame_under(&[("我的待办", "/desk")], "我的操作记录");
    shown.opens = Whose::of(&acting, "log.read").is_some_and(|whose| matches!(whose, Whose::Everybody));
    shown.empty = Empty::new("您还没有办理过事项。").leading_to("查看我的待办", "/desk");
    page(&shown)
}

async fn list(acting: &Acting, filter: &Filter, whose: &Whose, base: &'static str) -> Result<LogPage> {
    let count = store::count(acting.store(), filter, whose).await?;
    let (rows, has_newer, has_older) = one_page(acting, filter, whose).await?;
    let link =
        |name, row: Option<&EntryRow>| row.map(|row| filter.href(base, "", &[(name, row.seq.to_string())]));
    let previous = if has_newer { link("after", rows.first()) } else { None };
    let next = if has_older { link("before", rows.last()) } else { None };
    Ok(LogPage {
        page: acting.frame("操作日志"),
        problems: Vec::new(),
        base,
        fields: Vec::new(),
        more: Vec::new(),
        asks_more: filter.asks_more(),
        chips: filter.chips(base),
        lines: lines(acting, rows).await?,
        opens: true,
        csv_href: None,
        pager: Pager::new(count, previous, next),
        empty: Empty::new("没有符合条件的记录。").leading_to("清除筛选", base),
    })
}

/// One page of entries, and whether there are newer and older ones.
async fn one_page(acting: &Acting, filter: &Filter, whose: &Whose) -> Result<(Vec<EntryRow>, bool, bool)> {
    let most = ENTRIES_A_PAGE as usize;
    if let Ok(after) = filter.after.parse() {
        let mut rows = store::newer(acting.store(), filter, whose, after, ENTRIES_A_PAGE + 1).await?;
        let has_newer = rows.len() > most;
        if has_newer {
            rows.remove(0);
        }
        return Ok((rows, has_newer, true));
    }
    let before = filter.before.parse().unwrap_or(i64::MAX);
    let mut rows = store::older(acting.store(), filter, whose, before, ENTRIES_A_PAGE + 1).await?;
    let has_older = rows.len() > most;
    rows.truncate(most);
    Ok((rows, before != i64::MAX, has_older))
}
