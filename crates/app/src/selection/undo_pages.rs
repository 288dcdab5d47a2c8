//! The pages on which a proposal is withdrawn and a notice put right.

use super::store::{self, Candidate};
use super::undo::{self, NoticeWords, WithdrawalInput};
use crate::declarations::{self, ActPage, BatchRow, Deed, Told, landed, need_none, reason_words};
use crate::web::{Acting, Fields};
use axum::extract::Path;
use axum::response::Response;
use domain::clause::Clause;
use domain::id::BatchId;
use domain::limits::NAME_CHARS_MAX;
use domain::problem::{Problem, Refusal};
use domain::stage::BatchStage;
use kit::page::{Field, Pairs};
use kit::{Error, Result};

/// The declaration and its batch.
async fn candidate(acting: &Acting, id: &str) -> Result<(Candidate, BatchRow)> {
    let candidate = store::candidate(acting.store().read(), &acting.reach, id).await?;
    let batch = batch(acting, &candidate.batch_id).await?;
    Ok((candidate, batch))
}

async fn batch(acting: &Acting, id: &str) -> Result<BatchRow> {
    let id: BatchId = id.parse().map_err(|_| Error::NotFound)?;
    declarations::batch(acting.store().read(), &acting.reach, id).await
}

pub async fn show_withdrawal(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let (candidate, batch) = candidate(&acting, &id).await?;
    withdrawal_page(&acting, &candidate, &batch, &WithdrawalInput::default(), &Told::default())
}

pub async fn withdraw(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let (candidate, batch) = candidate(&acting, &id).await?;
    let input =
        WithdrawalInput { why: fields.take("reason"), minutes_number: fields.take("document_number") };
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        undo::withdraw_proposal(&deed, &id, &input).await
    };
    let onward = format!("/selection/{}?done=declaration.proposal_withdrawn", batch.id);
    match landed(result.await, onward)? {
        Ok(response) => Ok(response),
        Err(told) => withdrawal_page(&acting, &candidate, &batch, &input, &told),
    }
}

fn withdrawal_page(
    acting: &Acting,
    candidate: &Candidate,
    batch: &BatchRow,
    input: &WithdrawalInput,
    told: &Told,
) -> Result<Response> {
    let back = format!("/selection/{}", batch.id);
    let crumbs = [("遴选与公示", "/selection"), (batch.title.as_str(), back.as_str())];
    let mut page =
        ActPage::new(acting, &crumbs, &format!("撤回拟列入：{}", candidate.name), "撤回拟列入", &back);
    page.facts = Pairs::new()
        .and("申报件", candidate.number.as_str())
        .and("市县", format!("{}{}", candidate.city_name, candidate.county_name))
        .and("原拟列入理由", candidate.reasons.clone().unwrap_or_default())
        .and("提出人", candidate.signature.clone().unwrap_or_default());
    let reason = Field::paragraph("reason", "撤回理由")
        .value(&input.why)
        .rows(3)
        .hint(format!("{}，存档备查，不对外公开。", reason_words(acting)?));
    page.fields = vec![reason];
    let kept = "原拟列入意见、撤回的时间、人员和理由永久保留。".to_owned();
    page.consequences = match batch.stage()? {
        BatchStage::OnNotice => {
            let number = Field::text("document_number", "会议纪要编号")
                .hint("联席会议同意撤回的纪要，如 赣特镇联纪〔2018〕4号。")
                .value(&input.minutes_number);
            page.fields.push(number);
            vec![
                "公示页即时注明该单位不再拟列入，其余单位的公示照常进行。".to_owned(),
                "本批次公布时该单位不列入名单，可以在下一批次重新申报。".to_owned(),
                kept,
            ]
        }
        _ => vec!["申报件回到“省受理”，联席会议议定之前可以重新提出拟列入意见。".to_owned(), kept],
    };
    page.is_danger = true;
    page.answer(told)
}

pub async fn show_correction(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let batch = batch(&acting, &id).await?;
    let words = standing(&acting, &batch).await?;
    correction_page(&acting, &batch, (&words, &words), "", &Told::default())
}

/// What the notice says now; before there is one, and after publication, nothing can be put right.
async fn standing(acting: &Acting, batch: &BatchRow) -> Result<NoticeWords> {
    let found = undo::on_notice(acting.store().read(), &batch.id).await?;
    match found.filter(|_| batch.stage().is_ok_and(|stage| stage == BatchStage::OnNotice)) {
        Some(found) => Ok(found.words),
        None => {
            let says = format!("本批次当前状态为“{}”，没有进行中的公示。", batch.stage()?.words());
            let remedy = "更正公示在开始公示后、公布名单前办理；公布后的名单只能以新版本调整。";
            Err(Refusal::by(Clause::new(4, 2), "no_notice", says, remedy).into())
        }
    }
}

pub async fn correct(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let batch = batch(&acting, &id).await?;
    let old = standing(&acting, &batch).await?;
    let mut problems = Vec::new();
    let mut new = NoticeWords {
        minutes_number: fields.need("document_number", "会议纪要编号", &mut problems),
        phone: fields.need("phone", "公示联系电话", &mut problems),
        names: Vec::new(),
    };
    for (position, was) in &old.names {
        let name = fields.need(&format!("name.{position}"), was, &mut problems);
        if name.chars().count() > NAME_CHARS_MAX {
            let says = format!("名称不超过{NAME_CHARS_MAX}字，请修改。");
            problems.push(Problem::new(format!("name.{position}"), "too_long", says));
        }
        new.names.push((*position, name));
    }
    let why = fields.take("reason");
    problems.extend(fields.leftover());
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(problems)?;
        undo::correct(&deed, batch.id()?, &new, &why).await
    };
    match landed(result.await, format!("/selection/{id}?done=notice.corrected"))? {
        Ok(response) => Ok(response),
        Err(told) => correction_page(&acting, &batch, (&old, &new), &why, &told),
    }
}

fn correction_page(
    acting: &Acting,
    batch: &BatchRow,
    (old, new): (&NoticeWords, &NoticeWords),
    why: &str,
    told: &Told,
) -> Result<Response> {
    let back = format!("/selection/{}", batch.id);
    let crumbs = [("遴选与公示", "/selection"), (batch.title.as_str(), back.as_str())];
    let mut page = ActPage::new(acting, &crumbs, "更正公示", "保存更正", &back);
    page.consequences = vec![
        "公示页即时改正，并注明更正日期和更正前后的内容；公示期不变。".to_owned(),
        "更正后的名称随名单公布。小镇本身更名的，另在小镇档案办理。".to_owned(),
        "某个单位不应列入的，请返回后对该单位“撤回拟列入”。".to_owned(),
    ];
    page.fields = vec![
        Field::text("document_number", "会议纪要编号")
            .value(new.minutes_number.as_str())
            .before(&old.minutes_number),
        Field::text("phone", "公示联系电话").value(new.phone.as_str()).before(&old.phone),
    ];
    for ((position, was), (_, name)) in old.names.iter().zip(&new.names) {
        let field = Field::text(format!("name.{position}"), format!("第{position}个单位的名称"));
        page.fields.push(field.value(name.as_str()).before(was));
    }
    let reason = Field::paragraph("reason", "更正理由").value(why).rows(3);
    page.fields.push(reason.hint(format!("{}，存档备查，不对外公开。", reason_words(acting)?)));
    page.answer(told)
}
