//! Cuts a rule into tokens.

use rust_decimal::Decimal;

/// A token of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Decimal),
    Percent(Decimal),
    Text(String),
    /// An item code, a keyword or a function's name.
    Word(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 14] = ["..", "<=", ">=", "==", "!=", "<", ">", "(", ")", ",", "+", "-", "*", "/"];

/// A rule longer than this is a mistake.
const MOST_CHARS: usize = 600;

pub(super) fn tokens(rule: &str) -> Result<Vec<Token>, String> {
    if rule.chars().count() > MOST_CHARS {
        return Err(format!("规则超过 {MOST_CHARS} 个字符"));
    }
    let mut tokens = Vec::new();
    let mut rest = rule.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' => text(rest)?,
            '0'..='9' => number(rest)?,
            c if c.is_ascii_lowercase() => word(rest),
            _ => sign(rest)?,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn text(rest: &str) -> Result<(Token, usize), String> {
    let end = rest[1..].find('"').ok_or("引号没有结束")?;
    Ok((Token::Text(rest[1..=end].to_owned()), end + 2))
}

/// `101` is an item; `7`, `100.0` and `50%` are numbers.
fn number(rest: &str) -> Result<(Token, usize), String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let mut length = whole;
    let after = &rest[whole..];
    let has_point = after.starts_with('.') && !after.starts_with("..");
    if has_point {
        length += 1 + digits(&after[1..]);
    }
    let parse = || rest[..length].parse::<Decimal>().map_err(|_| format!("“{}”不是数字", &rest[..length]));
    if rest[length..].starts_with('%') {
        return Ok((Token::Percent(parse()?), length + 1));
    }
    if (3..=4).contains(&whole) && !has_point {
        return Ok((Token::Word(rest[..whole].to_owned()), whole));
    }
    if whole > 4 && !has_point {
        return Err(format!("“{}”既不是指标代码也不是数字；数字请写作 {}.0", &rest[..whole], &rest[..whole]));
    }
    Ok((Token::Number(parse()?), length))
}

fn word(rest: &str) -> (Token, usize) {
    let letters = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = rest.bytes().take_while(letters).count();
    (Token::Word(rest[..length].to_owned()), length)
}

fn sign(rest: &str) -> Result<(Token, usize), String> {
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    let unknown = || format!("看不懂的符号“{}”", rest.chars().next().unwrap_or_default());
    sign.map(|sign| (Token::Sign(sign), sign.len())).ok_or_else(unknown)
}
