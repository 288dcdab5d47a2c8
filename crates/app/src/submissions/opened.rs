//! A submission as a page opens it: within reach, with its form and its host.

use super::draft::{self, Draft};
use super::host::Host;
use super::sealing::{FaultRow, form_of};
use super::store::{self, SubmissionRow};
use crate::web::Acting;
use domain::form::{Answers, FileFact, Form, Section};
use domain::id::SubmissionId;
use domain::problem::{Problem, Refusal};
use kit::access::Reach;
use kit::db::Read;
use kit::{Error, Result};

/// A submission of the pack's forms.
pub struct Opened<'a> {
    pub id: SubmissionId,
    pub row: SubmissionRow,
    pub form: &'a Form,
    pub host: &'static Host,
}

/// The same with its draft.
pub struct OpenedDraft<'a> {
    pub on: Opened<'a>,
    pub draft: Draft,
}

impl<'a> Opened<'a> {
    /// Opens a submission for reading what was sent.
    pub async fn read(acting: &'a Acting, id: &str, reach: &Reach) -> Result<Opened<'a>> {
        let id: SubmissionId = id.parse().map_err(|_| Error::NotFound)?;
        let row = store::submission(&mut acting.store().read(), id, reach).await?.ok_or(Error::NotFound)?;
        Opened::of(acting, id, row)
    }

    fn of(acting: &'a Acting, id: SubmissionId, row: SubmissionRow) -> Result<Opened<'a>> {
        let form = form_of(acting.pack(), &row.form_code)?;
        let host = Host::of(&row.kind).ok_or_else(|| Error::internal("a submission without a host"))?;
        Ok(Opened { id, row, form, host })
    }

    pub fn is_open(&self) -> bool {
        self.row.is_open == 1
    }

    pub fn home(&self) -> String {
        self.host.home(self.id)
    }

    pub fn path(&self) -> String {
        format!("/submissions/{}", self.id)
    }

    pub fn section_path(&self, code: &str) -> String {
        format!("/submissions/{}/sections/{code}", self.id)
    }

    pub fn section(&self, code: &str) -> Result<&'a Section> {
        self.form.section(code).ok_or(Error::NotFound)
    }

    /// The address at which a problem can be put right.
    pub fn problem_path(&self, problem: &Problem) -> String {
        match self.form.section_of(&problem.field) {
            Some(section) => format!("{}?check=1#f-{}", self.section_path(&section.code), problem.field),
            None => self.path(),
        }
    }

    /// The crumbs of a page below the task list.
    pub fn crumbs(&self) -> Vec<(String, Option<String>)> {
        let (words, href) = self.host.list;
        vec![
            (words.to_owned(), Some(href.to_owned())),
            (self.row.place_name.clone(), Some(self.home())),
            ("填写".to_owned(), Some(self.path())),
        ]
    }
}

impl<'a> OpenedDraft<'a> {
    /// Opens a draft: two statements.
    pub async fn open(acting: &'a Acting, id: &str, reach: &Reach) -> Result<OpenedDraft<'a>> {
        let id: SubmissionId = id.parse().map_err(|_| Error::NotFound)?;
        let mut read = acting.store().read();
        let found = store::submission_with_draft(&mut read, id, reach).await?;
        let (row, sections) = found.ok_or(Error::NotFound)?;
        let files = store::draft_files(&mut read, id).await?;
        let answers = draft::answers(&sections)?;
        let on = Opened::of(acting, id, row)?;
        Ok(OpenedDraft { on, draft: Draft { sections, answers, files } })
    }

    /// Opens a draft to write in it; a closed one is refused.
    pub async fn open_to_write(acting: &'a Acting, id: &str) -> Result<OpenedDraft<'a>> {
        let opened = OpenedDraft::open(acting, id, &acting.reach).await?;
        if opened.on.is_open() { Ok(opened) } else { Err(closed().into()) }
    }

    pub fn facts(&self) -> Vec<FileFact> {
        self.draft.facts()
    }

    /// Every problem of the form that belongs to one section.
    pub fn problems_of(&self, section: &Section, answers: &Answers, prior: Option<&Answers>) -> Vec<Problem> {
        let form = self.on.form;
        let here = |problem: &Problem| {
            form.section_of(&problem.field).is_some_and(|found| found.code == section.code)
        };
        form.check_against(answers, prior, &self.facts()).into_iter().filter(here).collect()
    }

    pub async fn prior(&self, read: &mut Read<'_>) -> Result<Option<Answers>> {
        draft::prior(read, self.on.id).await
    }
}

/// Faults that are still to be put right, as problems at their fields.
pub fn as_problems(form: &Form, faults: &[FaultRow]) -> Vec<Problem> {
    let problem = |fault: &FaultRow| {
        let field = if fault.item.is_empty() { &fault.section } else { &fault.item };
        let place = form.section_of(field).map(|section| section.title.as_str()).unwrap_or_default();
        let says = match fault.item.is_empty() {
            true => format!("退回意见（{place}）：{}", fault.says),
            false => format!("退回意见：{}", fault.says),
        };
        Problem::new(field, "returned", says)
    };
    faults.iter().filter(|fault| fault.settled_ms.is_none()).map(problem).collect()
}

/// Why a draft that was sent takes no more writing.
pub fn closed() -> Refusal {
    Refusal::by_conduct(
        "closed",
        "这份材料已提交，不能再修改。",
        "需要修改的，请在下一级办理前撤回，或请审核单位退回补正。",
    )
}
