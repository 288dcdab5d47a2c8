//! What the things of the log are called, and where each is to be seen.

use super::{Line, store};
use crate::web::Visit;
use domain::clause::Clause;
use kit::Result;

/// A kind of subject: its code in the log, its words, the address its id is put behind and
/// the action that opens it.
pub struct Kind {
    pub code: &'static str,
    pub words: &'static str,
    href: &'static str,
    action: &'static str,
}

const fn kind(code: &'static str, words: &'static str) -> Kind {
    Kind { code, words, href: "", action: "" }
}

impl Kind {
    const fn at(self, href: &'static str, action: &'static str) -> Kind {
        Kind { href, action, ..self }
    }
}

/// Every kind of subject. One without an address has no page.
pub const KINDS: &[Kind] = &[
    kind("batch", "批次").at("/batches/", "batch.read"),
    kind("declaration", "申报件").at("/declarations/", "declaration.read"),
    kind("city_report", "设区市上报").at("/city-reports/", "city_report.read"),
    kind("decision", "会议决定"),
    kind("notice", "公示"),
    kind("list", "名单版本"),
    kind("objection", "异议"),
    kind("membership", "小镇身份"),
    kind("place", "小镇").at("/places/", "place.read"),
    kind("division", "行政区划"),
    kind("programme", "建设工作"),
    kind("organisation", "单位").at("/organisations/", "organisation.read"),
    kind("person", "人员").at("/people/", "person.read"),
    kind("grant", "身份授权"),
    kind("role_grant", "身份授权"),
    kind("delegation", "委托办理"),
    kind("session", "登录会话"),
    kind("action", "功能"),
    kind("log", "操作日志").at("/log/checkpoint", "log.read"),
];

/// The words of a kind of subject.
pub fn subject_words(code: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.code == code).map(|kind| kind.words)
}

/// Where the visitor may see a subject, if it has a page.
pub fn subject_link(visit: &Visit, code: &str, id: &str) -> Option<String> {
    let kind =
        KINDS.iter().find(|kind| kind.code == code && !kind.href.is_empty() && visit.may(kind.action))?;
    Some(if kind.href.ends_with('/') { format!("{}{id}", kind.href) } else { kind.href.to_owned() })
}

/// The newest acts decided by a clause, for those who may read the log.
pub async fn acts_by_clause(visit: &Visit, clause: Clause, most: i64) -> Result<Vec<Line>> {
    let Some(whose) = store::Whose::of(visit, "log.read") else { return Ok(Vec::new()) };
    let filter = super::filter::Filter { clause: clause.to_string(), ..Default::default() };
    let rows = store::older(visit.store(), &filter, &whose, i64::MAX, most).await?;
    super::line::lines(visit, rows).await
}
