//! A county that gets a new code, or goes up in another of its city; a town that gets a new code. All that
//! lies in it moves along in the same act, each slice moving its own; the past stays as it was.

use super::store::{self, DivisionRow};
use crate::web::Acting;
use crate::{declarations, orgs};
use domain::day::Day;
use kit::Result;
use kit::record::{Act, Event};
use std::collections::BTreeSet;

/// What becomes of a county, or of a town.
pub enum Becomes<'a> {
    /// The same one under a new code, and perhaps a new name.
    Recoded { code: &'a str, name: &'a str },
    /// A part of another.
    PartOf(&'a DivisionRow),
}

impl Becomes<'_> {
    fn code(&self) -> &str {
        match self {
            Becomes::Recoded { code, .. } => code,
            Becomes::PartOf(into) => &into.code,
        }
    }

    fn name(&self) -> &str {
        match self {
            Becomes::Recoded { name, .. } => name,
            Becomes::PartOf(into) => &into.name,
        }
    }

    fn event(&self) -> &'static str {
        match self {
            Becomes::Recoded { .. } => "division.recoded",
            Becomes::PartOf(_) => "division.merged",
        }
    }
}

pub async fn move_division(
    acting: &Acting,
    key: &str,
    old: &DivisionRow,
    becomes: &Becomes<'_>,
    (from, why): (Day, &str),
) -> Result<()> {
    let mut act = acting.act(key).await?;
    let codes = move_divisions(&mut act, old, becomes, from).await?;
    let county = if old.is_town() { old.parent_code.as_deref().unwrap_or_default() } else { becomes.code() };
    for (was, is) in &codes {
        for place in store::places_in(&mut act.read(), was).await? {
            store::move_place(&mut act, &place, (is, county), from, why).await?;
        }
    }
    match becomes {
        Becomes::Recoded { code, name } => {
            orgs::move_division(&mut act, &codes).await?;
            orgs::rename_governments(&mut act, code, &old.name, name, from).await?;
            declarations::move_extensions(&mut act, &old.code, code).await?;
        }
        Becomes::PartOf(into) => {
            orgs::merge_county(&mut act, &old.code, &into.code, from).await?;
            orgs::move_division(&mut act, &codes).await?;
            if old.is_pilot_county != into.is_pilot_county {
                store::reopen_facts(&mut act, &into.code).await?;
            }
        }
    }
    declarations::move_county(&mut act, &old.code, becomes.code()).await?;
    act.lands_on(format!("/divisions?code={}&done={}", becomes.code(), becomes.event()));
    let event = Event::new(becomes.event(), "division", &old.code)
        .reason(why)
        .note("from", format!("{} {}", old.code, old.name))
        .note("to", format!("{} {}", becomes.code(), becomes.name()))
        .note("day", from);
    act.commit(event).await?;
    Ok(())
}

/// The county and its towns under their new codes. Gives each old code with its new one.
async fn move_divisions(
    act: &mut Act,
    old: &DivisionRow,
    becomes: &Becomes<'_>,
    from: Day,
) -> Result<Vec<(String, String)>> {
    let county = becomes.code();
    let today = act.today();
    let towns = store::divisions_below(&mut act.read(), &old.code, today).await?;
    let mut taken = store::codes_below(&mut act.read(), county).await?;
    let mut codes = vec![(old.code.clone(), county.to_owned())];
    store::end_division(act, old, county, from).await?;
    if let Becomes::Recoded { code, name } = becomes {
        store::begin_division(act, old, (code, name, old.parent_code.as_deref()), from).await?;
    }
    for town in towns {
        let code = free_code(county, &town.code, &mut taken);
        store::end_division(act, &town, &code, from).await?;
        store::begin_division(act, &town, (&code, &town.name, Some(county)), from).await?;
        codes.push((town.code, code));
    }
    Ok(codes)
}

/// The town's own three digits under its new county; the next free ones where another has them.
fn free_code(county: &str, town: &str, taken: &mut BTreeSet<String>) -> String {
    let own: u32 = town.get(6..).and_then(|digits| digits.parse().ok()).unwrap_or(100);
    let mut wanted = (own..1000).chain(100..own).map(|digits| format!("{county}{digits:03}"));
    let free = wanted.find(|code| !taken.contains(code)).expect("no county has 900 towns");
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::free_code;
    use std::collections::BTreeSet;

    #[test]
    fn a_town_keeps_its_digits_where_they_are_free() {
        let mut taken = BTreeSet::from(["360281101".to_owned()]);
        assert_eq!(free_code("360281", "360222100", &mut taken), "360281100");
        assert_eq!(free_code("360281", "360222101", &mut taken), "360281102");
        assert_eq!(free_code("360281", "360222102", &mut taken), "360281103");
    }
}
