//! Many accounts at once, for the days on which a province begins: lines copied from a table, each an
//! account and the role asked for it. One bad line, and none is opened.

use super::people::{check_lengths, check_login, find_organisation, open};
use super::store::NewPerson;
use super::{grants, limits};
use crate::web::{Acting, Fields, page, page_with_problems};
use askama::Template;
use axum::response::Response;
use domain::account::Held;
use domain::id::{OrganisationId, PersonId};
use domain::problem::Problem;
use domain::role::Role;
use kit::Result;
use kit::page::{ErrorSummary, Field, Frame, Pairs};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "orgs/roster.html")]
struct RosterPage {
    page: Frame,
    key: String,
    lines: String,
    reason: String,
    columns: Pairs,
    problems: Vec<Problem>,
}

/// The links to hand over, shown once.
#[derive(Template)]
#[template(path = "orgs/roster_links.html")]
struct LinksPage {
    page: Frame,
    links: Vec<LinkLine>,
    hours: i64,
}

struct LinkLine {
    name: String,
    login: String,
    employer: String,
    role: &'static str,
    link: String,
}

/// One line that was checked.
struct Entry {
    login: String,
    name: String,
    phone: String,
    employer: String,
    employer_id: OrganisationId,
    role: Option<Role>,
}

/// Lines taken at once: what is opened and handed over in one sitting.
const MOST_LINES: usize = 200;
/// Problems shown at once; nobody reads more.
const MOST_PROBLEMS: usize = 20;

pub async fn show(acting: Acting) -> Result<Response> {
    page(&form(&acting, String::new(), String::new(), Vec::new()))
}

fn form(acting: &Acting, lines: String, reason: String, problems: Vec<Problem>) -> RosterPage {
    let mut frame = acting.frame_under(&[("人员与身份", "/people")], "批量开通账号");
    frame.error = !problems.is_empty();
    let given = Role::ALL.iter().filter(|role| **role != Role::Public);
    let roles = given.map(|role| role.words()).collect::<Vec<_>>().join("、");
    let columns = Pairs::new()
        .and("用户名", "3至32个小写字母、数字或“._-”")
        .and("工作单位", "“机构”页中的全称")
        .and("身份", format!("{roles}；不授权的留空"));
    RosterPage { page: frame, key: crate::web::fresh_key(), lines, reason, columns, problems }
}

pub async fn create(acting: Acting, mut fields: Fields) -> Result<Response> {
    let mut problems = Vec::new();
    let reason = fields.need("reason", "授权理由", &mut problems);
    let lines = fields.need("lines", "人员名单", &mut problems);
    problems.extend(fields.leftover());
    let entries = read(&acting, &lines, &mut problems).await?;
    if !problems.is_empty() {
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if more > 0 {
            problems.push(Problem::new("lines", "more", format!("另有{more}处问题，请先改正以上各处。")));
        }
        return page_with_problems(&form(&acting, lines, reason, problems));
    }
    let mut links = Vec::with_capacity(entries.len());
    let mut key = fields.key;
    for entry in entries {
        links.push(enter(&acting, std::mem::take(&mut key), entry, &reason).await?);
    }
    page(&LinksPage {
        page: acting.frame_under(&[("人员与身份", "/people")], "开通链接"),
        links,
        hours: limits::count(&acting.app, "security.setup_link_hours")?,
    })
}

/// The lines of the table; a head line and blank lines are passed over.
async fn read(acting: &Acting, lines: &str, problems: &mut Vec<Problem>) -> Result<Vec<Entry>> {
    let filled = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let filled: Vec<_> = filled.filter(|(_, line)| !line.trim_start().starts_with("用户名")).collect();
    if filled.len() > MOST_LINES {
        let says = format!("一次最多{MOST_LINES}人，现有{}人，请分次开通。", filled.len());
        problems.push(Problem::new("lines", "too_many", says));
        return Ok(Vec::new());
    }
    let mut logins = BTreeSet::new();
    let mut entries = Vec::with_capacity(filled.len());
    for (at, line) in filled {
        let mut found = Vec::new();
        let entry = read_line(acting, line, &mut found).await?;
        if let Some(entry) = &entry
            && !logins.insert(entry.login.clone())
        {
            let says = format!("用户名“{}”在名单中出现两次。", entry.login);
            found.push(Problem::new("login", "twice", says));
        }
        let told = |problem: Problem| {
            Problem::new("lines", problem.code, format!("第{}行：{}", at + 1, problem.says))
        };
        problems.extend(found.into_iter().map(told));
        entries.extend(entry);
    }
    Ok(entries)
}

/// One line: login, name, telephone, employer, role; from a spreadsheet with tabs between, or with commas.
async fn read_line(acting: &Acting, line: &str, problems: &mut Vec<Problem>) -> Result<Option<Entry>> {
    let separators: &[char] = if line.contains('\t') { &['\t'] } else { &[',', '，'] };
    let cells: Vec<&str> = line.split(separators).map(str::trim).collect();
    let (Some([login, name, phone, employer]), 4..=5) = (cells.first_chunk::<4>(), cells.len()) else {
        let says = "应为用户名、姓名、电话、工作单位、身份五列，用制表符或逗号分隔。";
        problems.push(Problem::new("lines", "malformed", says));
        return Ok(None);
    };
    for (label, text) in [("用户名", login), ("姓名", name), ("电话", phone), ("工作单位", employer)]
    {
        if text.is_empty() {
            problems.push(Problem::new("lines", "required", format!("请填写“{label}”。")));
        }
    }
    let login = login.to_lowercase();
    check_login(acting, &login, problems).await?;
    check_lengths(name, phone, problems);
    let found = find_organisation(acting, employer, "employer", problems).await?;
    let role = cells.get(4).copied().unwrap_or_default();
    let role = match Role::ALL.iter().find(|known| **known != Role::Public && known.words() == role) {
        Some(known) => Some(*known),
        None if role.is_empty() => None,
        None => {
            let says = format!("没有“{role}”这一身份，请按上方所列填写；不授权的留空。");
            problems.push(Problem::new("role", "unknown", says));
            return Ok(None);
        }
    };
    let Some((employer_id, kind)) = found else { return Ok(None) };
    if let Some(says) = role.and_then(|role| grants::not_at_home(role, &kind)) {
        problems.push(Problem::new("role", "refused", says));
    }
    let [name, phone, employer] = [name, phone, employer].map(|text| (*text).to_owned());
    Ok(Some(Entry { login, name, phone, employer, employer_id, role }))
}

/// Opens the account and asks for its role: the same two acts as by hand.
async fn enter(acting: &Acting, key: String, entry: Entry, reason: &str) -> Result<LinkLine> {
    let person: PersonId = kit::clock::fresh();
    let (login, name, phone) = (entry.login.as_str(), entry.name.as_str(), entry.phone.as_str());
    let new = NewPerson { id: person, login, name, phone, employer: entry.employer_id };
    let link = open(acting, (&key, "/people"), &new).await?;
    if let Some(role) = entry.role {
        let held = Held { role, organisation: entry.employer_id };
        grants::ask(acting, ("", "/people"), person, held, None, reason).await?;
    }
    let role = entry.role.map_or("", Role::words);
    Ok(LinkLine { name: entry.name, login: entry.login, employer: entry.employer, role, link })
}
