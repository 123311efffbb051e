//! `ocisign-sandbox audit verify`: reads the log of a data folder, without a sandbox, and checks its chain.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use rusqlite::{Connection, OpenFlags};

use super::chain::{Break, Verifier};
use super::rows;
use crate::start_error::StartError;

/// What can be done with the audit log.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Check the log of a data folder: no entry was changed, removed, or written anew
    Verify(VerifyOptions),
}

/// Which log to check.
#[derive(Debug, Clone, Args)]
pub struct VerifyOptions {
    /// The sandbox's data folder; the sandbox may be running
    #[arg(long, value_name = "DIR", default_value = ".ocisign/sandbox")]
    pub data: PathBuf,

    /// Hash of an entry, as noted earlier: it must still be in the log. Then nothing up to it was written anew
    #[arg(long, value_name = "HASH")]
    pub holds: Option<String>,
}

impl AuditCommand {
    /// Does it; gives what to tell.
    pub fn run(&self) -> Result<String, StartError> {
        match self {
            Self::Verify(options) => verify(options),
        }
    }
}

fn verify(options: &VerifyOptions) -> Result<String, StartError> {
    let path = options.data.join("ocisign.sqlite");
    let shown = path.display();
    let unreadable = |cause: &dyn fmt::Display| {
        StartError::because(
            format!("Cannot read the audit log of {shown}. Name the data folder of a sandbox with --data."),
            cause,
        )
    };
    let store = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|cause| unreadable(&cause))?;
    let mut verifier = Verifier::default();
    let mut found = options.holds.is_none();
    let last = rows::walk(&store, |entry| {
        verifier.next(entry)?;
        found |= options.holds.as_ref().is_some_and(|hash| hash.eq_ignore_ascii_case(&entry.hash));
        Ok(())
    });
    let outcome = last.and_then(|last| Ok(verifier.ends_at(last)?));
    match outcome {
        Err(Failure::Broken(broken)) => {
            return Err(StartError::new(format!("The audit log is broken. {broken}")));
        }
        Err(Failure::Unreadable(cause)) => return Err(unreadable(&cause)),
        Ok(()) => {}
    }
    if !found {
        return Err(StartError::new(
            "The audit log is broken. No entry has the hash of --holds, so the log was written anew.",
        ));
    }
    Ok(format!(
        "The audit log is whole. It has {} entries; the last one's hash is {}.",
        verifier.count(),
        verifier.last_hash()
    ))
}

/// Why a log is not found whole.
enum Failure {
    Broken(Break),
    Unreadable(rusqlite::Error),
}

impl From<Break> for Failure {
    fn from(broken: Break) -> Self {
        Self::Broken(broken)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Unreadable(cause)
    }
}
