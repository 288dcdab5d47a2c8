//! What a declaration says, beside what the edition before it said: for whoever reviews or signs.

use super::super::store::DeclarationRow;
use crate::submissions::{self, Edition, Line, Seen};
use crate::web::Acting;
use domain::form::Form;
use kit::page::Tag;
use kit::{Error, Result};

/// The content of the newest edition, section by section.
#[derive(Default)]
pub struct Content {
    pub number: i64,
    pub href: String,
    /// The edition before: its number and the page of all differences.
    pub before: Option<(i64, String)>,
    /// The lines of each section below its title.
    pub sections: Vec<(String, Vec<Line>)>,
    pub faults: Vec<(String, String, Tag)>,
    pub changed: usize,
    /// Only what changed is shown.
    pub only_changes: bool,
    pub explained: Vec<(String, String)>,
    pub content_hash: String,
}

/// The newest edition of a declaration; unless `all` is asked for just what differs from the one before.
pub async fn content(acting: &Acting, form: &Form, row: &DeclarationRow, all: bool) -> Result<Content> {
    let (store, id) = (acting.store(), row.id()?);
    let seen = Seen::by(&acting.reach);
    let now = submissions::current(store.read(), id, seen).await?.ok_or(Error::NotFound)?;
    let form = acting.form_under(&now.pack_digest, &form.code)?;
    let heads = submissions::editions(store.read(), id, seen).await?;
    let before = match heads.get(1) {
        Some(head) => submissions::edition(store.read(), id, head.number, seen).await?,
        None => None,
    };
    let pairs = submissions::pairs(form, &before.as_ref().unwrap_or(&now).side(), &now.side());
    let faults = submissions::faults(store.read(), id).await?;
    let is_of = |number: i64| before.as_ref().is_some_and(|before| before.number == number);
    let raised = faults.iter().filter(|fault| is_of(fault.number));
    let only_changes = before.is_some() && !all;
    let base = format!("/submissions/{id}");
    Ok(Content {
        number: now.number,
        href: format!("{base}/editions/{}", now.number),
        before: before.as_ref().map(|before| {
            (before.number, format!("{base}/difference?from={}&to={}", before.number, now.number))
        }),
        changed: pairs.iter().filter(|pair| pair.line.changed).count(),
        faults: raised.map(|fault| submissions::judged(form, fault, &pairs)).collect(),
        sections: submissions::by_section(form, pairs, !only_changes),
        only_changes,
        explained: explained(form, &now),
        content_hash: now.content_hash.clone(),
    })
}

/// What the filler explained where a check asked him to.
fn explained(form: &Form, now: &Edition) -> Vec<(String, String)> {
    let says = |code: &str| {
        let check = form.checks.iter().find(|check| check.code == code);
        check.map_or_else(|| code.to_owned(), |check| check.says.clone())
    };
    let given = now.answers.0.values().flat_map(|answers| &answers.explanations);
    given.map(|(code, words)| (says(code), words.clone())).collect()
}
