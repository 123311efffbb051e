//! What goes wrong with one request: how it ends, and how it travels.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};

/// What goes wrong with a request.
#[derive(Debug, Clone, Default)]
pub struct RequestFault {
    /// It waits so long first.
    pub latency: Option<Duration>,
    /// Then this happens.
    pub outcome: Outcome,
    /// The reply's body comes so slowly, in bytes a second.
    pub slow: Option<u32>,
    /// The reply's body breaks off after so many bytes.
    pub cut: Option<u64>,
}

/// What happens to a request.
#[derive(Debug, Clone, Default)]
pub enum Outcome {
    /// It is answered.
    #[default]
    Pass,
    /// The connection is reset, after or before the request took effect.
    Reset {
        /// After.
        after: bool,
    },
    /// It gets another answer.
    Answer(Answer),
    /// Its token counts as expired.
    ExpiredToken,
    /// Its reply has this status code.
    UnknownStatus(i64),
}

/// An answer in the place of ours.
#[derive(Debug, Clone)]
pub struct Answer {
    /// None: ours, or 200.
    pub status: Option<StatusCode>,
    /// With these headers.
    pub headers: HeaderMap,
    /// A page in place of JSON.
    pub html: bool,
    /// The request is taken all the same.
    pub takes_effect: bool,
}

impl RequestFault {
    /// Does it say how the request ends? One request has one end.
    pub fn ends(&self) -> bool {
        !matches!(self.outcome, Outcome::Pass)
    }

    /// Takes over how the request travels by another rule, which says nothing of its end; false if nothing of that can
    /// happen: a connection that is reset has no body.
    pub fn add(&mut self, other: &Self) -> bool {
        let has_body = !matches!(self.outcome, Outcome::Reset { .. });
        if let Some(latency) = other.latency {
            self.latency = Some(self.latency.unwrap_or_default() + latency);
        }
        if has_body {
            self.slow = least(self.slow, other.slow);
            self.cut = least(self.cut, other.cut);
        }
        other.latency.is_some() || has_body
    }
}

fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    [one, other].into_iter().flatten().min()
}
