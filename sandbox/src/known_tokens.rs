//! Tokens that were found good lately: to check a signature once more takes as long as all else that a short request
//! takes. What is kept is a token's hash, and what the token said; when it ends is looked at each time.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use crate::auth::Claimed;

/// So many are kept; people have few tokens, and a stranger's are never good.
const MOST: usize = 1_000;

/// By the hash of each.
#[derive(Default)]
pub struct KnownTokens(Mutex<HashMap<Vec<u8>, Known>>);

struct Known {
    claimed: Claimed,
    /// The last second in which it is good.
    until: u64,
}

impl KnownTokens {
    /// What a token said that was found good, and is good still.
    pub fn find(&self, token: &str, now: u64) -> Option<Claimed> {
        self.known().get(&hash(token)).filter(|known| now <= known.until).map(|known| known.claimed.clone())
    }

    /// Keeps a token that was found good.
    pub fn note(&self, token: &str, claimed: &Claimed, until: u64) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash(token), Known { claimed: claimed.clone(), until });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;

    fn claimed(id: &str) -> Claimed {
        Claimed { identity: Identity::new("issuer", id.to_owned()), name: id.to_owned(), groups: None }
    }

    #[test]
    fn a_token_is_known_until_its_end_and_no_other_is() {
        let known = KnownTokens::default();
        known.note("token", &claimed("a"), 100);
        assert_eq!(known.find("token", 100), Some(claimed("a")));
        assert_eq!(known.find("token", 101), None);
        assert_eq!(known.find("token ", 100), None);
    }

    #[test]
    fn they_do_not_grow_without_end() {
        let known = KnownTokens::default();
        for number in 0..=MOST {
            known.note(&number.to_string(), &claimed("a"), 100);
        }
        assert!(known.known().len() <= MOST);
        assert!(known.find(&MOST.to_string(), 1).is_some());
    }
}
