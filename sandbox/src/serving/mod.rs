//! HTTP over accepted connections, with a patience: whoever sends half a head, half a body or reads no answer loses
//! the connection, and where too many are open the one that has been idle for longest gives way.

mod hang_up;
mod patient;
mod seats;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_service::Service;

pub use hang_up::HangUp;
use hang_up::Line;
use patient::Patient;
use seats::{Seat, Seats};

/// After a failure to accept, which asking at once would only repeat: too many open files, for example.
const PAUSE: Duration = Duration::from_millis(200);
/// Requests' heads are below this: a token of 2,000 groups is.
const LARGEST_HEAD: usize = 128 * 1024;
/// A connection that has to give way has been idle for so long: what was just answered is on its way by then.
const WAY: Duration = Duration::from_millis(50);

/// How patient a server is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a whole head, and for the next request on a connection.
    pub head: Duration,
    /// For the next piece of a body.
    pub body: Duration,
    /// For the client to take the next piece of an answer.
    pub answer: Duration,
    /// So many connections at once.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            connections: 256,
        }
    }
}

/// Serves until `closing` says so; then what is being answered is finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    mut closing: watch::Receiver<bool>,
) -> io::Result<()> {
    let router = router.layer(RequestBodyTimeoutLayer::new(patience.body));
    let seats = Arc::new(Seats::new(patience.connections));
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &seats) => accepted,
            () = closed(&mut closing) => break,
        };
        let (stream, seat) = accepted;
        tokio::spawn(converse(stream, seat, router.clone(), patience, closing.clone()));
    }
    seats.wait_until_empty().await;
    Ok(())
}

/// A connection with a seat for it. It is accepted first, so that a full house hears of it.
async fn next(listener: &TcpListener, seats: &Arc<Seats>) -> (TcpStream, Seat) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, seats.take().await),
            Err(cause) => {
                tracing::debug!(%cause, "a connection was not accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|close| *close).await;
}

async fn converse(
    stream: TcpStream,
    seat: Seat,
    router: Router,
    patience: Patience,
    mut closing: watch::Receiver<bool>,
) {
    // Small replies must not wait for a full packet.
    let _ = stream.set_nodelay(true);
    let seat = Arc::new(seat);
    let line = Line::default();
    let stream = TokioIo::new(Patient::new(stream, patience.answer, Arc::clone(&seat), line.clone()));
    let answer = service_fn(|request: Request<Incoming>| {
        let busy = seat.busy();
        let answer = router.clone().call(request.map(Body::new));
        let line = line.clone();
        async move {
            let _busy = busy;
            let Ok(answer) = answer.await;
            line.answer(answer)
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.head)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(stream, answer)
    );
    tokio::select! {
        _ = connection.as_mut() => return,
        () = closed(&mut closing) => connection.as_mut().graceful_shutdown(),
        () = seat.asked_to_leave() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                _ = connection.as_mut() => return,
                () = seat.idle_for(WAY) => return,
            }
        }
    }
    let _ = connection.await;
}
