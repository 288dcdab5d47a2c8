//! 三(一): who may declare. The pack says which divisions, facts and repetitions count and what
//! would make each refusal pass; here stands only how they are held against an applicant.

use crate::clause::Clause;
use crate::day::Day;
use crate::pack::{Entry, Pack, ValueError};
use crate::problem::Refusal;
use crate::words::words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

words! {
    /// The two tracks of the programme.
    Track {
        /// A statutory town, the county-seat town excepted.
        StatutoryTown = "StatutoryTown", "建制镇";
        /// An innovation platform that is neither a statutory town nor an industrial park.
        Platform = "Platform", "创新创业平台";
    }
}

impl Track {
    /// The words for a stored code.
    pub fn words_of(code: &str) -> &'static str {
        code.parse().map_or("其他", Track::words)
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

impl DivisionKind {
    /// The kind that the list of divisions names by its words.
    pub fn of_words(words: &str) -> DivisionKind {
        let kinds = DivisionKind::ALL.iter().copied();
        kinds.into_iter().find(|kind| kind.words() == words).unwrap_or(DivisionKind::Other)
    }
}

words! {
    /// What the county says of a place and the office confirms.
    Fact {
        /// The town is its county's seat.
        CountySeat = "county_seat", "是否城关镇";
        /// The platform is an industrial park.
        IndustrialPark = "industrial_park", "是否产业园区";
        /// The platform's operator is a legal person.
        LegalOperator = "legal_operator", "运营主体是否具有法人资格";
        /// The county is a province-run pilot county, which reports through the city.
        PilotCounty = "pilot_county", "是否省直管试点县";
    }
}

words! {
    /// What an applicant has done before that may keep it from declaring.
    Repeat {
        /// Its declaration in another batch has not ended.
        UnderwayElsewhere = "underway_elsewhere", "另一批次尚未办结";
        /// It stands on a published list.
        AlreadyListed = "already_listed", "已列入名单";
        /// It is in the programme on the other track.
        OnOtherTrack = "on_other_track", "已按另一类别参加";
    }
}

/// What is known of an applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The track it declares on.
    pub track: Track,
    /// What its division is; for a platform, what the town is whose name it bears or whose government
    /// runs it, `None` where there is no such town.
    pub division: Option<DivisionKind>,
    /// What has been confirmed; a fact that is not there is unknown.
    pub facts: BTreeMap<Fact, bool>,
    /// Whether it already has a declaration in this batch.
    pub already_in_batch: bool,
    /// What it has done before.
    pub repeats: BTreeSet<Repeat>,
}

impl Applicant {
    /// An applicant of whom nothing is known yet.
    pub fn unknown(track: Track) -> Applicant {
        Applicant {
            track,
            division: None,
            facts: BTreeMap::new(),
            already_in_batch: false,
            repeats: BTreeSet::new(),
        }
    }

    /// The same with one more fact known.
    #[must_use]
    pub fn knowing(mut self, fact: Fact, is_so: bool) -> Applicant {
        self.facts.insert(fact, is_so);
        self
    }

    /// Whether a fact is known to be so.
    pub fn is(&self, fact: Fact) -> bool {
        self.facts.get(&fact) == Some(&true)
    }
}

/// Whether a name, of a place or of the unit that runs it, is that of a town or of its government.
pub fn is_town_itself(name: &str, town: &str) -> bool {
    name.strip_prefix(town).is_some_and(|rest| ["", "政府", "人民政府"].contains(&rest))
}

const TRACKS: &str = "programme.tracks";
const DIVISIONS: &str = "eligibility.divisions";
const FACTS: &str = "eligibility.facts";
const EXCLUDED: &str = "eligibility.excluded";
const REQUIRED: &str = "eligibility.required";
const REPEATS: &str = "eligibility.repeats";

/// The tracks that are open on a day.
pub fn open_tracks(pack: &Pack, today: Day) -> Result<Vec<Track>, ValueError> {
    coded(TRACKS, pack, today)
}

/// The kinds of division that may declare as a statutory town on a day.
pub fn town_kinds(pack: &Pack, today: Day) -> Result<Vec<DivisionKind>, ValueError> {
    coded(DIVISIONS, pack, today)
}

/// The codes of a list that the product knows; a pack with others is not put in force.
fn coded<T: FromStr>(id: &str, pack: &Pack, today: Day) -> Result<Vec<T>, ValueError> {
    Ok(pack.list(id, today)?.iter().filter_map(|entry| entry.code.parse().ok()).collect())
}

/// A fact that must be known before sending, as the pack asks for it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The fact.
    pub fact: Fact,
    /// The question.
    pub question: String,
    /// What counts.
    pub hint: String,
    /// The clause that asks.
    pub clause: Option<Clause>,
}

/// What is asked of a track, in the pack's order.
pub fn facts_asked(track: Track, pack: &Pack, today: Day) -> Result<Vec<Asked>, ValueError> {
    let entries = pack.list(FACTS, today)?;
    let of_track = |entry: &&Entry| [track.code(), "both"].contains(&entry.attribute("track"));
    let asked = entries.iter().filter(of_track).filter_map(|entry| {
        Some(Asked {
            fact: entry.code.parse().ok()?,
            question: entry.name.clone(),
            hint: entry.attribute("hint").to_owned(),
            clause: entry.attribute("clause").parse().ok().or(pack.clause_of(FACTS)),
        })
    });
    Ok(asked.collect())
}

