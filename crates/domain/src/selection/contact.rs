//! What a public notice may print: an office's telephone, and no number that belongs to a person.

use super::CONFERENCE;
use crate::limits::{OFFICE_PHONE_DIGITS, PERSONAL_DIGITS_MIN};
use crate::problem::Refusal;

/// 四(二): whoever objects rings an office, by its area code.
pub fn office_phone(text: &str) -> Result<(), Refusal> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|one| one.is_ascii_digit() || one == '-');
    if plain && text.starts_with('0') && OFFICE_PHONE_DIGITS.contains(&digits) {
        return Ok(());
    }
    let says = format!("“{text}”不是办公电话。");
    let remedy = "公示对外公开，请填写带区号的固定电话，如 0791-12345678。";
    Err(Refusal::by(CONFERENCE, "phone", says, remedy))
}

/// Nothing that is published may carry the number of a person.
pub fn no_personal_number(text: &str) -> Result<(), Refusal> {
    let longest = text.split(|one: char| !one.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if longest < PERSONAL_DIGITS_MIN {
        return Ok(());
    }
    let says = format!("“{text}”疑似含有手机、身份证或银行卡号码。");
    Err(Refusal::by_conduct("personal_number", says, "公示内容对外公开，请删去个人号码后再试。"))
}

#[cfg(test)]
mod tests {
    use super::{no_personal_number, office_phone};

    #[test]
    fn an_office_is_rung_by_its_area_code() {
        for good in ["0791-12345678", "079112345678", "010-1234567-801"] {
            assert!(office_phone(good).is_ok(), "{good}");
        }
        for bad in ["随便", "", "13912345678", "12345678", "0791-1234567８", "0791"] {
            assert!(office_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_persons_number_is_not_published() {
        assert!(no_personal_number("示例陶林镇（2018年第2批）").is_ok());
        assert!(no_personal_number("示例陶林镇13912345678").is_err());
        assert!(no_personal_number("示例陶林镇36020019900101123X").is_err());
    }
}
