//! The page on which the county's government approves, by its document.

use super::super::act_page::{Told, landed};
use super::super::acts::{self, county::Approval};
use super::super::deed::{Deed, need_none};
use super::super::document::{scan_field, take_scan};
use super::load;
use super::review::{Verb, review_page, shows_all};
use crate::web::{Acting, Upload};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::problem::Problem;
use domain::stage::DeclarationStage;
use kit::Result;
use kit::page::Field;

fn approving(acting: &Acting, opinion: &str, number: &str) -> Result<Verb> {
    Ok(Verb {
        at: DeclarationStage::AtCounty,
        title: "审定申报书",
        path: "approval",
        button: "审定并报市级会签",
        consequences: vec![
            "申报书以县级政府文件报送，设区市三个部门开始会签。".to_owned(),
            "市级会签之前，可以撤回。".to_owned(),
        ],
        fields: vec![
            Field::text("document_number", "县级政府文号").value(number).hint("例如：浮府字〔2018〕12号"),
            scan_field(acting, "文件扫描件", "盖章文件，")?,
            Field::paragraph("opinion", "审定意见").value(opinion).rows(3).optional(),
        ],
        has_file: true,
        may_return: true,
    })
}

pub async fn show_approval(
    acting: Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let row = load(&acting, &id).await?;
    review_page(&acting, &row, approving(&acting, "", "")?, shows_all(query), &Told::default()).await
}

pub async fn approve(acting: Acting, Path(id): Path<String>, mut upload: Upload) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let opinion = upload.fields.take("opinion");
    let document_number = upload.fields.take("document_number");
    let seen = upload.fields.take("content_hash");
    let deed = Deed::of(&acting, &upload.fields.key).seeing(seen);
    let result = async {
        let mut problems = upload.fields.leftover();
        if document_number.is_empty() {
            problems.push(Problem::new("document_number", "required", "请填写“县级政府文号”。"));
        }
        let scan = take_scan(&acting, upload.files, Some("县级政府文件"), &mut problems).await?;
        need_none(problems)?;
        let approval = Approval { opinion: opinion.clone(), document_number: document_number.clone(), scan };
        let approved = acts::approve(&deed, row.id()?, &approval).await;
        deed.traced("declaration", &row.id, approved).await
    };
    match landed(result.await, format!("/declarations/{id}?done=declaration.county_approved"))? {
        Ok(response) => Ok(response),
        Err(told) => {
            review_page(&acting, &row, approving(&acting, &opinion, &document_number)?, false, &told).await
        }
    }
}
