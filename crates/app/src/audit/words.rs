//! What each act is called on a page. Every act's name stands here once.

const WORDS: &[(&str, &str)] = &[
    // organisations and people
    ("account.locked", "账号锁定"),
    ("factor.enrolled", "启用二次验证"),
    ("factor.given", "二次验证"),
    ("factor.recovery_used", "使用恢复码"),
    ("password.changed", "更换口令"),
    ("session.role_chosen", "切换身份"),
    ("session.started", "登录"),
];

/// The words of an act's name.
pub fn act_words(act: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == act).map(|(_, words)| *words)
}
