//! What every response carries and every request must bear: headers, our own name, our own forms.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use kit::error::ErrorPage;
use std::net::IpAddr;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers that every response carries, errors included.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(self), microphone=()"),
];

/// Only behind TLS: the browser does not come by plain HTTP again.
const ONLY_TLS: (&str, &str) = ("strict-transport-security", "max-age=31536000; includeSubDomains");

/// Wraps the whole application. `secure`: it stands behind a proxy that speaks TLS.
pub fn harden(router: Router, secure: bool) -> Router {
    let add = move |request: Request, next: Next| add_headers(secure, request, next);
    router
        .layer(middleware::from_fn(add))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().gzip(true))
}

/// Forms come from our own pages.
pub fn same_origin() -> CsrfLayer<fn(ProtectionError) -> Response> {
    CsrfLayer::new().with_rejection_response(|_| {
        let says = "这张表单不是从本系统的页面提交的";
        let remedy = "请从本系统页面重新填写提交；仍不能提交的，请换用较新的浏览器，或请系统管理员核对代理服务器转发的主机名。";
        refuse(StatusCode::FORBIDDEN, says, remedy)
    })
}

/// Without a proxy only this machine is served: a page of another site that gave its own name this
/// machine's address is not one of ours.
pub async fn own_name(request: Request, next: Next) -> Response {
    let host = request.uri().authority().map(|authority| authority.as_str());
    let host = host.or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    if host.is_none_or(is_loopback) {
        return next.run(request).await;
    }
    let says = "请用本机网址打开本系统";
    let remedy = "本机请用 http://127.0.0.1 加端口；供他人使用的，请由提供 HTTPS 的代理转发，并以 --behind-proxy 启动。";
    refuse(StatusCode::MISDIRECTED_REQUEST, says, remedy)
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(name, _)| name);
    let address: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
    name.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

fn refuse(status: StatusCode, says: &str, remedy: &str) -> Response {
    let (says, remedy) = (says.to_owned(), remedy.to_owned());
    let mut response = status.into_response();
    response.extensions_mut().insert(ErrorPage { status, says, remedy, clause: None, problems: Vec::new() });
    response
}

async fn add_headers(secure: bool, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS.iter().chain(secure.then_some(&ONLY_TLS)) {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    let kept = if is_asset { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(kept));
    response
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_has_these_names() {
        for own in ["localhost", "LOCALHOST:8600", "127.0.0.1:1", "127.0.0.2", "[::1]:8600", "[::1]"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["evil.example", "localhost.evil.example:80", "10.0.0.1", "127.0.0.1.evil.example", ""] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
