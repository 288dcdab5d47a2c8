//! What stays with a declaration for ever: that it came late or by extension, after a supplement, or
//! from a province-run pilot county.

use super::super::batch_pages::authority_words;
use super::super::store::{self, MarkRow};
use crate::web::Acting;
use domain::day::Day;
use kit::Result;
use kit::page::{Notice, Tag, Tone};
use std::collections::HashMap;

/// A mark on its declaration's own page, with reason and authority.
pub(super) fn notice(acting: &Acting, mark: &MarkRow) -> Notice {
    let by = authority_words(acting.pack(), &mark.authority, acting.today());
    let (tone, title) = title(mark);
    let says = match mark.kind.as_str() {
        "Late" | "Extended" => format!("理由：{}。批准机关：{by}。此标记永久保留。", mark.reason),
        "Supplemented" => "补正期限单独计算，不早于本批次申报截止日。".to_owned(),
        _ => "依据三（四），由所在设区市一并上报。".to_owned(),
    };
    Notice::new(tone, title, says)
}

/// The marks of several declarations, by their ids, as tags for a list.
pub async fn mark_tags(acting: &Acting, declarations: &[&str]) -> Result<HashMap<String, Vec<Tag>>> {
    let mut tags: HashMap<String, Vec<Tag>> = HashMap::new();
    for mark in store::marks_among(acting.store().read(), declarations).await? {
        let (tone, words) = title(&mark);
        tags.entry(mark.declaration_id).or_default().push(Tag::new(tone, words));
    }
    Ok(tags)
}

fn title(mark: &MarkRow) -> (Tone, String) {
    let (days, after) = (days_late(mark), after_round(mark));
    match mark.kind.as_str() {
        "Late" => (Tone::Bad, format!("{after}逾期{days}天上报")),
        "Extended" => (Tone::Waiting, format!("{after}延期{days}天上报")),
        "Supplemented" => (Tone::Quiet, format!("第{}次补正后上报", mark.round)),
        _ => (Tone::Quiet, "省直管试点县".to_owned()),
    }
}

/// Which sending was late, where it was not the first.
fn after_round(mark: &MarkRow) -> String {
    if mark.round == 0 { String::new() } else { format!("第{}次补正后", mark.round) }
}

/// As it was decided when it was sent; in marks of before, between the day missed and that of the mark.
fn days_late(mark: &MarkRow) -> i64 {
    let due = || mark.due_day.as_deref()?.parse::<Day>().ok();
    mark.days.or_else(|| Some(i64::from(due()?.days_until(Day::at(mark.at_ms))))).unwrap_or_default()
}
