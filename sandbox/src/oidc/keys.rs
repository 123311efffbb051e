//! The issuer's keys, kept for a while. Tokens come from anybody, so how often the issuer is asked must not
//! depend on them.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::Jwk;
use reqwest::{Client, Url};
use tokio::sync::Mutex;

use super::discovery::{self, Discovered};
use crate::start_error::StartError;

/// A key that the issuer withdraws is accepted for so long.
const GOOD_FOR: Duration = Duration::from_secs(15 * 60);
/// A key that is not known may be new, which is looked up so often.
const SEARCH_EVERY: Duration = Duration::from_secs(60);
/// After a failure the issuer is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// The issuer does not answer as an issuer does; the log has said why.
#[derive(Debug, Clone, Copy)]
pub struct Unreachable;

/// The keys of one issuer.
pub struct Keys {
    client: Client,
    issuer: String,
    current: RwLock<Option<Arc<Known>>>,
    asking: Mutex<Asking>,
}

/// What the issuer said, and when.
pub struct Known {
    discovered: Discovered,
    since: Instant,
}

/// When the issuer was asked; whoever holds it asks alone.
#[derive(Default)]
struct Asking {
    failed: Option<Instant>,
    searched: Option<Instant>,
}

impl Deref for Known {
    type Target = Discovered;

    fn deref(&self) -> &Discovered {
        &self.discovered
    }
}

impl Known {
    fn key(&self, id: &str) -> Option<Jwk> {
        self.keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)).cloned()
    }
}

impl Keys {
    /// The keys of the issuer of this name. It is not asked yet.
    pub fn new(issuer: &str, address: &Url) -> Result<Self, StartError> {
        let client = discovery::client(address).map_err(|cause| {
            StartError::because(
                "Connections to --oidc-issuer cannot be set up. Check this machine's certificates.",
                cause,
            )
        })?;
        Ok(Self { client, issuer: issuer.to_owned(), current: RwLock::default(), asking: Mutex::default() })
    }

    /// The key with this id, if the issuer has one.
    pub async fn find(&self, id: &str) -> Result<Option<Jwk>, Unreachable> {
        let known = self.known().await?;
        match known.key(id) {
            Some(key) => Ok(Some(key)),
            None => Ok(self.search(&known).await?.key(id)),
        }
    }

    /// What the issuer said, not too long ago.
    pub async fn known(&self) -> Result<Arc<Known>, Unreachable> {
        if let Some(known) = self.current() {
            return Ok(known);
        }
        let mut asking = self.asking.lock().await;
        // Somebody else may have asked meanwhile.
        match self.current() {
            Some(known) => Ok(known),
            None => self.ask(&mut asking).await,
        }
    }

    /// What the issuer says now, unless it was asked just before.
    async fn search(&self, before: &Arc<Known>) -> Result<Arc<Known>, Unreachable> {
        let mut asking = self.asking.lock().await;
        match self.current() {
            Some(known) if !Arc::ptr_eq(&known, before) => return Ok(known),
            _ if is_within(asking.searched, SEARCH_EVERY) => return Ok(Arc::clone(before)),
            _ => {}
        }
        let known = self.ask(&mut asking).await?;
        asking.searched = Some(Instant::now());
        Ok(known)
    }

    async fn ask(&self, asking: &mut Asking) -> Result<Arc<Known>, Unreachable> {
        if is_within(asking.failed, REST) {
            return Err(Unreachable);
        }
        // A client that hangs up ends this here, which must not let the next one ask at once.
        asking.failed = Some(Instant::now());
        let discovered = discovery::discover(&self.client, &self.issuer).await.map_err(|cause| {
            tracing::warn!(%cause, "the OpenID Connect issuer does not answer as one");
            asking.failed = Some(Instant::now());
            Unreachable
        })?;
        asking.failed = None;
        let known = Arc::new(Known { discovered, since: Instant::now() });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }

    fn current(&self) -> Option<Arc<Known>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        current.filter(|known| known.since.elapsed() < GOOD_FOR)
    }
}

fn is_within(at: Option<Instant>, span: Duration) -> bool {
    at.is_some_and(|at| at.elapsed() < span)
}
