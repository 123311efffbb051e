//! What a request asks to sign: an image, for which the sandbox makes payload and signature; or a digest, of which it
//! knows no more than its hash.

use ocisign::Reference;

use crate::hash::Digest;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An image in a registry. Its signature goes there.
    Image(Reference),
    /// A digest. Its signature goes to whoever reads the request.
    Digest(Digest),
}

impl Subject {
    /// As it is stored: the canonical reference of an image, or a digest such as `sha256:3fbc…`, which has no `/`.
    pub fn stored(&self) -> String {
        match self {
            Self::Image(image) => image.canonical(),
            Self::Digest(digest) => digest.to_string(),
        }
    }

    /// Reads what [`Subject::stored`] wrote.
    pub fn read(text: &str) -> ocisign::Result<Self> {
        match Digest::read(text) {
            Some(digest) => Ok(Self::Digest(digest)),
            None => text.parse().map(Self::Image),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_read_as_it_is_stored() {
        let hex = "ab".repeat(32);
        for text in [format!("sha256:{hex}"), format!("a.example/sha256@sha256:{hex}")] {
            assert_eq!(Subject::read(&text).unwrap().stored(), text);
        }
        for wrong in ["", "sha256:00", "a.example/b", "sha256:"] {
            assert!(Subject::read(wrong).is_err(), "{wrong}");
        }
    }
}
