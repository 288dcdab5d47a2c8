//! 三(四): the three bureaus of the city sign one content hash each.

use super::{DeclarationState, MANNER, Outcome, Signature, Who, need_role, not_the_filler, wrong_stage};
use crate::day::Day;
use crate::pack::{Entry, Pack};
use crate::problem::Refusal;
use crate::role::Role;
use crate::stage::DeclarationStage;

/// The signatures that stand: those on what the declaration says now. Any edit voids them all.
pub fn standing_signatures(state: &DeclarationState) -> Vec<&Signature> {
    state.signatures.iter().filter(|signature| signature.content_hash == state.content_hash).collect()
}

/// Whether every bureau of the pack has signed what the declaration says now.
pub fn is_signed_by_all(state: &DeclarationState, pack: &Pack, today: Day) -> Result<bool, Refusal> {
    Ok(wanting(&standing_signatures(state), pack, today)?.is_empty())
}

/// A bureau signs the content it has seen; a content changed meanwhile is refused.
pub fn bureau_sign(
    state: &DeclarationState,
    who: &Who,
    content_hash: &str,
    pack: &Pack,
    today: Day,
) -> Result<Outcome, Refusal> {
    need_role(who, &[Role::CityBureau])?;
    if state.stage != DeclarationStage::AtCity {
        return Err(wrong_stage(state.stage));
    }
    not_the_filler(state, who)?;
    if content_hash != state.content_hash {
        let says = "申报内容在您查看之后有改动。";
        return Err(Refusal::by(MANNER, "content_changed", says, "请重新打开申报书，核对后再会签。"));
    }
    may_sign(&standing_signatures(state), who, pack, today)?;
    Ok(Outcome::at("declaration.bureau_signed", state.stage))
}

/// The bureau a person signs for; each of the three signs once, and nobody for two of them.
pub(super) fn may_sign(
    standing: &[&Signature],
    who: &Who,
    pack: &Pack,
    today: Day,
) -> Result<Entry, Refusal> {
    let bureaus = pack.list("city.bureaus", today)?;
    let Some(bureau) = bureaus.iter().find(|bureau| Some(&bureau.code) == who.bureau.as_ref()) else {
        let names: Vec<_> = bureaus.iter().map(|bureau| bureau.name.as_str()).collect();
        let remedy = format!("请由设区市{}会签。", names.join("、"));
        return Err(Refusal::by(MANNER, "not_a_signing_bureau", "本单位不是会签部门。", remedy));
    };
    if standing.iter().any(|signature| signature.bureau == bureau.code) {
        let says = format!("{}已经会签。", bureau.name);
        return Err(Refusal::by(MANNER, "already_signed", says, "无需重复会签。"));
    }
    if standing.iter().any(|signature| who.is(signature.person)) {
        let says = "同一人不能代表两个部门会签。";
        return Err(Refusal::by_conduct("same_person", says, "请由本部门另一位会签人办理。"));
    }
    Ok(bureau.clone())
}

/// The bureaus of the pack whose signature is wanting.
pub(super) fn wanting(standing: &[&Signature], pack: &Pack, today: Day) -> Result<Vec<Entry>, Refusal> {
    let mut bureaus = pack.list("city.bureaus", today)?;
    bureaus.retain(|bureau| standing.iter().all(|signature| signature.bureau != bureau.code));
    Ok(bureaus)
}
