//! Which repositories asked for a password by Basic (RFC 7617). They are shown it at once the next time: an answer that
//! only asks for it again would cost each signing one call more. A token is not kept so, because it ends.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Url;

/// So many are remembered.
const MOST: usize = 1_000;

/// The URLs of repositories, and what was to be done there.
#[derive(Clone, Default)]
pub struct Basic(Arc<Mutex<HashSet<(Url, &'static str)>>>);

impl Basic {
    /// Remembers that a repository asked for Basic.
    pub fn note(&self, root: &Url, actions: &'static str) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((root.clone(), actions));
    }

    /// Whether a repository asked for Basic the last time.
    pub fn is_wanted(&self, root: &Url, actions: &'static str) -> bool {
        self.known().contains(&(root.clone(), actions))
    }

    fn known(&self) -> MutexGuard<'_, HashSet<(Url, &'static str)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_repository_is_remembered_with_what_was_to_be_done() {
        let (basic, root) = (Basic::default(), "https://a.example/v2/b/".parse().unwrap());
        basic.note(&root, "push");
        assert!(basic.is_wanted(&root, "push"));
        assert!(!basic.is_wanted(&root, "pull"));
        assert!(!basic.is_wanted(&"https://a.example/v2/c/".parse().unwrap(), "push"));
    }

    #[test]
    fn they_do_not_grow_without_end() {
        let basic = Basic::default();
        for number in 0..=MOST {
            basic.note(&format!("https://a.example/v2/{number}/").parse().unwrap(), "push");
        }
        assert!(basic.known().len() <= MOST);
    }
}
