//! Uploads in progress. They stay in memory, where a restart ends them; the specification allows that, and clients
//! begin again. When somebody has too many, the one that has been idle for longest ends, and not the new one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use ferro_blob_store::{BlobStoreError, Result};
use ferro_oci_server::UploadState;
use uuid::Uuid;

use super::callers::Caller;

/// How much each caller may leave unfinished.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Uploads.
    pub uploads: usize,
    /// Their bytes in all.
    pub bytes: usize,
    /// An upload that has been idle for so long ends.
    pub idle: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { uploads: 256, bytes: 4 * 1024 * 1024 * 1024, idle: Duration::from_secs(15 * 60) }
    }
}

/// All uploads in progress.
pub struct Uploads {
    budget: Budget,
    open: Mutex<HashMap<String, Upload>>,
}

struct Upload {
    repository: String,
    owner: Caller,
    bytes: BytesMut,
    active: Instant,
}

impl Uploads {
    /// With this budget for each caller.
    pub fn new(budget: Budget) -> Self {
        Self { budget, open: Mutex::default() }
    }

    /// Begins one, and gives its id.
    pub fn start(&self, repository: &str) -> String {
        let owner = Caller::now();
        let mut open = self.open();
        while count(&open, owner) >= self.budget.uploads && end_idlest(&mut open, owner, None) {}
        let id = Uuid::new_v4().to_string();
        let upload = Upload {
            repository: repository.to_owned(),
            owner,
            bytes: BytesMut::new(),
            active: Instant::now(),
        };
        open.insert(id.clone(), upload);
        id
    }

    /// Adds a piece, and gives the new length.
    pub fn append(&self, repository: &str, id: &str, offset: u64, piece: &Bytes) -> Result<u64> {
        let mut open = self.open();
        let Some(upload) = open.get_mut(id).filter(|upload| upload.repository == repository) else {
            return Err(BlobStoreError::NotFound(format!("unknown upload {id}")));
        };
        if upload.bytes.len() as u64 != offset {
            return Err(BlobStoreError::NotFound(format!("the upload {id} does not go on at {offset}")));
        }
        upload.bytes.extend_from_slice(piece);
        upload.active = Instant::now();
        let (length, owner) = (upload.bytes.len() as u64, upload.owner);
        while bytes(&open, owner) > self.budget.bytes && end_idlest(&mut open, owner, Some(id)) {}
        Ok(length)
    }

    /// How far one is.
    pub fn state(&self, repository: &str, id: &str) -> Option<UploadState> {
        let open = self.open();
        let upload = open.get(id).filter(|upload| upload.repository == repository)?;
        let mut state = UploadState::new(repository, id);
        // Only the length is asked for. A copy of the bytes for each piece would be quadratic work.
        state.buffer = BytesMut::zeroed(upload.bytes.len());
        Some(state)
    }

    /// Ends one, and gives its bytes.
    pub fn take(&self, repository: &str, id: &str) -> Option<Bytes> {
        let mut open = self.open();
        open.get(id).filter(|upload| upload.repository == repository)?;
        open.remove(id).map(|upload| upload.bytes.freeze())
    }

    /// Without those that have been idle for too long.
    fn open(&self) -> MutexGuard<'_, HashMap<String, Upload>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, upload| upload.active.elapsed() < self.budget.idle);
        open
    }
}

fn count(open: &HashMap<String, Upload>, owner: Caller) -> usize {
    open.values().filter(|upload| upload.owner == owner).count()
}

fn bytes(open: &HashMap<String, Upload>, owner: Caller) -> usize {
    open.values().filter(|upload| upload.owner == owner).map(|upload| upload.bytes.len()).sum()
}

/// False when there is none to end.
fn end_idlest(open: &mut HashMap<String, Upload>, owner: Caller, spared: Option<&str>) -> bool {
    let others = open.iter().filter(|(id, upload)| upload.owner == owner && Some(id.as_str()) != spared);
    let Some(id) = others.min_by_key(|(_, upload)| upload.active).map(|(id, _)| id.clone()) else {
        return false;
    };
    open.remove(&id).is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn uploads(budget: Budget) -> Uploads {
        Uploads::new(budget)
    }

    #[test]
    fn an_upload_grows_piece_by_piece_in_its_repository() {
        let uploads = uploads(Budget::default());
        let id = uploads.start("app");
        assert_eq!(uploads.append("app", &id, 0, &Bytes::from_static(b"ab")).unwrap(), 2);
        assert_eq!(uploads.append("app", &id, 2, &Bytes::from_static(b"c")).unwrap(), 3);
        assert!(uploads.append("app", &id, 2, &Bytes::from_static(b"c")).is_err(), "out of order");
        assert!(uploads.append("other", &id, 3, &Bytes::from_static(b"c")).is_err());
        assert_eq!(uploads.state("app", &id).unwrap().offset(), 3);
        assert!(uploads.take("other", &id).is_none());
        assert_eq!(uploads.take("app", &id).unwrap(), "abc");
        assert!(uploads.state("app", &id).is_none());
    }

    #[tokio::test]
    async fn too_many_end_the_idlest_of_the_same_caller() {
        let uploads = uploads(Budget { uploads: 2, ..Budget::default() });
        let signers = Caller::Signer.acting(async { uploads.start("app") }).await;
        let people: Vec<String> = (0..5).map(|_| uploads.start("app")).collect();
        let open: Vec<bool> = people.iter().map(|id| uploads.state("app", id).is_some()).collect();
        assert_eq!(open, [false, false, false, true, true]);
        assert!(uploads.state("app", &signers).is_some());
    }

    #[test]
    fn too_many_bytes_end_other_uploads() {
        let uploads = uploads(Budget { bytes: 10, ..Budget::default() });
        let (old, new) = (uploads.start("app"), uploads.start("app"));
        uploads.append("app", &old, 0, &Bytes::from_static(b"123456")).unwrap();
        uploads.append("app", &new, 0, &Bytes::from_static(b"123456")).unwrap();
        assert!(uploads.state("app", &old).is_none());
        assert_eq!(uploads.state("app", &new).unwrap().offset(), 6);
    }

    #[test]
    fn an_idle_one_ends() {
        let uploads = uploads(Budget { idle: Duration::ZERO, ..Budget::default() });
        let id = uploads.start("app");
        assert!(uploads.state("app", &id).is_none());
    }
}
