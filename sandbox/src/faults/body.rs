//! A reply's body that comes slowly, or breaks off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// A slow body comes in so many pieces a second, if it has as many bytes.
const PIECES: u32 = 10;
/// What is cut off leaves in pieces that the connection takes at once.
const LARGEST_PIECE: usize = 16 * 1024;

/// A body with faults. It announces its whole length all the same.
pub struct Faulty {
    inner: Body,
    slow: Option<u32>,
    cut: Option<u64>,
    /// What has come of the inner body, and has not gone yet.
    held: Bytes,
    pause: Option<Pin<Box<Sleep>>>,
    /// All before the cut has been given to the connection.
    is_sent: bool,
}

impl Faulty {
    /// Slow, in bytes a second; cut off after so many bytes.
    pub fn new(inner: Body, slow: Option<u32>, cut: Option<u64>) -> Self {
        Self { inner, slow, cut, held: Bytes::new(), pause: None, is_sent: false }
    }

    fn next_piece(&mut self) -> Bytes {
        let mut size = self.held.len().min(LARGEST_PIECE);
        if let Some(rate) = self.slow {
            size = size.min((rate / PIECES).max(1).try_into().unwrap_or(LARGEST_PIECE));
        }
        if let Some(left) = &mut self.cut {
            size = size.min(usize::try_from(*left).unwrap_or(usize::MAX));
            *left = left.saturating_sub(size as u64);
        }
        if let Some(rate) = self.slow {
            self.pause = Some(Box::pin(sleep(Duration::from_secs_f64(size as f64 / f64::from(rate)))));
        }
        self.held.split_to(size)
    }
}

impl HttpBody for Faulty {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Some(pause) = &mut this.pause {
            if pause.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            this.pause = None;
        }
        if this.cut == Some(0) {
            if this.is_sent {
                let cause = io::Error::from(io::ErrorKind::ConnectionAborted);
                return Poll::Ready(Some(Err(Error::new(cause))));
            }
            // The connection sends what it has before it asks again; an error now would take that along.
            this.is_sent = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.held.is_empty() {
            match Pin::new(&mut this.inner).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => this.held = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return other,
            }
        }
        let piece = this.next_piece();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.held.is_empty() && self.cut != Some(0) && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let held = self.held.len() as u64;
        match self.inner.size_hint().exact() {
            Some(inner) => SizeHint::with_exact(inner.saturating_add(held)),
            None => SizeHint::default(),
        }
    }
}
