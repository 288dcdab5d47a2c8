//! The task list: every section by its aspect, how far it is, and until when.

use super::edition::Seen;
use super::opened::{Opened, OpenedDraft};
use super::store;
use crate::web::{Acting, clock_words, page};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::day::Day;
use domain::form::{Progress, Section};
use kit::page::{Frame, Light, Notice, Tag, Task, TaskGroup, TaskList, Tone};
use kit::{Error, Result};

#[derive(Template)]
#[template(path = "submissions/tasks.html")]
pub struct TasksPage {
    pub page: Frame,
    pub help: String,
    pub light: Option<Light>,
    pub returned: Option<Notice>,
    pub list: TaskList,
    pub done_words: String,
    pub check_href: String,
    pub home: String,
}

/// A draft opens on its task list; what was sent, or is not one's own, on its newest edition.
pub async fn show(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let on = Opened::read(&acting, &id, &acting.reach).await?;
    let drafts = acting.reach_in("submission.draft").filter(|_| on.is_open());
    let Some(reach) = drafts else {
        let newest = store::edition_heads(&mut acting.store().read(), on.id, Seen::by(&acting.reach)).await?;
        let newest = newest.first().ok_or(Error::NotFound)?;
        return Ok(Redirect::to(&format!("{}/editions/{}", on.path(), newest.number)).into_response());
    };
    let opened = OpenedDraft::open(&acting, &id, &reach).await?;
    page(&tasks_page(&acting, &opened).await?)
}

async fn tasks_page(acting: &Acting, opened: &OpenedDraft<'_>) -> Result<TasksPage> {
    let on = &opened.on;
    let mut read = acting.store().read();
    let faults = store::faults(&mut read, on.id).await?;
    let open_faults: Vec<_> = faults.iter().filter(|fault| fault.settled_ms.is_none()).collect();
    let due = store::due(&mut read, on.host.kind, &on.row.id).await?;
    let states = on.form.progress(&opened.draft.answers, &opened.facts());
    let may_fill = acting.may("submission.fill");
    let mut groups: Vec<TaskGroup> = Vec::new();
    let mut done = 0;
    for (section, progress) in &states {
        let at_fault = open_faults.iter().filter(|fault| fault.section == section.code).count();
        let kept = opened.draft.section(&section.code);
        let is_done = *progress == Progress::Done && kept.is_some_and(|kept| kept.done == 1);
        done += usize::from(is_done);
        let is_begun = kept.is_some_and(|kept| !kept.saved_by.is_empty());
        let task = Task {
            words: section.title.clone(),
            hint: kept.map(|kept| hint(acting, kept)).unwrap_or_default(),
            href: may_fill
                .then(|| section_href(on, section, is_begun && matches!(progress, Progress::Partial(_)))),
            tag: state(*progress, is_done, at_fault),
        };
        let title = match &section.aspect {
            Some(aspect) => aspect.name.as_str(),
            None if groups.len() > 1 => "材料与其他",
            None => "基本情况",
        };
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.tasks.push(task),
            None => groups.push(TaskGroup { title: title.to_owned(), tasks: vec![task] }),
        }
    }
    Ok(TasksPage {
        page: Frame { crumbs: crumbs(on), ..acting.frame(&on.form.title) },
        help: on.form.help.clone(),
        light: due.and_then(|(day, why)| light(acting, &day, why)),
        returned: returned_notice(open_faults.len()),
        list: TaskList { groups },
        done_words: format!("共{}个部分，已填完{done}个。", states.len()),
        check_href: format!("{}/check", on.path()),
        home: on.home(),
    })
}

fn crumbs(on: &Opened<'_>) -> Vec<(String, Option<String>)> {
    let mut crumbs = on.crumbs();
    if let Some((_, href)) = crumbs.last_mut() {
        *href = None;
    }
    crumbs
}

/// What somebody has begun opens with its gaps; what the register alone has filled in does not.
fn section_href(on: &Opened<'_>, section: &Section, with_gaps: bool) -> String {
    let check = if with_gaps { "?check=1" } else { "" };
    format!("{}{check}", on.section_path(&section.code))
}

/// 未开始, 填写中·缺3项, 已填完, 被退回: the words of the task list.
fn state(progress: Progress, is_done: bool, faults: usize) -> Tag {
    match progress {
        _ if faults > 0 && !is_done => Tag::new(Tone::Bad, format!("被退回·{faults}处")),
        Progress::NotStarted => Tag::new(Tone::Quiet, "未开始"),
        Progress::Partial(missing) => Tag::new(Tone::Busy, format!("填写中·缺{missing}项")),
        Progress::Done if is_done => Tag::new(Tone::Done, "已填完"),
        Progress::Done => Tag::new(Tone::Busy, "填写中·待标为已填完"),
    }
}

fn hint(acting: &Acting, kept: &super::DraftSection) -> String {
    let Some(name) = &kept.saved_name else { return String::new() };
    let who = if kept.saved_by == acting.actor.person.to_string() { "我" } else { name };
    let (day, clock) = (Day::at(kept.saved_ms), clock_words(kept.saved_ms));
    let when = if day == acting.today() { clock[11..16].to_owned() } else { day.words() };
    format!("{who}于{when}保存")
}

/// The light of a due day; a day of a year without calendar shows the working days it can.
pub(super) fn light(acting: &Acting, day: &str, why: Option<String>) -> Option<Light> {
    let day: Day = day.parse().ok()?;
    let left = acting.pack().calendar().working_days_left(acting.today(), day);
    Some(Light::new(day, acting.today(), left).because(why.unwrap_or_default()))
}

fn returned_notice(faults: usize) -> Option<Notice> {
    let says = "请打开标有“被退回”的部分，按字段旁的退回意见修改，标为已填完后重新提交。";
    (faults > 0).then(|| Notice::new(Tone::Bad, format!("材料被退回，有{faults}处需要修改"), says))
}
