//! Why a store of keys did not do what it was asked for: what happened, and what mends it.

use std::fmt;

/// What follows from a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The token is busy or gone: the same call may succeed later, so no request fails for it.
    Passing,
    /// The token refused the PIN. The sandbox does not log in again until it is restarted.
    PinRefused,
    /// The token has no room for another key.
    NoRoom,
    /// The token cannot do that with keys of this type.
    Unsupported,
    /// The token's answer, or what it holds, is not what it must be.
    Unfit,
    /// The sandbox's own failure.
    Own,
}

/// A fault, in words for people: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// What follows from it.
    pub kind: FaultKind,
    /// What happened.
    pub message: String,
    /// What to do; it begins with a verb.
    pub fix: String,
}

impl KeyFault {
    /// A fault in full.
    pub fn new(kind: FaultKind, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { kind, message: message.into(), fix: fix.into() }
    }

    /// A failure of the sandbox itself.
    pub fn own(message: impl Into<String>) -> Self {
        let fault = Self::new(FaultKind::Own, message, "Look into the sandbox's log.");
        tracing::error!("a key failed: {}", fault.message);
        fault
    }

    /// Whether a request waits for its end rather than fails.
    pub fn passes(&self) -> bool {
        matches!(self.kind, FaultKind::Passing | FaultKind::PinRefused)
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.message, self.fix)
    }
}
