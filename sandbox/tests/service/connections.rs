//! Can somebody hold the sandbox's connections without saying or hearing anything?

use std::net::SocketAddr;
use std::time::Duration;

use crate::support::Sandbox;
use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use ocisign_sandbox::serving::{Patience, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(300);
/// A server that is not patient is far below this.
const TEST: Duration = Duration::from_secs(30);

struct Server {
    address: SocketAddr,
    _close: watch::Sender<bool>,
}

async fn server(patience: Patience) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (close, closing) = watch::channel(false);
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/body", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }));
    tokio::spawn(serve(listener, router, patience, closing));
    Server { address, _close: close }
}

fn patient() -> Patience {
    Patience { head: LONG, body: LONG, answer: LONG, connections: 1_000 }
}

async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// All that comes until the other end closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is an end, too.
    let _ = tokio::time::timeout(TEST, stream.read_to_end(&mut text)).await.expect("it stays open");
    String::from_utf8_lossy(&text).into_owned()
}

async fn answers(address: SocketAddr) {
    let text = rest(send(address, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await).await;
    assert!(text.ends_with("here"), "{text}");
}

#[tokio::test]
async fn half_a_head_or_none_loses_the_connection() {
    let server = server(Patience { head: SHORT, ..patient() }).await;
    for sent in ["", "G", "GET / HTTP/1.1\r\nhost: a\r\n", "GET / HTTP/1.1\r\nhost: a\r\n\r\n", "\r\n"] {
        let text = rest(send(server.address, sent).await).await;
        assert_eq!(text.contains("here"), sent.ends_with("a\r\n\r\n"), "{sent:?}: {text}");
    }
    // One that goes on in small pieces does not, either: the time is for the whole head.
    let mut slow = send(server.address, "GET / HTTP/1.1\r\n").await;
    let dripping = async {
        while slow.write_all(b"x: y\r\n").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    tokio::time::timeout(TEST, dripping).await.expect("it stays open");
}

#[tokio::test]
async fn half_a_body_loses_the_connection() {
    let server = server(Patience { body: SHORT, ..patient() }).await;
    for body in [
        "content-length: 10\r\n\r\nabc",
        "content-length: 10\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n3\r\nab",
    ] {
        let text =
            rest(send(server.address, &format!("POST /body HTTP/1.1\r\nhost: a\r\n{body}")).await).await;
        assert!(!text.contains(" 200 "), "{text}");
    }
    answers(server.address).await;
}

#[tokio::test]
async fn an_answer_that_is_not_taken_loses_the_connection() {
    let server = server(Patience { answer: SHORT, ..patient() }).await;
    let mut stream = send(server.address, "GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let broken = async {
        // A write fails once the other end has given up; nothing is ever read.
        while stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    tokio::time::timeout(TEST, broken).await.expect("it stays open");
}

#[tokio::test]
async fn a_full_house_makes_room_for_who_has_something_to_say() {
    let server = server(Patience { connections: 8, ..patient() }).await;
    let mut idle = Vec::new();
    for number in 0..64 {
        let text = if number % 2 == 0 { "" } else { "GET / HTTP/1.1\r\nhost:" };
        idle.push(send(server.address, text).await);
        if number % 8 == 0 {
            answers(server.address).await;
        }
    }
    answers(server.address).await;
    // Who is served stays: a large answer is taken in the midst of a crowd.
    let mut served =
        send(server.address, "GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    let mut first = [0; 1];
    served.read_exact(&mut first).await.unwrap();
    for _ in 0..32 {
        idle.push(send(server.address, "").await);
        answers(server.address).await;
    }
    assert!(rest(served).await.len() > 64 * 1024 * 1024 - 1_000);
}

#[tokio::test]
async fn both_of_the_sandbox_s_servers_are_like_that() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let api: SocketAddr = sandbox.origin().trim_start_matches("http://").parse().unwrap();
    let registry: SocketAddr = sandbox.domain().parse().unwrap();
    let half = |address| async move { rest(send(address, "GET / HTTP/1.1\r\nhost: a\r\n").await).await };
    let ends = tokio::join!(half(api), half(registry));
    assert_eq!(ends, (String::new(), String::new()));
}
