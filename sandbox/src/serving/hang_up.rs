//! Answers that are none: the connection is reset in their place (RST), as by a machine that went away.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::{IntoResponse, Response};

use crate::api_error::ApiError;

/// In the extensions of a response: it is never sent.
#[derive(Debug, Clone, Copy)]
pub struct HangUp;

/// One connection, as the side that answers and the side that closes know it.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<AtomicBool>);

impl HangUp {
    /// A response in whose place the connection is reset.
    pub fn response() -> Response {
        let mut response = ApiError::internal().into_response();
        response.extensions_mut().insert(Self);
        response
    }
}

impl Line {
    /// The answer, or the error with which hyper gives the connection up without another byte.
    pub fn answer(&self, answer: Response) -> io::Result<Response> {
        if answer.extensions().get::<HangUp>().is_none() {
            return Ok(answer);
        }
        self.0.store(true, Ordering::Relaxed);
        Err(io::ErrorKind::ConnectionReset.into())
    }

    /// Whether it is to be reset when it is closed.
    pub fn is_cut(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
