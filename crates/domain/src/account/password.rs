//! The password rules of the 等保 profile.

use crate::day::Day;
use crate::pack::{Pack, ValueError};
use crate::problem::Problem;

/// Whose password it is.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    /// Words that must not stand in it: sign-in name, name in pinyin, organisation.
    pub words: Vec<String>,
    /// Whether a second factor protects the account.
    pub second_factor: bool,
    /// Whether the person is one of the three administrators.
    pub administrator: bool,
}

/// Words shorter than this are in every password by chance.
const SHORTEST_WORD: usize = 3;

/// Everything wrong with a new password; empty where it may be set.
pub fn password_problems(
    password: &str,
    holder: &Holder,
    pack: &Pack,
    today: Day,
) -> Result<Vec<Problem>, ValueError> {
    let least = pack.count(
        match holder.second_factor {
            true => "security.password_chars_min",
            false => "security.password_chars_min_alone",
        },
        today,
    )?;
    let most = pack.count("security.password_chars_max", today)?;
    let classes_min = pack.count("security.password_classes_min", today)?;
    let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
    let mut problems = Vec::new();
    let mut fault = |code: &str, says: String| problems.push(Problem::new("password", code, says));
    if length < least {
        fault("too_short", format!("口令至少 {least} 个字符，现有 {length} 个，请加长。"));
    }
    if length > most {
        fault("too_long", format!("口令最多 {most} 个字符，请缩短。"));
    }
    if classes(password) < classes_min {
        fault(
            "too_plain",
            format!("口令应包含大写字母、小写字母、数字、其他字符中的至少 {classes_min} 类。"),
        );
    }
    let common = pack.list("security.password_words", today)?;
    let common = common.iter().map(|entry| entry.code.as_str());
    let year = today.year().to_string();
    let own = holder.words.iter().map(String::as_str).chain([year.as_str()]);
    let lower = password.to_lowercase();
    let found = own.chain(common).map(str::to_lowercase);
    let found: Vec<_> = found
        .filter(|word| word.chars().count() >= SHORTEST_WORD || !word.is_ascii())
        .filter(|word| !word.is_empty() && lower.contains(word.as_str()))
        .collect();
    if let Some(word) = found.first() {
        fault("guessable", format!("口令中不要出现“{word}”这类容易猜到的内容，请更换。"));
    }
    Ok(problems)
}

/// Whether a password set on `set_on` must be changed on `today`.
pub fn password_expired(
    set_on: Day,
    administrator: bool,
    pack: &Pack,
    today: Day,
) -> Result<bool, ValueError> {
    let id = match administrator {
        true => "security.password_days_administrator",
        false => "security.password_days_staff",
    };
    Ok(i64::from(set_on.days_until(today)) > pack.count(id, today)?)
}

fn classes(password: &str) -> i64 {
    let has = |class: fn(&char) -> bool| i64::from(password.chars().any(|c| class(&c)));
    has(char::is_ascii_uppercase)
        + has(char::is_ascii_lowercase)
        + has(char::is_ascii_digit)
        + has(|c| !c.is_ascii_alphanumeric())
}
