//! The pages of the town's or platform's verbs.

use super::super::act_page::{ActPage, Told, landed, reason_words};
use super::super::acts;
use super::super::deed::{Deed, need_none};
use super::super::store::DeclarationRow;
use super::{act_page, load};
use crate::web::{Acting, Fields};
use axum::extract::Path;
use axum::response::Response;
use domain::declaration::WITHDRAWAL;
use domain::problem::{Problem, Refusal};
use kit::page::{Choice, Field};
use kit::{Error, Result};

/// The pack's value that holds what the sender promises.
const PROMISE: &str = "declaration.promise";

fn sending_page(acting: &Acting, row: &DeclarationRow) -> Result<ActPage> {
    let mut page = act_page(acting, row, "提交镇内复核", "提交负责人复核");
    page.back = format!("/submissions/{}/check", row.id);
    page.consequences = vec![
        "申报书形成新的版本，提交后不能再修改。".to_owned(),
        "由镇（平台）负责人复核；负责人退回，或您在其办理前撤回后，可以继续填写。".to_owned(),
        "填报人不能自己复核。".to_owned(),
    ];
    let promise = acting.pack().text(PROMISE, acting.today()).map_err(Error::internal)?;
    page.fields = vec![Field::checkboxes("promise", "承诺", vec![Choice::new("1", promise)])];
    Ok(page)
}

pub async fn show_sending(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    sending_page(&acting, &row)?.answer(&Told::default())
}

pub async fn hand_over(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let promised = fields.take("promise") == "1";
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        let mut problems = fields.leftover();
        if !promised {
            problems.push(Problem::new("promise", "required", "请阅读并勾选承诺后再提交。"));
        }
        need_none(problems)?;
        acts::hand_over(&deed, row.id()?).await
    };
    let onward = format!("/declarations/{id}?done=declaration.handed_to_town_head");
    match landed(result.await, onward)? {
        Ok(response) => Ok(response),
        Err(mut told) => {
            let mut page = sending_page(&acting, &row)?;
            page.fields = page.fields.into_iter().map(|field| field.told(&told.problems)).collect();
            told.problems.retain(|problem| problem.field == "promise" || problem.field.is_empty());
            page.answer(&told)
        }
    }
}

fn withdrawal_page(acting: &Acting, row: &DeclarationRow, reason: &str, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, row, "撤回申报书", "撤回申报书");
    let rule = acting.pack().text(WITHDRAWAL, acting.today()).map_err(Refusal::from)?;
    page.consequences = vec![
        rule,
        "申报书退出办理，市级会签（如有）全部作废。".to_owned(),
        "申报期限内，填报员可以恢复填报，改好后重新报送。".to_owned(),
        "撤回的时间、人员和理由永久保留。".to_owned(),
    ];
    let field = Field::paragraph("reason", "撤回理由").value(reason).rows(3);
    page.fields = vec![field.hint(format!("{}。", reason_words(acting)?)).told(&told.problems)];
    page.is_danger = true;
    page.answer(told)
}

pub async fn show_withdrawal(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    withdrawal_page(&acting, &row, "", &Told::default())
}

pub async fn withdraw(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let reason = fields.take("reason");
    let deed = Deed::of(&acting, &fields.key);
    let result = async {
        need_none(fields.leftover())?;
        acts::withdraw(&deed, row.id()?, &reason).await
    };
    match landed(result.await, format!("/declarations/{id}?done=declaration.withdrawn"))? {
        Ok(response) => Ok(response),
        Err(told) => withdrawal_page(&acting, &row, &reason, &told),
    }
}

fn reopening_page(acting: &Acting, row: &DeclarationRow, told: &Told) -> Result<Response> {
    let mut page = act_page(acting, row, "恢复填报", "恢复填报");
    page.consequences = vec!["申报书回到草稿，内容保留，改好后可以重新提交。".to_owned()];
    page.answer(told)
}

pub async fn show_reopening(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    reopening_page(&acting, &row, &Told::default())
}

pub async fn reopen(acting: Acting, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let result = acts::reopen(&Deed::of(&acting, &fields.key), row.id()?).await;
    match landed(result, format!("/declarations/{id}?done=declaration.reopened"))? {
        Ok(response) => Ok(response),
        Err(told) => reopening_page(&acting, &row, &told),
    }
}
