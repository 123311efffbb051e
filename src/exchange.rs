//! One call to the service, as a state machine without I/O: what happened goes in, what to do comes out.
//!
//! The rule it keeps: a POST is repeated only after a 401 with a new token, or after a 429. Whenever it
//! is in doubt whether the service took a request, it is not sent again.

use crate::{code::Taken, error::Error, spread::spread, words::Problem};

/// Whether the call may be repeated freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; repeated after passing faults.
    Get,
    /// Acts; never repeated after a doubt.
    Post,
}

/// How often and how long to try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// How often a call is sent at the most, the first time included. A new token's try does not count.
    pub attempts: u32,
    /// The first wait, in milliseconds; it doubles each time.
    pub base_ms: f64,
    /// The longest wait, in milliseconds. A `Retry-After` beyond it ends the call.
    pub max_ms: f64,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 4, base_ms: 500.0, max_ms: 30_000.0 }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The service answered with this HTTP status and, perhaps, a `Retry-After` in seconds.
    Reply {
        /// The HTTP status; 0 when a browser hides a redirect's.
        status: u16,
        /// Seconds from now.
        retry_after: Option<f64>,
    },
    /// No answer arrived.
    NoReply,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Read the reply: it is a success.
    Read,
    /// Ask for a new token, and send again if it is another one.
    AskToken,
    /// Send again after so many milliseconds.
    Wait(f64),
    /// Give up; see [`Exchange::failure`].
    Fail,
}

/// A call in progress.
///
/// ```
/// use ocisign::exchange::{Event, Exchange, Method, Retry, Step};
///
/// let mut call = Exchange::new(Method::Post, Retry::default());
/// let refused = Event::Reply { status: 401, retry_after: None };
/// assert_eq!(call.next(refused, 0.5), Step::AskToken);
/// // Did the service take it? It is in doubt, so it is not sent again.
/// assert_eq!(call.next(Event::NoReply, 0.5), Step::Fail);
/// ```
#[derive(Clone, Debug)]
pub struct Exchange {
    method: Method,
    retry: Retry,
    sent: u32,
    asked_token: bool,
}

impl Exchange {
    /// A call that is about to be sent for the first time.
    #[must_use]
    pub const fn new(method: Method, retry: Retry) -> Self {
        Self::resumed(method, retry, 1, false)
    }

    /// A call that was sent so many times, and for which another token was asked for or not.
    #[must_use]
    pub const fn resumed(method: Method, retry: Retry, sent: u32, asked_token: bool) -> Self {
        Self { method, retry, sent, asked_token }
    }

    /// Takes what happened and says what to do. `random` is from 0 up to 1 and spreads the waits of many
    /// clients; the core has no randomness of its own.
    pub fn next(&mut self, event: Event, random: f64) -> Step {
        match event {
            Event::Reply { status: 200..=299, .. } => Step::Read,
            Event::Reply { status: 401, .. } if !self.asked_token => {
                self.asked_token = true;
                Step::AskToken
            }
            Event::Reply { status: 429, retry_after } => self.wait(retry_after, random),
            Event::Reply { status: 408 | 500 | 502..=504, retry_after } if self.method == Method::Get => {
                self.wait(retry_after, random)
            }
            Event::NoReply if self.method == Method::Get => self.wait(None, random),
            Event::Reply { .. } | Event::NoReply => Step::Fail,
        }
    }

    /// May the service have done what was asked, when the call failed with this status, or without an answer? A
    /// success that could not be read counts as a failure here.
    ///
    /// ```
    /// use ocisign::{Taken, exchange::{Exchange, Method, Retry}};
    ///
    /// let call = Exchange::new(Method::Post, Retry::default());
    /// assert_eq!(call.taken(Some(403)), Taken::No);
    /// assert_eq!(call.taken(None), Taken::Maybe);
    /// ```
    #[must_use]
    pub const fn taken(&self, status: Option<u16>) -> Taken {
        match (self.method, status) {
            (Method::Get, _) => Taken::No,
            // A gateway's clock ran out, not the service's.
            (Method::Post, Some(408)) => Taken::Maybe,
            (Method::Post, Some(400..=499)) => Taken::No,
            (Method::Post, _) => Taken::Maybe,
        }
    }

    /// The error of a reply that is not a success. `doing` says what was attempted; `said` is the service's own
    /// message, already made harmless.
    ///
    /// ```
    /// use ocisign::exchange::{Exchange, Method, Retry};
    ///
    /// let call = Exchange::new(Method::Get, Retry::default());
    /// let error = call.failure("Reading the products", 403, None, Some("not your group"));
    /// assert_eq!(error.code(), "forbidden");
    /// assert_eq!(error.message(), "Reading the products: the service answered HTTP 403. It says: not your group");
    /// ```
    #[must_use]
    pub fn failure(&self, doing: &str, status: u16, retry_after: Option<f64>, said: Option<&str>) -> Error {
        let said = said.unwrap_or_default();
        let wait = retry_after.filter(|_| status == 429);
        let problem = match problem_of(status) {
            Problem::RateLimited if wait.is_some() => Problem::RateLimitedFor,
            Problem::Forbidden if !said.is_empty() => Problem::ForbiddenFor,
            other => other,
        };
        let error = problem.found(doing).number(status.into()).found(said);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
        error.number(wait.unwrap_or_default() as usize).of_call(self.taken(Some(status)))
    }

    fn wait(&mut self, retry_after: Option<f64>, random: f64) -> Step {
        let asked_ms = retry_after.unwrap_or(0.0) * 1000.0;
        if self.sent >= self.retry.attempts || asked_ms > self.retry.max_ms {
            return Step::Fail;
        }
        let doubled = self.retry.base_ms * f64::from(1_u32 << self.sent.saturating_sub(1).min(20));
        self.sent += 1;
        Step::Wait(spread(doubled.min(self.retry.max_ms), random).max(asked_ms))
    }
}

const fn problem_of(status: u16) -> Problem {
    match status {
        0 => Problem::RedirectHidden,
        300..=399 => Problem::Redirected,
        401 => Problem::Unauthorized,
        403 => Problem::Forbidden,
        404 => Problem::NotFound,
        408 => Problem::TimedOut,
        409 => Problem::Conflict,
        429 => Problem::RateLimited,
        500..=599 => Problem::ServerError,
        _ => Problem::BadRequest,
    }
}
