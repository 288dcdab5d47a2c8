//! A member of the cast who does what the pages let him do, on a day of the story.

use super::answers::{self, Profile};
use super::{Member, store};
use crate::App;
use crate::app::Settings;
use crate::declarations::acts::{self as declare, county::Approval, report::ReportDraft};
use crate::declarations::{self, Deed};
use crate::submissions;
use crate::web::{Sent, Taken, keep};
use domain::day::Day;
use domain::declaration::Fault;
use domain::id::{BatchId, CityReportId, OrganisationId, SubmissionId};
use domain::pack::Pack;
use kit::actor::Actor;
use kit::clock::Clock;
use kit::{Error, Result, Store};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The company: everybody by name, and the stage they play on.
pub struct Company {
    store: Store,
    pack: Arc<Pack>,
    members: BTreeMap<String, Member>,
}

/// The company on one day.
pub struct OnDay<'a> {
    company: &'a Company,
    pub app: App,
}

impl Company {
    pub fn new(store: &Store, pack: &Arc<Pack>, members: BTreeMap<String, Member>) -> Company {
        Company { store: store.clone(), pack: pack.clone(), members }
    }

    pub fn on(&self, day: &str) -> Result<OnDay<'_>> {
        let day: Day = day.parse().map_err(Error::internal)?;
        let settings = Settings { demo: true, ..Settings::default() };
        let app =
            App::new(self.store.at(Clock::on(day)), self.pack.clone(), settings).map_err(Error::internal)?;
        Ok(OnDay { company: self, app })
    }
}

impl OnDay<'_> {
    pub async fn actor(&self, name: &str) -> Result<Actor> {
        let member = self.company.members.get(name);
        let member = member.ok_or_else(|| Error::internal(format!("the cast has no {name}")))?;
        actor_of(self.app.store(), member).await
    }

    /// The draft, filled; `until` stops before a section.
    pub async fn begin(
        &self,
        place: &str,
        batch: BatchId,
        profile: &Profile,
        until: Option<&str>,
    ) -> Result<SubmissionId> {
        let clerk = self.actor(&format!("{place}_clerk")).await?;
        let id = declare::start(&Deed::new(&self.app, &clerk), batch).await?;
        let form = submissions::form_of(self.app.store().read(), self.app.pack(), id).await?;
        answers::fill(self.app.store(), self.app.pack(), form, id, clerk.person, profile, until).await?;
        Ok(id)
    }

    /// The clerk hands over, the head sends it to the county.
    pub async fn send(&self, place: &str, id: SubmissionId) -> Result<()> {
        let clerk = self.actor(&format!("{place}_clerk")).await?;
        declare::hand_over(&Deed::new(&self.app, &clerk), id).await?;
        let head = self.actor(&format!("{place}_head")).await?;
        declare::confirm(&Deed::new(&self.app, &head), id, "材料属实，同意报送。").await
    }

    /// The county reviews and approves, with its document.
    /// What the scan of an official letter may be.
    fn scans(&self) -> Result<Taken> {
        Taken::scans(self.app.pack(), self.app.store().today())
    }

    pub async fn county(&self, county: &str, id: SubmissionId, number: &str) -> Result<()> {
        let reviewer = self.actor(&format!("{county}_reviewer")).await?;
        declare::review(&Deed::new(&self.app, &reviewer), id, "经核对，数据与统计口径一致，拟同意。").await?;
        let approver = self.actor(&format!("{county}_approver")).await?;
        let scan = Sent::whole("scan", "县政府申报文件.pdf", super::documents::pdf("COUNTY"));
        let kept = keep(self.app.store(), scan, self.scans()?).await?;
        let scan = Some(kept.map_err(|rejection| Error::internal(rejection.sentence))?);
        let approval = Approval {
            opinion: "经县政府研究，同意申报。".to_owned(),
            document_number: number.to_owned(),
            scan,
        };
        declare::approve(&Deed::new(&self.app, &approver), id, &approval).await
    }

    pub async fn return_it(&self, by: &str, id: SubmissionId, faults: &[(&str, &str)]) -> Result<()> {
        let actor = self.actor(by).await?;
        let faults = faults
            .iter()
            .map(|(item, reason)| Fault { item: (*item).to_owned(), reason: (*reason).to_owned() })
            .collect();
        let input =
            declare::ReturnInput { faults, opinion: "请按所列问题补正后重新报送。".to_owned() };
        declare::return_for_revision(&Deed::new(&self.app, &actor), id, &input).await
    }

    /// One bureau signs what it has read.
    pub async fn sign(&self, bureau: &str, id: SubmissionId) -> Result<()> {
        let actor = self.actor(bureau).await?;
        let hash = submissions::content_hash(self.app.store().read(), id).await?.ok_or(Error::NotFound)?;
        declare::sign(&Deed::new(&self.app, &actor), id, &hash, "同意。").await
    }

    pub async fn sign_all(&self, city: &str, id: SubmissionId) -> Result<()> {
        for bureau in ["construction", "development", "finance"] {
            self.sign(&format!("{city}_{bureau}"), id).await?;
        }
        Ok(())
    }

    /// The city compiles, signs and sends its report.
    pub async fn report(
        &self,
        (city, code): (&str, &str),
        batch: BatchId,
        number: &str,
        order: &[SubmissionId],
    ) -> Result<CityReportId> {
        let store = self.app.store();
        let open = declarations::open_report(store.read(), &batch.to_string(), code).await?;
        let id: CityReportId = open.ok_or(Error::NotFound)?.id.parse().map_err(Error::internal)?;
        let construction = self.actor(&format!("{city}_construction")).await?;
        let draft = ReportDraft {
            document_number: number.to_owned(),
            summary: "经三部门联合审核，按推荐顺序上报。".to_owned(),
            order: order.to_vec(),
        };
        declare::compile(&Deed::new(&self.app, &construction), id, &draft).await?;
        let open = declarations::open_report(store.read(), &batch.to_string(), code).await?;
        let hash = open.ok_or(Error::NotFound)?.content_hash;
        for bureau in ["construction", "development", "finance"] {
            let actor = self.actor(&format!("{city}_{bureau}")).await?;
            declare::sign_report(&Deed::new(&self.app, &actor), id, &hash).await?;
        }
        let sender = self.actor(&format!("{city}_city")).await?;
        let scan = Sent::whole("scan", "市级上报文件.pdf", super::documents::pdf("CITY"));
        let kept = keep(store, scan, self.scans()?).await?;
        let kept = kept.map_err(|rejection| Error::internal(rejection.sentence))?;
        declare::send_report(&Deed::new(&self.app, &sender), id, Some(&kept)).await?;
        Ok(id)
    }
}

/// The member as the guard would make him of his session.
async fn actor_of(from: &Store, member: &Member) -> Result<Actor> {
    let row = store::actor(from.read(), member.person, member.organisation).await?;
    let organisation: OrganisationId = member.organisation;
    Ok(Actor {
        person: member.person,
        person_name: row.person_name,
        for_person: None,
        delegation: None,
        grant: member.grant,
        role: member.role,
        organisation,
        organisation_name: row.organisation_name,
        organisation_kind: row.kind,
        division: row.division_prefix,
        place: row.place_id.map(|id| id.parse()).transpose().map_err(Error::internal)?,
        session: String::new(),
        factor_ms: None,
        from: None,
        todo_count: 0,
        text_size: 14,
    })
}
