//! Numbers as people type them: full-width digits, thousands commas, and nothing guessed.

use rust_decimal::Decimal;

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotANumber {
    /// It carries a unit such as 亿 or 万: the person must convert it, we do not guess.
    Unit,
    /// It is no number at all.
    Other,
    /// More digits than any figure has.
    TooLong,
}

/// Most digits a typed number may have.
const MOST_DIGITS: usize = 20;

/// The half-width form: digits, signs, point, comma, percent and space of the full-width block.
pub fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect::<String>().trim().to_owned()
}

/// Read a typed number; a percent sign is for the caller to strip.
pub fn read(text: &str) -> Result<Decimal, NotANumber> {
    let plain = half_width(text);
    if plain.chars().any(|c| matches!(c, '亿' | '万' | '千' | '百' | '元' | '亩')) {
        return Err(NotANumber::Unit);
    }
    let (sign, body) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
    let whole = without_commas(whole).ok_or(NotANumber::Other)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) {
        return Err(NotANumber::Other);
    }
    if whole.len() + fraction.len() > MOST_DIGITS {
        return Err(NotANumber::TooLong);
    }
    let number = format!("{sign}{whole}.{fraction}").parse::<Decimal>().map_err(|_| NotANumber::TooLong)?;
    Ok(number.normalize())
}

/// The one way a number is stored: `1234.5`, no comma, no trailing zero.
pub fn canonical(number: Decimal) -> String {
    number.normalize().to_string()
}

/// `1,234,567` but not `12,34`: commas stand only before groups of three.
fn without_commas(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let well_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    well_grouped.then(|| whole.replace(',', ""))
}

fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '−' | '–' | '﹣' => '-',
        '，' => ',',
        '。' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{NotANumber, canonical, read};

    #[test]
    fn typed_numbers_are_normalised() {
        for (typed, stored) in [
            ("1,234.50", "1234.5"),
            ("１２３４．５", "1234.5"),
            ("－３", "-3"),
            ("−0.50", "-0.5"),
            (" 0 ", "0"),
            ("007", "7"),
            ("１，２３４，５６７", "1234567"),
        ] {
            assert_eq!(read(typed).map(canonical), Ok(stored.to_owned()), "{typed}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (typed, why) in [
            ("3亿", NotANumber::Unit),
            ("120万", NotANumber::Unit),
            ("12,34", NotANumber::Other),
            ("1.", NotANumber::Other),
            (".5", NotANumber::Other),
            ("1e9", NotANumber::Other),
            ("", NotANumber::Other),
            ("--1", NotANumber::Other),
            ("123456789012345678901", NotANumber::TooLong),
        ] {
            assert_eq!(read(typed), Err(why), "{typed}");
        }
    }
}
