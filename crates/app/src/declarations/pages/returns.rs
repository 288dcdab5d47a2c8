//! The page on which a declaration is sent back: each item at fault is ticked and said in words.

use super::super::act_page::Told;
use super::super::acts::{self, ReturnInput};
use super::super::deed::{Deed, need_none};
use super::super::store::{self, DeclarationRow};
use super::show::form_of;
use super::{crumbs, load};
use crate::submissions::{self, Seen};
use crate::web::{Acting, Fields, fresh_key, page, page_with_problems};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::Term;
use domain::declaration::Fault;
use domain::form::{Form, Section, SectionAnswers};
use domain::problem::{Problem, Refusal};
use domain::reason::Length;
use kit::page::{ErrorSummary, Field, Frame, Notice};
use kit::{Error, Result};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "declarations/return.html")]
pub struct ReturnPage {
    pub page: Frame,
    pub problems: Vec<Problem>,
    pub notices: Vec<Notice>,
    pub consequences: Vec<String>,
    /// What is wrong with the ticks as a whole.
    pub untold: Option<String>,
    pub sections: Vec<ReturnSection>,
    pub opinion: Field,
    pub back: String,
    pub key: String,
    /// What he has read; a return of something else is refused.
    pub content_hash: String,
}

/// The ticks as a whole, for what is wrong with none of them alone.
const FAULT: &str = "fault";

/// A section with its items to tick.
pub struct ReturnSection {
    pub title: String,
    pub is_open: bool,
    pub items: Vec<ReturnItem>,
}

/// An item that may be at fault; the first of a section is the section as a whole.
pub struct ReturnItem {
    pub code: String,
    pub label: String,
    pub value: String,
    pub chosen: bool,
    pub says: Field,
    pub is_bad: bool,
}

/// What was ticked and said.
#[derive(Default)]
struct Typed {
    chosen: Vec<String>,
    says: BTreeMap<String, String>,
    opinion: String,
}

impl Typed {
    fn take(fields: &mut Fields, form: &Form) -> Typed {
        let mut says = BTreeMap::new();
        for section in &form.sections {
            let codes = section.items.iter().map(|item| &item.code).chain([&section.code]);
            for code in codes {
                let text = fields.take(&format!("says.{code}"));
                if !text.is_empty() {
                    says.insert(code.clone(), text);
                }
            }
        }
        Typed { chosen: fields.take_all("fault"), says, opinion: fields.take("opinion") }
    }

    /// Each tick with its words; a tick without words, and words without a tick, are told.
    fn read(&self, length: Length) -> Result<ReturnInput> {
        let mut problems = Vec::new();
        let says = |code: &String| self.says.get(code).cloned().unwrap_or_default();
        if self.chosen.is_empty() && self.says.is_empty() {
            let text = "请至少勾选一项须补正的内容，并写明补正要求。";
            problems.push(Problem::new(FAULT, "required", text));
        }
        for code in &self.chosen {
            let held = length.hold(&says(code), "补正要求");
            problems.extend(held.err().map(|refusal| refusal.at(format!("says.{code}"))));
        }
        for code in self.says.keys().filter(|code| !self.chosen.contains(code)) {
            let text = "写了补正要求的项目请一并勾选，不需要的请清空文字。";
            problems.push(Problem::new(format!("says.{code}"), "unticked", text));
        }
        need_none(problems)?;
        let faults =
            self.chosen.iter().map(|code| Fault { item: code.clone(), reason: says(code) }).collect();
        Ok(ReturnInput { faults, opinion: self.opinion.clone() })
    }
}

async fn form<'a>(acting: &'a Acting, row: &DeclarationRow) -> Result<&'a Form> {
    let batches = acting.reach_in("batch.read").ok_or(Error::NotFound)?;
    let batch = store::batch(acting.store().read(), &batches, row.batch()?).await?;
    form_of(acting, &batch, row)
}

pub async fn show_return(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let form = form(&acting, &row).await?;
    page(&return_page(&acting, &row, form, &Typed::default(), &Told::default()).await?)
}

