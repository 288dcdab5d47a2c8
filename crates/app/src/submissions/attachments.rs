//! Attachments of a draft: added, removed; and every attachment, sent to whoever may read it.

use super::opened::OpenedDraft;
use super::section_page::{Showing, section_page, taken_for};
use super::store::{self, Editor};
use crate::web::{Acting, Upload, keep, page_with_problems, send};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::FileId;
use domain::problem::Problem;
use kit::{Error, Result};

/// Adds the file that was sent for one item.
pub async fn add(acting: Acting, Path(id): Path<String>, mut upload: Upload) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let code = upload.fields.take("item");
    let (section, item) = opened.on.form.item(&code).ok_or(Error::NotFound)?;
    let accept = item.accept.as_ref().ok_or(Error::NotFound)?;
    let here = opened.draft.files.iter().filter(|file| file.item == code).count();
    let refusal = match upload.files.pop() {
        None => Some(format!("请先选择要上传的“{}”，再点“上传文件”。", item.label)),
        Some(_) if !upload.files.is_empty() => Some("请一次上传一个文件。".to_owned()),
        Some(_) if here >= accept.max => {
            Some(format!("“{}”最多{}个文件，如需更换请先删除。", item.label, accept.max))
        }
        Some(sent) => match keep(acting.store(), sent, taken_for(&acting, accept)?).await? {
            Err(rejection) => Some(rejection.sentence),
            Ok(kept) => {
                let is_there =
                    opened.draft.files.iter().any(|file| {
                        file.item == code && file.blob_id == kept.blob_id && file.name == kept.name
                    });
                let by = Editor::of(&acting.actor);
                if !is_there && !store::add_file(acting.store(), opened.on.id, &code, &kept, by).await? {
                    return Err(super::opened::closed().into());
                }
                None
            }
        },
    };
    match refusal {
        None => {
            let address = format!("{}#f-{code}", opened.on.section_path(&section.code));
            Ok(Redirect::to(&address).into_response())
        }
        Some(says) => {
            let problems = vec![Problem::new(&code, "file", says)];
            let showing = Showing { problems, ..Showing::default() };
            page_with_problems(&section_page(&acting, &opened, section, showing).await?)
        }
    }
}

/// The address of a refused upload, opened again: back to the form.
pub async fn back(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let opened = OpenedDraft::open(&acting, &id, &acting.reach).await?;
    Ok(Redirect::to(&opened.on.path()).into_response())
}

/// Takes one file out of the draft. Its content stays on disk: an edition may hold it.
pub async fn remove(acting: Acting, Path((id, file)): Path<(String, String)>) -> Result<Response> {
    let opened = OpenedDraft::open_to_write(&acting, &id).await?;
    let file_id: FileId = file.parse().map_err(|_| Error::NotFound)?;
    let found = opened.draft.files.iter().find(|one| one.id == file).ok_or(Error::NotFound)?;
    if !store::remove_file(acting.store(), opened.on.id, file_id, Editor::of(&acting.actor)).await? {
        return Err(Error::Conflict);
    }
    let section = opened.on.form.item(&found.item).map(|(section, _)| section.code.as_str());
    let address = section.map_or_else(
        || opened.on.path(),
        |code| format!("{}#f-{}", opened.on.section_path(code), found.item),
    );
    Ok(Redirect::to(&address).into_response())
}

/// Sends an attachment of an edition, or of a draft to those who may see drafts.
pub async fn download(acting: Acting, Path(id): Path<String>) -> Result<Response> {
    let id: FileId = id.parse().map_err(|_| Error::NotFound)?;
    let mut read = acting.store().read();
    let mut found = store::file_of_edition(&mut read, id, &acting.reach).await?;
    if found.is_none()
        && let Some(reach) = acting.reach_in("submission.draft")
    {
        found = store::file_of_draft(&mut read, id, &reach).await?;
    }
    send(acting.store(), &found.ok_or(Error::NotFound)?).await
}
