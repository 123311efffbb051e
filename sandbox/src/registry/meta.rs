//! What the embedded registry remembers besides blobs: manifests, tags and referrers, in SQLite.

use std::collections::HashSet;
use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use ferro_blob_store::{BlobStoreError, Digest, Result};
use ferro_oci_server::{Reference, ReferrerDescriptor, RegistryMeta, UploadAdmission, UploadState};
use rusqlite::{OptionalExtension, Transaction, params};

use super::uploads::{Budget, Uploads};
use crate::database::{Database, DatabaseError};

/// How each version of the registry's store is made from the one before.
pub const MIGRATIONS: &[&str] = &[include_str!("schema.sql"), include_str!("schema-2.sql")];

/// The registry's memory, on a database of its own.
pub struct SqliteMeta {
    database: Database,
    uploads: Uploads,
}

/// A manifest to keep.
pub struct NewManifest<'a> {
    /// Its repository.
    pub repository: &'a str,
    /// The digest by which it is found, of any algorithm.
    pub digest: &'a Digest,
    /// As it was pushed.
    pub media_type: &'a str,
    /// As it was pushed.
    pub body: Bytes,
    /// These lead to it from now on.
    pub tags: Vec<String>,
    /// What it refers to, and how it is listed there.
    pub referrer: Option<(Digest, ReferrerDescriptor)>,
}

/// A database failure on its way into the registry crate's error type.
struct Failure(BlobStoreError);

impl From<DatabaseError> for Failure {
    fn from(cause: DatabaseError) -> Self {
        Self(BlobStoreError::Io(io::Error::other(cause)))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(cause: rusqlite::Error) -> Self {
        DatabaseError::from(cause).into()
    }
}

impl SqliteMeta {
    /// Remembers in `database`.
    pub fn new(database: Database) -> Self {
        Self { database, uploads: Uploads::new(Budget::default()) }
    }

    /// Keeps a manifest with its tags and what it refers to, or nothing of it.
    pub async fn keep(&self, manifest: NewManifest<'_>) -> Result<()> {
        let NewManifest { repository, digest, media_type, body, tags, referrer } = manifest;
        let (name, digest, media_type) = (repository.to_owned(), digest.to_string(), media_type.to_owned());
        self.run(move |store| {
            let manifest =
                "INSERT INTO manifest (repository, digest, media_type, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET media_type = excluded.media_type";
            store.prepare_cached(manifest)?.execute(params![name, digest, media_type, &body[..]])?;
            for tag in tags {
                let sql = "INSERT INTO tag (repository, name, digest) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET digest = excluded.digest";
                store.prepare_cached(sql)?.execute(params![name, tag, digest])?;
            }
            match referrer {
                Some((subject, descriptor)) => insert_referrer(store, &name, &subject, &descriptor),
                None => Ok(()),
            }
        })
        .await
    }

    /// Forgets a tag, and nothing that it led to; false when there was none.
    pub async fn delete_tag(&self, name: &str, tag: &str) -> Result<bool> {
        let key = [name.to_owned(), tag.to_owned()];
        self.run(move |store| {
            Ok(store.execute("DELETE FROM tag WHERE repository = ?1 AND name = ?2", key)? > 0)
        })
        .await
    }

    /// Whether a blob is in a repository.
    pub async fn has_blob(&self, name: &str, digest: &Digest) -> Result<bool> {
        let key = [name, &digest.to_string()];
        self.look_up(|store| {
            store.prepare_cached("SELECT 1 FROM blob WHERE repository = ?1 AND digest = ?2")?.exists(key)
        })
        .await
    }

    /// Whether a blob is in any repository.
    pub async fn has_blob_somewhere(&self, digest: &Digest) -> Result<bool> {
        let digest = digest.to_string();
        self.look_up(|store| store.prepare_cached("SELECT 1 FROM blob WHERE digest = ?1")?.exists([digest]))
            .await
    }

