//! Why something does not count, for the person who looks at a difference.

/// A reason in a few words; nobody compares it.
#[derive(Debug)]
pub struct Refusal(pub String);

pub type Result<T> = std::result::Result<T, Refusal>;

/// Refuses, for this reason.
pub fn refuse<T>(reason: impl Into<String>) -> Result<T> {
    Err(Refusal(reason.into()))
}

/// Refuses unless this holds.
pub fn require(holds: bool, reason: &str) -> Result<()> {
    if holds { Ok(()) } else { refuse(reason) }
}
