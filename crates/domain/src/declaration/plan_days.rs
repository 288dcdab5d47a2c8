//! 三(二)、三(三): the days the plan sets for a batch's year. They are targets: a slip is
//! recorded with its reason and the authority for it.

use super::{TIME, authority, reason};
use crate::day::Day;
use crate::pack::Pack;
use crate::problem::Refusal;

/// The days the plan sets for one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanDays {
    /// The last day for declaring.
    pub closes: Day,
    /// The last day for publishing the list.
    pub list_by: Day,
}

/// Why a batch keeps other days than the plan's, and who allowed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// Why.
    pub reason: String,
    /// Who allowed it, by the code of the pack.
    pub authority: String,
}

/// 三(二)、三(三): the end of April and the end of June of the batch's year.
pub fn plan_days(year: i64, pack: &Pack, today: Day) -> Result<PlanDays, Refusal> {
    let day = |id: &str| -> Result<Day, Refusal> {
        let text = format!("{year:04}-{}", pack.text(id, today)?);
        let remedy = "请核对年份；如年份无误，请省办核对规则包。";
        text.parse().map_err(|_| Refusal::by(TIME, "plan_day", format!("没有“{text}”这一天。"), remedy))
    };
    Ok(PlanDays { closes: day("batch.window_end")?, list_by: day("batch.list_by")? })
}

/// The days chosen for a batch: the plan's own, or others with reason and authority.
pub fn keep_or_slip(
    planned: PlanDays,
    chosen: PlanDays,
    slip: &Slip,
    pack: &Pack,
    today: Day,
) -> Result<Slip, Refusal> {
    if chosen.closes <= planned.closes && chosen.list_by <= planned.list_by {
        return Ok(Slip::default());
    }
    Ok(Slip {
        reason: reason(&slip.reason, "晚于方案日期的理由", pack, today)?,
        authority: authority(&slip.authority, pack, today)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{PlanDays, Slip, keep_or_slip, plan_days};
    use crate::day::Day;
    use crate::pack::Pack;

    fn pack() -> Pack {
        let files = [
            (
                "about.toml",
                "title = \"方案\"\nissued_by = \"省\"\nin_force_from = \"2016-12-27\"\nedition = \"1\"\n",
            ),
            ("3-declaration.toml", include_str!("../../../../policy/jiangxi/3-declaration.toml")),
        ];
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Pack::read(&files).expect("the chapter is in order")
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn the_plan_sets_april_and_june() {
        let days = plan_days(2018, &pack(), day("2018-03-01")).expect("days");
        assert_eq!(days, PlanDays { closes: day("2018-04-30"), list_by: day("2018-06-30") });
        assert!(plan_days(99_999, &pack(), day("2018-03-01")).is_err());
    }

    #[test]
    fn a_slip_needs_reason_and_authority() {
        let (pack, today) = (pack(), day("2018-03-01"));
        let planned = plan_days(2018, &pack, today).expect("days");
        assert_eq!(keep_or_slip(planned, planned, &Slip::default(), &pack, today), Ok(Slip::default()));
        let later = PlanDays { list_by: day("2018-07-01"), ..planned };
        let refusal = keep_or_slip(planned, later, &Slip::default(), &pack, today).expect_err("refused");
        assert_eq!(refusal.code, "reason");
        let slip = Slip { reason: "评审专家行程冲突".to_owned(), authority: "king".to_owned() };
        assert_eq!(keep_or_slip(planned, later, &slip, &pack, today).expect_err("refused").code, "authority");
        let slip = Slip { authority: "conference".to_owned(), ..slip };
        assert_eq!(keep_or_slip(planned, later, &slip, &pack, today), Ok(slip));
    }
}
