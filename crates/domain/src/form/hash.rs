//! One hash over everything a declaration says: what three bureaus sign.

use crate::digest::Parts;

/// The content hash of an edition: sections as (code, JSON text), files as (item code, name,
/// SHA-256 in hex). The order they come in does not matter; any other change does.
pub fn content_hash(sections: &[(String, String)], files: &[(String, String, String)]) -> String {
    let mut sections: Vec<_> = sections.iter().collect();
    let mut files: Vec<_> = files.iter().collect();
    sections.sort();
    files.sort();
    let mut parts = Parts::new("zhenxing/content/1");
    parts.count(sections.len());
    for (code, json) in sections {
        parts.add(code);
        parts.add(json);
    }
    parts.count(files.len());
    for (code, name, sha256) in files {
        parts.add(code);
        parts.add(name);
        parts.add(sha256);
    }
    parts.hex()
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    fn pair(code: &str, json: &str) -> (String, String) {
        (code.to_owned(), json.to_owned())
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let file = ("901".to_owned(), "a.pdf".to_owned(), "00".to_owned());
        let (one, two) = (pair("a", "{}"), pair("b", "{}"));
        let hash = content_hash(&[one.clone(), two.clone()], std::slice::from_ref(&file));
        assert_eq!(hash, content_hash(&[two.clone(), one.clone()], std::slice::from_ref(&file)));
        assert_ne!(hash, content_hash(&[one.clone(), two.clone()], &[]));
        assert_ne!(hash, content_hash(&[one, pair("b", "{ }")], &[file]));
        assert_ne!(content_hash(&[pair("ab", "c")], &[]), content_hash(&[pair("a", "bc")], &[]));
    }
}
