//! 三(一): who may declare. Every refusal says the clause and what would make it pass.

use crate::clause::Clause;
use crate::problem::Refusal;
use crate::words::words;
use serde::{Deserialize, Serialize};

const SCOPE: Clause = Clause::new(3, 1);

words! {
    /// The two tracks of the programme.
    Track {
        /// A statutory town, the county-seat town excepted.
        StatutoryTown = "StatutoryTown", "建制镇";
        /// An innovation platform that is neither a statutory town nor an industrial park.
        Platform = "Platform", "创新创业平台";
    }
}

words! {
    /// What kind of division a place is.
    DivisionKind {
        /// A statutory town.
        Town = "town", "镇";
        /// A township.
        Township = "township", "乡";
        /// An ethnic township.
        EthnicTownship = "ethnic_township", "民族乡";
        /// A subdistrict.
        Subdistrict = "subdistrict", "街道";
        /// Anything else at that level: a farm, a forest, a zone.
        Other = "other", "其他乡级单位";
    }
}

/// What is known of an applicant; an attribute nobody has confirmed is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The track it declares on.
    pub track: Track,
    /// What its division is; for a platform, what the town is whose name it bears or whose government
    /// runs it, `None` where there is no such town.
    pub division: Option<DivisionKind>,
    /// Whether the town is its county's seat.
    pub county_seat: Option<bool>,
    /// Whether the platform is an industrial park.
    pub industrial_park: Option<bool>,
    /// Whether its county is a province-run pilot county, which reports through the city.
    pub pilot_county: Option<bool>,
    /// Whether the platform's operator is a legal person.
    pub operator_legal: Option<bool>,
    /// Whether it already has a declaration in this batch.
    pub already_in_batch: bool,
    /// Whether it stands on a published list.
    pub already_listed: bool,
    /// Whether it is in the programme on the other track.
    pub on_other_track: bool,
}

impl Applicant {
    /// An applicant of whom nothing is known yet.
    pub fn unknown(track: Track) -> Applicant {
        Applicant {
            track,
            division: None,
            county_seat: None,
            industrial_park: None,
            pilot_county: None,
            operator_legal: None,
            already_in_batch: false,
            already_listed: false,
            on_other_track: false,
        }
    }
}

/// Whether a name, of a place or of the unit that runs it, is that of a town or of its government.
pub fn is_town_itself(name: &str, town: &str) -> bool {
    name.strip_prefix(town).is_some_and(|rest| ["", "政府", "人民政府"].contains(&rest))
}

/// 三(一): everything that keeps the applicant from declaring; empty where nothing does.
pub fn refusals(applicant: &Applicant) -> Vec<Refusal> {
    let mut refusals = match applicant.track {
        Track::StatutoryTown => town_refusals(applicant),
        Track::Platform => platform_refusals(applicant),
    };
    if applicant.pilot_county.is_none() {
        refusals.push(unknown("pilot_county", Clause::new(3, 4), "尚未确认所属县是否为省直管试点县。"));
    }
    refusals.extend(repeat_refusals(applicant));
    refusals
}

fn town_refusals(applicant: &Applicant) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    match applicant.division {
        Some(DivisionKind::Town) => {}
        Some(kind) => refusals.push(Refusal::by(
            SCOPE,
            "not_a_statutory_town",
            format!("申报单位是{}，不是建制镇。", kind.words()),
            "建制镇一类只接受镇申报；撤乡设镇批准并更新区划后可以申报，符合平台条件的可改按创新创业平台申报。",
        )),
        None => refusals.push(unknown("division", SCOPE, "尚未确认申报单位的行政区划类型。")),
    }
    match applicant.county_seat {
        Some(false) => {}
        Some(true) => refusals.push(Refusal::by(
            SCOPE,
            "county_seat",
            "县（市、区）城关镇不在申报范围内。",
            "请选择城关镇以外的建制镇申报；如城关镇认定有误，请县级政府更正并由省办确认。",
        )),
        None => refusals.push(unknown("county_seat", SCOPE, "尚未确认是否为城关镇。")),
    }
    refusals
}

fn platform_refusals(applicant: &Applicant) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if applicant.division == Some(DivisionKind::Town) {
        refusals.push(Refusal::by(
            SCOPE,
            "wrong_track",
            "建制镇不能按创新创业平台申报。",
            "请改按建制镇申报，或以镇内平台的运营主体申报。",
        ));
    }
    match applicant.industrial_park {
        Some(false) => {}
        Some(true) => refusals.push(Refusal::by(
            SCOPE,
            "industrial_park",
            "产业园区不在申报范围内。",
            "请以园区以外、聚焦特色产业或新兴产业的平台申报；如认定有误，请县级政府更正并由省办确认。",
        )),
        None => refusals.push(unknown("industrial_park", SCOPE, "尚未确认是否为产业园区。")),
    }
    match applicant.operator_legal {
        Some(true) => {}
        Some(false) => refusals.push(Refusal::by(
            SCOPE,
            "operator_not_legal",
            "平台运营主体不具备法人资格。",
            "请先完成法人登记，再由县级政府更新登记信息。",
        )),
        None => refusals.push(unknown("operator_legal", SCOPE, "尚未确认平台运营主体的法人资格。")),
    }
    refusals
}

