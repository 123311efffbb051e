//! Rows of keys that were made in another token: a backup that was restored, or a clone, has them too.

use std::sync::Arc;

use super::{KeyStore, Keys, StoredKey, named, pkcs11};
use crate::database::{Database, DatabaseError};
use crate::store;

/// Finds in the token the keys whose rows name another one, and notes where they are now. Says which keys
/// cannot be used in this start.
pub async fn adopt(database: &Database, keys: &Keys) -> Result<(), DatabaseError> {
    let rows = database.transact(|store| Ok::<_, DatabaseError>(store::all_keys(store)?)).await?;
    let mut absent: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for (id, row) in rows {
        let Some(key) = StoredKey::read(id.clone(), row).filter(|key| keys.store_at(&key.kept_in).is_none())
        else {
            continue;
        };
        match &keys.token {
            Some(token) if holds(Arc::clone(token.store()), key.clone()).await => found.push(id),
            _ => absent.push(key.kept_in),
        }
    }
    report(&mut absent);
    let Some(token) = keys.token.as_ref().filter(|_| !found.is_empty()) else { return Ok(()) };
    tracing::info!(keys = found.len(), "the token holds keys that were made in another one; they sign here");
    let place = token.place().to_owned();
    database
        .transact(move |store| {
            for id in &found {
                store::move_key(store, id, &place)?;
            }
            Ok(())
        })
        .await
}

/// A token that does not answer is asked again at the next start.
async fn holds(store: Arc<dyn KeyStore>, key: StoredKey) -> bool {
    let found = tokio::task::spawn_blocking(move || store.holds(&key).unwrap_or(false));
    found.await.unwrap_or(false)
}

fn report(absent: &mut [String]) {
    absent.sort();
    for same in absent.chunk_by(|one, other| one == other) {
        let Some(place) = same.first() else { continue };
        let where_to = if pkcs11::identity_at(place).is_some() { "--pkcs11-module" } else { "--data" };
        tracing::warn!(
            keys = same.len(),
            "requests for some keys wait: they are in {}. Start with it: {where_to}.",
            named(place)
        );
    }
}
