//! What was sent, to read and print; and the page to check one's own answers before sending.

use super::comparing::judged;
use super::edition::{self, EditionHead, Seen};
use super::opened::{Opened, OpenedDraft};
use super::pairing::pairs;
use super::questions::answered;
use super::sealing::FaultRow;
use super::store;
use super::tasks::light;
use crate::web::{Acting, clock_words, page, size_words};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::form::{Answers, Form, SectionAnswers};
use domain::problem::Problem;
use kit::page::{Frame, Light, Pairs, Tag};
use kit::{Error, Result};

/// One section with its answers and files.
pub struct ReadSection {
    pub code: String,
    pub title: String,
    pub lists: Vec<(String, Pairs)>,
    pub files: Vec<ReadFiles>,
    /// Where to change it, for whoever may.
    pub change: Option<String>,
    pub is_empty: bool,
}

/// The files of one attachment.
pub struct ReadFiles {
    pub label: String,
    pub files: Vec<ReadFile>,
}

#[derive(Clone)]
pub struct ReadFile {
    pub id: String,
    pub name: String,
    pub size: String,
    pub hash: String,
}

#[derive(Template)]
#[template(path = "submissions/edition.html")]
pub struct EditionPage {
    pub page: Frame,
    pub facts: Pairs,
    pub hash: String,
    pub sections: Vec<ReadSection>,
    pub editions: Vec<(String, String, bool)>,
    pub difference: Option<String>,
    pub home: String,
}

#[derive(Template)]
#[template(path = "submissions/check.html")]
pub struct CheckPage {
    pub page: Frame,
    pub light: Option<Light>,
    pub problems: Vec<(String, String)>,
    pub unmarked: Vec<(String, String)>,
    /// What a reviewer asked for: where, what, and whether it has changed since.
    pub faults: Vec<(String, String, Tag)>,
    pub sections: Vec<ReadSection>,
    pub tasks_href: String,
    pub sending: Option<Sending>,
}

/// The form that sends it.
pub struct Sending {
    pub to: String,
    pub words: &'static str,
    pub hint: &'static str,
    pub promise: String,
    pub key: String,
}

/// One edition, read only, ready to print.
pub async fn show_edition(acting: Acting, Path((id, number)): Path<(String, String)>) -> Result<Response> {
    let on = Opened::read(&acting, &id, &acting.reach).await?;
    let seen = Seen::by(&acting.reach);
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let found = edition::edition(acting.store().read(), on.id, number, seen).await?.ok_or(Error::NotFound)?;
    let mut read = acting.store().read();
    let heads = store::edition_heads(&mut read, on.id, seen).await?;
    let faults = store::faults(&mut read, on.id).await?;
    let raised: Vec<&FaultRow> = faults.iter().filter(|fault| fault.number == number).collect();
    let form = acting.form_under(&found.pack_digest, &on.row.form_code)?;
    let files: Vec<_> = found.files.iter().map(|file| (&file.item, read_file(&file.id, file))).collect();
    let sections = sections(form, &found.answers, &files_of(files), &raised, None);
    let title = format!("{}（第{number}版）", form.title);
    let mut crumbs = on.crumbs();
    crumbs.truncate(2);
    crumbs.push((format!("第{number}版"), None));
    page(&EditionPage {
        page: Frame { crumbs, ..acting.frame(&title) },
        facts: facts(&on, heads.iter().find(|head| head.number == number)),
        hash: found.content_hash,
        sections,
        difference: heads
            .iter()
            .find(|head| head.number < number)
            .map(|before| format!("{}/difference?from={}&to={number}", on.path(), before.number)),
        editions: heads
            .iter()
            .map(|head| {
                let words = format!("第{}版（{}）", head.number, &clock_words(head.sealed_ms)[..16]);
                (words, format!("{}/editions/{}", on.path(), head.number), head.number == number)
            })
            .collect(),
        home: on.home(),
    })
}

/// All answers with links to change them, what is still wrong, and the button that sends.
pub async fn show_check(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let opened = OpenedDraft::open(&acting, &id, &acting.reach).await?;
    let on = &opened.on;
    if !on.is_open() {
        return Err(super::opened::closed().into());
    }
    let mut read = acting.store().read();
    let prior = opened.prior(&mut read).await?;
    let due = store::due(&mut read, on.host.kind, &on.row.id).await?;
    let faults = store::faults(&mut read, on.id).await?;
    let mut problems = on.form.check_against(&opened.draft.answers, prior.as_ref(), &opened.facts());
    problems.extend(opened.draft.still_returned(on.form, &faults));
    let may_fill = acting.may("submission.fill");
    let files: Vec<_> =
        opened.draft.files.iter().map(|file| (&file.item, read_file(&file.id, file))).collect();
    let change = |code: &str| may_fill.then(|| on.section_path(code));
    let sections = sections(on.form, &opened.draft.answers, &files_of(files), &[], Some(&change));
    let promise = acting.pack().text(on.host.promise, acting.today()).map_err(Error::internal)?;
    let sending = (may_fill && problems.is_empty()).then(|| Sending {
        to: on.host.send_to(on.id),
        words: on.host.send_words,
        hint: on.host.send_hint,
        promise: promise.to_owned(),
        key: crate::web::fresh_key(),
    });
    let mut crumbs = on.crumbs();
    crumbs.push(("检查并提交".to_owned(), None));
    page(&CheckPage {
        page: Frame { crumbs, error: !problems.is_empty(), ..acting.frame("检查并提交") },
        light: due.and_then(|(day, why)| light(&acting, &day, why)),
        problems: problems.iter().map(|problem| linked(on, problem)).collect(),
        unmarked: unmarked(&opened),
        faults: answered_faults(&opened, &acting, &faults).await?,
        sections,
        tasks_href: on.path(),
        sending,
    })
}

