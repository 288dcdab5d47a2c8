//! The people of the demo and of the tests. Plainly fictional; each has one role and a card.

use super::store::{self, NewPlace};
use crate::founding::{OrganisationRow, insert_organisation};
use crate::orgs::{self, NewPerson};
use domain::day::Day;
use domain::eligibility::Track;
use domain::id::{GrantId, OrganisationId, PersonId, PlaceId};
use domain::role::Role;
use kit::record::{Act, Event, Who};
use kit::{Result, Store};
use std::collections::BTreeMap;

/// One member of the cast.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub person: PersonId,
    pub grant: GrantId,
    pub organisation: OrganisationId,
    pub role: Role,
}

/// The cast by login, and the places they play in.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    pub members: BTreeMap<&'static str, Member>,
    pub places: BTreeMap<&'static str, PlaceId>,
}

/// A town or platform of the cast: key, track, name, division code, county code.
type Scene = (&'static str, Track, &'static str, &'static str, &'static str);

/// 景德镇市浮梁县 and 乐平市, 九江市庐山市: real counties, invented towns.
const SCENES: &[Scene] = &[
    ("ciyuan", Track::StatutoryTown, "示例瓷源镇", "360222901", "360222"),
    ("chaxiang", Track::StatutoryTown, "示例茶香镇", "360222902", "360222"),
    ("dongfeng", Track::Platform, "示例东风创客小镇", "360222", "360222"),
    ("lejiang", Track::StatutoryTown, "示例乐江镇", "360281901", "360281"),
    ("yunwu", Track::StatutoryTown, "示例云雾镇", "360483901", "360483"),
    ("xikou", Track::StatutoryTown, "示例溪口镇", "360222905", "360222"),
];

/// Places of the demo that have no card.
const EXTRAS: &[Scene] = &[
    ("gujing", Track::StatutoryTown, "示例古井镇", "360222903", "360222"),
    ("hubin", Track::StatutoryTown, "示例湖滨镇", "360483902", "360483"),
    ("xiahe", Track::Platform, "示例下河文创小镇", "360281", "360281"),
    ("shuangxi", Track::StatutoryTown, "示例双溪镇", "360281902", "360281"),
    ("taolin", Track::StatutoryTown, "示例陶林镇", "360222904", "360222"),
    ("wucun", Track::StatutoryTown, "示例梧村镇", "360281903", "360281"),
    ("lushui", Track::StatutoryTown, "示例庐水镇", "360483903", "360483"),
    ("yunling", Track::StatutoryTown, "示例云岭镇", "360483904", "360483"),
    ("xinghu", Track::Platform, "示例星湖创客小镇", "360483", "360483"),
];

/// login, name, role, organisation: a scene's key, or `kind:division[:department]`.
const PEOPLE: &[(&str, &str, Role, &str)] = &[
    ("ciyuan_clerk", "示例·陶小窑", Role::Clerk, "ciyuan"),
    ("ciyuan_head", "示例·陶守正", Role::TownHead, "ciyuan"),
    ("chaxiang_clerk", "示例·茶新芽", Role::Clerk, "chaxiang"),
    ("chaxiang_head", "示例·茶满园", Role::TownHead, "chaxiang"),
    ("dongfeng_clerk", "示例·东方晓", Role::Clerk, "dongfeng"),
    ("dongfeng_head", "示例·东方启", Role::TownHead, "dongfeng"),
    ("lejiang_clerk", "示例·江小舟", Role::Clerk, "lejiang"),
    ("lejiang_head", "示例·江远帆", Role::TownHead, "lejiang"),
    ("yunwu_clerk", "示例·云小峰", Role::Clerk, "yunwu"),
    ("yunwu_head", "示例·云高远", Role::TownHead, "yunwu"),
    ("xikou_clerk", "示例·溪清浅", Role::Clerk, "xikou"),
    ("xikou_head", "示例·溪流长", Role::TownHead, "xikou"),
    ("fuliang_reviewer", "示例·浮审之", Role::CountyReviewer, "county:360222"),
    ("fuliang_approver", "示例·浮定远", Role::CountyApprover, "county:360222"),
    ("leping_reviewer", "示例·乐审之", Role::CountyReviewer, "county:360281"),
    ("leping_approver", "示例·乐定远", Role::CountyApprover, "county:360281"),
    ("lushan_reviewer", "示例·庐审之", Role::CountyReviewer, "county:360483"),
    ("lushan_approver", "示例·庐定远", Role::CountyApprover, "county:360483"),
    ("jdz_construction", "示例·建思远", Role::CityBureau, "bureau:360200:construction"),
    ("jdz_development", "示例·发思齐", Role::CityBureau, "bureau:360200:development"),
    ("jdz_finance", "示例·财思明", Role::CityBureau, "bureau:360200:finance"),
    ("jdz_city", "示例·景定安", Role::CityApprover, "city:360200"),
    ("jj_construction", "示例·九建业", Role::CityBureau, "bureau:360400:construction"),
    ("jj_development", "示例·九发展", Role::CityBureau, "bureau:360400:development"),
    ("jj_finance", "示例·九财安", Role::CityBureau, "bureau:360400:finance"),
    ("jj_city", "示例·九定江", Role::CityApprover, "city:360400"),
    ("finance_department", "示例·厅算清", Role::Department, "department:360000:finance"),
    ("office", "示例·省办实", Role::Office, "office:360000"),
    ("office_two", "示例·省办勤", Role::Office, "office:360000"),
    ("office_approver", "示例·省审定", Role::OfficeApprover, "office:360000"),
    ("auditor", "示例·审查真", Role::Auditor, "audit:360000"),
    ("system_admin", "示例·系维护", Role::SystemAdmin, "administration:360000"),
    ("security_admin", "示例·安把关", Role::SecurityAdmin, "administration:360000"),
    ("audit_admin", "示例·计留痕", Role::AuditAdmin, "administration:360000"),
];