fn repeat_refusals(applicant: &Applicant) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if applicant.already_in_batch {
        refusals.push(Refusal::by(
            SCOPE,
            "already_in_batch",
            "本批次已有该单位的申报。",
            "请在已有的申报书上继续填写；如需重报，请先撤回原申报。",
        ));
    }
    if applicant.already_listed {
        refusals.push(Refusal::by(
            SCOPE,
            "already_listed",
            "该单位已列入公布的名单，不需重复申报。",
            "请按名单要求编制专项规划和工作方案；退出名单后方可再次申报。",
        ));
    }
    if applicant.on_other_track {
        refusals.push(Refusal::by(
            SCOPE,
            "on_other_track",
            "该单位已按另一类别参加本项工作。",
            "一个单位只能按一个类别申报；请先办结或撤回另一类别的申报。",
        ));
    }
    refusals
}

fn unknown(code: &str, clause: Clause, says: &str) -> Refusal {
    let remedy = "请县级政府在单位资料中填写，并由省办确认后再报送。";
    Refusal::by(clause, &format!("unknown_{code}"), says, remedy)
}

#[cfg(test)]
mod tests {
    use super::{Applicant, DivisionKind, Track, is_town_itself, refusals};
    use crate::clause::Clause;

    fn town() -> Applicant {
        Applicant {
            division: Some(DivisionKind::Town),
            county_seat: Some(false),
            pilot_county: Some(false),
            ..Applicant::unknown(Track::StatutoryTown)
        }
    }

    fn platform() -> Applicant {
        Applicant {
            industrial_park: Some(false),
            operator_legal: Some(true),
            pilot_county: Some(true),
            ..Applicant::unknown(Track::Platform)
        }
    }

    fn codes(applicant: &Applicant) -> Vec<String> {
        refusals(applicant).into_iter().map(|refusal| refusal.code).collect()
    }

    #[test]
    fn a_town_and_a_platform_may_declare() {
        assert!(codes(&town()).is_empty());
        assert!(codes(&platform()).is_empty(), "a pilot county reports through its city");
    }

    #[test]
    fn only_a_town_that_is_no_county_seat_may_declare_as_a_town() {
        for kind in DivisionKind::ALL.iter().filter(|kind| **kind != DivisionKind::Town) {
            let applicant = Applicant { division: Some(*kind), ..town() };
            assert_eq!(codes(&applicant), ["not_a_statutory_town"], "{kind}");
        }
        assert_eq!(codes(&Applicant { county_seat: Some(true), ..town() }), ["county_seat"]);
    }

    #[test]
    fn a_platform_is_neither_a_town_nor_a_park() {
        assert_eq!(codes(&Applicant { industrial_park: Some(true), ..platform() }), ["industrial_park"]);
        assert_eq!(codes(&Applicant { division: Some(DivisionKind::Town), ..platform() }), ["wrong_track"]);
        assert_eq!(codes(&Applicant { operator_legal: Some(false), ..platform() }), ["operator_not_legal"]);
    }

    #[test]
    fn a_town_is_known_by_its_name_and_by_its_government() {
        for name in ["瓷源镇", "瓷源镇政府", "瓷源镇人民政府"] {
            assert!(is_town_itself(name, "瓷源镇"), "{name}");
        }
        for name in ["瓷源镇创客小镇", "瓷源镇管委会", "源镇", "浮梁县政府"] {
            assert!(!is_town_itself(name, "瓷源镇"), "{name}");
        }
    }

    #[test]
    fn nobody_declares_twice() {
        assert_eq!(codes(&Applicant { already_in_batch: true, ..town() }), ["already_in_batch"]);
        assert_eq!(codes(&Applicant { already_listed: true, ..town() }), ["already_listed"]);
        assert_eq!(codes(&Applicant { on_other_track: true, ..platform() }), ["on_other_track"]);
    }

    #[test]
    fn an_unknown_fact_blocks_and_says_who_settles_it() {
        let town = refusals(&Applicant::unknown(Track::StatutoryTown));
        let codes: Vec<_> = town.iter().map(|refusal| refusal.code.as_str()).collect();
        assert_eq!(codes, ["unknown_division", "unknown_county_seat", "unknown_pilot_county"]);
        assert!(town.iter().all(|refusal| refusal.clause.is_some() && refusal.remedy.contains("省办确认")));
        let platform: Vec<_> = refusals(&Applicant::unknown(Track::Platform));
        assert_eq!(platform.len(), 3);
        assert_eq!(platform[0].clause, Some(Clause::new(3, 1)));
    }
}