/// Each fault that is still open, beside the edition it was found in.
async fn answered_faults(
    opened: &OpenedDraft<'_>,
    acting: &Acting,
    faults: &[FaultRow],
) -> Result<Vec<(String, String, Tag)>> {
    let open: Vec<&FaultRow> = faults.iter().filter(|fault| fault.settled_ms.is_none()).collect();
    let Some(number) = open.iter().map(|fault| fault.number).max() else { return Ok(Vec::new()) };
    let read = acting.store().read();
    let Some(before) = edition::edition(read, opened.on.id, number, Seen::All).await? else {
        return Ok(Vec::new());
    };
    let pairs = pairs(opened.on.form, &before.side(), &opened.draft.side());
    Ok(open.into_iter().map(|fault| judged(opened.on.form, fault, &pairs)).collect())
}

fn linked(on: &Opened<'_>, problem: &Problem) -> (String, String) {
    (problem.says.clone(), on.problem_path(problem))
}

/// Sections nobody has called done yet: a reminder, not a hindrance.
fn unmarked(opened: &OpenedDraft<'_>) -> Vec<(String, String)> {
    let is_done = |code: &str| opened.draft.section(code).is_some_and(|kept| kept.done == 1);
    let open = opened.on.form.sections.iter().filter(|section| !is_done(&section.code));
    open.map(|section| (section.title.clone(), opened.on.section_path(&section.code))).collect()
}

fn facts(on: &Opened<'_>, head: Option<&EditionHead>) -> Pairs {
    let Some(head) = head else { return Pairs::new() };
    let by = head.sealed_name.clone().unwrap_or_else(|| head.sealed_by.clone());
    Pairs::new()
        .and("申报单位", &on.row.place_name)
        .and("版次", format!("第{}版", head.number))
        .and("提交时间", clock_words(head.sealed_ms))
        .and("提交人", by)
        .and("规则包", format!("{}…", head.pack_digest.get(..16).unwrap_or(&head.pack_digest)))
}

/// What a file's row has, whichever table it lies in.
trait FileLike {
    fn parts(&self) -> (&str, i64, &str);
}

impl FileLike for super::DraftFile {
    fn parts(&self) -> (&str, i64, &str) {
        (&self.name, self.size, &self.blob_id)
    }
}

impl FileLike for super::EditionFile {
    fn parts(&self) -> (&str, i64, &str) {
        (&self.name, self.size, &self.blob_id)
    }
}

fn read_file(id: &str, file: &impl FileLike) -> ReadFile {
    let (name, size, hash) = file.parts();
    ReadFile { id: id.to_owned(), name: name.to_owned(), size: size_words(size), hash: hash.to_owned() }
}

type FilesByItem = Vec<(String, ReadFile)>;

/// Where a section, by its code, is changed; none where it may not be.
type ChangeLink<'a> = &'a dyn Fn(&str) -> Option<String>;

fn files_of(files: Vec<(&String, ReadFile)>) -> FilesByItem {
    files.into_iter().map(|(item, file)| (item.clone(), file)).collect()
}

fn sections(
    form: &Form,
    answers: &Answers,
    files: &FilesByItem,
    faults: &[&FaultRow],
    change: Option<ChangeLink<'_>>,
) -> Vec<ReadSection> {
    let blank = SectionAnswers::default();
    let read = |section: &domain::form::Section| {
        let given = answers.section(&section.code).unwrap_or(&blank);
        let lists = answered(form, section, given, faults);
        let attachments: Vec<ReadFiles> = section
            .attachments()
            .map(|item| ReadFiles {
                label: item.label.clone(),
                files: files
                    .iter()
                    .filter(|(code, _)| *code == item.code)
                    .map(|(_, file)| file.clone())
                    .collect(),
            })
            .collect();
        ReadSection {
            code: section.code.clone(),
            title: section.title.clone(),
            is_empty: lists.is_empty() && attachments.is_empty(),
            lists,
            files: attachments,
            change: change.and_then(|change| change(&section.code)),
        }
    };
    form.sections.iter().map(read).collect()
}
