//! Pages of a city's report: the list of reports, one report with what is still missing, and the
//! page of each act on it.

mod forms;
mod show;

pub use forms::{compile, receive, send, show_compile, show_receipt, show_sending, show_signature, sign};
pub use show::{document, list, show};

use super::store::{self, ReportRow};
use crate::web::Acting;
use domain::id::CityReportId;
use kit::page::{Tag, Tone};
use kit::{Error, Result};

/// The report of a route, within the reach of the route's action.
async fn load(acting: &Acting, id: &str) -> Result<ReportRow> {
    let id: CityReportId = id.parse().map_err(|_| Error::NotFound)?;
    store::report(acting.store().read(), &acting.reach, id).await
}

/// How far a report is.
fn tag(report: &ReportRow) -> Tag {
    match (report.sent_ms.is_some(), report.content_hash.is_empty()) {
        (true, _) => Tag::new(Tone::Done, "已上报"),
        (false, false) => Tag::new(Tone::Waiting, "清单会签中"),
        (false, true) => Tag::new(Tone::Quiet, "待编清单"),
    }
}

/// The title of a report: 景德镇市上报清单（第2次）.
fn title(report: &ReportRow) -> String {
    let times = if report.ordinal > 1 { format!("（第{}次）", report.ordinal) } else { String::new() };
    format!("{}上报清单{times}", report.city_name.as_deref().unwrap_or_default())
}
