//! The data folder: private to its owner, and used by one sandbox at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::start_error::StartError;

const LOCK: &str = "lock";

/// A data folder that this process holds until it ends.
pub struct DataFolder {
    path: PathBuf,
    // The lock goes with the file handle, so it is also given back when the process is killed.
    _lock: File,
}

impl DataFolder {
    /// Creates the folder when it is missing, closes it to others, and locks it.
    pub fn open(path: &Path) -> Result<Self, StartError> {
        create(path)?;
        let lock = lock(path)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The path of a file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

fn create(path: &Path) -> Result<(), StartError> {
    let shown = path.display();
    if path.exists() {
        refuse_a_strangers_folder(path)?;
    } else {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|cause| {
            StartError::because(
                format!("Cannot create the data folder {shown}. Choose another with --data."),
                cause,
            )
        })?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(|cause| {
        StartError::because(
            format!("Cannot make the data folder {shown} private. Choose one of your own with --data."),
            cause,
        )
    })
}

/// `--data /home/me` must not close a home folder to everyone else.
fn refuse_a_strangers_folder(path: &Path) -> Result<(), StartError> {
    let shown = path.display();
    let mut entries = fs::read_dir(path).map_err(|cause| {
        StartError::because(
            format!("Cannot read the data folder {shown}. Choose another with --data."),
            cause,
        )
    })?;
    if path.join(LOCK).exists() || entries.next().is_none() {
        return Ok(());
    }
    Err(StartError::new(format!(
        "{shown} holds other files and is no sandbox data folder. Choose an empty or new one with --data."
    )))
}

fn lock(path: &Path) -> Result<File, StartError> {
    let shown = path.display();
    let unusable = |cause: io::Error| {
        StartError::because(
            format!("Cannot lock the data folder {shown}. Choose another with --data."),
            cause,
        )
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path.join(LOCK))
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::new(format!(
            "Another sandbox is using the data folder {shown}. Stop it, or choose another folder with --data."
        ))),
        Err(TryLockError::Error(cause)) => Err(unusable(cause)),
    }
}

/// Writes a file that only its owner can read, so that it is there whole or not at all.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let partial = path.with_file_name(name);
    match fs::remove_file(&partial) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    // create_new is O_EXCL: a file or link that someone put there beforehand is never written through.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
