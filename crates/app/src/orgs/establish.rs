//! Organisations that a running programme gets: on a seat that the rules have and nobody holds, or in the
//! place of another, whose units and unfinished business it takes over.

use super::people::{find_organisation, parse};
use super::store::{self, SeatRow};
use crate::founding::{OrganisationRow, insert_organisation};
use crate::web::{Acting, Fields, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::id::OrganisationId;
use domain::limits::NAME_CHARS_MAX;
use domain::pack::Entry;
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, ErrorSummary, Field, Frame};
use kit::record::{Act, Event};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "orgs/establish.html")]
struct EstablishPage {
    page: Frame,
    lead: &'static str,
    action: String,
    key: String,
    fields: Vec<Field>,
    problems: Vec<Problem>,
    button: &'static str,
    back: String,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    seat: String,
    name: String,
    phone: String,
    from: String,
    why: String,
}

/// What the programme has one organisation for at a time.
struct Seat {
    /// As the form's list names it.
    value: String,
    words: String,
    kind: &'static str,
    department: Option<String>,
    division_code: String,
    parent: Option<OrganisationId>,
}

const ESTABLISHING: &str = "只列出规则包中已有、尚无机构的席位；由新机构接替原机构的，请从原机构的页面办理。";
const SUCCEEDING: &str = "原机构自起始日期起终止，下级机构和未办事项转给新机构，以前的签章、审定和记录仍按原机构显示。\
     原机构人员的授权同时收回，仍需办理的请在新机构重新申请授权。";

impl Typed {
    fn take(fields: &mut Fields, problems: &mut Vec<Problem>) -> Typed {
        Typed {
            seat: fields.take("seat"),
            name: fields.need("name", "名称", problems),
            phone: fields.need("phone", "办公电话", problems),
            from: fields.need("from", "起始日期", problems),
            why: fields.need("why", "依据和原因", problems),
        }
    }

    fn fields(&self, problems: &[Problem]) -> Vec<Field> {
        vec![
            Field::text("name", "名称").value(&self.name).wide().told(problems),
            Field::text("phone", "办公电话").value(&self.phone).told(problems),
            Field::day("from", "起始日期")
                .value(&self.from)
                .hint("批复生效的那一天，不晚于今天。")
                .told(problems),
            Field::paragraph("why", "依据和原因")
                .value(&self.why)
                .hint("写明批复文号。")
                .rows(3)
                .told(problems),
        ]
    }

    /// The first day, where name, telephone and day will do.
    async fn check(&self, acting: &Acting, after: &str, problems: &mut Vec<Problem>) -> Result<Option<Day>> {
        check_words(&self.name, &self.phone, problems);
        need_free_name(acting, &self.name, problems).await?;
        let from = first_day(&self.from, after, acting.today(), problems);
        Ok(from.filter(|_| problems.is_empty()))
    }
}

/// Name and telephone are of a length that pages have room for.
pub(super) fn check_words(name: &str, phone: &str, problems: &mut Vec<Problem>) {
    if name.chars().count() > NAME_CHARS_MAX {
        problems.push(Problem::new("name", "too_long", format!("名称最多{NAME_CHARS_MAX}个字，请缩短。")));
    }
    if phone.chars().count() > 40 {
        problems.push(Problem::new("phone", "too_long", "电话最多40个字，请缩短。"));
    }
}

/// Forms name an organisation by its whole name, so two in force bear two.
pub(super) async fn need_free_name(acting: &Acting, name: &str, problems: &mut Vec<Problem>) -> Result<()> {
    if !name.is_empty() && find_organisation(acting, name, "name", &mut Vec::new()).await?.is_some() {
        problems.push(name_taken(name));
    }
    Ok(())
}

fn name_taken(name: &str) -> Problem {
    Problem::new("name", "taken", format!("已有名为“{name}”的机构，请核对。"))
}

