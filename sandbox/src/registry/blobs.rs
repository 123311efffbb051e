//! Blobs: their content in files, and in which repository each is. Reading goes by ranges and streams; the registry
//! crate does neither, and shows `{}` after it was deleted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ferro_blob_store::{BlobStore, BlobStoreError, Digest, DigestAlgo, FsBlobStore, Result};
use ferro_oci_server::{OciError, OciErrorCode, validate_name};
use tower_http::services::ServeFile;
use uuid::Uuid;

use super::meta::SqliteMeta;
use super::routes::Parts;

const DIGEST: &str = "docker-content-digest";
/// OCI's empty descriptor. Version 1 of the store showed it everywhere, so that clients did not push it.
const EMPTY: &[u8] = b"{}";

/// The content of blobs, on disk.
pub struct Blobs {
    root: PathBuf,
    store: FsBlobStore,
}

impl Blobs {
    /// Those in this folder.
    pub fn open(root: PathBuf) -> Result<Self> {
        Ok(Self { store: FsBlobStore::new(&root)?, root })
    }

    /// Deletes the content that is in no repository. While the registry runs, a push could be about to name it.
    pub async fn tidy(&self, meta: &SqliteMeta) -> Result<()> {
        let kept = meta.blobs().await?;
        for digest in self.store.list().await? {
            if !kept.contains(&digest.to_string()) {
                self.store.delete(&digest).await?;
            }
        }
        let empty = Digest::sha256_of(EMPTY);
        if kept.contains(&empty.to_string()) && !self.store.contains(&empty).await? {
            self.store.put(&empty, Bytes::from_static(EMPTY)).await?;
        }
        Ok(())
    }

    /// Where the store keeps it, as the documentation of [`FsBlobStore`] says.
    fn path(&self, digest: &Digest) -> PathBuf {
        let (shard, rest) = digest.hex().split_at(2);
        self.root.join(digest.algo().prefix()).join(shard).join(rest)
    }
}

/// For the registry crate, which only puts.
#[async_trait]
impl BlobStore for Blobs {
    /// As [`FsBlobStore`] puts it, whose every step goes to another thread and back.
    async fn put(&self, digest: &Digest, bytes: Bytes) -> Result<()> {
        let (digest, path, folder) =
            (digest.clone(), self.path(digest), self.root.join(digest.algo().prefix()));
        let put = move || whole_file(&digest, &bytes, &path, &folder.join(".tmp"));
        tokio::task::spawn_blocking(put).await.map_err(|cause| BlobStoreError::Io(io::Error::other(cause)))?
    }

    async fn get(&self, digest: &Digest) -> Result<Bytes> {
        self.store.get(digest).await
    }

    async fn contains(&self, digest: &Digest) -> Result<bool> {
        // A question to the file system is answered before another thread would have heard of it.
        Ok(self.path(digest).try_exists()?)
    }

    async fn delete(&self, digest: &Digest) -> Result<()> {
        self.store.delete(digest).await
    }

    async fn list(&self) -> Result<Vec<Digest>> {
        self.store.list().await
    }
}

/// Writes a file whole or not at all: a reader sees nothing of it, or all.
fn whole_file(digest: &Digest, bytes: &[u8], path: &Path, drafts: &Path) -> Result<()> {
    let computed = match digest.algo() {
        DigestAlgo::Sha512 => Digest::sha512_of(bytes),
        _ => Digest::sha256_of(bytes),
    };
    if computed != *digest {
        return Err(BlobStoreError::DigestMismatch {
            expected: digest.to_string(),
            computed: computed.to_string(),
        });
    }
    let draft = drafts.join(format!("{}.tmp", Uuid::new_v4()));
    let written = with_folder(drafts, || fs::write(&draft, bytes)).and_then(|()| {
        path.parent().map_or(Ok(()), |folder| with_folder(folder, || fs::rename(&draft, path)))
    });
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    Ok(written?)
}

/// Does it, and makes the folder only if that was missing.
fn with_folder(folder: &Path, act: impl Fn() -> io::Result<()>) -> io::Result<()> {
    match act() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            act()
        }
        outcome => outcome,
    }
}

/// A digest of an algorithm that the registry keeps.
pub fn digest(text: &str) -> std::result::Result<Digest, OciError> {
    text.parse().map_err(|cause| {
        OciError::new(OciErrorCode::DigestInvalid, format!("invalid digest `{text}`: {cause}"))
    })
}

/// `GET` and `HEAD /v2/<name>/blobs/<digest>`, whole or a range.
pub async fn get(parts: &Parts, name: &str, text: &str, request: Request) -> Response {
    read(parts, name, text, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn read(
    parts: &Parts,
    name: &str,
    text: &str,
    request: Request,
) -> std::result::Result<Response, OciError> {
    validate_name(name)?;
    let digest = digest(text)?;
    if !parts.meta.has_blob(name, &digest).await? {
        return Err(unknown(&digest));
    }
    let served = ServeFile::new(parts.blobs.path(&digest)).try_call(request).await;
    let mut response = served.map_err(BlobStoreError::Io)?.map(Body::new);
    if response.status() == StatusCode::NOT_FOUND {
        return Err(unknown(&digest));
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let (Ok(own), Ok(etag)) =
        (HeaderValue::from_str(&digest.to_string()), HeaderValue::from_str(&format!("\"{digest}\"")))
    {
        headers.insert(DIGEST, own);
        headers.insert(ETAG, etag);
    }
    Ok(response)
}

/// `DELETE /v2/<name>/blobs/<digest>`: from this repository. The content itself goes when the registry next starts.
pub async fn delete(parts: &Parts, name: &str, text: &str) -> Response {
    let deleted = async {
        validate_name(name)?;
        let digest = digest(text)?;
        if parts.meta.remove_blob(name, &digest).await? { Ok(()) } else { Err(unknown(&digest)) }
    };
    match deleted.await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(error) => error.into_response(),
    }
}

fn unknown(digest: &Digest) -> OciError {
    OciError::new(OciErrorCode::BlobUnknown, format!("blob {digest} not found"))
}
