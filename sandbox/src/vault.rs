//! Secrets at rest: private keys and passwords are sealed with AES-256-GCM under a key in its own file.
//!
//! Each is bound to the name of its place, so that sealed bytes copied to another row do not open.

use std::fs;
use std::io;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;

use crate::data_folder::write_private;
use crate::start_error::StartError;

const KEY_BYTES: usize = 32;

/// Seals and opens secrets. It has no Debug: it holds the key.
pub struct Vault {
    key: RandomizedNonceKey,
}

/// Sealed bytes that do not open, or a failure of the cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultError;

impl std::fmt::Display for VaultError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a sealed secret does not open with seal.key")
    }
}

impl Vault {
    /// Reads the key file. It is created only for a new store: with an existing one a new key would open
    /// nothing.
    pub fn open(path: &Path, store_is_new: bool) -> Result<Self, StartError> {
        let shown = path.display();
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && store_is_new => create_key(path)?,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(StartError::new(format!(
                    "{shown} is missing, and the keys in the store cannot be opened without it. Put it back, or start with an empty folder."
                )));
            }
            Err(cause) => {
                return Err(StartError::because(format!("Cannot read {shown}. Check who owns it."), cause));
            }
        };
        Self::from_key(&bytes)
            .ok_or_else(|| StartError::new(format!("{shown} is damaged: it must hold {KEY_BYTES} bytes. Put it back, or start with an empty folder.")))
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).ok()?;
        Some(Self { key })
    }

    /// Seals `secret` for the place that `place` names.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut body = secret.to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut body)
            .map_err(|_| VaultError)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what was sealed for the same place.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(VaultError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError)?;
        let mut body = body.to_vec();
        let secret =
            self.key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut body).map_err(|_| VaultError)?;
        Ok(secret.to_vec())
    }
}

fn create_key(path: &Path) -> Result<Vec<u8>, StartError> {
    let cannot = |cause: &dyn std::fmt::Display| {
        StartError::because(
            format!("Cannot create {}. Choose another folder with --data.", path.display()),
            cause,
        )
    };
    let mut bytes = vec![0; KEY_BYTES];
    rand::fill(&mut bytes).map_err(|cause| cannot(&cause))?;
    write_private(path, &bytes).map_err(|cause| cannot(&cause))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn vault() -> Vault {
        Vault::from_key(&[7; KEY_BYTES]).unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_at_its_place() {
        let sealed = vault().seal("key/1", b"secret").unwrap();
        assert_eq!(vault().open_sealed("key/1", &sealed).unwrap(), b"secret");
    }

    #[test]
    fn it_opens_nowhere_else_and_not_when_changed() {
        let mut sealed = vault().seal("key/1", b"secret").unwrap();
        assert_eq!(vault().open_sealed("key/2", &sealed), Err(VaultError));
        sealed[NONCE_LEN] ^= 1;
        assert_eq!(vault().open_sealed("key/1", &sealed), Err(VaultError));
        assert_eq!(vault().open_sealed("key/1", b"short"), Err(VaultError));
    }

    #[test]
    fn two_seals_of_one_secret_differ_and_hide_it() {
        let (one, two) = (vault().seal("k", b"secret").unwrap(), vault().seal("k", b"secret").unwrap());
        assert_ne!(one, two);
        assert!(!one.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn the_key_file_is_private_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        let sealed = Vault::open(&path, true).unwrap().seal("k", b"secret").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Vault::open(&path, true).unwrap().open_sealed("k", &sealed).unwrap(), b"secret");
        fs::remove_file(&path).unwrap();
        assert!(Vault::open(&path, false).is_err());
        assert!(!path.exists());
    }
}
