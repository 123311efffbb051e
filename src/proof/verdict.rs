//! One answer from all that was found. An error is never "unsigned", and one good signature among bad
//! ones is enough, unless more keys are asked for.

use alloc::{string::String, vec::Vec};

use crate::table::unique;

/// What was found out about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The fingerprint of the key whose signature holds, when it is about the image.
    pub key: Option<String>,
}

/// The outcome of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Enough keys have signed exactly this image.
    Verified,
    /// There are signatures, and not enough of them hold.
    Invalid,
    /// The registry says that there is none.
    Unsigned,
    /// It could not be found out.
    Unreachable,
}

impl State {
    /// The state's name in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Invalid => "invalid",
            Self::Unsigned => "unsigned",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A state, and the keys that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub state: State,
    /// Fingerprints of the distinct keys whose signatures hold.
    pub keys: Vec<String>,
}

/// How much of a registry could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The image, and every place that could hold a signature.
    All,
    /// The image, and not every place.
    NotAll,
    /// Not even the image: nothing can be said of it.
    NotTheImage,
}

/// Decides. `threshold` distinct keys must have signed.
#[must_use]
pub fn verdict(findings: &[Finding], threshold: usize, seen: Seen) -> Verdict {
    let distinct = unique(findings.iter().filter_map(|finding| finding.key.as_ref()));
    let state = match (seen, distinct.len() >= threshold.max(1)) {
        (Seen::NotTheImage, _) => State::Unreachable,
        (_, true) => State::Verified,
        (Seen::NotAll, false) => State::Unreachable,
        (Seen::All, false) if findings.is_empty() => State::Unsigned,
        (Seen::All, false) => State::Invalid,
    };
    Verdict { state, keys: distinct.into_iter().cloned().collect() }
}
