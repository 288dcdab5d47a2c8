//! Every address of the system on one page: method, path, action, handler.
//!
//! A route cannot be added without its action, and an action must stand in `access.toml`.

use crate::app::App;
use crate::web::{Guarded, explain, guard, harden};
use crate::{audit, desk, orgs};
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};

/// One route. `handler` is guarded when the router is made.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub action: &'static str,
    handler: MethodRouter<()>,
}

fn route<H, T>(method: Method, path: &'static str, action: &'static str, handler: H) -> Route
where
    H: Handler<T, ()>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).expect("a method that routes know");
    Route { method, path, action, handler: on(filter, handler) }
}

macro_rules! routes {
    ($($method:ident $path:literal $action:literal $handler:path;)*) => {
        vec![$(route(Method::$method, $path, $action, $handler)),*]
    };
}

/// The list. In the order of the menu; a slice's routes stand together.
pub fn all() -> Vec<Route> {
    routes! {
        GET "/" "portal.read" desk::pages::front;
        GET "/desk" "desk.read" desk::pages::show;

        GET "/sign-in" "sign_in" orgs::sign_in::show;
        POST "/sign-in" "sign_in" orgs::sign_in::sign_in;
        POST "/demo/sign-in" "sign_in" orgs::sign_in::demo_sign_in;
        POST "/sign-out" "sign_out" orgs::sign_in::sign_out;
        GET "/session/role" "sign_in" orgs::steps::show;
        POST "/session/role" "sign_in" orgs::steps::choose;
        GET "/session/factor" "sign_in" orgs::factor::show_page;
        POST "/session/factor" "sign_in" orgs::factor::give;
        POST "/session/factor/saved" "sign_in" orgs::factor::codes_saved;
        GET "/session/password" "sign_in" orgs::password::show_renewal;
        POST "/session/password" "sign_in" orgs::password::renew;
        GET "/account/factor/picture" "sign_in" orgs::factor::picture;
        GET "/account" "account.manage" orgs::account::show;
        POST "/account/sessions/end" "account.manage" orgs::account::end_session;
        GET "/account/password" "account.manage" orgs::account::show_password;
        POST "/account/password" "account.manage" orgs::account::change_password;
        POST "/text-size" "text_size" orgs::account::text_size;

        GET "/log" "log.read" audit::pages::log;
    }
}

/// The whole application, ready to serve. Fails on a route whose action is not in the table.
pub fn router(app: &App) -> Result<Router, String> {
    let mut router = Router::new().route("/assets/{*name}", axum::routing::get(crate::web::asset));
    for Route { method, path, action, handler } in all() {
        if app.access().rule(action).is_none() {
            return Err(format!("{method} {path} asks for `{action}`, which is not in access.toml"));
        }
        let guarded = Guarded { app: app.clone(), action };
        router = router.route(path, handler.layer(middleware::from_fn_with_state(guarded, guard)));
    }
    let router = router.fallback(|| async { kit::Error::NotFound });
    Ok(harden(router.layer(middleware::from_fn_with_state(app.clone(), explain))))
}