/// Whether a person is one of the cast, with a card on the sign-in page; all others stay backstage.
pub fn has_card(login: &str) -> bool {
    PEOPLE.iter().any(|(known, ..)| *known == login)
}

/// Writes the cast over a founded programme, as one act of the console.
pub async fn cast(data: &Store, from: Day) -> Result<Cast> {
    let mut act = data.act(&Who::console()).await?;
    store::set_phones(&mut act).await?;
    let mut cast = Cast::default();
    let mut operators = BTreeMap::new();
    for scene in SCENES {
        let (place, operator) = insert_scene(&mut act, scene, from).await?;
        cast.places.insert(scene.0, place);
        operators.insert(scene.0, operator);
    }
    for (login, name, role, whose) in PEOPLE {
        let organisation = match operators.get(whose) {
            Some(operator) => *operator,
            None => organisation_of(&mut act, whose).await?,
        };
        cast.members.insert(login, insert_person(&mut act, login, name, *role, organisation, from).await?);
    }
    act.commit(Event::new("demo.cast", "programme", "demo")).await?;
    Ok(cast)
}

async fn insert_scene(act: &mut Act, scene: &Scene, from: Day) -> Result<(PlaceId, OrganisationId)> {
    let (_, track, name, division, county) = *scene;
    let place: PlaceId = kit::clock::fresh();
    if track == Track::StatutoryTown {
        store::insert_town(act, division, name, county, from).await?;
    }
    store::insert_place(act, &NewPlace { id: place, track, name, division, county, from }).await?;
    let suffix = if track == Track::Platform { "管委会" } else { "政府" };
    let parent = organisation_of(act, &format!("county:{county}")).await?;
    let operator = OrganisationRow {
        kind: "operator",
        name: &format!("{name}{suffix}"),
        department: None,
        division_code: division,
        parent: Some(parent),
        place: Some(place),
        phone: "0000-0000001",
        from,
    };
    Ok((place, insert_organisation(act, &operator).await?))
}

/// Finds `kind:division[:department]`.
async fn organisation_of(act: &mut Act, whose: &str) -> Result<OrganisationId> {
    let mut parts = whose.split(':');
    let (kind, division) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let department = parts.next().unwrap_or_default();
    store::organisation(act.read(), kind, division, department).await
}

async fn insert_person(
    act: &mut Act,
    login: &str,
    name: &str,
    role: Role,
    organisation: OrganisationId,
    from: Day,
) -> Result<Member> {
    let person: PersonId = kit::clock::fresh();
    let new = NewPerson { id: person, login, name, phone: "0000-0000002", employer: organisation };
    orgs::insert_person(act, &new).await?;
    insert_grant(act, person, role, organisation, from).await
}

async fn insert_grant(
    act: &mut Act,
    person: PersonId,
    role: Role,
    organisation: OrganisationId,
    from: Day,
) -> Result<Member> {
    let grant = orgs::insert_first_grant(act, person, organisation, role, from).await?;
    Ok(Member { person, grant, organisation, role })
}

/// More towns and platforms, whose clerk and head are the same two people backstage. Members are
/// found as `KEY_clerk` and `KEY_head`.
pub async fn extras(data: &Store, from: Day) -> Result<Vec<(String, Member)>> {
    let mut act = data.act(&Who::console()).await?;
    store::clear_pilot_counties(&mut act).await?;
    let mut members = Vec::new();
    let mut backstage: Vec<(Role, &str, Option<PersonId>)> =
        vec![(Role::Clerk, "clerk", None), (Role::TownHead, "head", None)];
    for scene in EXTRAS {
        let (_, operator) = insert_scene(&mut act, scene, from).await?;
        for (role, word, known) in &mut backstage {
            let (login, name) = (
                format!("others_{word}"),
                format!("示例·各镇{}", role.words().trim_start_matches("镇（平台）")),
            );
            let member = match known {
                Some(person) => insert_grant(&mut act, *person, *role, operator, from).await?,
                None => insert_person(&mut act, &login, &name, *role, operator, from).await?,
            };
            *known = Some(member.person);
            members.push((format!("{}_{word}", scene.0), member));
        }
    }
    act.commit(Event::new("demo.cast", "programme", "demo")).await?;
    Ok(members)
}
