//! What anybody may read: the list, the notices, the downloads.

use crate::lists::{self, Entry, Version, csv};
use crate::selection::{self, Correction, Notice, NoticeEntry};
use crate::web::{Visit, page};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::eligibility::Track;
use domain::problem::Problem;
use kit::page::{Empty, Field, Frame, MenuGroup, MenuItem, Pager};
use kit::{Error, Result};
use std::collections::HashMap;

/// Notices on the home page.
const NEWS: i64 = 5;
const NOTICES_A_PAGE: i64 = 50;

/// The front door: to the desk for those signed in, to the public side for all others; in the demo
/// to the cards, which say what there is to see.
pub async fn front(visit: Visit) -> Response {
    let to = match (visit.actor.is_some(), visit.app.settings().demo) {
        (true, _) => "/desk",
        (false, true) => "/sign-in",
        (false, false) => "/public",
    };
    Redirect::to(to).into_response()
}

/// The frame of the public side: its own menu, and the list's root at the foot.
async fn frame(visit: &Visit, title: &str) -> Result<Frame> {
    let mut page = visit.frame(title);
    let path = visit.here.split('?').next().unwrap_or_default();
    let items = [
        ("首页", "/public"),
        ("建设名单", "/public/list"),
        ("公示公告", "/public/notices"),
        ("工作方案", "/rules"),
        ("网站地图", "/public/site-map"),
    ];
    let items = items
        .into_iter()
        .map(|(words, href)| MenuItem { current: path == href, ..MenuItem::new(words, href) })
        .collect();
    page.menu = vec![MenuGroup { title: String::new(), items }];
    page.text_size = 16;
    let store = visit.store();
    if let Some(version) = lists::newest(store.read()).await? {
        page.root_line = lists::root_after(store.read(), &version.id).await?;
    }
    Ok(page)
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    page: Frame,
    version: Option<Version>,
    towns: usize,
    platforms: usize,
    cities: usize,
    notices: Vec<Notice>,
    has_more_notices: bool,
}

pub async fn home(visit: Visit) -> Result<Response> {
    let store = visit.store();
    let version = lists::version_on(store.read(), visit.today()).await?;
    let entries = match &version {
        Some(version) => lists::entries(store.read(), &version.id).await?,
        None => Vec::new(),
    };
    let of_track = |track: Track| entries.iter().filter(|entry| entry.track == track.code()).count();
    let mut cities: Vec<&str> = entries.iter().map(|entry| entry.city_name.as_str()).collect();
    cities.sort_unstable();
    cities.dedup();
    let mut notices = selection::notices(store.read(), visit.today(), ("", ""), NEWS + 1).await?;
    let has_more_notices = notices.len() > NEWS as usize;
    notices.truncate(NEWS as usize);
    page(&HomePage {
        page: frame(&visit, "省特色小镇").await?,
        towns: of_track(Track::StatutoryTown),
        platforms: of_track(Track::Platform),
        cities: cities.len(),
        notices,
        has_more_notices,
        version,
    })
}

#[derive(Template)]
#[template(path = "portal/list.html")]
struct ListPage {
    page: Frame,
    on: Field,
    csv_href: String,
    /// The day asked for, where it has not come yet.
    coming: Option<String>,
    version: Option<Version>,
    entries: Vec<Entry>,
    root: Option<String>,
    empty: Empty,
}

