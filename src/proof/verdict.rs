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

/// Decides. `threshold` distinct keys must have signed; `all_seen` says whether every place that could
/// hold a signature was read.
#[must_use]
pub fn verdict(findings: &[Finding], threshold: usize, all_seen: bool) -> Verdict {
    let distinct = unique(findings.iter().filter_map(|finding| finding.key.as_ref()));
    let state = match (distinct.len() >= threshold.max(1), all_seen) {
        (true, _) => State::Verified,
        (false, false) => State::Unreachable,
        (false, true) if findings.is_empty() => State::Unsigned,
        (false, true) => State::Invalid,
    };
    Verdict { state, keys: distinct.into_iter().cloned().collect() }
}
