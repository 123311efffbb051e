//! One HTTP client for each registry, kept: making one reads all certificates that this machine trusts, and opens its
//! connections anew.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::addresses::{Guide, Reach};
use super::basic::Basic;
use super::trust::Trust;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Shorter than any server keeps an idle connection, so that none is used that the registry is just closing.
const IDLE: Duration = Duration::from_secs(4);
/// The start names the registries, so there are few; an address of theirs may change.
const MOST: usize = 64;

/// The clients of all registries. It has no Debug: their connections carry secrets.
#[derive(Clone)]
pub struct Clients {
    trust: Trust,
    known: Arc<Mutex<Vec<Known>>>,
    /// Where a password is shown at once.
    pub basic: Basic,
}

struct Known {
    origin: String,
    reach: Reach,
    client: Client,
}

impl Clients {
    /// Clients of registries that show certificates which the system or these authorities issued.
    pub fn new(trust: Trust) -> Self {
        Self { trust, known: Arc::default(), basic: Basic::default() }
    }

    /// The client for the registry at `home`, which reaches no further than `reach`.
    pub fn get(&self, home: &Url, reach: &Reach) -> reqwest::Result<Client> {
        let origin = home.origin().ascii_serialization();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.iter().find(|it| it.origin == origin && it.reach == *reach) {
            return Ok(found.client.clone());
        }
        let client = make(reach, &self.trust)?;
        if known.len() >= MOST {
            known.remove(0);
        }
        known.push(Known { origin, reach: reach.clone(), client: client.clone() });
        Ok(client)
    }
}

fn make(reach: &Reach, trust: &Trust) -> reqwest::Result<Client> {
    trust
        .apply(Client::builder())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE)
        .redirect(Policy::none())
        // A proxy would resolve names by itself, and lead where it likes.
        .no_proxy()
        .dns_resolver(Arc::new(Guide(reach.clone())))
        .user_agent(concat!("ocisign-sandbox/", env!("CARGO_PKG_VERSION")))
        .build()
}
