//! Many declarations, written through acts as the program writes them: a place, its operator's
//! submission, the declaration with its first step and its open stage.

use anyhow::{Context, Result};
use domain::id::{PlaceId, RowId, SubmissionId};
use domain::role::Role;
use kit::clock::fresh;
use kit::record::{Act, Event, Next, Who};
use kit::{Store, args};

/// Declarations of one act.
const AN_ACT: usize = 50;

pub async fn gather(store: &Store, declarations: usize) -> Result<()> {
    let (batch, pack): (String, String) = store
        .read()
        .one(
            "SELECT b.id, v.digest FROM batch b JOIN pack_version v ON v.programme_id = b.programme_id \
             WHERE b.stage = 'Called'",
            args![],
        )
        .await?;
    let counties: Vec<(String, String)> = store
        .read()
        .all(
            "SELECT id, division_code FROM organisation WHERE kind = 'county' ORDER BY division_code",
            args![],
        )
        .await?;
    let mut at = 0;
    while at < declarations {
        let mut act = store.act(&Who::console()).await?;
        for number in at..declarations.min(at + AN_ACT) {
            let (organisation, county) = &counties[number % counties.len()];
            declare(&mut act, number, (&batch, &pack), (organisation, county)).await?;
        }
        act.commit(Event::new("declaration.started", "batch", &batch)).await?;
        at += AN_ACT;
    }
    Ok(())
}

async fn declare(
    act: &mut Act,
    number: usize,
    (batch, pack): (&str, &str),
    (organisation, county): (&str, &str),
) -> Result<()> {
    let (place, id): (PlaceId, SubmissionId) = (fresh(), fresh());
    let (name, city) = (format!("示例第{number}平台"), format!("{}00", &county[..4]));
    act.write_one(
        "INSERT INTO place (id, track, name, division_code, county_code, city_code) \
         VALUES ($1, 'Platform', $2, $3, $3, $4)",
        args![place, &name, county, &city],
    )
    .await?;
    act.write_one(
        "INSERT INTO submission (id, kind, form_code, pack_digest, place_id, batch_id, owner_organisation_id, is_open) \
         VALUES ($1, 'declaration', 'declaration-platform', $2, $3, $4, $5, 1)",
        args![id, pack, place, batch, organisation],
    )
    .await?;
    act.write_one(
        "INSERT INTO declaration (id, batch_id, place_id, number, track, name, county_code, city_code, stage, started_by) \
         VALUES ($1, $2, $3, $4, 'Platform', $5, $6, $7, 'AtCounty', 'console')",
        args![id, batch, place, format!("2018-2-{:06}", number + 100), &name, county, &city],
    )
    .await?;
    act.write_one(
        "INSERT INTO declaration_step (id, declaration_id, event, stage_before, stage_after, content_hash, person_id, \
         signature, role, organisation_id, organisation_name, at_ms) \
         VALUES ($1, $2, 'declaration.started', '', 'AtCounty', '', 'console', '示例', 'Clerk', $3, '示例', $4)",
        args![fresh::<RowId>(), id, organisation, act.now_ms()],
    )
    .await?;
    let owing = organisation.parse().map_err(anyhow::Error::msg).context("an organisation's id")?;
    let next = Next {
        stage: "AtCounty",
        place: Some(place),
        owing: vec![(owing, Role::CountyReviewer)],
        due: Some("2018-05-02".parse().map_err(anyhow::Error::msg)?),
        due_why: Some("报送截止日".to_owned()),
        ..Next::default()
    };
    Ok(act.enter_stage("declaration", id, next).await?)
}
