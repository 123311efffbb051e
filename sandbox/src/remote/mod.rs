//! The registries that signatures are pushed to, as the signer uses them. Which these are is said at the start;
//! where they lead to is checked, what they answer is bounded, and passwords go nowhere without TLS.

pub mod access;
mod addresses;
mod basic;
mod calls;
mod challenge;
mod clients;
mod failure;
mod image_registry;
mod password;
mod referrers;
mod refusal;
mod tokens;
mod trust;

pub use addresses::this_machine;
pub use clients::Clients;
pub use failure::Failure;
pub use image_registry::{Access, ImageRegistry, Manifest};
pub use password::{Password, RegistryPassword};
pub use trust::Trust;
