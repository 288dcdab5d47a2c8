//! The divisions a new installation starts with, from the pack's own list.

use serde::Deserialize;

/// One division as the list has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Division {
    pub code: String,
    pub name: String,
    pub level: String,
    pub parent_code: Option<String>,
    pub kind: String,
}

/// All divisions of the province, in the order of their codes.
pub fn divisions() -> Vec<Division> {
    let text = include_str!("../../../../policy/jiangxi/divisions.csv");
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the pack's list of divisions is well formed: a test reads it")
}

#[cfg(test)]
mod tests {
    use super::divisions;

    #[test]
    fn the_list_is_whole() {
        let all = divisions();
        let count = |level: &str| all.iter().filter(|division| division.level == level).count();
        assert_eq!((count("province"), count("city"), count("county"), count("town")), (1, 11, 100, 1581));
        assert!(all.iter().all(|division| division.level == "province" || division.parent_code.is_some()));
    }
}
