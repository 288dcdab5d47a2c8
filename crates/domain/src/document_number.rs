//! Numbers of official documents: `赣建村〔2018〕12号`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of an official document: issuer's code, year in 〔〕, serial number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber {
    issuer: String,
    year: u16,
    serial: u32,
}

/// Longest code of an issuer.
const ISSUER_CHARS: usize = 20;

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.issuer, self.year, self.serial)
    }
}

impl std::str::FromStr for DocumentNumber {
    type Err = String;

    /// Brackets of other shapes, full-width digits and 第…号 are read and put right.
    fn from_str(text: &str) -> Result<DocumentNumber, String> {
        let plain = crate::number::half_width(text).replace(['[', '【', '(', '［', '﹝'], "〔");
        let plain = plain.replace([']', '】', ')', '］', '﹞'], "〕").replace(char::is_whitespace, "");
        let refuse = || "请写作“赣建村〔2018〕12号”的样式。".to_owned();
        let (issuer, rest) = plain.split_once('〔').ok_or_else(refuse)?;
        let (year, rest) = rest.split_once('〕').ok_or_else(refuse)?;
        let serial = rest.strip_suffix('号').ok_or_else(refuse)?;
        let serial = serial.strip_prefix('第').unwrap_or(serial);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_issuer(issuer) || year.len() != 4 || !digits(year) || !digits(serial) || serial.len() > 6 {
            return Err(refuse());
        }
        let year =
            year.parse().ok().filter(|year| (1949..=2100).contains(year)).ok_or("年份不对，请检查。")?;
        let serial = serial.parse().ok().filter(|serial| *serial > 0).ok_or_else(refuse)?;
        Ok(DocumentNumber { issuer: issuer.to_owned(), year, serial })
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = String;

    fn try_from(text: String) -> Result<DocumentNumber, String> {
        text.parse()
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> String {
        number.to_string()
    }
}

fn is_issuer(text: &str) -> bool {
    let chars = text.chars().count();
    let starts = text.chars().next().is_some_and(char::is_alphabetic);
    (1..=ISSUER_CHARS).contains(&chars) && starts && text.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::DocumentNumber;

    #[test]
    fn a_document_number_is_put_right() {
        for typed in
            ["赣建村〔2018〕12号", "赣建村[2018]12号", "赣建村(2018) 第12号", "赣建村〔２０１８〕１２号"]
        {
            let number: DocumentNumber = typed.parse().expect(typed);
            assert_eq!(number.to_string(), "赣建村〔2018〕12号");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for typed in [
            "",
            "赣建村2018-12",
            "〔2018〕12号",
            "赣建村〔18〕12号",
            "赣建村〔2018〕号",
            "赣建村〔2018〕0号",
            "赣<b>〔2018〕1号",
            "赣建村〔1948〕1号",
        ] {
            assert!(typed.parse::<DocumentNumber>().is_err(), "{typed}");
        }
        assert!("赣建村〔1949〕1号".parse::<DocumentNumber>().is_ok(), "the first year is on the line");
    }
}
