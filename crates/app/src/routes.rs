//! Every address of the system on one page: method, path, action, handler.
//!
//! A route cannot be added without its action, and an action must stand in `access.toml`.

use crate::app::App;
use crate::declarations::{batch_pages as batches, pages as declarations, report_pages as city_reports};
use crate::web::{Guarded, explain, guard, harden, outlive_panics, own_name, same_origin};
use crate::{audit, desk, lists, orgs, places, portal, rules, selection, submissions};
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
        GET "/" "portal.read" portal::pages::front;
        GET "/desk" "desk.read" desk::pages::show;
        GET "/desk.csv" "desk.read" desk::pages::csv;
        GET "/desk/done" "desk.read" desk::history::done;
        GET "/desk/begun" "desk.read" desk::history::begun;
        GET "/desk/towns" "declaration.read" desk::lives::show;
        GET "/board" "board.read" desk::board::show;
        GET "/board.csv" "board.read" desk::board::csv;

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
        GET "/set-up/{token}" "sign_in" orgs::setup::show;
        POST "/set-up/{token}" "sign_in" orgs::setup::set_up;
        GET "/delegations" "delegation.manage" orgs::delegations::list;
        POST "/delegations" "delegation.manage" orgs::delegations::give;
        POST "/delegations/{id}/revocation" "delegation.manage" orgs::delegations::revoke;
        GET "/organisations" "organisation.read" orgs::organisations::list;
        GET "/organisations/new" "organisation.establish" orgs::establish::show_new;
        POST "/organisations" "organisation.establish" orgs::establish::establish;
        GET "/organisations/{id}" "organisation.read" orgs::organisations::show;
        GET "/organisations/{id}/successor" "organisation.establish" orgs::establish::show_successor;
        POST "/organisations/{id}/successor" "organisation.establish" orgs::establish::succeed;
        GET "/organisations/{id}/edit" "organisation.change" orgs::organisations::show_edit;
        POST "/organisations/{id}" "organisation.change" orgs::organisations::change;
        GET "/people" "person.read" orgs::people::list;
        GET "/people/new" "person.change" orgs::people::show_new;
        POST "/people" "person.change" orgs::people::create;
        GET "/people/roster" "person.change" orgs::roster::show;
        POST "/people/roster" "person.change" orgs::roster::create;
        GET "/people/{id}" "person.read" orgs::people::show;
        GET "/people/{id}/edit" "person.change" orgs::people::show_edit;
        POST "/people/{id}" "person.change" orgs::people::change;
        POST "/people/{id}/disabled" "person.change" orgs::people::disable;
        POST "/people/{id}/enabled" "person.change" orgs::people::enable;
        POST "/people/{id}/unlocked" "person.change" orgs::people::unlock;
        POST "/people/{id}/set-up-link" "person.change" orgs::people::fresh_link;
        POST "/people/{id}/grants" "grant.request" orgs::grants::request;
        POST "/people/{id}/resets" "reset.request" orgs::resets::request;
        GET "/grants" "grant.read" orgs::grants::list;
        POST "/grants/approvals" "grant.decide" orgs::approvals::approve_several;
        POST "/grants/{id}/approval" "grant.decide" orgs::approvals::approve;
        POST "/grants/{id}/refusal" "grant.decide" orgs::approvals::decline;
        POST "/grants/{id}/end" "grant.end" orgs::grants::end;
        POST "/resets/{id}/approval" "reset.decide" orgs::resets::approve;
        POST "/resets/{id}/refusal" "reset.decide" orgs::resets::decline;

        GET "/places" "place.read" places::list::show;
        POST "/places" "place.register" places::register::register;
        GET "/places/new" "place.register" places::register::show;
        GET "/places/{id}" "place.read" places::dossier::show;
        GET "/places/{id}/facts" "place.facts" places::facts::show;
        POST "/places/{id}/facts" "place.facts" places::facts::set;
        POST "/places/{id}/confirmation" "place.confirm" places::facts::confirm;
        GET "/places/{id}/name" "place.rename" places::rename::show;
        POST "/places/{id}/name" "place.rename" places::rename::rename;
        GET "/divisions" "division.read" places::divisions::show;
        GET "/divisions/{code}/name" "division.rename" places::rename::show_division;
        POST "/divisions/{code}/name" "division.rename" places::rename::rename_division;
        GET "/divisions/{code}/merger" "division.merge" places::merger::show;
        POST "/divisions/{code}/merger" "division.merge" places::merger::merge;

        GET "/submissions/{id}" "submission.read" submissions::tasks::show;
        GET "/submissions/{id}/check" "submission.draft" submissions::reading::show_check;
        GET "/submissions/{id}/sections/{code}" "submission.fill" submissions::section_page::show;
        POST "/submissions/{id}/sections/{code}" "submission.fill" submissions::saving::save;
        POST "/submissions/{id}/sections/{code}/autosave" "submission.fill" submissions::saving::autosave;
        GET "/submissions/{id}/sections/{code}/versions" "submission.fill" submissions::versions::show;
        POST "/submissions/{id}/sections/{code}/versions" "submission.fill" submissions::versions::pick;
        GET "/submissions/{id}/files" "submission.fill" submissions::attachments::back;
        POST "/submissions/{id}/files" "submission.fill" submissions::attachments::add;
        POST "/submissions/{id}/files/{file}/removal" "submission.fill" submissions::attachments::remove;
        GET "/submissions/{id}/editions/{number}" "submission.read" submissions::reading::show_edition;
        GET "/submissions/{id}/difference" "submission.read" submissions::comparing::show;
        GET "/files/{id}" "submission.read" submissions::attachments::download;

        // declarations: batches
        GET "/batches" "batch.read" batches::list;
        GET "/batches/new" "batch.write" batches::show_new;
        POST "/batches/new" "batch.write" batches::create;
        GET "/batches/{id}" "batch.read" batches::show;
        GET "/batches/{id}/documents/{document}" "batch.read" batches::document;
        GET "/batches/{id}/edit" "batch.write" batches::show_change;
        POST "/batches/{id}/edit" "batch.write" batches::change;
        GET "/batches/{id}/call" "batch.call" batches::show_call;
        POST "/batches/{id}/call" "batch.call" batches::call;
        GET "/batches/{id}/extension" "batch.extend" batches::show_extension;
        POST "/batches/{id}/extension" "batch.extend" batches::extend;
        GET "/batches/{id}/closing" "batch.close" batches::show_close;
        POST "/batches/{id}/closing" "batch.close" batches::close;

        // declarations: from the town to the office
        GET "/declarations" "declaration.read" declarations::list;
        GET "/declarations/export" "declaration.read" declarations::export;
        GET "/declarations/new" "declaration.start" declarations::show_start;
        POST "/declarations" "declaration.start" declarations::begin;
        GET "/declarations/{id}" "declaration.read" declarations::show;
        GET "/declarations/{id}/documents/{document}" "declaration.read" declarations::document;
        GET "/declarations/{id}/sending" "declaration.hand_over" declarations::show_sending;
        POST "/declarations/{id}/sending" "declaration.hand_over" declarations::hand_over;
        GET "/declarations/{id}/confirmation" "declaration.confirm" declarations::show_confirmation;
        POST "/declarations/{id}/confirmation" "declaration.confirm" declarations::confirm;
        GET "/declarations/{id}/withdrawal" "declaration.withdraw" declarations::show_withdrawal;
        POST "/declarations/{id}/withdrawal" "declaration.withdraw" declarations::withdraw;
        GET "/declarations/{id}/reopening" "declaration.reopen" declarations::show_reopening;
        POST "/declarations/{id}/reopening" "declaration.reopen" declarations::reopen;
        GET "/declarations/{id}/return" "declaration.return" declarations::show_return;
        POST "/declarations/{id}/return" "declaration.return" declarations::send_back;
        GET "/declarations/{id}/review" "declaration.review" declarations::show_review;
        POST "/declarations/{id}/review" "declaration.review" declarations::review;
        GET "/declarations/{id}/approval" "declaration.approve" declarations::show_approval;
        POST "/declarations/{id}/approval" "declaration.approve" declarations::approve;
        GET "/declarations/{id}/signature" "declaration.sign" declarations::show_signature;
        POST "/declarations/{id}/signature" "declaration.sign" declarations::sign;
        GET "/declarations/{id}/receipt" "declaration.receive" declarations::show_receipt;
        POST "/declarations/{id}/receipt" "declaration.receive" declarations::receive;
        GET "/city-reports" "city_report.read" city_reports::list;
        GET "/city-reports/{id}" "city_report.read" city_reports::show;
        GET "/city-reports/{id}/documents/{document}" "city_report.read" city_reports::document;
        GET "/city-reports/{id}/list" "city_report.write" city_reports::show_compile;
        POST "/city-reports/{id}/list" "city_report.write" city_reports::compile;
        GET "/city-reports/{id}/signature" "city_report.sign" city_reports::show_signature;
        POST "/city-reports/{id}/signature" "city_report.sign" city_reports::sign;
        GET "/city-reports/{id}/sending" "city_report.send" city_reports::show_sending;
        POST "/city-reports/{id}/sending" "city_report.send" city_reports::send;
        GET "/city-reports/{id}/receipt" "declaration.receive" city_reports::show_receipt;
        POST "/city-reports/{id}/receipt" "declaration.receive" city_reports::receive;

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

        GET "/selection" "selection.read" selection::pages::index;
        GET "/selection/{batch}" "selection.read" selection::pages::show;
        GET "/selection/{batch}/decision" "selection.decide" selection::pages::show_decision;
        POST "/selection/{batch}/decision" "selection.decide" selection::pages::decide;
        GET "/selection/{batch}/proposals" "selection.propose" selection::proposals::show_several;
        POST "/selection/{batch}/proposals" "selection.propose" selection::proposals::propose_several;
        GET "/selection/declarations/{declaration}" "selection.propose" selection::proposals::show;
        POST "/selection/declarations/{declaration}" "selection.propose" selection::proposals::propose;
        GET "/selection/declarations/{declaration}/withdrawal" "selection.take_back" selection::undo_pages::show_withdrawal;
        POST "/selection/declarations/{declaration}/withdrawal" "selection.take_back" selection::undo_pages::withdraw;
        GET "/selection/{batch}/correction" "selection.correct" selection::undo_pages::show_correction;
        POST "/selection/{batch}/correction" "selection.correct" selection::undo_pages::correct;

        GET "/lists" "list.read" lists::pages::index;
        GET "/lists/{version}" "list.read" lists::pages::show;
        GET "/lists/{version}/csv" "list.read" lists::pages::download;
        GET "/lists/{version}/entries/{entry}" "list.trace" lists::pages::trace;
        GET "/lists/publication/{batch}" "list.publish" lists::pages::show_publication;
        POST "/lists/publication/{batch}" "list.publish" lists::pages::publish;

        GET "/public" "portal.read" portal::pages::home;
        GET "/public/list" "portal.read" portal::pages::list;
        GET "/public/list.csv" "portal.read" portal::pages::download;
        GET "/public/notices" "portal.read" portal::pages::notices;
        GET "/public/notices/{notice}" "portal.read" portal::pages::notice;
        GET "/public/site-map" "portal.read" portal::pages::site_map;
        GET "/public/accessibility" "portal.read" portal::pages::accessibility;
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
    let lost = || async { kit::Error::NotFound };
    let router = router.fallback(lost).method_not_allowed_fallback(lost);
    let mut router = router.layer(same_origin());
    if !app.settings().secure {
        router = router.layer(middleware::from_fn(own_name));
    }
    let router = router.layer(outlive_panics());
    let router = router.layer(middleware::from_fn_with_state(app.clone(), explain));
    Ok(harden(router, app.settings().secure))
}