pub async fn list(visit: Visit, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let store = visit.store();
    let asked = query.get("on").map_or("", |text| text.trim());
    let day = if asked.is_empty() { Some(visit.today()) } else { asked.parse::<Day>().ok() };
    let version = match day {
        Some(day) => lists::version_on(store.read(), day).await?,
        None => None,
    };
    let (entries, root) = match &version {
        Some(version) => (
            lists::entries(store.read(), &version.id).await?,
            lists::root_after(store.read(), &version.id).await?,
        ),
        None => (Vec::new(), None),
    };
    let problems: Vec<Problem> = if day.is_none() { vec![malformed()] } else { Vec::new() };
    page(&ListPage {
        page: Frame { error: day.is_none(), ..frame(&visit, "建设名单").await? },
        on: Field::day("on", "哪一天的名单")
            .value(day.map_or_else(|| asked.to_owned(), |day| day.to_string()))
            .told(&problems),
        csv_href: match day.filter(|_| !asked.is_empty()) {
            Some(day) => format!("/public/list.csv?on={day}"),
            None => "/public/list.csv".to_owned(),
        },
        coming: day.filter(|day| *day > visit.today()).map(Day::words),
        version,
        entries,
        root,
        empty: match day {
            Some(day) => Empty::new(format!("{}还没有生效的名单。", day.words()))
                .leading_to("查看现行名单", "/public/list"),
            None => Empty::new("日期无法识别。").leading_to("查看现行名单", "/public/list"),
        },
    })
}

fn malformed() -> Problem {
    Problem::new("on", "malformed", "请按“2018-04-26”的格式填写日期。")
}

/// The list in force on a day, or today, as a file.
pub async fn download(visit: Visit, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let store = visit.store();
    let day = match query.get("on").map_or("", |text| text.trim()) {
        "" => visit.today(),
        asked => asked.parse().map_err(|_| Error::Invalid(vec![malformed()]))?,
    };
    let version = lists::version_on(store.read(), day).await?.ok_or(Error::NotFound)?;
    csv::answer(&version, &lists::entries(store.read(), &version.id).await?)
}

#[derive(Template)]
#[template(path = "portal/notices.html")]
struct NoticesPage {
    page: Frame,
    notices: Vec<Notice>,
    pager: Pager,
    empty: Empty,
}

/// Notices from `before` on: a first day and an id, `2018-06-12.ID`.
pub async fn notices(visit: Visit, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let (store, today) = (visit.store(), visit.today());
    let before = query.get("before").and_then(|text| text.split_once('.')).unwrap_or_default();
    let mut notices = selection::notices(store.read(), today, before, NOTICES_A_PAGE + 1).await?;
    let has_more = notices.len() > NOTICES_A_PAGE as usize;
    notices.truncate(NOTICES_A_PAGE as usize);
    let first = (!before.0.is_empty()).then(|| "/public/notices".to_owned());
    let last = notices.last().filter(|_| has_more);
    let next = last.map(|last| format!("/public/notices?before={}.{}", last.first_day, last.id));
    page(&NoticesPage {
        page: frame(&visit, "公示公告").await?,
        pager: Pager::new(selection::count_notices(store.read(), today).await?, first, next),
        notices,
        empty: Empty::new("目前没有公示。"),
    })
}

#[derive(Template)]
#[template(path = "portal/notice.html")]
struct NoticePage {
    page: Frame,
    notice: Notice,
    running: bool,
    entries: Vec<NoticeEntry>,
    corrections: Vec<Correction>,
}

impl NoticePage {
    /// Whether an entry no longer counts.
    fn is_struck(&self, position: &i64) -> bool {
        self.corrections.iter().any(|one| one.kind == "withdrawn" && one.position == *position)
    }
}

pub async fn notice(visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let store = visit.store();
    let notice = selection::notice(store.read(), &id, visit.today()).await?;
    let today = visit.today().to_string();
    page(&NoticePage {
        page: frame(&visit, &notice.title).await?,
        running: notice.first_day <= today && today <= notice.last_day,
        entries: selection::notice_entries(store.read(), &notice.id).await?,
        corrections: selection::corrections(store.read(), &notice.id).await?,
        notice,
    })
}

#[derive(Template)]
#[template(path = "portal/site_map.html")]
struct SiteMapPage {
    page: Frame,
}

pub async fn site_map(visit: Visit) -> Result<Response> {
    page(&SiteMapPage { page: frame(&visit, "网站地图").await? })
}

#[derive(Template)]
#[template(path = "portal/accessibility.html")]
struct AccessibilityPage {
    page: Frame,
}

pub async fn accessibility(visit: Visit) -> Result<Response> {
    page(&AccessibilityPage { page: frame(&visit, "无障碍声明").await? })
}