    /// Puts a blob into a repository.
    pub async fn add_blob(&self, name: &str, digest: &Digest) -> Result<()> {
        let key = [name.to_owned(), digest.to_string()];
        self.run(move |store| {
            let sql = "INSERT OR IGNORE INTO blob (repository, digest) VALUES (?1, ?2)";
            store.prepare_cached(sql)?.execute(key).map(|_| ())
        })
        .await
    }

    /// Takes a blob out of a repository; false when it was not there.
    pub async fn remove_blob(&self, name: &str, digest: &Digest) -> Result<bool> {
        let key = [name.to_owned(), digest.to_string()];
        self.run(move |store| {
            Ok(store.execute("DELETE FROM blob WHERE repository = ?1 AND digest = ?2", key)? > 0)
        })
        .await
    }

    /// The digests of all blobs that are in a repository.
    pub async fn blobs(&self) -> Result<HashSet<String>> {
        self.read(move |store| {
            store
                .prepare_cached("SELECT DISTINCT digest FROM blob")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
        .await
    }

    async fn look_up<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        self.database
            .look_up(|store| work(store).map_err(Failure::from))
            .await
            .map_err(|failure: Failure| failure.0)
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.database
            .read(move |store| work(store).map_err(Failure::from))
            .await
            .map_err(|failure: Failure| failure.0)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.database
            .transact(move |store| work(store).map_err(Failure::from))
            .await
            .map_err(|failure: Failure| failure.0)
    }
}

#[async_trait]
impl RegistryMeta for SqliteMeta {
    async fn put_manifest(
        &self,
        name: &str,
        reference: &Reference,
        digest: &Digest,
        media_type: &str,
        body: Bytes,
    ) -> Result<()> {
        self.put_manifest_with_referrer(name, reference, digest, media_type, body, None).await
    }

    async fn put_manifest_with_referrer(
        &self,
        name: &str,
        reference: &Reference,
        digest: &Digest,
        media_type: &str,
        body: Bytes,
        referrer: Option<(Digest, ReferrerDescriptor)>,
    ) -> Result<()> {
        let tags = reference.as_tag().map(str::to_owned).into_iter().collect();
        self.keep(NewManifest { repository: name, digest, media_type, body, tags, referrer }).await
    }

    async fn get_manifest(
        &self,
        name: &str,
        reference: &Reference,
    ) -> Result<Option<(Digest, String, Bytes)>> {
        let found = self.look_up(|store| find_manifest(store, name, reference)).await?;
        let Some((digest, media_type, body)) = found else {
            return Ok(None);
        };
        Ok(Some((digest.parse().map_err(BlobStoreError::InvalidDigest)?, media_type, Bytes::from(body))))
    }

    async fn delete_manifest(&self, name: &str, reference: &Reference) -> Result<bool> {
        let Reference::Digest(digest) = reference else {
            return Ok(false);
        };
        let (name, digest) = (name.to_owned(), digest.to_string());
        self.run(move |store| {
            store.execute("DELETE FROM tag WHERE repository = ?1 AND digest = ?2", [&name, &digest])?;
            store.execute("DELETE FROM referrer WHERE repository = ?1 AND digest = ?2", [&name, &digest])?;
            let deleted = store
                .execute("DELETE FROM manifest WHERE repository = ?1 AND digest = ?2", [&name, &digest])?;
            Ok(deleted > 0)
        })
        .await
    }

    async fn list_tags(&self, name: &str, last: Option<&str>, n: Option<usize>) -> Result<Vec<String>> {
        let (name, last, limit) = (name.to_owned(), last.map(str::to_owned), page_size(n));
        self.read(move |store| {
            store
                .prepare_cached(
                    "SELECT name FROM tag WHERE repository = ?1 AND (?2 IS NULL OR name > ?2)
                     ORDER BY name LIMIT ?3",
                )?
                .query_map(params![name, last, limit], |row| row.get(0))?
                .collect()
        })
        .await
    }

