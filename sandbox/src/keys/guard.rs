//! A store of keys as many tasks use it: off the threads that serve HTTP, a few calls at a time, and none
//! waits for ever.

use std::sync::Arc;
use std::time::Duration;

use ocisign::KeyType;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::outage::Outage;
use super::{FaultKind, KeyFault, KeyStore, StoredKey};
use crate::hash::Digest;

/// A store with its queue.
pub struct Guarded {
    store: Arc<dyn KeyStore>,
    signing: Arc<Semaphore>,
    making: Arc<Semaphore>,
    outage: Outage,
}

/// A key that was just made. Its store deletes it again, unless [`FreshKey::keep`] is called: a caller that
/// fails or goes away leaves nothing behind.
pub struct FreshKey {
    key: StoredKey,
    store: Option<Arc<dyn KeyStore>>,
}

impl Guarded {
    /// A store that signs with so many keys at once, and makes so many.
    pub fn new(store: Arc<dyn KeyStore>, signing: usize, making: usize) -> Self {
        let hands = |count| Arc::new(Semaphore::new(count));
        Self { store, signing: hands(signing), making: hands(making), outage: Outage::default() }
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
        if all_busy(&self.signing) {
            self.outage.prolong();
        }
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
        self.call(&self.making, patience, move |store| {
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
        self.call(&self.signing, patience, move |store| store.sign(&key, &message)).await
    }

    /// Signs a digest.
    pub async fn sign_digest(
        &self,
        key: StoredKey,
        digest: Digest,
        patience: Duration,
    ) -> Result<Vec<u8>, KeyFault> {
        self.call(&self.signing, patience, move |store| store.sign_digest(&key, &digest)).await
    }

    /// Takes a key away.
    pub async fn delete(&self, id: String, patience: Duration) -> Result<(), KeyFault> {
        self.call(&self.making, patience, move |store| store.delete(&id)).await
    }

    async fn call<T, F>(&self, hands: &Arc<Semaphore>, patience: Duration, work: F) -> Result<T, KeyFault>
    where
        T: Send + 'static,
        F: FnOnce(&Arc<dyn KeyStore>) -> Result<T, KeyFault> + Send + 'static,
    {
        if let Some(fault) = self.outage().filter(|_| all_busy(hands)) {
            return Err(fault);
        }
        let (store, hands) = (Arc::clone(&self.store), Arc::clone(hands));
        let outcome = async {
            let hand = timeout(patience, hands.acquire_owned()).await.map_err(|_| too_slow(patience))?;
            let work = move || {
                // A device that hangs holds its hand until it answers, so that few threads wait for it.
                let _hand = hand;
                work(&store)
            };
            // Those before it in the queue are not its own slowness.
            let done = timeout(patience, tokio::task::spawn_blocking(work)).await;
            let done = done.map_err(|_| too_slow(patience))?;
            done.unwrap_or_else(|_| Err(KeyFault::own("The store of keys failed.")))
        };
        let outcome = outcome.await;
        self.outage.note(&outcome);
        outcome
    }
}

/// In an outage that means that calls hang in the device: whoever came now would wait in vain.
fn all_busy(hands: &Semaphore) -> bool {
    hands.available_permits() == 0
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
        let id = std::mem::take(&mut self.key.id);
        // A thread of its own: a drop can happen where waiting for a device is not allowed.
        std::thread::spawn(move || {
            if let Err(fault) = store.delete(&id) {
                tracing::warn!(
                    "a key that nothing refers to stays in the token until the next start: {fault}"
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::keys::MadeKey;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// A store whose every call waits for a word from the test, and which tells of what it deletes.
    struct Slow {
        go: Mutex<Receiver<()>>,
        deleted: Mutex<Sender<String>>,
    }

    impl Slow {
        fn wait(&self) {
            self.go.lock().unwrap().recv().unwrap();
        }
    }

    impl KeyStore for Slow {
        fn place(&self) -> &str {
            "slow"
        }

        fn generate(&self, id: &str, _key_type: KeyType) -> Result<MadeKey, KeyFault> {
            self.wait();
            Ok(MadeKey { public_der: vec![], handle: id.as_bytes().to_vec() })
        }

        fn sign(&self, _key: &StoredKey, _message: &[u8]) -> Result<Vec<u8>, KeyFault> {
            self.wait();
            Ok(vec![1])
        }

        fn sign_digest(&self, _key: &StoredKey, _digest: &Digest) -> Result<Vec<u8>, KeyFault> {
            self.wait();
            Ok(vec![1])
        }

        fn holds(&self, _key: &StoredKey) -> Result<bool, KeyFault> {
            Ok(true)
        }

        fn delete(&self, id: &str) -> Result<(), KeyFault> {
            self.deleted.lock().unwrap().send(id.to_owned()).unwrap();
            Ok(())
        }
    }

    fn slow() -> (Guarded, Sender<()>, Receiver<String>) {
        let (go, wait) = channel();
        let (tell, deleted) = channel();
        let store = Slow { go: Mutex::new(wait), deleted: Mutex::new(tell) };
        (Guarded::new(Arc::new(store), 1, 1), go, deleted)
    }

    fn key() -> StoredKey {
        let nothing = Vec::new;
        let id = "id".to_owned();
        let kept_in = "slow".to_owned();
        StoredKey { id, key_type: KeyType::Rsa2048, public_der: nothing(), kept_in, handle: nothing() }
    }

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_call_that_hangs_is_given_up_and_begins_an_outage() {
        let (store, go, _deleted) = slow();
        let fault = store.sign(key(), vec![], SHORT).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Passing);
        assert_eq!(store.outage(), Some(fault));
        // The only hand is still in the device, so others do not queue for it.
        assert!(store.sign(key(), vec![], LONG).await.is_err());
        // It answers at last, and so does the next call: all is in order again.
        go.send(()).unwrap();
        while all_busy(&store.signing) {
            tokio::task::yield_now().await;
        }
        go.send(()).unwrap();
        assert_eq!(store.sign(key(), vec![], LONG).await, Ok(vec![1]));
        assert_eq!(store.outage(), None);
    }

    #[tokio::test]
    async fn a_key_that_nobody_waits_for_is_deleted() {
        let (store, go, deleted) = slow();
        assert!(store.generate("late".to_owned(), KeyType::Rsa2048, SHORT).await.is_err());
        go.send(()).unwrap();
        assert_eq!(tokio::task::spawn_blocking(move || deleted.recv()).await.unwrap().unwrap(), "late");
    }

    #[tokio::test]
    async fn a_key_is_deleted_unless_it_is_kept() {
        let (store, go, deleted) = slow();
        for (id, keep) in [("kept", true), ("dropped", false)] {
            go.send(()).unwrap();
            let key = store.generate(id.to_owned(), KeyType::Rsa2048, LONG).await.unwrap();
            if keep {
                key.keep();
            }
        }
        assert_eq!(tokio::task::spawn_blocking(move || deleted.recv()).await.unwrap().unwrap(), "dropped");
    }

    #[tokio::test]
    async fn the_end_of_an_outage_is_told_once() {
        let outage = Outage::default();
        outage.note::<()>(&Err(too_slow(SHORT)));
        outage.over().await;
        assert_eq!(outage.current(), None);
        assert!(timeout(SHORT, outage.over()).await.is_err());
        // Then tried in vain, and the pause grows.
        outage.note::<()>(&Err(too_slow(SHORT)));
        assert!(outage.current().is_some());
        outage.over().await;
        outage.note(&Ok(()));
        assert!(timeout(SHORT, outage.over()).await.is_err());
    }
}
