//! The office proposes declarations it has received, one or several in one act: all of them, or none.

use super::store::{self, Candidate};
use crate::declarations::{self, Deed, Moved, move_on, need_none};
use domain::clause::Clause;
use domain::id::BatchId;
use domain::problem::Problem;
use domain::selection::propose;
use domain::stage::DeclarationStage;
use kit::record::{Act, Event, Next};
use kit::{Error, Result};

/// A declaration, and why it is proposed.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub declaration: String,
    pub reasons: String,
}

/// One that the rules allow.
struct Allowed<'a> {
    candidate: &'a Candidate,
    reasons: &'a str,
    to: DeclarationStage,
}

/// Proposes declarations of one batch. What the rules forbid is a problem of the field
/// `reasons.` with the declaration's id, and then nothing is written.
pub async fn propose_several(deed: &Deed<'_>, batch: BatchId, proposals: &[Proposal]) -> Result<()> {
    let reach = deed.reach("selection.propose")?;
    let mut act = deed.begin().await?;
    let row = declarations::take_batch(&mut act, &reach, batch).await?;
    let who = deed.who(act.read()).await?;
    let ids: Vec<&str> = proposals.iter().map(|proposal| proposal.declaration.as_str()).collect();
    let candidates = store::candidates_among(act.read(), &reach, &row.id, &ids).await?;
    let (mut allowed, mut problems) = (Vec::new(), Vec::new());
    for Proposal { declaration, reasons } in proposals {
        let candidate = candidates.iter().find(|one| one.id == *declaration).ok_or(Error::NotFound)?;
        let stage = candidate.stage.parse().map_err(Error::internal)?;
        match propose(row.stage()?, stage, &who, reasons, deed.pack(), deed.today()) {
            Ok(to) => allowed.push(Allowed { candidate, reasons: reasons.trim(), to }),
            Err(refusal) => {
                let says = format!("“{}”：{}{}", candidate.name, refusal.says, refusal.remedy);
                let problem = Problem::new(format!("reasons.{declaration}"), refusal.code, says);
                problems.push(Problem { clause: refusal.clause, ..problem });
            }
        }
    }
    need_none(problems)?;
    for one in &allowed {
        write(deed, &mut act, &row.id, one).await?;
    }
    act.lands_on(format!("/selection/{batch}?done=declaration.proposed"));
    act.commit(event(batch, &allowed)?.clause(Clause::new(3, 3)).policy(deed.pack().digest())).await?;
    Ok(())
}

/// Proposes one declaration.
pub async fn propose_one(deed: &Deed<'_>, declaration: &str, reasons: &str) -> Result<()> {
    let reach = deed.reach("selection.propose")?;
    let candidate = store::candidate(deed.app.store().read(), &reach, declaration).await?;
    let batch = candidate.batch_id.parse().map_err(Error::internal)?;
    let proposal = Proposal { declaration: candidate.id, reasons: reasons.to_owned() };
    propose_several(deed, batch, &[proposal]).await
}

async fn write(deed: &Deed<'_>, act: &mut Act, batch: &str, one: &Allowed<'_>) -> Result<()> {
    let (person, signature) = (deed.actor.person, deed.actor.signature());
    store::insert_proposal(act, batch, &one.candidate.id, one.reasons, person, &signature).await?;
    let moved = Moved {
        id: &one.candidate.id,
        place: &one.candidate.place_id,
        version: one.candidate.version,
        to: one.to,
        remark: "省办拟列入",
        owed: Next::default(),
    };
    move_on(act, &moved).await
}

/// One declaration is the subject of its own proposal; several are named by the batch's entry.
fn event(batch: BatchId, allowed: &[Allowed<'_>]) -> Result<Event> {
    if let [one] = allowed {
        let place = one.candidate.place_id.parse().map_err(Error::internal)?;
        let event = Event::new("declaration.proposed", "declaration", &one.candidate.id);
        return Ok(event.place(place).reason(one.reasons));
    }
    let told = allowed.iter().map(|one| {
        let Candidate { name, number, .. } = one.candidate;
        format!("{name}（{number}）：{}", one.reasons)
    });
    let told = told.collect::<Vec<_>>().join("\n");
    Ok(Event::new("declarations.proposed", "batch", batch)
        .note("declarations", allowed.len())
        .note("proposed", told))
}
