//! The module: the vendor's library that speaks with the token.

use std::path::{Path, PathBuf};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use super::error::code;
use crate::start_error::StartError;

/// A loaded and initialised module.
pub struct Module {
    path: PathBuf,
    context: Pkcs11,
}

impl Module {
    /// Loads a library and makes it ready.
    pub fn load(path: &Path) -> Result<Self, StartError> {
        let shown = path.display();
        let context = Pkcs11::new(path).map_err(|cause| match cause {
            Error::LibraryLoading(cause) => StartError::because(
                format!(
                    "Cannot load the PKCS #11 module {shown}. Check the path, and that the library is made for this machine."
                ),
                one_line(&cause.to_string()),
            ),
            Error::MissingSymbol(_) | Error::NullFunctionPointer => StartError::new(format!(
                "{shown} is a library, but not a PKCS #11 module. Name the module of your HSM's vendor with --pkcs11-module."
            )),
            other => StartError::because(
                format!("The PKCS #11 module {shown} does not start. Check its own configuration."),
                code(&other),
            ),
        })?;
        let module = Self { path: path.to_owned(), context };
        module.initialise().map_err(|cause| {
            StartError::because(
                format!(
                    "The PKCS #11 module {shown} does not start. Check its own configuration, and that the HSM is reachable."
                ),
                code(&cause),
            )
        })?;
        Ok(module)
    }

    /// What it can do.
    pub fn context(&self) -> &Pkcs11 {
        &self.context
    }

    /// For messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets all that the library knows, and begins anew. Libraries see some tokens that come back only so.
    pub fn restart(&self) -> Result<(), Error> {
        // A library that has forgotten itself refuses this, which is as good.
        let _ = self.context.clone().finalize();
        self.initialise()
    }

    fn initialise(&self) -> Result<(), Error> {
        // Calls come from several threads.
        match self.context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            other => other,
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
