//! The page on which one of the city's bureaus signs.

use super::super::act_page::{Told, landed};
use super::super::acts;
use super::super::deed::{Deed, need_none};
use super::load;
use super::review::{Verb, review_page};
use super::town::shows_all;
use crate::web::{Acting, Fields};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::stage::DeclarationStage;
use kit::Result;
use kit::page::Field;

fn signing(opinion: &str) -> Verb {
    Verb {
        at: DeclarationStage::AtCity,
        title: "会签申报书",
        path: "signature",
        button: "代表本部门会签",
        consequences: vec![
            "您签的是当前版本的内容；内容一有改动，三个部门的会签全部作废，须重新会签。".to_owned(),
            "三个部门会签齐后，编入设区市上报清单。".to_owned(),
        ],
        fields: vec![Field::paragraph("opinion", "会签意见").value(opinion).rows(3).optional()],
        has_file: false,
        may_return: true,
    }
}

pub async fn show_signature(
    acting: Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let row = load(&acting, &id).await?;
    review_page(&acting, &row, signing(""), shows_all(query), &Told::default()).await
}

pub async fn sign(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let opinion = fields.take("opinion");
    let content_hash = fields.take("content_hash");
    let deed = Deed::of(&acting, &fields.key).seeing(&content_hash);
    let result = async {
        need_none(fields.leftover())?;
        let signed = acts::sign(&deed, row.id()?, &content_hash, &opinion).await;
        deed.traced("declaration", &row.id, signed).await
    };
    match landed(result.await, format!("/declarations/{id}?done=declaration.bureau_signed"))? {
        Ok(response) => Ok(response),
        Err(told) => review_page(&acting, &row, signing(&opinion), false, &told).await,
    }
}
