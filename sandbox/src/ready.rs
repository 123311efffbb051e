//! What the sandbox tells whoever started it, once it listens.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

use crate::data_folder::write_private;
use crate::people::MemberWithToken;
use crate::start_error::StartError;

/// The content of --ready-file. It has no Debug: it holds tokens and a password.
#[derive(Serialize)]
pub struct Ready {
    /// The page.
    pub url: String,
    /// The API, as a base URL.
    pub base: String,
    /// Where signatures go.
    pub registry: ReadyRegistry,
    /// Everyone, with tokens.
    pub people: Vec<MemberWithToken>,
}

/// The registry that the sandbox signs for. It has no Debug: it holds a password.
#[derive(Clone, Serialize, ToSchema)]
pub struct ReadyRegistry {
    /// With its scheme.
    pub url: String,
    /// As it stands in references.
    pub domain: String,
    /// The user that may push; none when nobody logs in.
    pub username: Option<String>,
    /// Of the embedded registry only: another's password stays with who gave it.
    pub password: Option<String>,
}

/// Takes away the file of an earlier start, so that nobody believes it.
pub fn forget(path: &Path) -> Result<(), StartError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(StartError::because(
            format!("Cannot replace {}. Choose another file with --ready-file.", path.display()),
            cause,
        )),
        _ => Ok(()),
    }
}

impl Ready {
    /// Writes the file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), StartError> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::from);
        text.and_then(|text| write_private(path, format!("{text}\n").as_bytes())).map_err(|cause| {
            StartError::because(
                format!("Cannot write {}. Choose another file with --ready-file.", path.display()),
                cause,
            )
        })
    }

    /// For a person: where to go.
    pub fn print(&self, with_tokens: bool) {
        let mut text = format!(
            "The sandbox is a stand-in for development and tests.\n  page      {}\n  API       {}\n  registry  {}\n",
            self.url, self.base, self.registry.url
        );
        if with_tokens {
            for person in &self.people {
                let (name, role) = (person.member.name, person.member.role);
                text.push_str(&format!("\n{name} ({role})\n{}\n", person.token));
            }
        }
        // Nobody may be listening any more, as in `ocisign-sandbox | head -1`.
        let _ = io::stdout().write_all(text.as_bytes());
    }
}