pub async fn send_back(acting: Acting, Path(id): Path<String>, mut fields: Fields) -> Result<Response> {
    let row = load(&acting, &id).await?;
    let form = form(&acting, &row).await?;
    let typed = Typed::take(&mut fields, form);
    let seen = fields.take("content_hash");
    let deed = Deed::of(&acting, &fields.key).seeing(seen);
    let length = Length::of_reasons(acting.pack(), acting.today()).map_err(Refusal::from)?;
    let result = async {
        need_none(fields.leftover())?;
        acts::return_for_revision(&deed, row.id()?, &typed.read(length)?).await
    };
    match result.await {
        Ok(()) => Ok(Redirect::to(&format!("/declarations/{id}?done=declaration.returned")).into_response()),
        Err(error) => {
            let mut template = return_page(&acting, &row, form, &typed, &Told::of(error)?).await?;
            template.page.error = true;
            page_with_problems(&template)
        }
    }
}

async fn return_page(
    acting: &Acting,
    row: &DeclarationRow,
    form: &Form,
    typed: &Typed,
    told: &Told,
) -> Result<ReturnPage> {
    let edition = submissions::current(acting.store().read(), row.id()?, Seen::by(&acting.reach))
        .await?
        .ok_or(Error::NotFound)?;
    let blank = SectionAnswers::default();
    let sections = form.sections.iter().map(|section| {
        let given = edition.answers.section(&section.code).unwrap_or(&blank);
        section_of(section, given, &edition, typed, told)
    });
    let crumbs = crumbs(row);
    let crumbs: Vec<_> = crumbs.iter().map(|(words, href)| (words.as_str(), href.as_str())).collect();
    Ok(ReturnPage {
        page: acting.frame_under(&crumbs, "退回补正"),
        problems: told.problems.clone(),
        notices: told.refusals.iter().map(Notice::refused).collect(),
        consequences: consequences(acting, row)?,
        untold: told.problems.iter().find(|one| one.field == FAULT).map(|one| one.says.clone()),
        sections: sections.collect(),
        opinion: Field::paragraph("opinion", "总的意见").value(&typed.opinion).rows(3).optional(),
        back: format!("/declarations/{}", row.id),
        key: fresh_key(),
        content_hash: row.content_hash.clone(),
    })
}

fn consequences(acting: &Acting, row: &DeclarationRow) -> Result<Vec<String>> {
    let days = acting.pack().days("declaration.supplement_days", acting.today()).map_err(Error::internal)?;
    let due = acting.pack().calendar().deadline_after(acting.today(), Term::WorkingDays(days));
    let mut all = vec![
        format!("填报员须在{}前补正（{}）。", due.day.words(), due.explain.trim_end_matches('。')),
        "没有指明的部分保持已填状态，不必重填；市级会签（如有）全部作废。".to_owned(),
    ];
    if row.stage()?.is_with_office() {
        all.push(format!("这是省级第{}次退回补正，补正后重新逐级报送。", row.supplement_rounds + 1));
    }
    Ok(all)
}

fn section_of(
    section: &Section,
    given: &SectionAnswers,
    edition: &submissions::Edition,
    typed: &Typed,
    told: &Told,
) -> ReturnSection {
    let item = |code: &str, label: String, value: String| {
        let name = format!("says.{code}");
        let typed_says = typed.says.get(code).cloned().unwrap_or_default();
        let says = Field::text(&name, format!("{label}的补正要求")).value(typed_says).bare();
        ReturnItem {
            chosen: typed.chosen.iter().any(|chosen| chosen == code),
            is_bad: told.problems.iter().any(|problem| problem.field == name),
            says: says.told(&told.problems),
            code: code.to_owned(),
            label,
            value,
        }
    };
    let rows = match &section.repeat {
        Some(repeat) => format!("共{}个{}", given.rows.len(), repeat.row),
        None => String::new(),
    };
    let mut items = vec![item(&section.code, "整个部分".to_owned(), rows)];
    for one in &section.items {
        let value = match one.accept {
            Some(_) => {
                let files = edition.files.iter().filter(|file| file.item == one.code);
                files.map(|file| file.name.as_str()).collect::<Vec<_>>().join("、")
            }
            None => given.get(&one.code).map(|value| format!("{value}{}", one.unit)).unwrap_or_default(),
        };
        items.push(item(&one.code, one.label.clone(), value));
    }
    let is_open = items.iter().any(|item| item.chosen || item.is_bad);
    ReturnSection { title: section.title.clone(), is_open, items }
}
