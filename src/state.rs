//! What a signing request can be.

/// What a status code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Just submitted.
    New,
    /// Approvals are missing.
    Waiting,
    /// Approved; signing has not begun.
    Approved,
    /// Being signed and pushed.
    Signing,
    /// Signed, and the registry holds the signature.
    Signed,
    /// Rejected by an approver.
    Rejected,
    /// Signing or pushing failed.
    Failed,
    /// A code that the profile does not know: neither success nor failure.
    Unknown,
}

impl State {
    /// Every state, the unknown one last.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Waiting,
        Self::Approved,
        Self::Signing,
        Self::Signed,
        Self::Rejected,
        Self::Failed,
        Self::Unknown,
    ];

    /// The state's name, as in `SigningStatus.state`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Signing => "signing",
            Self::Signed => "signed",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Will the state stay? An unknown one may change, so it is not final.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Signed | Self::Rejected | Self::Failed)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state != Self::Unknown && state.as_str() == name)
    }
}
