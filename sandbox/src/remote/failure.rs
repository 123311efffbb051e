//! Why the registry, or the key, did not do what the signer needs.

use std::fmt;
use std::time::Duration;

/// The requester's `reason`, and whether it may pass. Nothing secret is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    reason: String,
    passes_after: Option<Duration>,
    patience: Duration,
    waits_for: Option<Duration>,
}

/// A failure that does not pass within this is one that stays.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

impl Failure {
    /// One that is final, with its whole reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passes_after: None, waits_for: None, patience: PATIENCE }
    }

    /// One that may be over then.
    pub fn passing(reason: impl Into<String>, after: Duration) -> Self {
        Self { reason: reason.into(), passes_after: Some(after), waits_for: None, patience: PATIENCE }
    }

    /// One that is never final: the request waits as long as it takes, and is looked at again then.
    pub fn waiting(reason: impl Into<String>, after: Duration) -> Self {
        Self { reason: reason.into(), passes_after: None, waits_for: Some(after), patience: PATIENCE }
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

    /// The same, but it stays when it has not passed within this.
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same, of a part of what is signed.
    pub fn of(self, part: &str) -> Self {
        Self { reason: format!("{part}: {}", self.reason), ..self }
    }

    /// Whether it is one that may pass.
    pub fn may_pass(&self) -> bool {
        self.passes_after.is_some() || self.waits_for.is_some()
    }

    /// How long to wait before another try, if there should be one after `tried`.
    pub fn passes_after(&self, tried: Duration) -> Option<Duration> {
        self.passes_after.filter(|_| tried < self.patience)
    }

    /// The whole reason, once it stays.
    pub fn finally(&self) -> String {
        match self.passes_after {
            None => self.reason.clone(),
            Some(_) => {
                format!(
                    "{} The sandbox tried again for {} minutes.",
                    self.reason,
                    self.patience.as_secs() / 60
                )
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}
