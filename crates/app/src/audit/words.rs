//! What each act is called on a page. Every act's name stands here once.

const WORDS: &[(&str, &str)] = &[("session.started", "登录")];

/// The words of an act's name.
pub fn act_words(act: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == act).map(|(_, words)| *words)
}
