//! What every response carries and every request must bear: headers, one length, our own name, our own forms.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use kit::Error;
use kit::error::ErrorPage;
use std::any::Any;
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
        .layer(middleware::from_fn(one_length))
        .layer(middleware::from_fn(add))
        .layer(CompressionLayer::new().gzip(true))
}

/// A handler that panics is our fault, told as any other.
pub fn outlive_panics() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| Error::internal("a handler panicked").into_response())
}

/// A request says beforehand how long it is. One that comes in chunks may have said a length besides, which
/// hyper drops and a proxy may have believed: the two would part the line at different places.
async fn one_length(request: Request, next: Next) -> Response {
    if !request.headers().contains_key(header::TRANSFER_ENCODING) {
        return next.run(request).await;
    }
    let says = "请求没有事先写明长度（Content-Length），没有受理。请用浏览器从本系统的页面提交。\n";
    (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")], says).into_response()
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

fn always(secure: bool) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    HEADERS.iter().chain(secure.then_some(&ONLY_TLS))
}

/// The same headers as they stand on the line, for an answer that passes by all layers.
pub(super) fn lines(secure: bool) -> String {
    let line = |(name, value): &(&str, &str)| format!("{name}: {value}\r\n");
    always(secure).chain([&("cache-control", "no-store")]).map(line).collect()
}

async fn add_headers(secure: bool, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in always(secure) {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    let kept = if is_asset { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(kept));
    response
}

#[cfg(test)]
mod tests {
    use super::{harden, is_loopback, outlive_panics};
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::response::Response;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panic_is_answered_with_every_header() {
        async fn broken() -> Response {
            panic!("on purpose")
        }
        let router = harden(Router::new().route("/", get(broken)).layer(outlive_panics()), true);
        let asked = Request::get("/").body(Body::empty()).expect("a request");
        let response = router.oneshot(asked).await.expect("an answer");
        assert_eq!(response.status(), 500);
        for header in ["content-security-policy", "strict-transport-security", "cache-control"] {
            assert!(response.headers().contains_key(header), "{header}");
        }
    }

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
