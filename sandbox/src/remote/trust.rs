//! Whose certificates a registry may show: those that the system trusts, and those of `--registry-ca`.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::{Certificate, Client, ClientBuilder};

use crate::start_error::StartError;

/// The authorities beside the system's.
#[derive(Clone, Default)]
pub struct Trust(Arc<[Certificate]>);

impl Trust {
    /// Reads files of PEM or DER.
    pub fn read(paths: &[PathBuf]) -> Result<Self, StartError> {
        let mut certificates = Vec::new();
        for path in paths {
            certificates.extend(read(path)?);
        }
        Ok(Self(certificates.into()))
    }

    /// Lets a client trust them.
    pub fn apply(&self, client: ClientBuilder) -> ClientBuilder {
        client.tls_certs_merge(self.0.iter().cloned())
    }
}

fn read(path: &Path) -> Result<Vec<Certificate>, StartError> {
    let wrong = |why: &str| {
        StartError::new(format!(
            "--registry-ca {} {why}. Give the CA's certificate, as PEM or DER.",
            path.display()
        ))
    };
    let bytes = fs::read(path).map_err(|cause| wrong(&format!("cannot be read ({cause})")))?;
    let is_pem = bytes.windows(10).any(|window| window == b"-----BEGIN");
    let read = if is_pem {
        Certificate::from_pem_bundle(&bytes)
    } else {
        Certificate::from_der(&bytes).map(|certificate| vec![certificate])
    };
    let certificates = read.map_err(|_| wrong("is damaged"))?;
    if certificates.is_empty() {
        return Err(wrong("holds no certificate"));
    }
    // Only a client reads them; what it cannot read would otherwise come to light with the first signature.
    let client = Client::builder().tls_certs_only(certificates.clone()).build();
    client.map_err(|_| wrong("holds no certificate that can be read"))?;
    Ok(certificates)
}

/// Why a certificate was not accepted, if that is what went wrong. An I/O error is no link in the chain of causes: it
/// holds the next one, which may be of the same kind.
pub fn untrusted(cause: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(cause);
    while let Some(cause) = next {
        if let Some(rustls::Error::InvalidCertificate(why)) = cause.downcast_ref() {
            return Some(why.to_string());
        }
        let held = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = held.map(|held| held as &(dyn Error + 'static)).or_else(|| cause.source());
    }
    None
}