/// A day after another and not in the future.
pub(super) fn first_day(typed: &str, after: &str, today: Day, problems: &mut Vec<Problem>) -> Option<Day> {
    let says = match typed.parse::<Day>() {
        _ if typed.is_empty() => return None,
        Err(_) => "“起始日期”请写作 2018-05-02。".to_owned(),
        Ok(day) if day > today => "“起始日期”不能晚于今天，请到生效之日再登记。".to_owned(),
        Ok(day) if day.to_string().as_str() <= after => format!("“起始日期”须晚于{after}，请核对。"),
        Ok(day) => return Some(day),
    };
    problems.push(Problem::new("from", "malformed", says));
    None
}

pub async fn show_new(acting: Acting) -> Result<Response> {
    let seats = vacant(&acting).await?;
    page(&new_page(&acting, &seats, &Typed::default(), Vec::new()))
}

pub async fn establish(acting: Acting, mut fields: Fields) -> Result<Response> {
    let seats = vacant(&acting).await?;
    let mut problems = Vec::new();
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let from = typed.check(&acting, "", &mut problems).await?;
    let seat = seats.iter().find(|seat| seat.value == typed.seat);
    if seat.is_none() {
        problems.push(Problem::new(
            "seat",
            "required",
            "请从列表中选择一个席位；没有可选的，请先修改规则包。",
        ));
    }
    let (Some(from), Some(seat), true) = (from, seat, problems.is_empty()) else {
        return page_with_problems(&new_page(&acting, &seats, &typed, problems));
    };
    let new = OrganisationRow {
        kind: seat.kind,
        name: &typed.name,
        department: seat.department.as_deref(),
        division_code: &seat.division_code,
        parent: seat.parent,
        place: None,
        phone: &typed.phone,
        from,
    };
    let mut act = acting.act(&fields.key).await?;
    store::hold_administration(&mut act).await?;
    if store::seats_held(act.read()).await?.iter().any(|row| seat.is_held_by(row)) {
        let remedy = "请从机构列表打开它核对；需要接替的，从它的页面办理。";
        return Err(Refusal::by_conduct("seat_held", "这个席位已经有机构", remedy).into());
    }
    let id = add(&mut act, &new).await?;
    let event = Event::new("organisation.established", "organisation", id);
    finish(act, event.reason(typed.why).note("day", from), id).await
}

/// Adds an organisation; they are added one after another, so that a name or a seat taken in the same
/// moment is seen here.
async fn add(act: &mut Act, new: &OrganisationRow<'_>) -> Result<OrganisationId> {
    store::hold_administration(act).await?;
    match store::organisation_named(act.read(), new.name).await? {
        Some(_) => Err(Error::Invalid(vec![name_taken(new.name)])),
        None => insert_organisation(act, new).await,
    }
}

async fn finish(mut act: Act, event: Event, id: OrganisationId) -> Result<Response> {
    let to = format!("/organisations/{id}");
    act.lands_on(&to);
    act.commit(event).await?;
    Ok(Redirect::to(&to).into_response())
}

/// The seats that the rules have and nobody holds: a department of the conference, a bureau of a city.
async fn vacant(acting: &Acting) -> Result<Vec<Seat>> {
    let (pack, today) = (acting.pack(), acting.today());
    let departments = pack.list("conference.members", today).map_err(Error::internal)?;
    let bureaus = pack.list("city.bureaus", today).map_err(Error::internal)?;
    let held = store::seats_held(acting.store().read()).await?;
    let office = store::office(acting.store().read()).await?;
    let department = |one: &Entry| Seat::under(&office, "department", &one.code, one.name.clone());
    let mut seats: Vec<Seat> = departments.iter().map(department).collect();
    for city in held.iter().filter(|seat| seat.kind == "city") {
        let words = |name: &str| format!("{}所属：{name}", city.name);
        seats.extend(bureaus.iter().map(|one| Seat::under(city, "bureau", &one.code, words(&one.name))));
    }
    seats.retain(|seat| !held.iter().any(|row| seat.is_held_by(row)));
    Ok(seats)
}

