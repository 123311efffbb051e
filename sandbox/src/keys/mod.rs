//! Signing keys: made, used and deleted where they are kept. That is the database, sealed, or a token behind
//! PKCS #11. [`Keys`] is what the rest of the sandbox asks; [`KeyStore`] is what a place for keys can do.

mod adopt;
mod fault;
mod guard;
mod making;
mod outage;
pub mod pkcs11;
mod public;
pub mod software;

use std::future::Future;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use ocisign::KeyType;

use crate::database::Database;
use crate::hash::Digest;
use crate::store::KeyRow;
use crate::vault::Vault;
use guard::Guarded;
use pkcs11::Token;
use software::SoftwareKeys;

pub use adopt::adopt;
pub use fault::{FaultKind, KeyFault};
pub use guard::FreshKey;
pub use making::tidy;
pub use public::{shown, verifies, verifies_digest};
pub use software::KeyError;

/// So many keys sign in a token side by side, each with a session of its own. The worker has more requests under way,
/// most of which wait for a disk or a registry.
const TOKEN_SIGNING_HANDS: usize = 4;
/// So many keys are made in a store side by side. They have hands of their own, since making takes long.
const MAKING_HANDS: usize = 2;
/// Longer than a token takes for a signature.
const SIGN_PATIENCE: Duration = Duration::from_secs(30);
/// Longer than a slow token takes for RSA 4096.
const GENERATE_PATIENCE: Duration = Duration::from_secs(120);

/// A place where private keys are made and used. Its calls wait: for computing, or for a device.
pub trait KeyStore: Send + Sync {
    /// What rows of its keys have in `kept_in`.
    fn place(&self) -> &str;

    /// Makes a key pair under a new id.
    fn generate(&self, id: &str, key_type: KeyType) -> Result<MadeKey, KeyFault>;

    /// Signs with SHA-256: RSASSA-PKCS1-v1_5, or ECDSA in DER.
    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Vec<u8>, KeyFault>;

    /// Signs a digest that was made elsewhere, in the same two ways.
    fn sign_digest(&self, key: &StoredKey, digest: &Digest) -> Result<Vec<u8>, KeyFault>;

    /// Whether exactly this key is here, whatever its row says.
    fn holds(&self, key: &StoredKey) -> Result<bool, KeyFault>;

    /// Takes the key with an id away for good, if it is here.
    fn delete(&self, id: &str) -> Result<(), KeyFault>;
}

/// What a store gives for a new key. It has no Debug: a handle in software is the sealed key.
pub struct MadeKey {
    /// SubjectPublicKeyInfo.
    pub public_der: Vec<u8>,
    /// By which the store finds the private half.
    pub handle: Vec<u8>,
}

/// A key as the database keeps it. It has no Debug: a handle in software is the sealed key.
#[derive(Clone)]
pub struct StoredKey {
    /// Its operation's id.
    pub id: String,
    /// What it is.
    pub key_type: KeyType,
    /// SubjectPublicKeyInfo.
    pub public_der: Vec<u8>,
    /// The [`KeyStore::place`] of the store that has the private half.
    pub kept_in: String,
    /// By which that store finds it.
    pub handle: Vec<u8>,
}

impl StoredKey {
    /// A key from its row; None when the row names no type of key.
    pub fn read(id: String, row: KeyRow) -> Option<Self> {
        let key_type = KeyType::parse(&row.key_type).ok()?;
        Some(Self { id, key_type, public_der: row.public_der, kept_in: row.kept_in, handle: row.handle })
    }

    /// The row of a key.
    pub fn row(&self) -> KeyRow {
        KeyRow {
            key_type: self.key_type.as_str().to_owned(),
            public_der: self.public_der.clone(),
            kept_in: self.kept_in.clone(),
            handle: self.handle.clone(),
        }
    }
}

/// All stores of this sandbox. New keys go into the token, if there is one.
pub struct Keys {
    database: Database,
    software: Guarded,
    token: Option<Guarded>,
}

