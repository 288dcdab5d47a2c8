//! The organisations the plan names: the conference's office and departments, each city's
//! government with three bureaus, each county's government, the audit office and the administration.

use super::divisions::Division;
use super::store::insert_organisation;
use domain::day::Day;
use domain::id::{OrganisationId, PlaceId};
use domain::pack::Pack;
use kit::record::Act;
use kit::{Error, Result};

/// One organisation to be written.
#[derive(Clone, Debug)]
pub struct OrganisationRow<'a> {
    pub kind: &'static str,
    pub name: &'a str,
    pub department: Option<&'a str>,
    pub division_code: &'a str,
    pub parent: Option<OrganisationId>,
    pub place: Option<PlaceId>,
    pub phone: &'a str,
    pub from: Day,
}

/// To be replaced by the organisation's own number.
const NO_PHONE: &str = "待填";

/// Every organisation of the plan: which departments and bureaus there are is the pack's to say.
pub(super) async fn insert_all(act: &mut Act, pack: &Pack, divisions: &[Division], from: Day) -> Result<()> {
    let departments = pack.list("conference.members", from).map_err(Error::internal)?;
    let bureaus = pack.list("city.bureaus", from).map_err(Error::internal)?;
    let province = divisions.first().expect("the list starts with the province");
    let office = insert_organisation(act, &row(from, "office", "省联席会议办公室", &province.code)).await?;
    insert_organisation(act, &row(from, "audit", "省审计厅", &province.code)).await?;
    insert_organisation(act, &row(from, "administration", "系统管理中心", &province.code)).await?;
    for department in &departments {
        let row = OrganisationRow {
            department: Some(&department.code),
            parent: Some(office),
            ..row(from, "department", &department.name, &province.code)
        };
        insert_organisation(act, &row).await?;
    }
    for city in divisions.iter().filter(|division| division.level == "city") {
        let government = format!("{}政府", city.name);
        let parent = insert_organisation(act, &row(from, "city", &government, &city.code)).await?;
        for bureau in &bureaus {
            let name = format!("{}{}", city.name, bureau.attribute("office"));
            let row = OrganisationRow {
                department: Some(&bureau.code),
                parent: Some(parent),
                ..row(from, "bureau", &name, &city.code)
            };
            insert_organisation(act, &row).await?;
        }
        let within = |division: &&Division| division.parent_code.as_deref() == Some(city.code.as_str());
        for county in divisions.iter().filter(within) {
            let name = format!("{}政府", county.name);
            let row = OrganisationRow { parent: Some(parent), ..row(from, "county", &name, &county.code) };
            insert_organisation(act, &row).await?;
        }
    }
    Ok(())
}

fn row<'a>(from: Day, kind: &'static str, name: &'a str, division_code: &'a str) -> OrganisationRow<'a> {
    OrganisationRow {
        kind,
        name,
        department: None,
        division_code,
        parent: None,
        place: None,
        phone: NO_PHONE,
        from,
    }
}
