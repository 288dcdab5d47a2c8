//! Connections: each is served as long as its visitor keeps pace, and all end soon after the program
//! is asked to end. What a request may hold and how long it may take stands with its readers.

use super::line::Line;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

/// Until a request's head is whole; also how long a line may be idle between two requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
const MOST_HEAD_BYTES: usize = 32 * 1024;
/// Fewer than the descriptors a machine gives a program by default; the next ones wait.
const MOST_CONNECTIONS: usize = 800;
/// What is under way when the program ends may finish within this time.
const LAST_PATIENCE: Duration = Duration::from_secs(20);
/// Before the next try, when the machine gives no connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until asked to end, then lets what is under way finish.
/// `secure`: it stands behind a proxy that speaks TLS.
pub async fn serve(listener: TcpListener, router: Router, secure: bool, end: impl Future<Output = ()>) {
    let (ending, _) = watch::channel(());
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut end = pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(_) = connections.join_next() => {}
            (place, accepted) = async { (room.clone().acquire_owned().await, listener.accept().await) } => {
                let Ok((stream, from)) = accepted else {
                    sleep(PAUSE).await;
                    continue;
                };
                let (router, asked_to_end) = (router.clone(), ending.subscribe());
                let line = Line { stream, secure };
                connections.spawn(async move {
                    converse(line, from, router, asked_to_end).await;
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    ending.send_replace(());
    let all = async { while connections.join_next().await.is_some() {} };
    // Whoever still holds a line then is cut off: the set ends with its tasks.
    let _in_time = timeout(LAST_PATIENCE, all).await;
}

/// The requests of one connection, one after another.
async fn converse(line: Line, from: SocketAddr, router: Router, mut asked_to_end: watch::Receiver<()>) {
    let service = router.map_request(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_header_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(line), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    // A visitor who goes away is nobody's fault.
    let _gone = tokio::select! {
        result = connection.as_mut() => result,
        _ = asked_to_end.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
}