impl Keys {
    /// Keys in software, and in a token if one is named.
    pub fn new(database: Database, vault: Arc<Vault>, token: Option<Token>) -> Self {
        Self {
            database,
            software: Guarded::new(Arc::new(SoftwareKeys::new(vault)), processors(), MAKING_HANDS),
            token: token.map(|token| Guarded::new(Arc::new(token), TOKEN_SIGNING_HANDS, MAKING_HANDS)),
        }
    }

    /// Makes a key for an operation. It is taken away again unless the caller keeps it.
    pub async fn generate(&self, id: &str, key_type: KeyType) -> Result<FreshKey, KeyFault> {
        let Some(token) = &self.token else {
            return self.software.generate(id.to_owned(), key_type, GENERATE_PATIENCE).await;
        };
        making::begin(&self.database, token.place(), id).await?;
        token.generate(id.to_owned(), key_type, GENERATE_PATIENCE).await
    }

    /// Signs with the key of an operation.
    pub async fn sign(&self, key: StoredKey, message: Vec<u8>) -> Result<Vec<u8>, KeyFault> {
        match self.store_at(&key.kept_in) {
            Some(store) => store.sign(key, message, SIGN_PATIENCE).await,
            None => Err(not_here(&key.kept_in)),
        }
    }

    /// Signs a digest with the key of an operation.
    pub async fn sign_digest(&self, key: StoredKey, digest: Digest) -> Result<Vec<u8>, KeyFault> {
        match self.store_at(&key.kept_in) {
            Some(store) => store.sign_digest(key, digest, SIGN_PATIENCE).await,
            None => Err(not_here(&key.kept_in)),
        }
    }

    /// Takes a key away for good, where it is kept. Its row is the caller's.
    pub async fn delete(&self, key: &StoredKey) -> Result<(), KeyFault> {
        match self.store_at(&key.kept_in) {
            Some(store) => store.delete(key.id.clone(), SIGN_PATIENCE).await,
            None => Err(not_here(&key.kept_in)),
        }
    }

    /// Why keys at a place cannot sign now; None when they can.
    pub fn hindrance(&self, kept_in: &str) -> Option<KeyFault> {
        match self.store_at(kept_in) {
            Some(store) => store.outage(),
            None => Some(not_here(kept_in)),
        }
    }

    /// What is wrong with the token, for who looks after the sandbox.
    pub fn trouble(&self) -> Option<KeyFault> {
        self.token.as_ref().and_then(Guarded::outage)
    }

    /// Waits until a store that was out of order may be tried again; for ever, if none is.
    pub fn next_try(&self) -> impl Future<Output = ()> + Send + '_ {
        let token = self.token.as_ref();
        async move {
            match token {
                Some(token) => token.next_try().await,
                None => std::future::pending().await,
            }
        }
    }

    fn store_at(&self, kept_in: &str) -> Option<&Guarded> {
        let stores = std::iter::once(&self.software).chain(&self.token);
        stores.into_iter().find(|store| store.place() == kept_in)
    }
}

/// So many keys in software sign side by side: more would only take turns, and take them from everybody else.
fn processors() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// A key in a token that this start does not name.
fn not_here(kept_in: &str) -> KeyFault {
    KeyFault::new(
        FaultKind::Passing,
        format!("The operation's key is in {}, which this sandbox was not started with.", named(kept_in)),
        "Start it with that token: --pkcs11-module, --pin and --token-label.",
    )
}

/// A place, for people.
fn named(kept_in: &str) -> String {
    match pkcs11::identity_at(kept_in) {
        Some(identity) => identity.to_string(),
        None => "another place".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use software::{generate, sign};

    #[test]
    fn every_key_type_signs_what_it_verifies() {
        for key_type in
            [KeyType::Rsa2048, KeyType::Rsa3072, KeyType::Secp256r1, KeyType::Secp384r1, KeyType::Secp521r1]
        {
            let key = generate(key_type).unwrap();
            let signature = sign(key_type, &key.private_der, b"payload").unwrap();
            assert!(verifies(key_type, &key.public_der, b"payload", &signature));
            assert!(!verifies(key_type, &key.public_der, b"another", &signature));
            assert!(!verifies(key_type, &key.public_der, b"payload", b""));
        }
    }
}
