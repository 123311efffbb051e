//! The PIN: from a file or from the environment, never from the command line itself.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{env, fs};

use cryptoki::types::AuthPin;

use crate::start_error::StartError;

/// For who cannot make a file.
pub const VARIABLE: &str = "OCISIGN_PKCS11_PIN";

/// What `--pin` was given. A PIN in the open is not kept, so that no message can repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinArgument {
    /// `@FILE`.
    File(PathBuf),
    /// Anything else.
    InTheOpen,
}

impl FromStr for PinArgument {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.strip_prefix('@').map_or(Self::InTheOpen, |path| Self::File(path.into())))
    }
}

/// Reads the PIN.
pub fn read(argument: Option<&PinArgument>) -> Result<AuthPin, StartError> {
    match argument {
        Some(PinArgument::File(path)) => from_file(path),
        Some(PinArgument::InTheOpen) => Err(StartError::new(format!(
            "--pin must not be the PIN itself: every user of this machine can read the command lines of processes. Write it into a file and give --pin @FILE, or set {VARIABLE}."
        ))),
        None => match env::var(VARIABLE) {
            Ok(text) => checked(text, VARIABLE),
            Err(env::VarError::NotUnicode(_)) => Err(not_text(VARIABLE)),
            Err(env::VarError::NotPresent) => Err(StartError::new(format!(
                "--pkcs11-module needs the token's user PIN. Give --pin @FILE, or set {VARIABLE}."
            ))),
        },
    }
}

fn from_file(path: &Path) -> Result<AuthPin, StartError> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|cause| {
        StartError::because(format!("Cannot read the PIN from {shown}. Check the path of --pin."), cause)
    })?;
    let text = String::from_utf8(bytes).map_err(|_| not_text(&shown.to_string()))?;
    checked(text, &shown.to_string())
}

fn checked(text: String, place: &str) -> Result<AuthPin, StartError> {
    // Editors and `echo` end files with a newline, which is no part of a PIN.
    let pin = text.trim_end_matches(['\r', '\n']);
    if pin.is_empty() {
        return Err(StartError::new(format!("{place} is empty. Write the token's user PIN into it.")));
    }
    if pin.contains(char::is_control) {
        return Err(StartError::new(format!(
            "{place} holds more than one line, or a control character. Leave the token's user PIN alone in it."
        )));
    }
    Ok(AuthPin::from(pin.to_owned()))
}

fn not_text(place: &str) -> StartError {
    StartError::new(format!("{place} is not text. Write the token's user PIN into it, as UTF-8."))
}
