//! 三(一): who may declare is what the pack says; another pack decides otherwise.

use crate::declarations::applicant as town;
use crate::world::{changed, day, pack};
use domain::clause::Clause;
use domain::eligibility::{Applicant, DivisionKind, Fact, Repeat, Track, refusals};
use domain::pack::Pack;
use domain::problem::Refusal;

const FILE: &str = "3-declaration.toml";

fn platform() -> Applicant {
    Applicant::unknown(Track::Platform)
        .knowing(Fact::IndustrialPark, false)
        .knowing(Fact::LegalOperator, true)
        .knowing(Fact::PilotCounty, true)
}

fn refused_by(pack: &Pack, applicant: &Applicant) -> Vec<Refusal> {
    refusals(applicant, pack, day("2018-04-26")).expect("the pack decides")
}

fn codes(pack: &Pack, applicant: &Applicant) -> Vec<String> {
    refused_by(pack, applicant).into_iter().map(|refusal| refusal.code).collect()
}

#[test]
fn a_town_and_a_platform_may_declare() {
    assert!(codes(pack(), &town()).is_empty());
    assert!(codes(pack(), &platform()).is_empty(), "a pilot county reports through its city");
}

#[test]
fn each_refusal_names_its_clause_and_the_way_out() {
    let repeat = |repeat| Applicant { repeats: [repeat].into(), ..town() };
    let of = |kind| Applicant { division: Some(kind), ..town() };
    let refused = [
        (of(DivisionKind::Township), "not_a_statutory_town"),
        (of(DivisionKind::EthnicTownship), "not_a_statutory_town"),
        (of(DivisionKind::Subdistrict), "not_a_statutory_town"),
        (of(DivisionKind::Other), "not_a_statutory_town"),
        (town().knowing(Fact::CountySeat, true), "county_seat"),
        (platform().knowing(Fact::IndustrialPark, true), "industrial_park"),
        (platform().knowing(Fact::LegalOperator, false), "lacks_legal_operator"),
        (Applicant { division: Some(DivisionKind::Town), ..platform() }, "wrong_track"),
        (Applicant { already_in_batch: true, ..town() }, "already_in_batch"),
        (repeat(Repeat::UnderwayElsewhere), "underway_elsewhere"),
        (repeat(Repeat::AlreadyListed), "already_listed"),
        (repeat(Repeat::OnOtherTrack), "on_other_track"),
    ];
    for (applicant, code) in refused {
        let refusals = refused_by(pack(), &applicant);
        assert_eq!(refusals.len(), 1, "{code}: {refusals:?}");
        let refusal = &refusals[0];
        assert_eq!((refusal.code.as_str(), refusal.clause), (code, Some(Clause::new(3, 1))));
        assert!(refusal.says.ends_with('。') && refusal.remedy.ends_with('。'), "{refusal:?}");
    }
}

#[test]
fn an_unknown_fact_blocks_and_says_who_settles_it() {
    let town = refused_by(pack(), &Applicant::unknown(Track::StatutoryTown));
    let found: Vec<_> = town.iter().map(|refusal| (refusal.code.as_str(), refusal.clause)).collect();
    let [scope, manner] = [Some(Clause::new(3, 1)), Some(Clause::new(3, 4))];
    let asked =
        [("unknown_division", scope), ("unknown_county_seat", scope), ("unknown_pilot_county", manner)];
    assert_eq!(found, asked);
    assert!(town.iter().all(|refusal| refusal.remedy.contains("省办确认")));
    assert_eq!(refused_by(pack(), &Applicant::unknown(Track::Platform)).len(), 3);
}

#[test]
fn another_pack_decides_otherwise() {
    let with = |old: &str, new: &str| changed(FILE, old, new);
    let township = Applicant { division: Some(DivisionKind::Township), ..town() };
    let entry = "{ code = \"town\", name = \"镇\" }";
    let wider = with(entry, &format!("{entry}, {{ code = \"township\", name = \"乡\" }}"));
    assert!(codes(&wider, &township).is_empty());
    let its_platform = Applicant { division: Some(DivisionKind::Township), ..platform() };
    assert_eq!(codes(&wider, &its_platform), ["wrong_track"]);
    assert!(codes(pack(), &its_platform).is_empty());

    let seat = town().knowing(Fact::CountySeat, true);
    let line = pack_line("{ code = \"county_seat\", name = \"县（市、区）城关镇\"");
    assert!(codes(&with(&line, ""), &seat).is_empty(), "seats may declare where the list does not name them");
    let pilot = "{ code = \"pilot_county\", name = \"省直管试点县\", remedy = \"请等待另行通知。\" },\n";
    let stricter = with(&line, &format!("{line}{pilot}"));
    assert_eq!(codes(&stricter, &platform()), ["pilot_county"]);

    let twice = Applicant { repeats: [Repeat::OnOtherTrack].into(), ..town() };
    assert!(codes(&with(&pack_line("{ code = \"on_other_track\""), ""), &twice).is_empty());
    let unasked = with(&pack_line("{ code = \"pilot_county\""), "");
    assert!(codes(&unasked, &Applicant { facts: [(Fact::CountySeat, false)].into(), ..town() }).is_empty());
}

#[test]
fn a_rule_holds_from_its_first_day() {
    let old = "{ from = \"2016-12-27\", source = \"工作方案三（一）\", value = [{ code = \"town\", name = \"镇\" }] }";
    let later =
        "{ from = \"2018-04-27\", source = \"示例\", value = [{ code = \"township\", name = \"乡\" }] }";
    let pack = changed(FILE, old, &format!("{old}, {later}"));
    let on = |text: &str| refusals(&town(), &pack, day(text)).expect("the pack decides").len();
    assert_eq!((on("2018-04-26"), on("2018-04-27")), (0, 1));
}

#[test]
fn a_track_that_is_not_listed_is_closed() {
    let file = "1-general.toml";
    let pack = changed(file, "    { code = \"Platform\", name = \"创新创业平台\" },\n", "");
    let refused = refused_by(&pack, &platform());
    assert_eq!((refused[0].code.as_str(), refused[0].clause), ("track_closed", Some(Clause::new(0, 0))));
    assert!(refused[0].remedy.contains("建制镇"), "{refused:?}");
    assert!(codes(&pack, &town()).is_empty());
}

/// The one line of the chapter that begins so.
fn pack_line(begins: &str) -> String {
    let files = crate::world::files();
    let (_, text) = files.iter().find(|(path, _)| path == FILE).expect("the chapter");
    let line = text.lines().find(|line| line.trim_start().starts_with(begins)).expect("the line");
    format!("{line}\n")
}
