//! Remembers a PIN that the token refused. A service manager starts a program that ended again and again: each
//! start would spend one of the few tries that a token grants before it locks.

use std::fs;
use std::io;
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::types::AuthPin;
use secrecy::ExposeSecret;

use super::find_token::Identity;
use crate::data_folder::write_private;
use crate::start_error::StartError;
use crate::vault::Vault;

/// What the memory is sealed for.
const PLACE: &str = "refused-pin";

/// The file with the memory. It has no Debug: it holds a hash of the PIN.
pub struct RefusedPin {
    path: PathBuf,
    /// The hash of this start's PIN and token, sealed: a PIN is easily guessed from an open hash.
    sealed: Vec<u8>,
}

impl RefusedPin {
    /// Refuses to start with a PIN that the same token refused before.
    pub fn open(path: PathBuf, vault: &Vault, token: &Identity, pin: &AuthPin) -> Result<Self, StartError> {
        let shown = path.display();
        let hash = digest(&SHA256, format!("{}\0{}", token.place(), pin.expose_secret()).as_bytes());
        let known = match fs::read(&path) {
            Ok(sealed) => vault.open_sealed(PLACE, &sealed).ok(),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => {
                return Err(StartError::because(format!("Cannot read {shown}. Check who owns it."), cause));
            }
        };
        if known.is_some_and(|known| known == hash.as_ref()) {
            return Err(StartError::new(format!(
                "{token} refused this PIN before. It is not tried again, because tokens lock after a few tries. Give the right PIN; to try the same one again, delete {shown}."
            )));
        }
        let sealed = vault.seal(PLACE, hash.as_ref()).map_err(|cause| {
            StartError::because("The PIN cannot be guarded. Start with an empty data folder.", cause)
        })?;
        Ok(Self { path, sealed })
    }

    /// Remembers this start's PIN.
    pub fn remember(&self) {
        if let Err(cause) = write_private(&self.path, &self.sealed) {
            tracing::error!(%cause, "the refused PIN cannot be remembered: do not start with it again");
        }
    }

    /// Forgets what was remembered: the token took the PIN.
    pub fn forget(&self) {
        match fs::remove_file(&self.path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%cause, "the memory of a refused PIN cannot be removed");
            }
            _ => {}
        }
    }
}
