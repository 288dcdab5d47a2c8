//! The style sheet, the script and the drawings, inside the binary; their addresses change with
//! their content, so a browser may keep them for ever.

use rust_embed::{EmbeddedFile, RustEmbed};
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Assets::iter().filter_map(|name| Some((name.to_string(), address(&name, &Assets::get(&name)?)))).collect()
});

/// The file of that name, with its content and digest.
pub fn get(name: &str) -> Option<EmbeddedFile> {
    Assets::get(name)
}

/// Where a page asks for it: `/assets/zhenxing.css?v=1f3a9c02`.
pub fn url(name: &str) -> &'static str {
    ADDRESSES.get(name).map_or("", String::as_str)
}

fn address(name: &str, file: &EmbeddedFile) -> String {
    let digest = data_encoding::HEXLOWER.encode(&file.metadata.sha256_hash()[..4]);
    format!("/assets/{name}?v={digest}")
}
