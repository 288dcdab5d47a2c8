//! Organisations by level, their telephones, and for those who may know, their people.

use super::asked;
use super::keyset::{FETCHED, Keyset, pattern};
use super::people::parse;
use crate::web::{Acting, Fields, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{OrganisationId, RowId};
use domain::problem::Problem;
use domain::role::Role;
use kit::page::{Empty, ErrorSummary, Field, Frame, Pager, Pairs};
use kit::record::Event;
use kit::{Result, args};

#[derive(Template)]
#[template(path = "orgs/organisations.html")]
struct OrganisationsPage {
    page: Frame,
    sought: String,
    level: String,
    levels: Vec<(&'static str, &'static str, bool)>,
    lines: Vec<OrganisationLine>,
    pager: Pager,
    empty: Empty,
}

struct OrganisationLine {
    id: String,
    name: String,
    kind: &'static str,
    parent: String,
    phone: String,
    children: i64,
}

#[derive(Template)]
#[template(path = "orgs/organisation.html")]
struct OrganisationPage {
    page: Frame,
    id: String,
    parent_id: Option<String>,
    facts: Pairs,
    children: Vec<OrganisationLine>,
    people: Option<Vec<RoleLine>>,
    may_change: bool,
    may_add_person: bool,
    may_read_people: bool,
}

struct RoleLine {
    person_id: String,
    person: String,
    role: &'static str,
    phone: String,
}

#[derive(Template)]
#[template(path = "orgs/organisation_form.html")]
struct OrganisationForm {
    page: Frame,
    id: String,
    key: String,
    version: String,
    name: String,
    phone: String,
    problems: Vec<Problem>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct OrganisationRow {
    id: String,
    name: String,
    kind: String,
    phone: String,
    parent_id: Option<String>,
    parent: Option<String>,
    children: i64,
    /// Level, division and id: the order of the list.
    key: String,
    version: i64,
}

/// Levels as the list's tabs name them, with the kinds that stand on each.
const LEVELS: [(&str, &str); 5] = [
    ("", "全部"),
    ("province", "省级"),
    ("city", "设区市"),
    ("county", "县（市、区）"),
    ("operator", "镇（平台）"),
];

fn kind_words(kind: &str) -> &'static str {
    match kind {
        "office" => "联席会议办公室",
        "department" => "成员单位",
        "city" => "设区市政府",
        "bureau" => "设区市部门",
        "county" => "县级政府",
        "operator" => "镇（平台）",
        "audit" => "审计机关",
        "administration" => "系统管理",
        _ => "其他",
    }
}

pub async fn list(acting: Acting) -> Result<Response> {
    let keys = Keyset::of(&acting, &["q", "level"]);
    let (sought, level) = (asked(&acting, "q"), asked(&acting, "level"));
    let rows = find(&acting, &sought, &level, &keys).await?;
    let count = count(&acting, &sought, &level).await?;
    let (rows, pager) = keys.turn(rows, count, |row| &row.key);
    page(&OrganisationsPage {
        page: acting.frame("机构"),
        levels: LEVELS.map(|(code, words)| (code, words, code == level)).to_vec(),
        sought,
        level,
        lines: rows.into_iter().map(OrganisationRow::into_line).collect(),
        pager,
        empty: Empty::new("没有符合条件的机构。").leading_to("查看全部机构", "/organisations"),
    })
}

async fn find(acting: &Acting, sought: &str, level: &str, keys: &Keyset) -> Result<Vec<OrganisationRow>> {
    let mut read = acting.store().read();
    let sought = pattern(sought);
    let rows = if keys.is_backward() {
        let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, \
                   (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, \
                   o.division_prefix || '.' || o.id AS key \
                   FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id \
                   WHERE o.valid_until IS NULL AND o.name LIKE $1 AND o.division_prefix || '.' || o.id < $3 \
                   AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                     WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
                   ORDER BY o.division_prefix || '.' || o.id DESC LIMIT $4";
        read.all(sql, args![sought, level, &keys.before, FETCHED]).await?
    } else {
        let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, \
                   (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, \
                   o.division_prefix || '.' || o.id AS key \
                   FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id \
                   WHERE o.valid_until IS NULL AND o.name LIKE $1 AND o.division_prefix || '.' || o.id > $3 \
                   AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                     WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
                   ORDER BY o.division_prefix || '.' || o.id LIMIT $4";
        read.all(sql, args![sought, level, &keys.after, FETCHED]).await?
    };
    Ok(rows)
}

async fn count(acting: &Acting, sought: &str, level: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT o.id FROM organisation o WHERE o.valid_until IS NULL AND o.name LIKE $1 \
               AND ($2 = '' OR (CASE o.kind WHEN 'city' THEN 'city' WHEN 'bureau' THEN 'city' \
                 WHEN 'county' THEN 'county' WHEN 'operator' THEN 'operator' ELSE 'province' END) = $2) \
               LIMIT 1001) AS found";
    Ok(acting.store().read().int(sql, args![pattern(sought), level]).await?)
}

impl OrganisationRow {
    fn into_line(self) -> OrganisationLine {
        OrganisationLine {
            kind: kind_words(&self.kind),
            id: self.id,
            name: self.name,
            parent: self.parent.unwrap_or_default(),
            phone: self.phone,
            children: self.children,
        }
    }
}

async fn load(acting: &Acting, id: OrganisationId) -> Result<OrganisationRow> {
    let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, p.name AS parent, o.version, \
               (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, o.id AS key \
               FROM organisation o LEFT JOIN organisation p ON p.id = o.parent_id WHERE o.id = $1";
    Ok(acting.store().read().one(sql, args![id]).await?)
}

async fn children(acting: &Acting, id: OrganisationId) -> Result<Vec<OrganisationRow>> {
    let sql = "SELECT o.id, o.name, o.kind, o.phone, o.parent_id, o.name AS parent, o.version, \
               (SELECT COUNT(*) FROM organisation c WHERE c.parent_id = o.id) AS children, o.id AS key \
               FROM organisation o WHERE o.parent_id = $1 AND o.valid_until IS NULL \
               ORDER BY o.kind, o.division_prefix, o.id LIMIT 200";
    Ok(acting.store().read().all(sql, args![id]).await?)
}

/// Who acts for an organisation, and his telephone.
async fn people(acting: &Acting, id: OrganisationId) -> Result<Vec<RoleLine>> {
    let rows: Vec<(String, String, String, String)> = acting
        .store()
        .read()
        .all(
            "SELECT p.id, p.name, g.role, p.phone FROM role_grant g JOIN person p ON p.id = g.person_id \
             WHERE g.organisation_id = $1 AND g.approved_ms IS NOT NULL AND g.ended_ms IS NULL \
             AND (g.valid_until IS NULL OR g.valid_until >= $2) AND p.disabled_ms IS NULL \
             ORDER BY g.id LIMIT 200",
            args![id, acting.today()],
        )
        .await?;
    let lines = rows.into_iter().map(|(person_id, person, role, phone)| RoleLine {
        person_id,
        person,
        role: role.parse::<Role>().map_or("", Role::words),
        phone,
    });
    Ok(lines.collect())
}

pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let id: OrganisationId = parse(&id)?;
    let row = load(&acting, id).await?;
    let knows_people =
        acting.may("person.read") || acting.may("organisation.change") || acting.actor.organisation == id;
    let mut facts = Pairs::new().and("类别", kind_words(&row.kind)).and("办公电话", row.phone.clone());
    if let Some(parent) = &row.parent {
        facts = facts.and("上级", parent.clone());
    }
    page(&OrganisationPage {
        page: acting.frame_under(&[("机构", "/organisations")], &row.name),
        id: row.id.clone(),
        parent_id: row.parent_id.clone(),
        facts,
        children: children(&acting, id).await?.into_iter().map(OrganisationRow::into_line).collect(),
        people: if knows_people { Some(people(&acting, id).await?) } else { None },
        may_change: acting.may("organisation.change"),
        may_add_person: acting.may("person.change"),
        may_read_people: acting.may("person.read"),
    })
}

pub async fn show_edit(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, parse(&id)?).await?;
    page(&edit_form(&acting, row))
}

fn edit_form(acting: &Acting, row: OrganisationRow) -> OrganisationForm {
    let path = format!("/organisations/{}", row.id);
    OrganisationForm {
        page: acting.frame_under(&[("机构", "/organisations"), (&row.name, &path)], "修改机构信息"),
        id: row.id,
        key: kit::clock::fresh::<RowId>().to_string(),
        version: row.version.to_string(),
        name: row.name,
        phone: row.phone,
        problems: Vec::new(),
    }
}

pub async fn change(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, parse(&id)?).await?;
    let mut problems = Vec::new();
    let name = fields.need("name", "名称", &mut problems);
    let phone = fields.need("phone", "办公电话", &mut problems);
    let version: Option<i64> = fields.parse("version", "版本", "1", &mut problems);
    problems.extend(fields.leftover());
    if name.chars().count() > 60 {
        problems.push(Problem::new("name", "too_long", "名称最多60个字，请缩短。"));
    }
    if phone.chars().count() > 40 {
        problems.push(Problem::new("phone", "too_long", "电话最多40个字，请缩短。"));
    }
    let Some(version) = version.filter(|_| problems.is_empty()) else {
        let mut form = OrganisationForm { name, phone, problems, ..edit_form(&acting, row) };
        form.page.error = true;
        return page_with_problems(&form);
    };
    let mut act = acting.act(&fields.key).await?;
    act.write_one(
        "UPDATE organisation SET name = $1, phone = $2, version = version + 1 WHERE id = $3 AND version = $4",
        args![name, phone, &row.id, version],
    )
    .await?;
    let to = format!("/organisations/{}", row.id);
    act.lands_on(&to);
    act.commit(Event::new("organisation.changed", "organisation", &row.id)).await?;
    Ok(Redirect::to(&to).into_response())
}
