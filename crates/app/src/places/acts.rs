//! What is done to places: registered, given facts, confirmed, renamed. Each is one act.

use super::store::{self, DivisionRow, NewPlace, PlaceRow};
use crate::founding::{OrganisationRow, insert_organisation};
use crate::orgs;
use crate::web::Acting;
use domain::clause::Clause;
use domain::day::Day;
use domain::eligibility::{Asked, Fact, Track, facts_asked};
use domain::id::PlaceId;
use domain::problem::{Problem, Refusal};
use kit::record::Event;
use kit::{Error, Result};

const SCOPE: Clause = Clause::new(3, 1);

/// A town or platform that a county brings in, with the organisation that runs it.
pub struct Registration {
    pub track: Track,
    /// The town's division, or the county's own for a platform.
    pub division: DivisionRow,
    pub name: String,
    pub operator: String,
    pub phone: String,
}

pub async fn register(acting: &Acting, key: &str, new: &Registration) -> Result<PlaceId> {
    let county = acting.actor.division.as_str();
    let (id, today): (PlaceId, Day) = (kit::clock::fresh(), acting.today());
    let city = format!("{}00", county.get(..4).ok_or(Error::Forbidden)?);
    let mut act = acting.act(key).await?;
    let place = NewPlace {
        id,
        track: new.track,
        name: &new.name,
        division_code: &new.division.code,
        county_code: county,
        city_code: &city,
    };
    store::insert_place(&mut act, &place).await.map_err(|error| taken(error, &new.name))?;
    store::insert_name(&mut act, id, (&new.name, &new.division.code), today, "登记").await?;
    let operator = OrganisationRow {
        kind: "operator",
        name: &new.operator,
        department: None,
        division_code: &new.division.code,
        parent: Some(acting.actor.organisation),
        place: Some(id),
        phone: &new.phone,
        from: today,
    };
    insert_organisation(&mut act, &operator).await?;
    act.lands_on(format!("/places/{id}?done=place.registered"));
    act.commit(Event::new("place.registered", "place", id).place(id).clause(SCOPE)).await?;
    Ok(id)
}

/// A town is registered once, also when two of its county press at the same moment.
fn taken(error: Error, name: &str) -> Error {
    match error {
        Error::Conflict => Error::Invalid(vec![is_taken(name)]),
        other => other,
    }
}

/// The town is registered already.
pub fn is_taken(name: &str) -> Problem {
    Problem::new("town", "taken", format!("“{name}”已经登记，请从小镇列表打开。")).citing(SCOPE)
}

/// The facts as the county gives them; unknown is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    pub county_seat: Option<i64>,
    pub pilot_county: Option<i64>,
    pub industrial_park: Option<i64>,
    pub legal_operator: Option<i64>,
}

impl Facts {
    /// What is known of a place.
    pub fn of(place: &PlaceRow) -> Facts {
        Facts {
            county_seat: place.is_county_seat,
            pilot_county: place.is_pilot_county,
            industrial_park: place.is_industrial_park,
            legal_operator: place.has_legal_operator,
        }
    }

    /// One of them.
    pub fn get(&self, fact: Fact) -> Option<i64> {
        match fact {
            Fact::CountySeat => self.county_seat,
            Fact::PilotCounty => self.pilot_county,
            Fact::IndustrialPark => self.industrial_park,
            Fact::LegalOperator => self.legal_operator,
        }
    }

    pub fn set(&mut self, fact: Fact, to: Option<i64>) {
        match fact {
            Fact::CountySeat => self.county_seat = to,
            Fact::PilotCounty => self.pilot_county = to,
            Fact::IndustrialPark => self.industrial_park = to,
            Fact::LegalOperator => self.legal_operator = to,
        }
    }

    /// Whether everything is known that the pack asks of its track.
    pub fn are_known(&self, asked: &[Asked]) -> bool {
        asked.iter().all(|asked| self.get(asked.fact).is_some())
    }
}

/// What the pack asks of a place's track today.
pub fn asked_of(acting: &Acting, place: &PlaceRow) -> Result<Vec<Asked>> {
    Ok(facts_asked(place.track()?, acting.pack(), acting.today()).map_err(Refusal::from)?)
}

