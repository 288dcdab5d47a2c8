//! The signed heads of the log, to keep elsewhere; and the verification of everything.

use super::{store, table_words};
use crate::web::{Acting, Fields, clock_words, download, fresh_key, page};
use askama::Template;
use axum::response::Response;
use data_encoding::BASE64;
use kit::page::{Field, Frame, Notice, Pairs, Tone};
use kit::record::{Event, Verdict, checkpoint, latest_root, verify};
use kit::{Error, Result};

const SHOWN: i64 = 10;

#[derive(Template)]
#[template(path = "audit/checkpoint.html")]
struct CheckpointPage {
    page: Frame,
    key: String,
    outside: Field,
    export_key: String,
    may_export: bool,
    facts: Pairs,
    note: Option<String>,
    verifier_key: String,
    earlier: Vec<(i64, String)>,
}

#[derive(Template)]
#[template(path = "audit/verdict.html")]
struct VerdictPage {
    page: Frame,
    notice: Notice,
    facts: Pairs,
    faults: Vec<String>,
    /// What is no fault and should be known all the same.
    notes: Vec<String>,
    unrecorded: String,
    /// Why this verification could not be written into the log.
    unlogged: Option<Notice>,
}

/// The newest checkpoint and how it stands to the log.
pub async fn show(acting: Acting) -> Result<Response> {
    let heads = store::checkpoints(acting.store(), SHOWN).await?;
    let (size, root) = latest_root(acting.store().read()).await?;
    let mut facts =
        Pairs::new().and("日志现有", format!("{size}条")).and("现在的记录根", BASE64.encode(&root));
    if let Some((signed, at_ms, _)) = heads.first() {
        facts = facts
            .and("最近签署", clock_words(*at_ms))
            .and("签署时", format!("{signed}条，此后新增{}条", size as i64 - signed));
    }
    page(&CheckpointPage {
        page: acting.frame_under(&[("操作日志", "/log")], "检查点与校验"),
        key: fresh_key(),
        outside: outside_field(),
        export_key: fresh_key(),
        may_export: acting.may("log.export"),
        facts: facts.and("来源名", acting.store().signer().origin()),
        note: heads.first().map(|(_, _, note)| note.clone()),
        verifier_key: acting.store().signer().verifier_key(),
        earlier: heads.iter().map(|(size, at_ms, _)| (*size, clock_words(*at_ms))).collect(),
    })
}

/// The newest checkpoint as the text to keep elsewhere.
pub async fn note(acting: Acting) -> Result<Response> {
    let newest = store::checkpoints(acting.store(), 1).await?.pop();
    let (size, _, note) = newest.ok_or(Error::NotFound)?;
    let name = format!("zhenxing-checkpoint-{size}.txt");
    Ok(download(&name, "text/plain; charset=utf-8", note.into_bytes()))
}

/// The public key that checkpoints are verified with.
pub async fn verifier_key(acting: Acting) -> Result<Response> {
    let key = format!("{}\n", acting.store().signer().verifier_key());
    Ok(download("zhenxing-log.vkey", "text/plain; charset=utf-8", key.into_bytes()))
}

fn outside_field() -> Field {
    Field::paragraph("outside", "另行保存的检查点")
        .hint("可粘贴以前下载的检查点全文，校验时一并核对日志此后是否被改写或截短。")
        .rows(5)
        .optional()
}

/// A note as it was signed: browsers end the lines of a form in their own way.
fn as_signed(pasted: &str) -> Option<String> {
    let text = pasted.replace("\r\n", "\n");
    (!text.trim().is_empty()).then(|| format!("{}\n", text.trim()))
}

/// Verifies everything now, says what was found, and signs a head where all is true. A visitor who
/// leaves does not stop it.
pub async fn verify_now(acting: Acting, mut fields: Fields) -> Result<Response> {
    let (store, outside) = (acting.store().clone(), as_signed(&fields.take("outside")));
    let work = tokio::spawn(async move { verify(&store, outside.as_deref()).await });
    let verdict = work.await.map_err(Error::internal)??;
    let unlogged = match keep(&acting, &fields.key, &verdict).await {
        Ok(()) => None,
        Err(error) => {
            tracing::error!("the verification could not be logged: {error:?}");
            Some(Notice::new(Tone::Bad, "本次校验未能记入日志", "请立即联系系统管理员，并保留本页。"))
        }
    };
    page(&VerdictPage {
        page: acting.frame_under(&[("操作日志", "/log"), ("检查点与校验", "/log/checkpoint")], "校验结果"),
        notice: said(&verdict),
        facts: Pairs::new()
            .and("日志", format!("{}条", verdict.entries))
            .and("数据", format!("{}行", verdict.rows))
            .and("附件", format!("{}个", verdict.files))
            .and("检查点", format!("{}个", verdict.checkpoints))
            .and("记录根", &verdict.root),
        unrecorded: in_words(&verdict.unrecorded).join("、"),
        faults: verdict.faults,
        notes: verdict.notes,
        unlogged,
    })
}

/// Tables as an auditor and a database tool know them.
fn in_words(tables: &[String]) -> Vec<String> {
    tables.iter().map(|table| format!("{}（{table}）", table_words(table).unwrap_or_default())).collect()
}

fn said(verdict: &Verdict) -> Notice {
    if verdict.is_true() {
        let says = "日志、数据与附件全部一致，没有被其他工具改动、删除或添加。";
        return Notice::new(Tone::Done, "校验通过", says);
    }
    let says = "下列各项与日志不符。请保全现场，不要再作改动，并报告安全管理员和审计部门。";
    Notice::new(Tone::Bad, format!("校验不通过：{}处", verdict.fault_count), says)
}

async fn keep(acting: &Acting, key: &str, verdict: &Verdict) -> Result<()> {
    let act = match acting.act(key).await {
        Err(Error::Repeated(_)) => return Ok(()),
        act => act?,
    };
    let result =
        if verdict.is_true() { "通过".to_owned() } else { format!("{}处不符", verdict.fault_count) };
    let event = Event::new("log.verified", "log", verdict.entries)
        .note("result", result)
        .note("entries", verdict.entries)
        .note("rows", verdict.rows)
        .note("root", &verdict.root);
    act.commit(event).await?;
    if verdict.is_true() {
        checkpoint(acting.store()).await?;
    }
    Ok(())
}
