//! The line itself: what no browser sends, and what is answered before any page.

use crate::world::{Engine, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use zhenxing::{routes, web};

const HEADERS: [&str; 8] = [
    "content-security-policy: default-src 'none'",
    "x-content-type-options: nosniff",
    "referrer-policy: same-origin",
    "cross-origin-opener-policy: same-origin",
    "cross-origin-resource-policy: same-origin",
    "permissions-policy: ",
    "cache-control: no-store",
    "content-type: text/",
];

/// All that comes back until the line ends.
async fn answer(world: &World, sent: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = routes::router(&world.app).expect("the routes are whole");
    let serving = tokio::spawn(web::serve(listener, router, false, std::future::pending()));
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let _cut = stream.write_all(sent.as_bytes()).await;
    let (mut heard, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        heard.extend_from_slice(&piece[..length]);
    }
    serving.abort();
    String::from_utf8(heard).expect("text")
}

#[track_caller]
fn refused(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    for header in HEADERS {
        assert_eq!(answer.matches(header).count(), 1, "{header} in\n{answer}");
    }
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains(&format!("content-length: {}", body.len())) && !body.is_ascii(), "{answer}");
}

#[tokio::test]
async fn a_request_of_two_lengths_is_refused_and_its_line_ended() {
    let world = World::new(Engine::Sqlite).await;
    let hidden = "0\r\n\r\nGET /public HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for lengths in [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
    ] {
        let sent = format!("POST /sign-in HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n{hidden}");
        refused(&answer(&world, &sent).await, "400");
    }
}

#[tokio::test]
async fn a_head_that_cannot_be_read_is_answered_with_every_header() {
    let world = World::new(Engine::Sqlite).await;
    let long = "x".repeat(40_000);
    for (sent, status) in [
        ("nonsense\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nBad Header: x\r\n\r\n".to_owned(), "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(), "400"),
        (format!("GET / HTTP/1.1\r\nCookie: {long}\r\n\r\n"), "431"),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000)), "431"),
    ] {
        refused(&answer(&world, &sent).await, status);
    }
}

#[tokio::test]
async fn an_honest_request_has_an_honest_answer() {
    let world = World::new(Engine::Sqlite).await;
    let sent = "GET /public/site-map HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = answer(&world, sent).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    for header in HEADERS {
        assert!(answer.contains(header), "{header} in\n{answer}");
    }
}
