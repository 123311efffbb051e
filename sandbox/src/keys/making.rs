//! Keys that are being made. A token keeps a key at once, and the database its row a little later: what a kill
//! leaves between the two is known here, and taken away at the next start.

use std::sync::Arc;

use super::{KeyFault, Keys};
use crate::database::{Database, DatabaseError};
use crate::store;

/// Notes that a key is going to be made. The note goes when the key's row comes.
pub async fn begin(database: &Database, kept_in: &str, id: &str) -> Result<(), KeyFault> {
    let (id, kept_in) = (id.to_owned(), kept_in.to_owned());
    let noted =
        database.transact(move |store| Ok::<_, DatabaseError>(store::begin_key(store, &id, &kept_in)?));
    noted.await.map_err(|cause| KeyFault::own(format!("A key could not be noted ({cause}).")))
}

/// Takes away the keys that an earlier run made for products that it did not keep.
pub async fn tidy(database: &Database, keys: &Keys) -> Result<(), DatabaseError> {
    let Some(token) = &keys.token else { return Ok(()) };
    let place = token.place().to_owned();
    let ids =
        database.transact(move |store| Ok::<_, DatabaseError>(store::begun_keys(store, &place)?)).await?;
    for id in ids {
        let (token, doomed) = (Arc::clone(token.store()), id.clone());
        let deleted = tokio::task::spawn_blocking(move || token.delete(&doomed)).await;
        match deleted {
            Ok(Ok(())) => {
                database
                    .transact(move |store| Ok::<_, DatabaseError>(store::forget_begun_key(store, &id)?))
                    .await?;
            }
            Ok(Err(fault)) => tracing::warn!("a key that nothing refers to stays in the token: {fault}"),
            Err(_) => tracing::warn!("a key that nothing refers to stays in the token"),
        }
    }
    Ok(())
}
