//! The whole record as one file for outsiders, written aside and then sent piece by piece.

use crate::web::{Acting, Fields, in_pieces};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::id::RowId;
use kit::archive::{Kind, write};
use kit::record::Event;
use kit::{Error, Result};
use std::path::PathBuf;

/// Says so in the log first, so that the export holds its own entry.
pub async fn export(acting: Acting, fields: Fields) -> Result<Response> {
    let mut act = acting.act(&fields.key).await?;
    act.lands_on("/log/checkpoint?done=log.exported");
    let seq = act.commit(Event::new("log.exported", "log", "export")).await?;
    let aside = Aside::make()?;
    let file = aside.path.join("export.tar.gz");
    write(acting.store(), Kind::Export, &file).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"zhenxing-export-{seq}.tar.gz\"")),
    ];
    Ok((headers, in_pieces(tokio::fs::File::open(&file).await?).await?).into_response())
}

/// A folder only the program's owner can enter. It is gone when the file in it has been opened.
struct Aside {
    path: PathBuf,
}

impl Aside {
    fn make() -> Result<Aside> {
        let path = std::env::temp_dir().join(format!("zhenxing-{}", kit::clock::fresh::<RowId>()));
        let mut folder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&path).map_err(Error::internal)?;
        Ok(Aside { path })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!("{} could not be removed: {error}", self.path.display());
        }
    }
}
