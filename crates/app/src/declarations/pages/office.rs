//! The page on which the office takes a declaration in.

use super::super::act_page::{Told, landed};
use super::super::acts;
use super::super::deed::{Deed, need_none};
use super::load;
use super::review::{Verb, review_page};
use super::town::shows_all;
use crate::web::{Acting, Fields};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use kit::Result;
use kit::page::Field;

fn receiving(opinion: &str) -> Verb {
    Verb {
        title: "受理申报书",
        path: "receipt",
        button: "受理申报书",
        consequences: vec![
            "申报书正式受理，进入形式审查和评审。".to_owned(),
            "内容不齐或有误的，请用“退回补正”逐项指明，补正期限单独计算。".to_owned(),
        ],
        fields: vec![Field::paragraph("opinion", "受理意见").value(opinion).rows(3).optional()],
        has_file: false,
        may_return: true,
    }
}

pub async fn show_receipt(
    acting: Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let row = load(&acting, &id).await?;
    review_page(&acting, &row, receiving(""), shows_all(query), &Told::default()).await
}

pub async fn receive(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let opinion = fields.take("opinion");
    let seen = fields.take("content_hash");
    let deed = Deed::of(&acting, &fields.key).seeing(seen);
    let result = async {
        need_none(fields.leftover())?;
        acts::receive(&deed, row.id()?, &opinion).await
    };
    match landed(result.await, format!("/declarations/{id}?done=declaration.received"))? {
        Ok(response) => Ok(response),
        Err(told) => review_page(&acting, &row, receiving(&opinion), false, &told).await,
    }
}
