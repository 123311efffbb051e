//! A store of keys as many tasks use it: off the threads that serve HTTP, a few calls at a time, and none
//! waits for ever.

use std::sync::Arc;
use std::time::Duration;

use ocisign::KeyType;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::outage::Outage;
use super::{FaultKind, KeyFault, KeyStore, StoredKey};

/// A store with its queue.
pub struct Guarded {
    store: Arc<dyn KeyStore>,
    hands: Arc<Semaphore>,
    outage: Outage,
}

/// A key that was just made. Its store deletes it again, unless [`FreshKey::keep`] is called: a caller that
/// fails or goes away leaves nothing behind.
pub struct FreshKey {
    key: StoredKey,
    store: Option<Arc<dyn KeyStore>>,
}

impl Guarded {
    /// A store that does so many calls at once.
    pub fn new(store: Arc<dyn KeyStore>, hands: usize) -> Self {
        Self { store, hands: Arc::new(Semaphore::new(hands)), outage: Outage::default() }
    }

    /// The store itself, whose calls wait.
    pub fn store(&self) -> &Arc<dyn KeyStore> {
        &self.store
    }

    /// See [`KeyStore::place`].
    pub fn place(&self) -> &str {
        self.store.place()
    }

    /// Why it is to be left alone now.
    pub fn outage(&self) -> Option<KeyFault> {
        self.outage.current()
    }

    /// Waits for the end of an outage.
    pub async fn next_try(&self) {
        self.outage.over().await;
    }

    /// Makes a key, of which nothing is left when the caller does not wait for it.
    pub async fn generate(
        &self,
        id: String,
        key_type: KeyType,
        patience: Duration,
    ) -> Result<FreshKey, KeyFault> {
        self.call(patience, move |store| {
            let made = store.generate(&id, key_type)?;
            let (kept_in, public_der, handle) = (store.place().to_owned(), made.public_der, made.handle);
            let key = StoredKey { id, key_type, public_der, kept_in, handle };
            Ok(FreshKey { key, store: Some(Arc::clone(store)) })
        })
        .await
    }

    /// Signs.
    pub async fn sign(
        &self,
        key: StoredKey,
        message: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<u8>, KeyFault> {
        self.call(patience, move |store| store.sign(&key, &message)).await
    }

    async fn call<T, F>(&self, patience: Duration, work: F) -> Result<T, KeyFault>
    where
        T: Send + 'static,
        F: FnOnce(&Arc<dyn KeyStore>) -> Result<T, KeyFault> + Send + 'static,
    {
        let (store, hands) = (Arc::clone(&self.store), Arc::clone(&self.hands));
        let outcome = timeout(patience, async move {
            let hand = hands.acquire_owned().await;
            let work = move || {
                // A device that hangs holds its hand until it answers, so that few threads wait for it.
                let _hand = hand;
                work(&store)
            };
            let done = tokio::task::spawn_blocking(work).await;
            done.unwrap_or_else(|_| Err(KeyFault::own("The store of keys failed.")))
        });
        let outcome = outcome.await.unwrap_or_else(|_| Err(too_slow(patience)));
        self.outage.note(&outcome);
        outcome
    }
}

fn too_slow(patience: Duration) -> KeyFault {
    KeyFault::new(
        FaultKind::Passing,
        format!("The token did not answer within {} seconds.", patience.as_secs()),
        "Check that the HSM is reachable and not overloaded.",
    )
}

impl FreshKey {
    /// The key, for the database.
    pub fn key(&self) -> &StoredKey {
        &self.key
    }

    /// Says that the database has it.
    pub fn keep(mut self) {
        self.store = None;
    }
}

impl Drop for FreshKey {
    fn drop(&mut self) {
        let Some(store) = self.store.take() else { return };
        let handle = std::mem::take(&mut self.key.handle);
        // A thread of its own: a drop can happen where waiting for a device is not allowed.
        std::thread::spawn(move || {
            if let Err(fault) = store.delete(&handle) {
                tracing::warn!("a key that nothing refers to stays in the token: {fault}");
            }
        });
    }
}