pub async fn set_facts(
    acting: &Acting,
    key: &str,
    place: &PlaceRow,
    facts: Facts,
    version: i64,
) -> Result<()> {
    let (id, today) = (place.id()?, acting.today());
    let mut act = acting.act(key).await?;
    store::set_facts(&mut act, id, (facts.industrial_park, facts.legal_operator), version).await?;
    if place.track()? == Track::StatutoryTown {
        let town = store::division(&mut act.read(), &place.division_code, today).await?;
        store::set_county_seat(&mut act, &town.ok_or(Error::NotFound)?.id, facts.county_seat).await?;
    }
    if facts.pilot_county != place.is_pilot_county {
        let county = store::division(&mut act.read(), &place.county_code, today).await?;
        store::set_pilot_county(&mut act, &county.ok_or(Error::NotFound)?.id, facts.pilot_county).await?;
        store::reopen_facts(&mut act, &place.county_code).await?;
    }
    act.lands_on(format!("/places/{id}?done=place.facts_set"));
    let words = |fact: Option<i64>| fact.map_or("未知", |yes| if yes == 1 { "是" } else { "否" });
    let event = Event::new("place.facts_set", "place", id)
        .place(id)
        .clause(SCOPE)
        .note("county_seat", words(facts.county_seat))
        .note("pilot_county", words(facts.pilot_county))
        .note("industrial_park", words(facts.industrial_park))
        .note("legal_operator", words(facts.legal_operator));
    act.commit(event).await?;
    Ok(())
}

/// The office confirms what the county gave.
pub async fn confirm_facts(acting: &Acting, key: &str, place: &PlaceRow, version: i64) -> Result<()> {
    if !Facts::of(place).are_known(&asked_of(acting, place)?) {
        return Err(Refusal::by(
            SCOPE,
            "facts_unknown",
            "还有事实未填写，不能确认。",
            "请县级政府先填写全部认定事实，再由省办确认。",
        )
        .into());
    }
    let id = place.id()?;
    let mut act = acting.act(key).await?;
    store::confirm_facts(&mut act, id, version).await?;
    act.lands_on(format!("/places/{id}?done=place.facts_confirmed"));
    act.commit(Event::new("place.facts_confirmed", "place", id).place(id).clause(SCOPE)).await?;
    Ok(())
}

/// A new name, or a new division after a merge, from a day on.
pub struct Renaming {
    pub name: String,
    pub division_code: String,
    pub from: Day,
    pub why: String,
}

pub async fn rename(
    acting: &Acting,
    key: &str,
    place: &PlaceRow,
    new: &Renaming,
    version: i64,
) -> Result<()> {
    let id = place.id()?;
    let mut act = acting.act(key).await?;
    store::end_name(&mut act, id, new.from.plus_days(-1)).await?;
    let named = (new.name.as_str(), new.division_code.as_str());
    store::insert_name(&mut act, id, named, new.from, &new.why).await?;
    store::set_name(&mut act, id, named, version).await?;
    act.lands_on(format!("/places/{id}?done=place.renamed"));
    let event = Event::new("place.renamed", "place", id)
        .place(id)
        .reason(&new.why)
        .note("from", &place.name)
        .note("to", &new.name)
        .note("day", new.from);
    act.commit(event).await?;
    Ok(())
}

/// One division that goes up in another from a day on.
pub struct Merger<'a> {
    pub old: &'a DivisionRow,
    pub into: &'a DivisionRow,
    pub from: Day,
    pub why: &'a str,
}

pub async fn merge_division(acting: &Acting, key: &str, merger: &Merger<'_>) -> Result<()> {
    let Merger { old, into, from, why } = *merger;
    let mut act = acting.act(key).await?;
    store::end_division(&mut act, old, &into.code, from).await?;
    let county = into.parent_code.as_deref().unwrap_or_default();
    for place in store::places_in(&mut act.read(), &old.code).await? {
        store::move_place(&mut act, &place, (&into.code, county), from, why).await?;
    }
    orgs::move_division(&mut act, &[(old.code.clone(), into.code.clone())]).await?;
    act.lands_on(format!("/divisions?code={}&done=division.merged", into.code));
    let event = Event::new("division.merged", "division", &old.code)
        .reason(why)
        .note("from", &old.name)
        .note("to", &into.name)
        .note("day", from);
    act.commit(event).await?;
    Ok(())
}

pub async fn rename_division(
    acting: &Acting,
    key: &str,
    old: &DivisionRow,
    (name, from, why): (&str, Day, &str),
) -> Result<()> {
    let mut act = acting.act(key).await?;
    store::rename_division(&mut act, old, name, from).await?;
    orgs::rename_governments(&mut act, &old.code, &old.name, name, from).await?;
    act.lands_on(format!("/divisions?code={}&done=division.renamed", old.code));
    let event = Event::new("division.renamed", "division", &old.code)
        .reason(why)
        .note("from", &old.name)
        .note("to", name)
        .note("day", from);
    act.commit(event).await?;
    Ok(())
}
