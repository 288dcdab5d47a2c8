//! The desk, and the front door that leads to it.

use crate::web::{Acting, Visit, page};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kit::page::{Empty, Frame};

#[derive(Template)]
#[template(path = "desk/desk.html")]
struct DeskPage {
    page: Frame,
    empty: Empty,
}

/// The front door: to the desk for those signed in, to the public side for all others.
pub async fn front(visit: Visit) -> Response {
    let to = if visit.actor.is_some() { "/desk" } else { "/sign-in" };
    Redirect::to(to).into_response()
}

pub async fn show(acting: Acting) -> kit::Result<Response> {
    page(&DeskPage { page: acting.frame("我的待办"), empty: Empty::new("没有待办事项。") })
}
