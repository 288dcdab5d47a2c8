//! The page of one act: what it is about, what will follow in words, the questions, one button.
//! Every verb of this slice uses it; a refused form comes back as the same page with its words.

use crate::web::{Acting, fresh_key, page, page_with_problems};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::{Problem, Refusal};
use domain::reason::Length;
use kit::page::{ErrorSummary, Field, Frame, Notice, Pairs};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "declarations/act.html")]
pub struct ActPage {
    pub page: Frame,
    pub problems: Vec<Problem>,
    pub notices: Vec<Notice>,
    pub facts: Pairs,
    /// What will follow, one sentence each.
    pub consequences: Vec<String>,
    pub fields: Vec<Field>,
    pub hidden: Vec<(&'static str, String)>,
    /// The form sends a file.
    pub has_file: bool,
    pub button: String,
    pub is_danger: bool,
    pub back: String,
    pub key: String,
}

impl ActPage {
    /// An empty page of an act: title under a path, button, and where to go back to.
    pub fn new(acting: &Acting, crumbs: &[(&str, &str)], title: &str, button: &str, back: &str) -> ActPage {
        ActPage {
            page: acting.frame_under(crumbs, title),
            problems: Vec::new(),
            notices: Vec::new(),
            facts: Pairs::new(),
            consequences: Vec::new(),
            fields: Vec::new(),
            hidden: Vec::new(),
            has_file: false,
            button: button.to_owned(),
            is_danger: false,
            back: back.to_owned(),
            key: fresh_key(),
        }
    }

    /// The page, as it opens or as it comes back.
    pub fn answer(mut self, told: &Told) -> Result<Response> {
        let told = &told.at("reason", "reason").at("document_number", "document_number");
        self.fields = self.fields.into_iter().map(|field| field.told(&told.problems)).collect();
        for refusal in &told.refusals {
            self.notices.push(Notice::refused(refusal));
        }
        self.problems = told.problems.clone();
        if told.is_nothing() {
            return page(&self);
        }
        self.page.error = true;
        page_with_problems(&self)
    }
}

/// 5至500字: how long a reason or an opinion must be.
pub fn reason_words(acting: &Acting) -> Result<String> {
    let length = Length::of_reasons(acting.pack(), acting.today()).map_err(Refusal::from)?;
    Ok(length.words())
}

/// What a refused form is told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub problems: Vec<Problem>,
    pub refusals: Vec<Refusal>,
}

impl Told {
    pub fn is_nothing(&self) -> bool {
        self.problems.is_empty() && self.refusals.is_empty()
    }

    pub fn problems(problems: Vec<Problem>) -> Told {
        Told { problems, refusals: Vec::new() }
    }

    /// A refusal of what stands in one field, told at that field.
    pub fn at(&self, code: &str, field: &str) -> Told {
        let (here, refusals) = self.refusals.iter().cloned().partition(|refusal| refusal.code == code);
        let here: Vec<Refusal> = here;
        let said = here.into_iter().map(|refusal| refusal.at(field));
        Told { problems: self.problems.iter().cloned().chain(said).collect(), refusals }
    }

    /// What can be told on the form's own page; every other error is passed on.
    pub fn of(error: Error) -> Result<Told> {
        match error {
            Error::Invalid(problems) => Ok(Told::problems(problems)),
            Error::Refused(refusal) => Ok(Told { refusals: vec![refusal], ..Told::default() }),
            other => Err(other),
        }
    }
}

/// Where an act leads: on, or back to its own page with what is wrong.
pub fn landed(result: Result<()>, onward: String) -> Result<std::result::Result<Response, Told>> {
    match result {
        Ok(()) => Ok(Ok(Redirect::to(&onward).into_response())),
        Err(error) => Ok(Err(Told::of(error)?)),
    }
}