/// 三(一): everything that keeps the applicant from declaring; empty where nothing does.
pub fn refusals(applicant: &Applicant, pack: &Pack, today: Day) -> Result<Vec<Refusal>, ValueError> {
    let mut refusals = Vec::new();
    refusals.extend(track_refusal(applicant.track, pack, today)?);
    refusals.extend(division_refusal(applicant.track, applicant.division, pack, today)?);
    refusals.extend(fact_refusals(applicant, pack, today)?);
    if applicant.already_in_batch {
        refusals.push(Refusal::under(
            pack.clause_of(REPEATS),
            "already_in_batch",
            "本批次已有该单位的申报。",
            "请在已有的申报书上继续填写；如需重报，请先撤回原申报。",
        ));
    }
    for entry in pack.list(REPEATS, today)? {
        if entry.code.parse().is_ok_and(|repeat| applicant.repeats.contains(&repeat)) {
            let says = format!("{}。", entry.name);
            let clause = pack.clause_of(REPEATS);
            refusals.push(Refusal::under(clause, &entry.code, says, entry.attribute("remedy")));
        }
    }
    Ok(refusals)
}

/// Whether a track is open.
pub fn track_refusal(track: Track, pack: &Pack, today: Day) -> Result<Option<Refusal>, ValueError> {
    let open = open_tracks(pack, today)?;
    if open.contains(&track) {
        return Ok(None);
    }
    let says = format!("目前不受理“{}”类别的申报。", track.words());
    let names: Vec<_> = open.iter().map(|track| format!("“{}”", track.words())).collect();
    let remedy = format!("目前受理{}类别，符合条件的请按该类别申报。", names.join("、"));
    Ok(Some(Refusal::under(pack.clause_of(TRACKS), "track_closed", says, remedy)))
}

/// Whether a division of that kind may declare on the track.
pub fn division_refusal(
    track: Track,
    division: Option<DivisionKind>,
    pack: &Pack,
    today: Day,
) -> Result<Option<Refusal>, ValueError> {
    let (towns, clause) = (town_kinds(pack, today)?, pack.clause_of(DIVISIONS));
    let is_town = division.is_some_and(|kind| towns.contains(&kind));
    Ok(match (track, division) {
        (Track::StatutoryTown, None) => {
            Some(unknown(clause, "division", "尚未确认申报单位的行政区划类型。".to_owned()))
        }
        (Track::StatutoryTown, Some(kind)) if !is_town => {
            let names: Vec<_> = towns.iter().map(|kind| kind.words()).collect();
            let says = format!("申报单位是{}，不是建制镇。", kind.words());
            let remedy = format!(
                "建制镇一类只接受{}申报；撤乡设镇批准并更新区划后可以申报，符合平台条件的可改按创新创业平台申报。",
                names.join("、")
            );
            Some(Refusal::under(clause, "not_a_statutory_town", says, remedy))
        }
        (Track::Platform, Some(_)) if is_town => Some(Refusal::under(
            clause,
            "wrong_track",
            "建制镇不能按创新创业平台申报。",
            "请改按建制镇申报，或以镇内平台的运营主体申报。",
        )),
        (Track::StatutoryTown | Track::Platform, _) => None,
    })
}

fn fact_refusals(applicant: &Applicant, pack: &Pack, today: Day) -> Result<Vec<Refusal>, ValueError> {
    let (excluded, required) = (pack.list(EXCLUDED, today)?, pack.list(REQUIRED, today)?);
    let of = |list: &[Entry], fact: Fact| list.iter().find(|entry| entry.code == fact.code()).cloned();
    let mut refusals = Vec::new();
    for asked in facts_asked(applicant.track, pack, today)? {
        let fact = asked.fact;
        refusals.extend(match applicant.facts.get(&fact) {
            None => Some(unknown(asked.clause, fact.code(), format!("尚未确认{}。", asked.question))),
            Some(true) => of(&excluded, fact).map(|entry| {
                let says = format!("{}不在申报范围内。", entry.name);
                Refusal::under(pack.clause_of(EXCLUDED), fact.code(), says, entry.attribute("remedy"))
            }),
            Some(false) => of(&required, fact).map(|entry| {
                let (code, says) = (format!("lacks_{fact}"), format!("不符合“{}”的条件。", entry.name));
                Refusal::under(pack.clause_of(REQUIRED), &code, says, entry.attribute("remedy"))
            }),
        });
    }
    Ok(refusals)
}

fn unknown(clause: Option<Clause>, code: &str, says: String) -> Refusal {
    let remedy = "请县级政府在单位资料中填写，并由省办确认后再报送。";
    Refusal::under(clause, &format!("unknown_{code}"), says, remedy)
}

#[cfg(test)]
mod tests {
    use super::is_town_itself;

    #[test]
    fn a_town_is_known_by_its_name_and_by_its_government() {
        for name in ["瓷源镇", "瓷源镇政府", "瓷源镇人民政府"] {
            assert!(is_town_itself(name, "瓷源镇"), "{name}");
        }
        for name in ["瓷源镇创客小镇", "瓷源镇管委会", "源镇", "浮梁县政府"] {
            assert!(!is_town_itself(name, "瓷源镇"), "{name}");
        }
    }
}
