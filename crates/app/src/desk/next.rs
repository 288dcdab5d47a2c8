//! After an act: who has the thing now, and until when, in one sentence behind what was done.

use super::store::{Holder, who_has_it};
use crate::web::{Visit, day_words};
use domain::role::Role;
use kit::Result;
use kit::page::Frame;

/// Adds to what the page says of the act just done who takes the next step.
pub async fn say_next(visit: &Visit, page: &mut Frame, kind: &str, id: &str) -> Result<()> {
    if let Some(did) = page.flash.take() {
        let holders = who_has_it(visit.store().read(), kind, id).await?;
        page.flash = Some(format!("{did}。{}", words(&holders)));
    }
    Ok(())
}

/// 现由景德镇市建设局等3家单位（市局会签人）办理，期限2018年5月4日。
fn words(holders: &[Holder]) -> String {
    let Some(first) = holders.first() else { return String::new() };
    let who = match holders.len() {
        1 => first.organisation.clone(),
        many => format!("{}等{many}家单位", first.organisation),
    };
    let mut roles: Vec<&str> =
        holders.iter().filter_map(|one| one.role.parse::<Role>().ok()).map(Role::words).collect();
    roles.dedup();
    let until = first.due_day.as_ref().map_or(String::new(), |day| format!("，期限{}", day_words(day)));
    format!("现由{who}（{}）办理{until}。", roles.join("、"))
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::desk::Holder;

    fn holder(organisation: &str, role: &str) -> Holder {
        Holder {
            organisation: organisation.to_owned(),
            phone: String::new(),
            role: role.to_owned(),
            stage: "AtCity".to_owned(),
            since_ms: 0,
            due_day: Some("2018-05-04".to_owned()),
            due_why: None,
        }
    }

    #[test]
    fn one_sentence_says_who_and_until_when() {
        let bureaus = ["景德镇市建设局", "景德镇市财政局"].map(|name| holder(name, "CityBureau"));
        assert_eq!(words(&bureaus), "现由景德镇市建设局等2家单位（市局会签人）办理，期限2018年5月4日。");
        assert_eq!(words(&[]), "");
    }
}
