//! Which of the tokens behind a module it is.

use std::fmt;

use cryptoki::error::Error;
use cryptoki::slot::{Slot, TokenInfo};

use super::error::code;
use super::module::Module;
use crate::start_error::StartError;

/// What a place in a token begins with.
const PLACE: &str = "token";

/// By what a token is known again, whichever slot it comes back in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    serial: String,
    label: String,
}

/// What the command line says about the token.
pub struct Wanted {
    /// `--token-label`.
    pub label: Option<String>,
    /// `--slot`.
    pub slot: Option<u64>,
}

/// A token, as it is offered for choice.
struct Offer {
    slot: Slot,
    identity: Identity,
    initialised: bool,
    has_pin: bool,
}

impl Identity {
    /// What a token says of itself.
    pub fn of(info: &TokenInfo) -> Self {
        Self { serial: info.serial_number().to_owned(), label: info.label().to_owned() }
    }

    /// What rows of its keys have in `kept_in`.
    pub fn place(&self) -> String {
        // A serial number holds no space; a label may.
        format!("{PLACE} {} {}", self.serial.replace(' ', "_"), self.label)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the token {:?} (serial number {:?})", self.label, self.serial)
    }
}

/// The token that a row names; None when the row names no token.
pub fn identity_at(place: &str) -> Option<Identity> {
    let (serial, label) = place.strip_prefix(PLACE)?.strip_prefix(' ')?.split_once(' ')?;
    Some(Identity { serial: serial.to_owned(), label: label.to_owned() })
}

/// The token that a start wants: the one that is named, or the only one.
pub fn choose(module: &Module, wanted: &Wanted) -> Result<(Slot, Identity), StartError> {
    let shown = module.path().display();
    let offers = offers(module).map_err(|cause| {
        StartError::because(
            format!("The PKCS #11 module {shown} does not say which tokens it has. Check that the HSM is reachable."),
            code(&cause),
        )
    })?;
    let fits = |offer: &&Offer| {
        wanted.slot.is_none_or(|slot| offer.slot.id() == slot)
            && wanted.label.as_ref().is_none_or(|label| offer.identity.label == *label)
    };
    let named = wanted.slot.is_some() || wanted.label.is_some();
    let fitting: Vec<&Offer> = offers.iter().filter(fits).collect();
    let ready: Vec<&&Offer> = fitting.iter().filter(|offer| offer.initialised).collect();
    match (ready.as_slice(), fitting.as_slice()) {
        ([one], _) if one.has_pin => Ok((one.slot, one.identity.clone())),
        ([one], _) => Err(StartError::new(format!(
            "{} has no user PIN yet. Set one with the vendor's tool, or with pkcs11-tool --init-pin.",
            one.identity
        ))),
        ([], []) if named => Err(StartError::new(format!(
            "The PKCS #11 module {shown} has no such token. It has {}.",
            list(&offers)
        ))),
        ([], []) => Err(StartError::new(format!(
            "The PKCS #11 module {shown} has no token. Connect the HSM, or check the module's own configuration."
        ))),
        ([], _) => Err(StartError::new(format!(
            "The token is not initialised. Initialise it with the vendor's tool; SoftHSM's is softhsm2-util --init-token. The module has {}.",
            list(&offers)
        ))),
        _ => Err(StartError::new(format!(
            "Several tokens fit. Choose one with --token-label or --slot: the module has {}.",
            list(&offers)
        ))),
    }
}

/// The same token again, wherever it is now.
pub fn find_again(module: &Module, identity: &Identity) -> Result<Option<Slot>, Error> {
    let found = offers(module)?.into_iter().find(|offer| offer.initialised && offer.identity == *identity);
    Ok(found.map(|offer| offer.slot))
}

fn offers(module: &Module) -> Result<Vec<Offer>, Error> {
    let slots = module.context().get_slots_with_token()?;
    // A token that does not tell of itself is none to work with; another may be.
    let read = |slot: Slot| module.context().get_token_info(slot).map(|info| offer(slot, &info));
    let (told, silent): (Vec<_>, Vec<_>) = slots.into_iter().map(read).partition(Result::is_ok);
    match silent.into_iter().next() {
        Some(Err(cause)) if told.is_empty() => Err(cause),
        _ => Ok(told.into_iter().flatten().collect()),
    }
}

fn offer(slot: Slot, info: &TokenInfo) -> Offer {
    Offer {
        slot,
        identity: Identity::of(info),
        initialised: info.token_initialized(),
        has_pin: info.user_pin_initialized() || !info.login_required(),
    }
}

fn list(offers: &[Offer]) -> String {
    if offers.is_empty() {
        return "none".to_owned();
    }
    let told = offers.iter().map(|offer| {
        let state = if offer.initialised { "" } else { ", not initialised" };
        format!("{:?} (slot {}{state})", offer.identity.label, offer.slot.id())
    });
    told.collect::<Vec<_>>().join(", ")
}
