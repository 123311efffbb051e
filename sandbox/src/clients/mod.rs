//! Clients of products: a person, and the public key to which their product's secrets document is encrypted.

pub mod jwe;
pub mod public_key;
pub mod rows;
