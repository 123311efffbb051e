//! What the sandbox keeps for itself, sealed in its store: the key of its tokens, the password of its
//! registry. Made at the first start, the same ever after.

use std::fmt;
use std::sync::Arc;

use crate::auth::{self, Tokens};
use crate::cli::Options;
use crate::data_folder::DataFolder;
use crate::database::Database;
use crate::keys::KeyError;
use crate::start_error::StartError;
use crate::store;
use crate::vault::Vault;

/// Why a secret cannot be had, for the person who starts the sandbox.
struct Unusable(String);

impl<E: fmt::Display> From<E> for Unusable {
    fn from(cause: E) -> Self {
        Self(cause.to_string())
    }
}

/// Opens the store and the vault that belongs to it.
pub fn open_store(folder: &DataFolder) -> Result<(Database, Arc<Vault>), StartError> {
    let path = folder.file("ocisign.sqlite");
    // The key first: a store without its key would be a store that cannot be opened.
    let vault = Vault::open(&folder.file("seal.key"), !path.exists())?;
    Ok((Database::open(&path, store::MIGRATIONS)?, Arc::new(vault)))
}

/// The maker of tokens, with the key that is kept.
pub async fn open_tokens(
    database: &Database,
    vault: &Arc<Vault>,
    options: &Options,
) -> Result<Tokens, StartError> {
    let key = secret(database, vault, "token-key", auth::new_key).await?;
    Tokens::new(&options.customer, options.token_lifetime, &key).map_err(|cause| {
        StartError::because("The key for tokens is damaged. Start with an empty data folder.", cause)
    })
}

/// A secret of the sandbox itself: the kept one, or a new one that is kept from now on.
pub async fn secret(
    database: &Database,
    vault: &Arc<Vault>,
    name: &'static str,
    make: fn() -> Result<Vec<u8>, KeyError>,
) -> Result<Vec<u8>, StartError> {
    let vault = Arc::clone(vault);
    let result = database.transact(move |store| {
        if let Some(sealed) = store::secret(store, name)? {
            return Ok(vault.open_sealed(name, &sealed)?);
        }
        let made = make()?;
        store::put_secret(store, name, &vault.seal(name, &made)?)?;
        Ok(made)
    });
    result.await.map_err(|cause: Unusable| {
        StartError::because(
            format!("The secret {name} cannot be used. Start with an empty data folder."),
            cause.0,
        )
    })
}
