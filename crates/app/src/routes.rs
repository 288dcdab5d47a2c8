//! Every address of the system on one page: method, path, action, handler.
//!
//! A route cannot be added without its action, and an action must stand in `access.toml`.

use crate::app::App;
use crate::web::{Guarded, explain, guard, harden};
use crate::{audit, desk, orgs, rules};
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

        GET "/sign-in" "sign_in" orgs::pages::show_sign_in;
        POST "/demo/sign-in" "sign_in" orgs::pages::demo_sign_in;
        POST "/sign-out" "sign_out" orgs::pages::sign_out;

        // rules
        GET "/rules" "rules.read" rules::contents::show;
        GET "/rules/calendar" "rules.read" rules::calendar::show;
        GET "/rules/forms" "rules.forms" rules::forms::list;
        GET "/rules/forms/{code}" "rules.forms" rules::forms::show;
        GET "/rules/versions" "rules.versions" rules::versions::show;
        GET "/rules/versions/{digest}" "rules.versions" rules::versions::content;
        GET "/rules/{clause}" "rules.read" rules::clause::show;

        // audit
        GET "/log" "log.read" audit::pages::log;
        GET "/log.csv" "log.read" audit::pages::csv;
        GET "/log/checkpoint" "log.verify" audit::checkpoints::show;
        GET "/log/checkpoint.txt" "log.verify" audit::checkpoints::note;
        GET "/log/verifier-key" "log.verify" audit::checkpoints::verifier_key;
        POST "/log/verification" "log.verify" audit::checkpoints::verify_now;
        POST "/log/export" "log.export" audit::export;
        GET "/log/{seq}" "log.read" audit::show_entry;
        GET "/desk/acts" "acts.read" audit::pages::own;
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
