//! Whether a sound pack will do: the values the product acts by, a form for each track, numbers in
//! checks with their source, and the worked cases.
//!
//! Reading a pack does not ask this, so that a pack once in force can be read for ever.

use super::{Finding, Kind, Pack, Value};
use crate::day::Day;
use crate::eligibility::Track;

/// What the product asks a pack for, and of which kind.
pub const NEEDS: &[(&str, Kind)] = &[
    ("batch.call_notice_days", Kind::Days),
    ("batch.close_days", Kind::Days),
    ("batch.list_by", Kind::Text),
    ("batch.target_total", Kind::Count),
    ("batch.targets", Kind::List),
    ("batch.window_end", Kind::Text),
    ("city.bureaus", Kind::List),
    ("city.summary_chars_max", Kind::Count),
    ("city.summary_chars_min", Kind::Count),
    ("conference.members", Kind::List),
    ("conference.quorum", Kind::Count),
    ("declaration.city_signing_days", Kind::Days),
    ("declaration.county_review_days", Kind::Days),
    ("declaration.extension_days_max", Kind::Days),
    ("declaration.late_authorities", Kind::List),
    ("declaration.promise", Kind::Text),
    ("declaration.receipt_days", Kind::Days),
    ("declaration.supplement_days", Kind::Days),
    ("declaration.supplement_rounds_max", Kind::Count),
    ("declaration.town_head_days", Kind::Days),
    ("declaration.withdrawal", Kind::Text),
    ("desk.soon_days", Kind::Days),
    ("eligibility.divisions", Kind::List),
    ("eligibility.excluded", Kind::List),
    ("eligibility.facts", Kind::List),
    ("eligibility.repeats", Kind::List),
    ("eligibility.required", Kind::List),
    ("eligibility.vetoes", Kind::List),
    ("files.scans", Kind::List),
    ("files.staff", Kind::List),
    ("filing.term", Kind::Term),
    ("list.effective_days_max", Kind::Days),
    ("list.government_approval", Kind::Text),
    ("list.publish_days", Kind::Days),
    ("notice.days", Kind::Days),
    ("notice.days_max", Kind::Days),
    ("notice.days_min", Kind::Days),
    ("plan.aspects", Kind::List),
    ("programme.tracks", Kind::List),
    ("reason.chars_max", Kind::Count),
    ("reason.chars_min", Kind::Count),
    ("security.address_accounts_free", Kind::Count),
    ("security.address_delay_seconds_max", Kind::Count),
    ("security.delegation_days_max", Kind::Count),
    ("security.first_delay_seconds", Kind::Count),
    ("security.idle_minutes_administrator", Kind::Count),
    ("security.idle_minutes_staff", Kind::Count),
    ("security.lock_after_failures", Kind::Count),
    ("security.lock_minutes", Kind::Count),
    ("security.password_chars_max", Kind::Count),
    ("security.password_chars_min", Kind::Count),
    ("security.password_chars_min_alone", Kind::Count),
    ("security.password_classes_min", Kind::Count),
    ("security.password_days_administrator", Kind::Count),
    ("security.password_days_staff", Kind::Count),
    ("security.password_history", Kind::Count),
    ("security.password_words", Kind::List),
    ("security.recovery_codes", Kind::Count),
    ("security.session_hours", Kind::Count),
    ("security.sessions_max", Kind::Count),
    ("security.setup_link_hours", Kind::Count),
    ("security.step_up_minutes", Kind::Count),
    ("selection.reason_chars_min", Kind::Count),
];

impl Pack {
    /// Everything that keeps the pack from being put in force.
    pub fn trial(&self) -> Vec<Finding> {
        let mut findings = self.lacks();
        findings.extend(self.without_form());
        findings.extend(self.unasked());
        findings.extend(self.uncited());
        findings.extend(self.cases.iter().filter_map(|case| case.run(self).err()));
        findings.sort();
        findings
    }

    /// What this program cannot decide without; a pack of an older program may lack some of it.
    pub fn lacks(&self) -> Vec<Finding> {
        let mut findings = self.unmet();
        findings.extend(self.malformed());
        findings.extend(self.uncoded());
        findings
    }

    /// Values that the product acts by and that are missing, or of another kind.
    fn unmet(&self) -> Vec<Finding> {
        let unmet = |&(id, kind): &(&str, Kind)| match self.values.get(id) {
            None => Some(whole(format!("缺少程序办事所需的“{id}”（{}）", kind.words()))),
            Some(value) if value.kind != kind => {
                let reason = format!("“{id}”是{}，程序需要的是{}", value.kind.words(), kind.words());
                Some(Finding { file: value.file.clone(), line: value.line, reason })
            }
            Some(_) => None,
        };
        NEEDS.iter().filter_map(unmet).collect()
    }

    /// Texts that the product reads as something more: a day of each year, one of two words.
    fn malformed(&self) -> Vec<Finding> {
        let each_year = |text: &str| format!("2019-{text}").parse::<Day>().is_ok();
        let yes_or_no = |text: &str| ["必填", "选填"].contains(&text);
        let asked: [(&str, Reads<'_>, &str); 3] = [
            ("batch.window_end", &each_year, "每年的一天，如 04-30"),
            ("batch.list_by", &each_year, "每年的一天，如 06-30"),
            ("list.government_approval", &yes_or_no, "“必填”或“选填”"),
        ];
        let mut findings = Vec::new();
        for (id, reads, asks) in asked {
            let Some(value) = self.values.get(id) else { continue };
            for dated in &value.values {
                if let Value::Text(text) = &dated.value
                    && !reads(text)
                {
                    let reason = format!("“{id}”的值“{text}”应为{asks}");
                    findings.push(Finding { file: value.file.clone(), line: dated.line, reason });
                }
            }
        }
        findings
    }

    fn without_form(&self) -> Vec<Finding> {
        let has = |track: Track| self.forms.values().any(|form| form.track.is_none_or(|of| of == track));
        let bare = Track::ALL.iter().filter(|track| !has(**track));
        bare.map(|track| whole(format!("没有适用于“{}”的表单", track.words()))).collect()
    }

    /// Forms without day and source, and checks that set a number nobody answers for.
    fn uncited(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for form in self.forms.values() {
            let mut add = |line: usize, reason: String| {
                findings.push(Finding { file: format!("forms/{}.toml", form.code), line, reason });
            };
            if form.from.is_none() || form.source.is_empty() {
                add(1, "表单没有写明起始日期“from”和出处“source”".to_owned());
            }
            for check in
                form.checks.iter().filter(|check| check.source.is_empty() && check.rule.sets_a_number())
            {
                add(check.line, format!("校验“{}”的数没有出处：请写明“source”", check.code));
            }
        }
        findings
    }
}

/// Whether a text is what the product reads it as.
type Reads<'a> = &'a dyn Fn(&str) -> bool;

/// A fault of the pack as a whole.
fn whole(reason: String) -> Finding {
    Finding { file: "*.toml".to_owned(), line: 0, reason }
}
