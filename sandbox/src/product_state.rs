//! The life of a product: its states, as the vendor's pages name them, and which acts lead from one to another.

use crate::product_rows::ProductRow;

/// Where a product stands. Only [`ProductState::Ready`] can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductState {
    /// It waits for its first approval.
    New,
    /// It has some of the approvals that it needs.
    InProcess,
    /// It can be used.
    Ready,
    /// An admin refused it.
    Rejected,
    /// It could not be made.
    Failed,
    /// It is marked for deletion, and can be restored.
    ToBeDeleted,
    /// It is kept for the sake of what it signed, and no list shows it.
    Deleted,
}

impl ProductState {
    const ALL: [Self; 7] = [
        Self::New,
        Self::InProcess,
        Self::Ready,
        Self::Rejected,
        Self::Failed,
        Self::ToBeDeleted,
        Self::Deleted,
    ];

    /// As products show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::InProcess => "InProcess",
            Self::Ready => "Ready",
            Self::Rejected => "Rejected",
            Self::Failed => "Failed",
            Self::ToBeDeleted => "To Be Deleted",
            Self::Deleted => "Deleted",
        }
    }

    /// Reads what [`ProductState::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether an admin may approve or reject it.
    pub fn waits(self) -> bool {
        matches!(self, Self::New | Self::InProcess)
    }

    /// Whether its body may be changed.
    pub fn may_change(self) -> bool {
        !matches!(self, Self::ToBeDeleted | Self::Deleted)
    }

    /// What a deletion makes of it: first a mark, then the end. A new product is rejected first.
    pub fn after_deletion(self) -> Option<Self> {
        match self {
            Self::InProcess | Self::Ready | Self::Rejected | Self::Failed => Some(Self::ToBeDeleted),
            Self::ToBeDeleted => Some(Self::Deleted),
            Self::New | Self::Deleted => None,
        }
    }
}

/// What a product is after one more admin approved it.
pub fn after_approval(approvals: usize, needed: u8) -> ProductState {
    if approvals >= usize::from(needed) { ProductState::Ready } else { ProductState::InProcess }
}

/// What a marked product comes back to. It is what it was: a mark must not make a rejected product usable.
pub fn after_restoration(product: &ProductRow) -> Option<ProductState> {
    (product.state == ProductState::ToBeDeleted).then(|| product.state_before.unwrap_or(ProductState::Ready))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in ProductState::ALL {
            assert_eq!(ProductState::parse(state.as_str()), Some(state));
        }
        assert_eq!(ProductState::parse("ready"), None);
    }

    #[test]
    fn a_deletion_takes_two_steps_and_ends() {
        let marked = ProductState::Ready.after_deletion();
        assert_eq!(marked, Some(ProductState::ToBeDeleted));
        assert_eq!(marked.and_then(ProductState::after_deletion), Some(ProductState::Deleted));
        assert_eq!(ProductState::Deleted.after_deletion(), None);
        assert_eq!(ProductState::New.after_deletion(), None);
    }

    #[test]
    fn some_approvals_are_not_all() {
        assert_eq!(after_approval(1, 2), ProductState::InProcess);
        assert_eq!(after_approval(2, 2), ProductState::Ready);
    }
}
