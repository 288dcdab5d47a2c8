//! Limits of the program, not of the plan: no province decides them, and none is shown as a rule.
//! They keep out slips of the finger and what would not fit a page; what the plan or an office
//! measures stands in the pack.

use std::ops::RangeInclusive;

/// A batch's number within its programme.
pub const BATCH_ORDINALS: RangeInclusive<i64> = 1..=99;

/// The last year that a batch or a date of a form may name.
pub const LAST_YEAR: i16 = 2100;

/// The first year that a date of a form may name.
pub const FIRST_YEAR: i16 = 1900;

/// About how many towns a batch may aim at: more than any province has.
pub const BATCH_TARGETS: RangeInclusive<i64> = 1..=2000;

/// A batch's title, which heads pages and notices.
pub const TITLE_CHARS: RangeInclusive<usize> = 4..=60;

/// The name of a place or a unit, which must fit a line of the list.
pub const NAME_CHARS_MAX: usize = 60;

/// Characters of an answer to a form, where the form sets no limit of its own: one line, or paragraphs.
pub const ANSWER_CHARS_MAX: usize = 100;
/// The same for an answer of several paragraphs.
pub const LONG_ANSWER_CHARS_MAX: usize = 2000;

/// An explanation beside a check between items.
pub const EXPLANATION_CHARS_MAX: usize = 500;

/// Rows of a table in a form: one page shows them all.
pub const ROWS_MAX: usize = 500;

/// Telephone numbers in a form, mobile ones, area code and extension included.
pub const PHONE_DIGITS: RangeInclusive<usize> = 7..=15;

/// An office's telephone by the national numbering: area code of 3 or 4 digits, number of 7 or 8,
/// and an extension where there is one.
pub const OFFICE_PHONE_DIGITS: RangeInclusive<usize> = 10..=16;

/// As many digits in a row are a mobile telephone (11), an identity card (18) or a bank card (16 to 19).
pub const PERSONAL_DIGITS_MIN: usize = 11;
