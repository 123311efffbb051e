//! Why the registry, or the key, did not do what the signer needs.

use std::fmt;
use std::time::Duration;

/// The requester's `reason`, and whether it may pass. Nothing secret is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    reason: String,
    passes_after: Option<Duration>,
    waits_for: Option<Duration>,
}

impl Failure {
    /// One that is final, with its whole reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passes_after: None, waits_for: None }
    }

    /// One that may be over then.
    pub fn passing(reason: impl Into<String>, after: Duration) -> Self {
        Self { reason: reason.into(), passes_after: Some(after), waits_for: None }
    }

    /// One that is never final: the request waits as long as it takes, and is looked at again then.
    pub fn waiting(reason: impl Into<String>, after: Duration) -> Self {
        Self { reason: reason.into(), passes_after: None, waits_for: Some(after) }
    }

    /// How long until a request that waits is looked at again.
    pub fn waits_for(&self) -> Option<Duration> {
        self.waits_for
    }

    /// A registry that is not there.
    pub fn not_connected(registry: &str) -> Self {
        Self::new(format!(
            "The registry {registry} cannot be reached: no connection. Check that it runs and that the domain is right."
        ))
    }

    /// How long to wait before another try, if there should be one.
    pub fn passes_after(&self) -> Option<Duration> {
        self.passes_after
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}
