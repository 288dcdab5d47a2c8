//! Organisations by level, their telephones, and for those who may know, their people.

use super::asked;
use super::establish::{check_words, first_day, may_be_succeeded, need_free_name};
use super::keyset::Keyset;
use super::people::parse;
use super::store::{self, OrganisationRow};
use crate::web::{Acting, Fields, day_words, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::id::OrganisationId;
use domain::problem::Problem;
use domain::role::Role;
use kit::Result;
use kit::page::{Empty, ErrorSummary, Field, Frame, Pager, Pairs};
use kit::record::Event;

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
    may_establish: bool,
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
    may_succeed: bool,
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
    from: String,
    problems: Vec<Problem>,
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
    let rows = store::organisations(acting.store().read(), &sought, &level, &keys).await?;
    let count = store::count_organisations(acting.store().read(), &sought, &level).await?;
    let (rows, pager) = keys.turn(rows, count, |row| &row.key);
    page(&OrganisationsPage {
        page: acting.frame("机构"),
        levels: LEVELS.map(|(code, words)| (code, words, code == level)).to_vec(),
        sought,
        level,
        lines: rows.into_iter().map(OrganisationRow::into_line).collect(),
        pager,
        empty: Empty::new("没有符合条件的机构。").leading_to("查看全部机构", "/organisations"),
        may_establish: acting.may("organisation.establish"),
    })
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

/// Who acts for an organisation, and his telephone.
async fn people(acting: &Acting, id: OrganisationId) -> Result<Vec<RoleLine>> {
    let rows = store::people_of(acting.store().read(), id, acting.today()).await?;
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
    let row = store::organisation(acting.store().read(), id).await?;
    let knows_people =
        acting.may("person.read") || acting.may("organisation.change") || acting.actor.organisation == id;
    let mut facts = Pairs::new().and("类别", kind_words(&row.kind)).and("办公电话", row.phone.clone());
    if let Some(parent) = &row.parent {
        facts = facts.and("上级", parent.clone());
    }
    for (name, until_ms) in store::former_names(acting.store().read(), id).await? {
        facts = facts.and("曾用名", format!("{name}（至{}）", Day::at(until_ms - 1).words()));
    }
    let is_in_force = row.valid_until.is_none();
    if let Some(day) = &row.valid_until {
        facts = facts.and("终止", format!("{}以后不再办理", day_words(day)));
    }
    let children = store::children(acting.store().read(), id).await?;
    page(&OrganisationPage {
        page: acting.frame_under(&[("机构", "/organisations")], &row.name),
        id: row.id.clone(),
        parent_id: row.parent_id.clone(),
        facts,
        children: children.into_iter().map(OrganisationRow::into_line).collect(),
        people: if knows_people { Some(people(&acting, id).await?) } else { None },
        may_change: is_in_force && acting.may("organisation.change"),
        may_succeed: is_in_force && may_be_succeeded(&row.kind) && acting.may("organisation.establish"),
        may_add_person: acting.may("person.change"),
        may_read_people: acting.may("person.read"),
    })
}

pub async fn show_edit(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = store::organisation(acting.store().read(), parse(&id)?).await?;
    page(&edit_form(&acting, row))
}

fn edit_form(acting: &Acting, row: OrganisationRow) -> OrganisationForm {
    let path = format!("/organisations/{}", row.id);
    OrganisationForm {
        page: acting.frame_under(&[("机构", "/organisations"), (&row.name, &path)], "修改机构信息"),
        id: row.id,
        key: crate::web::fresh_key(),
        version: row.version.to_string(),
        name: row.name,
        phone: row.phone,
        from: String::new(),
        problems: Vec::new(),
    }
}

pub async fn change(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = store::organisation(acting.store().read(), parse(&id)?).await?;
    let mut problems = Vec::new();
    let name = fields.need("name", "名称", &mut problems);
    let phone = fields.need("phone", "办公电话", &mut problems);
    let from = fields.take("from");
    let version: Option<i64> = fields.parse("version", "版本", "1", &mut problems);
    problems.extend(fields.leftover());
    check_words(&name, &phone, &mut problems);
    let day = renamed_from(&acting, &row, (&name, &from), &mut problems).await?;
    let Some(version) = version.filter(|_| problems.is_empty()) else {
        let mut form = OrganisationForm { name, phone, from, problems, ..edit_form(&acting, row) };
        form.page.error = true;
        return page_with_problems(&form);
    };
    let mut act = acting.act(&fields.key).await?;
    store::save_organisation(&mut act, &row.id, (&name, &phone), version).await?;
    let to = format!("/organisations/{}", row.id);
    act.lands_on(&to);
    let event = match day {
        None => Event::new("organisation.changed", "organisation", &row.id),
        Some(day) => {
            store::keep_former_name(&mut act, &row.id, &row.name, day).await?;
            let event = Event::new("organisation.renamed", "organisation", &row.id);
            event.note("from", &row.name).note("to", &name).note("day", day)
        }
    };
    act.commit(event).await?;
    Ok(Redirect::to(&to).into_response())
}

/// The day from which the organisation is called otherwise; none where its name stays, or was only misspelt.
async fn renamed_from(
    acting: &Acting,
    row: &OrganisationRow,
    (name, from): (&str, &str),
    problems: &mut Vec<Problem>,
) -> Result<Option<Day>> {
    if name == row.name {
        return Ok(None);
    }
    need_free_name(acting, name, problems).await?;
    let former = store::former_names(acting.store().read(), parse(&row.id)?).await?;
    let after = former.first().map_or(String::new(), |(_, until_ms)| Day::at(*until_ms).to_string());
    Ok(first_day(from, &after, acting.today(), problems))
}
