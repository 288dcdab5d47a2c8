//! What each act is called on a page, and each fact kept with it. Every act's name stands here once.

const WORDS: &[(&str, &str)] = &[
    ("programme.founded", "建立项目"),
    ("demo.cast", "装入演示人员"),
    ("session.started", "登录"),
    // the log itself
    ("log.exported", "导出操作日志"),
    ("log.verified", "校验操作日志"),
];

const NOTES: &[(&str, &str)] = &[
    ("pack", "规则包"),
    ("digest", "摘要"),
    ("result", "结果"),
    ("entries", "日志条数"),
    ("rows", "数据行数"),
    ("root", "记录根"),
    ("content_hash", "内容摘要"),
    ("document_number", "文号"),
    ("minutes_number", "纪要编号"),
    ("version", "版本"),
    ("edition", "版次"),
    ("role", "身份"),
    ("title", "名称"),
    ("tries", "尝试次数"),
    ("left", "剩余"),
];

/// The words of an act's name.
pub fn act_words(act: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == act).map(|(_, words)| *words)
}

/// Every act with its words.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().copied()
}

/// The words of a note's name; a name without words stands as it is.
pub fn note_words(name: &str) -> &str {
    NOTES.iter().find(|(note, _)| *note == name).map_or(name, |(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::act_words;
    use std::path::Path;

    /// The first text in quotes after each `Event::new(`.
    fn acts_in(text: &str) -> Vec<String> {
        let calls = text.split("Event::new(").skip(1);
        calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)).collect()
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(std::fs::read_to_string(&path).expect("a source"));
            }
        }
    }

    #[test]
    fn every_act_has_its_words() {
        let mut texts = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
        let acts: Vec<String> = texts.iter().flat_map(|text| acts_in(text)).collect();
        assert!(acts.len() >= 4, "the sources are read: {acts:?}");
        let speechless: Vec<&String> = acts.iter().filter(|act| act_words(act).is_none()).collect();
        assert!(speechless.is_empty(), "give these acts their words: {speechless:?}");
    }
}
