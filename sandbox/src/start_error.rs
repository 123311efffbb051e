//! Why the sandbox cannot start: one sentence that says what to do.

use std::fmt;

/// A start that failed, in words for the person at the keyboard.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    /// An error with its whole message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// An error that has a technical cause behind it.
    pub fn because(message: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self(format!("{message} ({cause})"))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}
