//! What is wrong with a JSON text, in a sentence for the person who wrote it.

use serde_json::Error;

/// Where and why a text cannot be read: `第 3 行第 14 列，不认识“colour”…`.
pub(crate) fn fault(error: &Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    format!("第 {} 行第 {} 列，{}", error.line(), error.column(), reason(&text[..end]))
}

fn reason(text: &str) -> String {
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let name = quoted.first().copied().unwrap_or_default();
    let known = quoted.get(1..).unwrap_or_default().join("、");
    let or = if known.is_empty() { String::new() } else { format!("，可用：{known}") };
    match text {
        _ if text.starts_with("unknown field") => format!("不认识字段“{name}”{or}"),
        _ if text.starts_with("unknown variant") => format!("不认识“{name}”{or}"),
        _ if text.starts_with("missing field") => format!("缺少字段“{name}”，请补充"),
        _ if text.starts_with("duplicate field") => format!("字段“{name}”重复，请保留一个"),
        _ if text.starts_with("EOF") => "文件不完整，请核对括号和引号".to_owned(),
        _ if text.starts_with("number out of range") => "数值过大，请更正".to_owned(),
        _ if text.starts_with("recursion limit") => "层级过多，请减少嵌套".to_owned(),
        _ => kinds(text).unwrap_or_else(|| format!("不是正确的 JSON（{text}），请更正")),
    }
}

/// `invalid type: string "a", expected f64` and its like.
fn kinds(text: &str) -> Option<String> {
    let (_, rest) = text.strip_prefix("invalid ")?.split_once(": ")?;
    let (found, wanted) = rest.rsplit_once(", expected ")?;
    Some(format!("写的是{}，应为{}", kind(found), kind(wanted)))
}

fn kind(text: &str) -> String {
    let value = text.split(['`', '"']).nth(1);
    let number = ["f64", "a number", "floating", "integer"];
    let whole = ["usize", "u32", "u64", "i32", "a nonzero"];
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    match value {
        Some(value) if begins(&number) => format!("数 {value}"),
        Some(value) if begins(&["string"]) => format!("文字“{value}”"),
        _ if begins(&number) => "数".to_owned(),
        _ if begins(&whole) => "整数".to_owned(),
        _ if begins(&["string", "a string"]) => "文字".to_owned(),
        _ if begins(&["boolean", "a boolean"]) => "是否".to_owned(),
        _ if begins(&["sequence", "a sequence", "an array"]) => "列表".to_owned(),
        _ if begins(&["map", "struct", "a map"]) => "对象".to_owned(),
        _ if begins(&["null", "unit"]) => "空".to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::plan::Plan;
    use crate::table::TableData;

    fn plan(text: &str) -> String {
        fault(&serde_json::from_str::<Plan>(text).expect_err("a fault"))
    }

    #[test]
    fn what_is_wrong_is_told_in_the_readers_language() {
        let check = |told: String, sentence: &str| assert!(told.contains(sentence), "{told}");
        check(plan("{"), "文件不完整");
        check(plan(r#"{"name":"p"}"#), "缺少字段“tree”，请补充");
        check(
            plan("{\"name\":\"p\",\n \"colour\":1}"),
            "第 2 行第 9 列，不认识字段“colour”，可用：name、year、tree",
        );
        check(plan(r#"{"name":1}"#), "写的是数 1，应为文字");
        check(plan(r#"{"name":"p","year":"x"}"#), "写的是文字“x”，应为整数");
        check(plan(r#"{"name":"p","name":"q"}"#), "字段“name”重复");
        check(plan(r#"{"name":"p",}"#), "不是正确的 JSON");
        let steps = r#"{"name":"p","steps":{"normalisation":"minmax"}}"#;
        check(plan(steps), "不认识“minmax”，可用：min_max、");
        let table =
            serde_json::from_str::<TableData>(r#"{"towns":["A"],"columns":[{"code":"x","values":["1"]}]}"#);
        check(fault(&table.expect_err("a fault")), "写的是文字“1”，应为数");
    }
}
