//! One signature at a time for each image: adding one is reading a manifest and writing it back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The locks of all images that are being signed.
#[derive(Default)]
pub struct ImageLocks {
    locks: Mutex<HashMap<String, Arc<AsyncMutex<()>>>>,
}

impl ImageLocks {
    /// Waits until nobody else holds the image; it is given back when the guard is dropped.
    pub async fn hold(&self, image: &str) -> OwnedMutexGuard<()> {
        self.lock_of(image).lock_owned().await
    }

    fn lock_of(&self, image: &str) -> Arc<AsyncMutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else has a lock that only this map refers to.
        locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(locks.entry(image.to_owned()).or_default())
    }
}
