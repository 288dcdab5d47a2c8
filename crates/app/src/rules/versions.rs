//! The packs that have been in force, each whole under its digest.

use super::store;
use crate::web::{Acting, download, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::day::Day;
use kit::page::{Empty, Frame, Tag, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "rules/versions.html")]
struct VersionsPage {
    page: Frame,
    versions: Vec<Version>,
    empty: Empty,
    /// The digest of the pack this program decides by.
    running: String,
}

struct Version {
    programme: String,
    from: String,
    digest: String,
    href: String,
    state: Tag,
    log_href: Option<String>,
}

pub async fn show(acting: Acting) -> Result<Response> {
    let running = acting.pack().digest();
    let may_read_log = acting.may("log.read");
    let versions = store::versions(acting.store()).await?.into_iter().map(|row| Version {
        from: row.in_force_from.parse::<Day>().map_or(row.in_force_from, Day::words),
        state: if row.digest == running {
            Tag::new(Tone::Done, "正在使用")
        } else {
            Tag::new(Tone::Quiet, "留存")
        },
        href: format!("/rules/versions/{}", row.digest),
        log_href: row.seq.filter(|_| may_read_log).map(|seq| format!("/log/{seq}")),
        programme: row.programme,
        digest: row.digest,
    });
    page(&VersionsPage {
        page: acting.frame_under(&[("条文与数值", "/rules")], "规则版本"),
        versions: versions.collect(),
        empty: Empty::new("还没有启用规则包。").leading_to("查看条文", "/rules"),
        running: running.to_owned(),
    })
}

/// The files of a version, to compute a past decision again.
pub async fn content(acting: Acting, Path((digest,)): Path<(String,)>) -> Result<Response> {
    let content = store::content(acting.store(), &digest).await?.ok_or(Error::NotFound)?;
    let short: String = digest.chars().take(12).collect();
    Ok(download(&format!("zhenxing-pack-{short}.json"), "application/json", content.into_bytes()))
}