impl Seat {
    fn under(above: &SeatRow, kind: &'static str, department: &str, words: String) -> Seat {
        Seat {
            value: format!("{kind}.{}.{department}", above.division_code),
            words,
            kind,
            department: Some(department.to_owned()),
            division_code: above.division_code.clone(),
            parent: above.id.parse().ok(),
        }
    }

    fn is_held_by(&self, row: &SeatRow) -> bool {
        row.kind == self.kind && row.division_code == self.division_code && row.department == self.department
    }
}

fn new_page(acting: &Acting, seats: &[Seat], typed: &Typed, problems: Vec<Problem>) -> EstablishPage {
    let choices = seats.iter().map(|seat| Choice::new(&seat.value, &seat.words)).collect();
    let mut fields = typed.fields(&problems);
    fields.insert(0, Field::select("seat", "席位", choices).value(&typed.seat).told(&problems));
    EstablishPage {
        page: Frame {
            error: !problems.is_empty(),
            ..acting.frame_under(&[("机构", "/organisations")], "设立机构")
        },
        lead: ESTABLISHING,
        action: "/organisations".to_owned(),
        key: crate::web::fresh_key(),
        fields,
        problems,
        button: "设立机构",
        back: "/organisations".to_owned(),
    }
}

/// The kinds that another may come in the place of; governments change with their division.
const SUCCEEDED: [&str; 4] = ["audit", "bureau", "department", "operator"];

/// Whether another may come in the place of an organisation of this kind.
pub(super) fn may_be_succeeded(kind: &str) -> bool {
    SUCCEEDED.contains(&kind)
}

pub async fn show_successor(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let old = store::seat(acting.store().read(), parse(&id)?).await?;
    page(&successor_page(&acting, &old, &Typed::default(), Vec::new()))
}

pub async fn succeed(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let old_id: OrganisationId = parse(&id)?;
    let old = store::seat(acting.store().read(), old_id).await?;
    let kind = SUCCEEDED.into_iter().find(|kind| *kind == old.kind).ok_or_else(|| {
        let remedy = "政府随行政区划更名、撤并；省联席会议办公室和系统管理中心请修改机构信息。";
        Refusal::by_conduct("not_succeeded", format!("“{}”不能由新机构接替", old.name), remedy)
    })?;
    let mut problems = Vec::new();
    let typed = Typed::take(&mut fields, &mut problems);
    problems.extend(fields.leftover());
    let from = typed.check(&acting, &old.valid_from, &mut problems).await?;
    let Some(from) = from.filter(|_| problems.is_empty()) else {
        return page_with_problems(&successor_page(&acting, &old, &typed, problems));
    };
    let known = |id: &Option<String>| id.as_deref().map(parse::<OrganisationId>).transpose();
    let new = OrganisationRow {
        kind,
        name: &typed.name,
        department: old.department.as_deref(),
        division_code: &old.division_code,
        parent: known(&old.parent_id)?,
        place: old.place_id.as_deref().map(parse).transpose()?,
        phone: &typed.phone,
        from,
    };
    let mut act = acting.act(&fields.key).await?;
    let new_id = add(&mut act, &new).await?;
    store::succeed(&mut act, old_id, new_id, from).await?;
    let event = Event::new("organisation.succeeded", "organisation", old_id).reason(&typed.why);
    finish(act, event.note("from", &old.name).note("to", &typed.name).note("day", from), new_id).await
}

fn successor_page(acting: &Acting, old: &SeatRow, typed: &Typed, problems: Vec<Problem>) -> EstablishPage {
    let back = format!("/organisations/{}", old.id);
    EstablishPage {
        page: Frame {
            error: !problems.is_empty(),
            ..acting.frame_under(&[("机构", "/organisations"), (&old.name, &back)], "由新机构接替")
        },
        lead: SUCCEEDING,
        action: format!("{back}/successor"),
        key: crate::web::fresh_key(),
        fields: typed.fields(&problems),
        problems,
        button: "由新机构接替",
        back: back.clone(),
    }
}
