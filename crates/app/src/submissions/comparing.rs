//! The difference between two editions: answers, files, and whether what was at fault has changed.

use super::edition::{self, Seen};
use super::opened::Opened;
use super::pairing::{Line, Pair, pairs};
use super::sealing::FaultRow;
use super::store;
use crate::web::{Acting, Fields, page};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::form::Form;
use kit::page::{Frame, Tag, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "submissions/difference.html")]
pub struct DifferencePage {
    pub page: Frame,
    pub from: i64,
    pub to: i64,
    pub sections: Vec<(String, Vec<Line>)>,
    pub faults: Vec<(String, String, Tag)>,
    /// Everything is shown, not only what changed.
    pub all: bool,
    pub changed: usize,
    pub switch: String,
    pub edition_href: String,
}

/// `?from=1&to=2`, with `&all=1` for what did not change too.
pub async fn show(acting: Acting, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response> {
    let on = Opened::read(&acting, &id, &acting.reach).await?;
    let mut asked = Fields::of_query(query.as_deref());
    let mut number = |name: &str| asked.take(name).parse::<i64>().map_err(|_| Error::NotFound);
    let (from, to) = (number("from")?, number("to")?);
    let all = asked.take("all") == "1";
    let load = |number| edition::edition(acting.store().read(), on.id, number, Seen::by(&acting.reach));
    let old = load(from).await?.ok_or(Error::NotFound)?;
    let new = load(to).await?.ok_or(Error::NotFound)?;
    let faults = store::faults(&mut acting.store().read(), on.id).await?;
    let form = acting.form_under(&new.pack_digest, &on.row.form_code)?;
    let pairs = pairs(form, &old.side(), &new.side());
    let title = format!("第{from}版与第{to}版的变化");
    let mut crumbs = on.crumbs();
    crumbs.truncate(2);
    crumbs.push((title.clone(), None));
    let other = if all { "" } else { "&all=1" };
    page(&DifferencePage {
        page: Frame { crumbs, ..acting.frame(&title) },
        from,
        to,
        faults: faults
            .iter()
            .filter(|fault| fault.number >= from && fault.number < to)
            .map(|fault| judged(form, fault, &pairs))
            .collect(),
        changed: pairs.iter().filter(|pair| pair.line.changed).count(),
        sections: by_section(form, pairs, all),
        all,
        switch: format!("{}/difference?from={from}&to={to}{other}", on.path()),
        edition_href: format!("{}/editions/{to}", on.path()),
    })
}

/// The lines under the titles of their sections: all, or those that changed.
pub fn by_section(form: &Form, pairs: Vec<Pair>, all: bool) -> Vec<(String, Vec<Line>)> {
    let mut sections: Vec<(String, Vec<Line>)> = Vec::new();
    for pair in pairs.into_iter().filter(|pair| all || pair.line.changed) {
        let title = form.section(&pair.section).map_or(pair.section.clone(), |section| section.title.clone());
        match sections.iter_mut().find(|(found, _)| *found == title) {
            Some((_, lines)) => lines.push(pair.line),
            None => sections.push((title, vec![pair.line])),
        }
    }
    sections
}

/// Whether something changed where a reviewer found fault: the place, what he said, the tag.
pub fn judged(form: &Form, fault: &FaultRow, pairs: &[Pair]) -> (String, String, Tag) {
    let here = |pair: &&Pair| {
        pair.section == fault.section
            && (fault.item.is_empty()
                || pair.item == fault.item
                || pair.item.ends_with(&format!(".{}", fault.item)))
    };
    let has_changed = pairs.iter().filter(here).any(|pair| pair.line.changed);
    let tag = if has_changed { Tag::new(Tone::Done, "已改") } else { Tag::new(Tone::Bad, "未改") };
    (place_of(form, fault), fault.says.clone(), tag)
}

/// The item a fault is at, in words; a whole section by its title.
pub fn place_of(form: &Form, fault: &FaultRow) -> String {
    let section = form.section(&fault.section).map_or(fault.section.as_str(), |section| &section.title);
    let code = fault.item.rsplit('.').next().unwrap_or_default();
    match form.item(code) {
        Some((_, item)) => format!("{section}：{}", item.label),
        None => section.to_owned(),
    }
}
