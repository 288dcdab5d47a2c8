//! The answers by which declarations are compared, of several editions at once: which they are, the
//! form says.

use super::questions::answer_words;
use super::store;
use crate::web::Visit;
use domain::form::{Form, Item, Section, SectionAnswers};
use kit::{Error, Result};
use std::collections::HashMap;

/// Label and answer in words, by the edition's id, in the form's order.
pub async fn compared(visit: &Visit, editions: &[&str]) -> Result<HashMap<String, Vec<(String, String)>>> {
    let pack = visit.pack();
    let mut sections: Vec<&str> =
        pack.forms().flat_map(items).map(|(section, _)| section.code.as_str()).collect();
    sections.sort_unstable();
    sections.dedup();
    let mut given: HashMap<(String, String), SectionAnswers> = HashMap::new();
    let mut forms: HashMap<String, String> = HashMap::new();
    for row in store::sections_among(&mut visit.store().read(), editions, &sections).await? {
        let answers = SectionAnswers::from_json(&row.content).map_err(Error::internal)?;
        forms.insert(row.edition_id.clone(), row.form_code);
        given.insert((row.edition_id, row.code), answers);
    }
    let answered = forms.into_iter().map(|(edition, form)| {
        let answer = |(section, item): (&Section, &Item)| {
            let answers = given.get(&(edition.clone(), section.code.clone()))?;
            Some((item.label.clone(), answer_words(item, answers.get(&item.code)?)))
        };
        let lines = pack.form(&form).into_iter().flat_map(items).filter_map(answer).collect();
        (edition.clone(), lines)
    });
    Ok(answered.collect())
}

fn items(form: &Form) -> impl Iterator<Item = (&Section, &Item)> {
    form.sections
        .iter()
        .flat_map(|section| section.questions().filter(|item| item.compared).map(move |item| (section, item)))
}
