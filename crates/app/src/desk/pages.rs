//! The desk.

use crate::web::{Acting, page};
use askama::Template;
use axum::response::Response;
use kit::page::{Empty, Frame};

#[derive(Template)]
#[template(path = "desk/desk.html")]
struct DeskPage {
    page: Frame,
    empty: Empty,
}

pub async fn show(acting: Acting) -> kit::Result<Response> {
    page(&DeskPage { page: acting.frame("我的待办"), empty: Empty::new("没有待办事项。") })
}
