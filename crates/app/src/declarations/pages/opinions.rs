//! The verbs of those who read a declaration and pass it on with an opinion: the town's head, the
//! county's reviewer, a bureau of the city, the office.

use super::super::act_page::{Told, landed, reason_words};
use super::super::acts;
use super::super::deed::{Deed, need_none};
use super::load;
use super::review::{Verb, review_page, shows_all};
use crate::web::{Acting, Fields};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::id::SubmissionId;
use domain::stage::DeclarationStage;
use kit::Result;
use kit::page::Field;

/// Which of them.
#[derive(Clone, Copy)]
enum Opinion {
    Confirm,
    Review,
    Sign,
    Receive,
}

pub async fn show_confirmation(acting: Acting, id: Path<String>, query: RawQuery) -> Result<Response> {
    show(Opinion::Confirm, acting, id, query).await
}

pub async fn confirm(acting: Acting, id: Path<String>, fields: Fields) -> Result<Response> {
    give(Opinion::Confirm, acting, id, fields).await
}

pub async fn show_review(acting: Acting, id: Path<String>, query: RawQuery) -> Result<Response> {
    show(Opinion::Review, acting, id, query).await
}

pub async fn review(acting: Acting, id: Path<String>, fields: Fields) -> Result<Response> {
    give(Opinion::Review, acting, id, fields).await
}

pub async fn show_signature(acting: Acting, id: Path<String>, query: RawQuery) -> Result<Response> {
    show(Opinion::Sign, acting, id, query).await
}

pub async fn sign(acting: Acting, id: Path<String>, fields: Fields) -> Result<Response> {
    give(Opinion::Sign, acting, id, fields).await
}

pub async fn show_receipt(acting: Acting, id: Path<String>, query: RawQuery) -> Result<Response> {
    show(Opinion::Receive, acting, id, query).await
}

pub async fn receive(acting: Acting, id: Path<String>, fields: Fields) -> Result<Response> {
    give(Opinion::Receive, acting, id, fields).await
}

async fn show(
    which: Opinion,
    acting: Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let row = load(&acting, &id).await?;
    review_page(&acting, &row, which.verb(&acting, "")?, shows_all(query), &Told::default()).await
}

async fn give(
    which: Opinion,
    acting: Acting,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let opinion = fields.take("opinion");
    let seen = fields.take("content_hash");
    let deed = Deed::of(&acting, &fields.key).seeing(&seen);
    let result = async {
        need_none(fields.leftover())?;
        let given = which.act(&deed, row.id()?, &seen, &opinion).await;
        deed.traced("declaration", &row.id, given).await
    };
    match landed(result.await, format!("/declarations/{id}?done={}", which.event()))? {
        Ok(response) => Ok(response),
        Err(told) => review_page(&acting, &row, which.verb(&acting, &opinion)?, false, &told).await,
    }
}

impl Opinion {
    async fn act(self, deed: &Deed<'_>, id: SubmissionId, seen: &str, opinion: &str) -> Result<()> {
        match self {
            Opinion::Confirm => acts::confirm(deed, id, opinion).await,
            Opinion::Review => acts::review(deed, id, opinion).await,
            Opinion::Sign => acts::sign(deed, id, seen, opinion).await,
            Opinion::Receive => acts::receive(deed, id, opinion).await,
        }
    }

    fn event(self) -> &'static str {
        match self {
            Opinion::Confirm => "declaration.sent_to_county",
            Opinion::Review => "declaration.county_reviewed",
            Opinion::Sign => "declaration.bureau_signed",
            Opinion::Receive => "declaration.received",
        }
    }

    /// What it puts on the page, with the opinion as typed.
    fn verb(self, acting: &Acting, opinion: &str) -> Result<Verb> {
        let field = |label: &str| Field::paragraph("opinion", label).value(opinion).rows(3).optional();
        let verb = |at, (title, path, button), consequences: [&str; 2], field| Verb {
            at,
            title,
            path,
            button,
            consequences: consequences.map(str::to_owned).to_vec(),
            fields: vec![field],
            has_file: false,
            may_return: true,
        };
        Ok(match self {
            Opinion::Confirm => verb(
                DeclarationStage::AtTownHead,
                ("复核并报送", "confirmation", "报送县级审核"),
                ["申报书报送县级政府，县审核员开始审核。", "县审核员出具意见之前，您可以撤回。"],
                field("复核意见"),
            ),
            Opinion::Review => verb(
                DeclarationStage::AtCounty,
                ("审核申报书", "review", "提交审核意见"),
                [
                    "审核意见提交后，由县审定人审定；审核人不能同时审定。",
                    "内容有问题的，请用“退回补正”逐项指明。",
                ],
                Field::paragraph("opinion", "审核意见").value(opinion).rows(4).hint(format!(
                    "{}，例如：经核对，数据与统计口径一致，附件齐全，建议审定。",
                    reason_words(acting)?
                )),
            ),
            Opinion::Sign => verb(
                DeclarationStage::AtCity,
                ("会签申报书", "signature", "代表本部门会签"),
                [
                    "您签的是当前版本的内容；内容一有改动，三个部门的会签全部作废，须重新会签。",
                    "三个部门会签齐后，编入设区市上报清单。",
                ],
                field("会签意见"),
            ),
            Opinion::Receive => verb(
                DeclarationStage::Reported,
                ("受理申报书", "receipt", "受理申报书"),
                [
                    "申报书正式受理，进入形式审查和评审。",
                    "内容不齐或有误的，请用“退回补正”逐项指明，补正期限单独计算。",
                ],
                field("受理意见"),
            ),
        })
    }
}
