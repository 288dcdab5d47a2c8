//! What anybody may read: the list, the notices, the downloads.

use crate::lists::{self, Entry, Version, csv};
use crate::selection::{self, Correction, Notice, NoticeEntry};
use crate::web::{Visit, page};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use kit::page::{Empty, Field, Frame, MenuGroup, MenuItem};
use kit::{Error, Result};
use std::collections::HashMap;

/// The front door: to the desk for those signed in, to the public side for all others.
pub async fn front(visit: Visit) -> Response {
    let to = if visit.actor.is_some() { "/desk" } else { "/public" };
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
}

pub async fn home(visit: Visit) -> Result<Response> {
    let store = visit.store();
    let version = lists::version_on(store.read(), visit.today()).await?;
    let entries = match &version {
        Some(version) => lists::entries(store.read(), &version.id).await?,
        None => Vec::new(),
    };
    let of_track = |track: &str| entries.iter().filter(|entry| entry.track == track).count();
    let mut cities: Vec<&str> = entries.iter().map(|entry| entry.city_name.as_str()).collect();
    cities.sort_unstable();
    cities.dedup();
    page(&HomePage {
        page: frame(&visit, "省特色小镇").await?,
        towns: of_track("StatutoryTown"),
        platforms: of_track("Platform"),
        cities: cities.len(),
        notices: selection::notices(store.read(), visit.today()).await?,
        version,
    })
}

#[derive(Template)]
#[template(path = "portal/list.html")]
struct ListPage {
    page: Frame,
    on: Field,
    version: Option<Version>,
    entries: Vec<Entry>,
    root: Option<String>,
    empty: Empty,
}

pub async fn list(visit: Visit, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let store = visit.store();
    let day = query.get("on").and_then(|text| text.parse::<Day>().ok()).unwrap_or_else(|| visit.today());
    let version = lists::version_on(store.read(), day).await?;
    let (entries, root) = match &version {
        Some(version) => (
            lists::entries(store.read(), &version.id).await?,
            lists::root_after(store.read(), &version.id).await?,
        ),
        None => (Vec::new(), None),
    };
    page(&ListPage {
        page: frame(&visit, "建设名单").await?,
        on: Field::day("on", "哪一天的名单").value(day.to_string()),
        version,
        entries,
        root,
        empty: Empty::new("这一天还没有生效的名单。"),
    })
}

/// The list in force today as a file.
pub async fn download(visit: Visit) -> Result<Response> {
    let store = visit.store();
    let version = lists::version_on(store.read(), visit.today()).await?.ok_or(Error::NotFound)?;
    csv::answer(&version, &lists::entries(store.read(), &version.id).await?)
}

#[derive(Template)]
#[template(path = "portal/notices.html")]
struct NoticesPage {
    page: Frame,
    notices: Vec<Notice>,
    empty: Empty,
}

pub async fn notices(visit: Visit) -> Result<Response> {
    page(&NoticesPage {
        page: frame(&visit, "公示公告").await?,
        notices: selection::notices(visit.store().read(), visit.today()).await?,
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
    let all = selection::notices(store.read(), visit.today()).await?;
    let notice = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
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
