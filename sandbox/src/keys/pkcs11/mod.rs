//! Keys in a token behind PKCS #11: made there, used there, and never outside of it.

mod error;
mod find_token;
mod login;
mod module;
mod objects;
mod pin;
mod public_key;
mod refused_pin;
mod sessions;

use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::mechanism::Mechanism;
use ocisign::KeyType;

use super::{FaultKind, KeyFault, KeyStore, MadeKey, StoredKey, verifies, verifies_digest};
use crate::cli::TokenOptions;
use crate::data_folder::DataFolder;
use crate::hash::Digest;
use crate::start_error::StartError;
use crate::vault::Vault;
use find_token::Wanted;
use login::Login;
use module::Module;
use public_key::Kind;
use refused_pin::RefusedPin;
use sessions::Sessions;

pub use find_token::{Identity, identity_at};
pub use pin::{PinArgument, VARIABLE as PIN_VARIABLE};

/// A token that this sandbox is logged in to.
pub struct Token {
    place: String,
    sessions: Sessions,
}

/// Opens the token that a start names, if it names one.
pub fn open_token(
    options: &TokenOptions,
    folder: &DataFolder,
    vault: &Vault,
) -> Result<Option<Token>, StartError> {
    let Some(path) = &options.pkcs11_module else { return Ok(None) };
    let pin = pin::read(options.pin.as_ref())?;
    let module = Module::load(path)?;
    let wanted = Wanted { label: options.token_label.clone(), slot: options.slot };
    let (slot, identity) = find_token::choose(&module, &wanted)?;
    let refused = RefusedPin::open(folder.file("refused-pin"), vault, &identity, &pin)?;
    let login = Login::new(pin, refused);
    let sessions = Sessions::open(module, slot, identity.clone(), login)?;
    tracing::info!("new keys are made in {identity}");
    Ok(Some(Token { place: identity.place(), sessions }))
}

impl KeyStore for Token {
    fn place(&self) -> &str {
        &self.place
    }

    fn generate(&self, id: &str, key_type: KeyType) -> Result<MadeKey, KeyFault> {
        let mut again = false;
        let public_der = self.sessions.with("making a key", |session| {
            if again {
                // The first try may have made one before its answer was lost.
                objects::destroy(session, id.as_bytes())?;
            }
            again = true;
            objects::generate(session, id.as_bytes(), key_type)
        })?;
        Ok(MadeKey { public_der, handle: id.as_bytes().to_vec() })
    }

    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signature = self.sessions.with("signing", |session| {
            let found = session.private_key(&key.handle)?;
            match public_key::kind(key.key_type) {
                Kind::Rsa(_) => session.sign(&Mechanism::Sha256RsaPkcs, found, message),
                // The one way that every token has: it signs a hash that was made outside.
                Kind::Ec(_) => {
                    let hash = digest(&SHA256, message);
                    public_key::ecdsa_der(&session.sign(&Mechanism::Ecdsa, found, hash.as_ref())?)
                }
            }
        })?;
        checked(verifies(key.key_type, &key.public_der, message, &signature), signature)
    }

    fn sign_digest(&self, key: &StoredKey, digest: &Digest) -> Result<Vec<u8>, KeyFault> {
        let signature = self.sessions.with("signing a digest", |session| {
            let found = session.private_key(&key.handle)?;
            match public_key::kind(key.key_type) {
                Kind::Rsa(_) => {
                    let info = [&digest.hash().digest_info()[..], digest.bytes()].concat();
                    session.sign(&Mechanism::RsaPkcs, found, &info)
                }
                Kind::Ec(_) => {
                    public_key::ecdsa_der(&session.sign(&Mechanism::Ecdsa, found, digest.bytes())?)
                }
            }
        })?;
        checked(verifies_digest(key.key_type, &key.public_der, digest, &signature), signature)
    }

    fn holds(&self, key: &StoredKey) -> Result<bool, KeyFault> {
        self.sessions.with("looking for a key", |session| {
            Ok(objects::public_key(session, &key.handle, key.key_type)?
                .is_some_and(|it| it == key.public_der))
        })
    }

    fn delete(&self, id: &str) -> Result<(), KeyFault> {
        self.sessions.with("deleting a key", |session| objects::destroy(session, id.as_bytes()))
    }
}

/// A token that computes wrongly, or another key under this id, must not get into a registry, or to a client.
fn checked(verifies: bool, signature: Vec<u8>) -> Result<Vec<u8>, KeyFault> {
    if verifies {
        return Ok(signature);
    }
    Err(KeyFault::new(
        FaultKind::Unfit,
        "The token's signature does not verify with the operation's public key.",
        "Check which key the token has under the operation's id.",
    ))
}
