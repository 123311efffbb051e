//! The password of `--registry-username`, and where to get a newer one: passwords of ECR are good for twelve hours.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use crate::keys::pkcs11::PIN_VARIABLE;
use crate::limits::CREDENTIAL;
use crate::registry_options::RegistryOptions;
use crate::start_error::StartError;

const VARIABLE: &str = "OCISIGN_REGISTRY_PASSWORD";
/// Of a command that prints a password.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any password has bytes.
const LARGEST: u64 = 4 * CREDENTIAL as u64;

/// A password, as a signing gets it. It has no Debug: it holds the password.
#[derive(Clone)]
pub enum Password {
    /// One that an admin gave, or that this process made.
    Fixed(String),
    /// The start's, which may be replaced.
    Renewable(Arc<RegistryPassword>),
}

/// Where a password is read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Environment,
    File(PathBuf),
    Command(String),
}

/// A password that may be replaced while the sandbox runs. It has no Debug: it holds the password.
pub struct RegistryPassword {
    source: Source,
    current: Mutex<String>,
    /// One looks for a newer one, while others go on with what there is.
    renewing: AsyncMutex<()>,
    has_worked: AtomicBool,
}

impl RegistryPassword {
    /// Reads it for the first time.
    pub async fn open(options: &RegistryOptions) -> Result<Self, StartError> {
        let source = match (&options.registry_password_file, &options.registry_password_command) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Some(command)) => Source::Command(command.clone()),
            (None, None) => Source::Environment,
        };
        let current = source.read().await.map_err(|why| source.unusable(&why))?;
        Ok(Self::with(source, current))
    }

    fn with(source: Source, current: String) -> Self {
        let (current, renewing) = (Mutex::new(current), AsyncMutex::default());
        Self { source, current, renewing, has_worked: AtomicBool::new(false) }
    }

    /// Remembers that the registry took it.
    pub fn works(&self) {
        self.has_worked.store(true, Ordering::Relaxed);
    }

    /// Whether the registry took it since the start: one that it never took is wrong, and not expired.
    pub fn has_worked(&self) -> bool {
        self.has_worked.load(Ordering::Relaxed)
    }

    /// The one that was read last.
    pub fn current(&self) -> String {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another than the refused one: somebody else's find, or a new look. None when there is no other yet.
    pub async fn instead_of(&self, refused: &str) -> Option<String> {
        let _only_one = self.renewing.lock().await;
        let current = self.current();
        if current != refused {
            return Some(current);
        }
        let new = match self.source.read().await {
            Ok(new) => new,
            Err(why) => {
                tracing::warn!("the registry's password cannot be read again: {why}");
                return None;
            }
        };
        if new == refused {
            return None;
        }
        tracing::info!("the registry's password was read again");
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&new);
        Some(new)
    }

    /// The option to mend when the registry refuses it; none when it cannot change before the next start.
    pub fn renewed_by(&self) -> Option<&'static str> {
        match self.source {
            Source::Environment => None,
            Source::File(_) => Some("--registry-password-file"),
            Source::Command(_) => Some("--registry-password-command"),
        }
    }
}

impl Source {
    async fn read(&self) -> Result<String, String> {
        let text = match self {
            Self::Environment => std::env::var(VARIABLE).map_err(|cause| cause.to_string())?,
            Self::File(path) => read_file(path).await?,
            Self::Command(command) => run(command).await?,
        };
        // A file ends with a newline, which is no part of a password.
        let password = text.trim_end_matches(['\r', '\n']);
        match password.chars().count() {
            0 => Err("it is empty".to_owned()),
            length if length > CREDENTIAL => Err(format!("it is longer than {CREDENTIAL} characters")),
            _ => Ok(password.to_owned()),
        }
    }

    fn unusable(&self, why: &str) -> StartError {
        StartError::new(match self {
            Self::Environment => format!(
                "--registry-username needs a password. Set {VARIABLE}, or give --registry-password-file or --registry-password-command."
            ),
            Self::File(path) => {
                format!("Cannot read the password from {}: {why}. Check the path.", path.display())
            }
            // The command itself may hold a secret.
            Self::Command(_) => {
                format!("--registry-password-command gave no password: {why}. Run it in a shell to see why.")
            }
        })
    }
}

async fn read_file(path: &Path) -> Result<String, String> {
    let file = tokio::fs::File::open(path).await.map_err(|cause| cause.to_string())?;
    read_text(file).await
}

async fn read_text(from: impl tokio::io::AsyncRead + Unpin) -> Result<String, String> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).await.map_err(|cause| cause.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not text".to_owned())
}

async fn run(command: &str) -> Result<String, String> {
    let mut shell = Command::new("sh");
    // It needs no secret of ours, and may start whatever it likes.
    shell.env_remove(VARIABLE).env_remove(PIN_VARIABLE);
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = shell.spawn().map_err(|cause| cause.to_string())?;
    let stdout = child.stdout.take().ok_or("it has no output")?;
    let outcome = async {
        let text = read_text(stdout).await?;
        let status = child.wait().await.map_err(|cause| cause.to_string())?;
        if status.success() { Ok(text) } else { Err(format!("it ended with {status}")) }
    };
    let late = || format!("it did not end within {} seconds", PATIENCE.as_secs());
    timeout(PATIENCE, outcome).await.map_err(|_| late())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn read(source: Source) -> Result<String, String> {
        source.read().await
    }

    #[tokio::test]
    async fn a_password_is_what_stands_there_without_the_last_newline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, " a pass:word \r\n").unwrap();
        assert_eq!(read(Source::File(path.clone())).await.unwrap(), " a pass:word ");
        let shown = format!("cat '{}'", path.display());
        assert_eq!(read(Source::Command(shown)).await.unwrap(), " a pass:word ");
    }

    #[tokio::test]
    async fn what_is_no_password_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for content in [b"".to_vec(), b"\n".to_vec(), vec![0xff], vec![b'x'; 5_000], vec![b'x'; 50_000]] {
            std::fs::write(&path, &content).unwrap();
            assert!(read(Source::File(path.clone())).await.is_err(), "{} bytes", content.len());
        }
        for command in ["exit 3", "true", "echo x; exit 1", "yes", "no-such-program-here"] {
            assert!(read(Source::Command(command.to_owned())).await.is_err(), "{command}");
        }
        assert!(read(Source::File(folder.path().join("none"))).await.is_err());
    }

    #[tokio::test]
    async fn only_another_password_is_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "one").unwrap();
        let password = RegistryPassword::with(Source::File(path.clone()), "one".to_owned());
        assert_eq!(password.instead_of("one").await, None);
        std::fs::write(&path, "two").unwrap();
        assert_eq!(password.instead_of("one").await.as_deref(), Some("two"));
        assert_eq!(password.instead_of("one").await.as_deref(), Some("two"), "somebody else's find");
        assert_eq!(password.instead_of("two").await, None);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(password.instead_of("two").await, None);
        assert_eq!(password.current(), "two");
    }
}
