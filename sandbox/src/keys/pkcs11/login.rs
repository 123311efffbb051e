//! Logging in: with one PIN, which is never tried again after the token did not take it.

use std::sync::{Mutex, PoisonError};

use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::TokenInfo;
use cryptoki::types::AuthPin;

use super::error::{CallError, code_name};
use super::refused_pin::RefusedPin;
use crate::keys::{FaultKind, KeyFault};

/// The PIN, and what became of it. It has no Debug: it holds the PIN.
pub struct Login {
    pin: AuthPin,
    refused: RefusedPin,
    standing: Mutex<Standing>,
}

#[derive(Clone)]
enum Standing {
    Untried,
    /// The token took it, so an unclear answer later says nothing against it.
    Taken,
    Refused(KeyFault),
}

/// What the token's answer says about the PIN.
enum Verdict {
    Taken,
    Wrong,
    /// It is right or wrong, and trying again is for a person to decide.
    Barred,
    /// The token did not get to look at it.
    NotJudged,
    Unclear,
}

impl Login {
    /// A PIN that this process has not tried.
    pub fn new(pin: AuthPin, refused: RefusedPin) -> Self {
        Self { pin, refused, standing: Mutex::new(Standing::Untried) }
    }

    /// Refuses when the token refused before.
    pub fn check(&self) -> Result<(), KeyFault> {
        match self.standing() {
            Standing::Refused(fault) => Err(fault),
            _ => Ok(()),
        }
    }

    /// Logs a new session in, unless the process is logged in already. Callers take care that one at a time
    /// comes here.
    pub fn log_in(&self, session: &Session, token: &TokenInfo) -> Result<(), KeyFault> {
        self.check()?;
        if !token.login_required() {
            return Ok(());
        }
        if is_logged_in(session).map_err(|cause| CallError::from(cause).explain("opening a session"))? {
            return Ok(());
        }
        self.check_tries(token)?;
        let answer = session.login(UserType::User, Some(&self.pin));
        let name = match &answer {
            Err(Error::Pkcs11(code, _)) => code_name(code),
            _ => "no code".to_owned(),
        };
        match verdict(&answer) {
            Verdict::Taken => {
                self.set(Standing::Taken);
                self.refused.forget();
                Ok(())
            }
            Verdict::Wrong => {
                self.refused.remember();
                Err(self.refuse(
                    format!("The token refused the PIN ({name})."),
                    "Restart the sandbox with the right PIN.",
                ))
            }
            Verdict::Barred => Err(self.refuse(
                format!("The token does not let this PIN in ({name})."),
                "Unlock or set the PIN with the vendor's tool, then restart the sandbox.",
            )),
            Verdict::Unclear if matches!(self.standing(), Standing::Untried) => Err(self.refuse(
                format!("The token neither took nor refused the PIN ({name})."),
                "Check the PIN and the HSM, then restart the sandbox.",
            )),
            Verdict::Unclear | Verdict::NotJudged => Err(KeyFault::new(
                FaultKind::Passing,
                format!("The token is busy or gone ({name}, while logging in)."),
                "Check that the HSM is there and reachable.",
            )),
        }
    }

    /// A try that could lock the token is not taken with a PIN of which nothing is known.
    fn check_tries(&self, token: &TokenInfo) -> Result<(), KeyFault> {
        if token.user_pin_locked() {
            return Err(self.refuse(
                "The token's user PIN is locked.".to_owned(),
                "Unlock it with the vendor's tool, then restart the sandbox.",
            ));
        }
        if token.user_pin_final_try() && !matches!(self.standing(), Standing::Taken) {
            return Err(self.refuse(
                "The token locks at the next wrong PIN, so this one is not tried.".to_owned(),
                "Log in once with the vendor's tool or pkcs11-tool --login, then restart the sandbox.",
            ));
        }
        Ok(())
    }

    fn refuse(&self, message: String, fix: &str) -> KeyFault {
        let fault = KeyFault::new(FaultKind::PinRefused, message, fix);
        self.set(Standing::Refused(fault.clone()));
        fault
    }

    fn standing(&self) -> Standing {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, standing: Standing) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }
}

/// All sessions of a process are logged in, or none.
pub fn is_logged_in(session: &Session) -> Result<bool, Error> {
    let state = session.get_session_info()?.session_state();
    Ok(matches!(state, SessionState::RoUser | SessionState::RwUser))
}

fn verdict(answer: &Result<(), Error>) -> Verdict {
    use RvError as Rv;
    match answer {
        Ok(()) | Err(Error::Pkcs11(Rv::UserAlreadyLoggedIn, _)) => Verdict::Taken,
        Err(Error::Pkcs11(Rv::PinIncorrect | Rv::PinInvalid | Rv::PinLenRange, _)) => Verdict::Wrong,
        Err(Error::Pkcs11(
            Rv::PinLocked | Rv::PinExpired | Rv::UserPinNotInitialized | Rv::UserTypeInvalid,
            _,
        )) => Verdict::Barred,
        Err(Error::Pkcs11(
            Rv::SessionHandleInvalid
            | Rv::SessionClosed
            | Rv::SessionCount
            | Rv::DeviceRemoved
            | Rv::TokenNotPresent
            | Rv::TokenNotRecognized
            | Rv::SlotIdInvalid
            | Rv::CryptokiNotInitialized
            | Rv::HostMemory,
            _,
        )) => Verdict::NotJudged,
        Err(_) => Verdict::Unclear,
    }
}
