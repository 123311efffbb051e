//! What PKCS #11's return codes mean here.

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};

use crate::keys::{FaultKind, KeyFault};

/// Why a call to the token gave nothing.
#[derive(Debug)]
pub enum CallError {
    /// The module says so.
    Token(Error),
    /// The token has no such key.
    NoKey,
    /// The token gave something that it must not give.
    Unfit(&'static str),
}

/// What may bring a token back, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Open sessions anew.
    NewSessions,
    /// Start the module anew, and look for the token.
    NewStart,
}

impl From<Error> for CallError {
    fn from(cause: Error) -> Self {
        Self::Token(cause)
    }
}

impl CallError {
    /// What to try before the call is given up; None when trying again would change nothing.
    pub fn remedy(&self) -> Option<Remedy> {
        use RvError as Rv;
        match self {
            Self::Token(Error::Pkcs11(code, _)) => match code {
                Rv::SessionHandleInvalid
                | Rv::SessionClosed
                | Rv::UserNotLoggedIn
                | Rv::OperationActive
                | Rv::OperationNotInitialized => Some(Remedy::NewSessions),
                Rv::DeviceRemoved
                | Rv::TokenNotPresent
                | Rv::TokenNotRecognized
                | Rv::SlotIdInvalid
                | Rv::CryptokiNotInitialized
                | Rv::DeviceError
                | Rv::GeneralError => Some(Remedy::NewStart),
                _ => None,
            },
            // SoftHSM shows a token whose files are gone as an empty one.
            Self::NoKey => Some(Remedy::NewStart),
            _ => None,
        }
    }

    /// The fault, for people; `doing` is what the token was asked.
    pub fn explain(&self, doing: &str) -> KeyFault {
        match self {
            Self::Token(Error::Pkcs11(code, function)) => told(code, *function, doing),
            Self::Token(_) => unfit(format!("The token's answer is not understood, while {doing}.")),
            Self::NoKey => KeyFault::new(
                FaultKind::Unfit,
                "The operation's key is not in the token any more.",
                "Restore it from the token's backup, or make a new product.",
            ),
            Self::Unfit(what) => unfit((*what).to_owned()),
        }
    }
}

fn told(code: &RvError, function: Function, doing: &str) -> KeyFault {
    use RvError as Rv;
    let name = code_name(code);
    match code {
        Rv::DeviceMemory if matches!(function, Function::GenerateKeyPair) => KeyFault::new(
            FaultKind::NoRoom,
            format!("The token has no room for another key ({name})."),
            "Delete keys that are not needed from it, or start with another token.",
        ),
        Rv::MechanismInvalid
        | Rv::MechanismParamInvalid
        | Rv::KeySizeRange
        | Rv::KeyTypeInconsistent
        | Rv::KeyFunctionNotPermitted
        | Rv::CurveNotSupported
        | Rv::DomainParamsInvalid
        | Rv::TemplateInconsistent
        | Rv::AttributeValueInvalid
        | Rv::AttributeTypeInvalid
        | Rv::FunctionNotSupported => KeyFault::new(
            FaultKind::Unsupported,
            format!("The token does not support keys of this type ({name}, while {doing})."),
            "Choose another keyType.",
        ),
        Rv::TokenWriteProtected | Rv::SessionReadOnly => KeyFault::new(
            FaultKind::Unsupported,
            format!("The token is write-protected ({name})."),
            "Let the sandbox's user make keys in it, or start with another token.",
        ),
        _ => KeyFault::new(
            FaultKind::Passing,
            format!("The token is busy or gone ({name}, while {doing})."),
            "Check that the HSM is there and reachable.",
        ),
    }
}

fn unfit(message: String) -> KeyFault {
    KeyFault::new(FaultKind::Unfit, message, "Check the token with its vendor's tools.")
}

/// An error as people look for it: the standard's name of the code.
pub fn code(cause: &Error) -> String {
    match cause {
        Error::Pkcs11(code, function) => format!("{} from C_{function:?}", code_name(code)),
        other => other.to_string(),
    }
}

/// `PinIncorrect` is CKR_PIN_INCORRECT in the standard.
pub fn code_name(code: &RvError) -> String {
    if let RvError::VendorDefined(number) | RvError::UnknownErrorCode(number) = code {
        return format!("code {number:#x}");
    }
    let mut name = "CKR".to_owned();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_standard_s_names() {
        for (code, name) in [
            (RvError::PinIncorrect, "CKR_PIN_INCORRECT"),
            (RvError::DeviceMemory, "CKR_DEVICE_MEMORY"),
            (RvError::VendorDefined(0x8000_0001), "code 0x80000001"),
        ] {
            assert_eq!(code_name(&code), name);
        }
    }
}
