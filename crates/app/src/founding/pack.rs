//! The pack in force: kept whole under its digest, so that a past year can be computed again.
//!
//! A programme decides by the pack that the program carries, or by one that was adopted in its place.

use super::store;
use domain::day::Day;
use domain::id::ProgrammeId;
use domain::pack::Pack;
use kit::record::{Act, Event, Who};
use kit::{Error, Result, Store};
use std::collections::BTreeMap;

/// What `programme.pack` says where the program's own pack decides, and where another does.
const CARRIED: &str = "jiangxi";
const ADOPTED: &str = "adopted";

/// The pack that decides: the one that was adopted, else the one that the program carries.
pub async fn in_force(store: &Store, carried: Pack) -> Result<Pack> {
    match store::deciding(store.read()).await? {
        Some(now) if now.pack == ADOPTED => read(&now.content),
        _ => Ok(carried),
    }
}

/// The same when a program starts: one that carries a newer pack puts it in force by an act of its
/// own, and one that cannot decide by the pack that was adopted says what that lacks.
pub async fn put_in_force(store: &Store, carried: Pack) -> Result<Pack> {
    let mut act = store.act(&Who::console()).await?;
    if let Some(now) = store::deciding(act.read()).await?
        && now.pack == CARRIED
        && now.digest != carried.digest()
    {
        let files = crate::packs::embedded_files();
        enter(&mut act, &now.programme, (carried.digest(), &files), store.today()).await?;
        let event = Event::new("pack.put_in_force", "programme", &now.programme);
        act.commit(event.policy(carried.digest())).await?;
    }
    let pack = in_force(store, carried).await?;
    let lacks: Vec<_> = pack.lacks().iter().map(ToString::to_string).collect();
    match lacks.is_empty() {
        true => Ok(pack),
        false => Err(Error::internal(format!(
            "正在使用的规则包不够本版本程序办事之用，请补上后用 zhenxing policy adopt 重新启用：\n{}",
            lacks.join("\n")
        ))),
    }
}

/// Puts another pack in force, or the program's own again; `false` where it is already.
pub async fn adopt(store: &Store, pack: &Pack, files: &[(String, String)], is_carried: bool) -> Result<bool> {
    let mut act = store.act(&Who::console()).await?;
    let now = store::deciding(act.read()).await?.ok_or(Error::NotFound)?;
    let name = if is_carried { CARRIED } else { ADOPTED };
    if now.digest == pack.digest() && now.pack == name {
        return Ok(false);
    }
    store::set_pack(&mut act, &now.programme, name).await?;
    enter(&mut act, &now.programme, (pack.digest(), files), store.today()).await?;
    let event = Event::new("pack.put_in_force", "programme", &now.programme).note("pack", name);
    act.commit(event.policy(pack.digest())).await?;
    Ok(true)
}

/// Forms of the pack that decides and that the other does not have: what was sent on them must
/// stay readable.
pub async fn forms_missing_in(store: &Store, carried: Pack, pack: &Pack) -> Result<Vec<String>> {
    let now = in_force(store, carried).await?;
    let codes = now.forms().map(|form| form.code.clone());
    Ok(codes.filter(|code| pack.form(code).is_none()).collect())
}

/// Writes the version that a programme is founded with.
pub(super) async fn insert(act: &mut Act, programme: ProgrammeId, pack: &Pack, from: Day) -> Result<()> {
    let files = crate::packs::embedded_files();
    enter(act, &programme.to_string(), (pack.digest(), &files), from).await
}

async fn enter(
    act: &mut Act,
    programme: &str,
    (digest, files): (&str, &[(String, String)]),
    from: Day,
) -> Result<()> {
    let content: BTreeMap<&str, &str> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let content = serde_json::to_string(&content).map_err(Error::internal)?;
    store::insert_pack_version(act, programme, digest, &content, from).await
}

fn read(content: &str) -> Result<Pack> {
    let files: BTreeMap<String, String> = serde_json::from_str(content).map_err(Error::internal)?;
    crate::packs::read(files.into_iter().collect()).map_err(Error::internal)
}