    async fn list_repositories(&self, last: Option<&str>, n: Option<usize>) -> Result<Vec<String>> {
        let (last, limit) = (last.map(str::to_owned), page_size(n));
        self.read(move |store| {
            store
                .prepare_cached(
                    "SELECT DISTINCT repository FROM manifest WHERE ?1 IS NULL OR repository > ?1
                     ORDER BY repository LIMIT ?2",
                )?
                .query_map(params![last, limit], |row| row.get(0))?
                .collect()
        })
        .await
    }

    async fn list_referrers(
        &self,
        name: &str,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<ReferrerDescriptor>> {
        let (name, subject) = (name.to_owned(), digest.to_string());
        let artifact_type = artifact_type.map(str::to_owned);
        let rows: Vec<String> = self
            .read(move |store| {
                store
                    .prepare_cached(
                        "SELECT descriptor FROM referrer WHERE repository = ?1 AND subject = ?2
                         AND (?3 IS NULL OR descriptor ->> '$.artifactType' = ?3) ORDER BY rowid",
                    )?
                    .query_map(params![name, subject, artifact_type], |row| row.get(0))?
                    .collect()
            })
            .await?;
        let parse =
            |row: &String| serde_json::from_str(row).map_err(|cause| BlobStoreError::Io(cause.into()));
        rows.iter().map(parse).collect()
    }

    async fn register_referrer(
        &self,
        name: &str,
        subject: &Digest,
        descriptor: ReferrerDescriptor,
    ) -> Result<()> {
        let (name, subject) = (name.to_owned(), subject.clone());
        self.run(move |store| insert_referrer(store, &name, &subject, &descriptor)).await
    }

    async fn start_upload(&self, name: &str) -> Result<UploadAdmission> {
        Ok(UploadAdmission::Started(self.uploads.start(name)))
    }

    async fn append_upload(&self, name: &str, uuid: &str, offset: u64, chunk: Bytes) -> Result<u64> {
        self.uploads.append(name, uuid, offset, &chunk)
    }

    async fn complete_upload(&self, name: &str, uuid: &str, digest: &Digest) -> Result<()> {
        self.uploads.take(name, uuid);
        self.add_blob(name, digest).await
    }

    async fn get_upload_state(&self, name: &str, uuid: &str) -> Result<Option<UploadState>> {
        Ok(self.uploads.state(name, uuid))
    }

    async fn cancel_upload(&self, name: &str, uuid: &str) -> Result<bool> {
        Ok(self.uploads.take(name, uuid).is_some())
    }

    async fn take_upload_bytes(&self, name: &str, uuid: &str) -> Result<Option<Bytes>> {
        Ok(self.uploads.take(name, uuid))
    }
}

fn find_manifest(
    store: &Transaction<'_>,
    name: &str,
    reference: &Reference,
) -> rusqlite::Result<Option<(String, String, Vec<u8>)>> {
    let (sql, key) = match reference {
        Reference::Digest(digest) => (
            "SELECT digest, media_type, body FROM manifest WHERE repository = ?1 AND digest = ?2",
            digest.to_string(),
        ),
        Reference::Tag(tag) => (
            "SELECT digest, media_type, body FROM tag JOIN manifest USING (repository, digest)
             WHERE repository = ?1 AND name = ?2",
            tag.clone(),
        ),
    };
    store
        .prepare_cached(sql)?
        .query_row([name, &key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
}

fn insert_referrer(
    store: &Transaction<'_>,
    name: &str,
    subject: &Digest,
    descriptor: &ReferrerDescriptor,
) -> rusqlite::Result<()> {
    let text = serde_json::to_string(descriptor)
        .map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    store.execute(
        "INSERT INTO referrer (repository, subject, digest, descriptor) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET descriptor = excluded.descriptor",
        params![name, subject.to_string(), descriptor.digest.to_string(), text],
    )?;
    Ok(())
}

/// A negative LIMIT is no limit in SQLite.
fn page_size(n: Option<usize>) -> i64 {
    n.and_then(|n| i64::try_from(n).ok()).unwrap_or(-1)
}
