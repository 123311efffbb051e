//! RSA keys that were opened lately. Opening one checks that its parts belong together, which costs about as much as a
//! signature.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::KeyPair;

use crate::keys::KeyError;

/// So many stay open.
const MOST: usize = 32;

static OPENED: Mutex<Vec<Opened>> = Mutex::new(Vec::new());

/// It has no Debug: it holds a private key.
struct Opened {
    /// Of the PKCS #8 that it was opened from.
    digest: Vec<u8>,
    pair: Arc<KeyPair>,
}

/// The key pair of this PKCS #8.
pub fn rsa(private_der: &[u8]) -> Result<Arc<KeyPair>, KeyError> {
    let digest = digest(&SHA256, private_der).as_ref().to_vec();
    if let Some(pair) = found(&digest) {
        return Ok(pair);
    }
    let pair = Arc::new(KeyPair::from_pkcs8(private_der).map_err(|_| KeyError)?);
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if opened.len() >= MOST {
        opened.remove(0);
    }
    opened.push(Opened { digest, pair: Arc::clone(&pair) });
    Ok(pair)
}

fn found(digest: &[u8]) -> Option<Arc<KeyPair>> {
    let opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.iter().find(|it| it.digest == digest).map(|it| Arc::clone(&it.pair))
}
