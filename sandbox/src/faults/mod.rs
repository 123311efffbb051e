//! Faults on demand (`--faults`): what goes wrong with a real service goes wrong here when a rule says so.
//!
//! Rules about requests strike before and after the routes (`strike`, `body`); rules about the parts inside strike
//! where these are asked ([`Faults::before`]).

pub mod admin;
mod body;
mod draw;
mod options;
mod read;
mod request_fault;
mod rules;
mod strike;

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};

pub use options::FaultOptions;
use rules::Rules;
pub use strike::{apply_outside, apply_within};

/// Says in a reply which rules struck.
pub const HEADER: HeaderName = HeaderName::from_static("ocisign-fault");

/// A part that something is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The registry, when a signature is pushed.
    Registry,
    /// The disk, when the store is written.
    Disk,
    /// The place of the keys, when one is made or signs.
    Hsm,
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing answers.
    RegistryDown,
    /// There is no room.
    DiskFull,
    /// It may do it later.
    HsmBusy,
    /// It was taken away, and may come back.
    HsmGone,
}

/// A part that fails because a rule says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartFault {
    /// The rule's number.
    pub rule: u64,
    /// What is wrong.
    pub trouble: Trouble,
}

/// The rules of this start, for whoever asks before acting. Without `--faults` nothing ever fails by them.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<Rules>>);

impl Faults {
    /// Those that the start asks for.
    pub fn open(options: &FaultOptions) -> Self {
        Self(options.faults.then(|| Arc::new(Rules::new(options.fault_seed))))
    }

    /// Asked before a part acts.
    ///
    /// # Errors
    /// What is wrong with it now.
    pub fn before(&self, part: Part) -> Result<(), PartFault> {
        match self.0.as_ref().and_then(|rules| rules.strike_part(part)) {
            None => Ok(()),
            Some(fault) => {
                tracing::debug!(rule = fault.rule, ?part, "a rule strikes");
                Err(fault)
            }
        }
    }

    /// Whether the start asks for them.
    pub fn are_on(&self) -> bool {
        self.0.is_some()
    }

    fn rules(&self) -> Option<&Arc<Rules>> {
        self.0.as_ref()
    }
}

impl Trouble {
    /// The part that it is of.
    pub fn part(self) -> Part {
        match self {
            Self::RegistryDown => Part::Registry,
            Self::DiskFull => Part::Disk,
            Self::HsmBusy | Self::HsmGone => Part::Hsm,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::RegistryDown => "The registry is down.",
            Self::DiskFull => "The disk is full.",
            Self::HsmBusy => "The HSM is busy.",
            Self::HsmGone => "The HSM is gone.",
        })
    }
}

/// The value of [`HEADER`]: the numbers of the rules, how the request ends first.
pub fn header_value(rules: &[u64]) -> HeaderValue {
    let text = rules.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
