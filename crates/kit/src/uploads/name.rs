//! Names of files: made safe to show, to save and to put into a header.

const LONGEST_NAME: usize = 120;
const LONGEST_EXTENSION: usize = 8;

/// The last part of the path, without what is invisible, changes direction or means something to a file
/// system; at most 120 characters with the extension kept; never empty.
pub fn clean_name(declared: &str) -> String {
    let last = declared.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |c: char| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c };
    let name: String = last.chars().filter(|c| is_visible(*c)).map(safe).collect();
    let name = name.trim_matches(is_edge);
    let is_extension = |text: &str| text.chars().count() <= LONGEST_EXTENSION && !text.contains(' ');
    match (name, last.trim().rsplit_once('.')) {
        ("", _) => "未命名".into(),
        // Of ".pdf" only the extension is left.
        (name, Some(("", _))) if !name.contains('.') => {
            format!("未命名.{}", shorten(name, LONGEST_EXTENSION).trim_end_matches(is_edge))
        }
        (name, _) => match name.rsplit_once('.') {
            Some((stem, extension)) if is_extension(extension) => {
                let room = LONGEST_NAME - 1 - extension.chars().count();
                format!("{}.{extension}", shorten(stem, room))
            }
            _ => shorten(name, LONGEST_NAME).trim_end_matches(is_edge).to_owned(),
        },
    }
}

/// What a name neither begins nor ends with.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '.'
}

fn shorten(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// `Content-Disposition` for saving under the name (RFC 6266, with the name of RFC 8187).
pub fn content_disposition(name: &str) -> String {
    disposition("attachment", name)
}

/// The same for showing in the browser; the name is used when the reader saves it.
pub fn content_disposition_inline(name: &str) -> String {
    disposition("inline", name)
}

fn disposition(how: &str, name: &str) -> String {
    let name = clean_name(name);
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) { c } else { '_' }).collect();
    let encoded: String = name.bytes().map(percent).collect();
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn percent(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}
