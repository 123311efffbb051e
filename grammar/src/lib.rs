//! What is called so often that the module for browsers compiles it for speed, and all else for size: the grammar of image
//! references, as one walk over bytes, and base64. That is why it is a crate of its own. It allocates nothing: it says
//! where the parts of a reference are, or what is wrong and where.
//!
//! What is said about a fault, and what is repeated of the text, the core decides.
#![no_std]

mod base64;
mod bytes;
mod digest;
mod domain;
mod ecr;
mod fault;
mod lines;
mod path;
mod reference;
mod specials;

pub use base64::{NotBase64, decode_base64, without_line_breaks};
pub use digest::{begins_like_digest, digest, hex_length};
pub use domain::{Domain, domain, is_docker_hub};
pub use ecr::ecr_region;
pub use fault::{Fault, Wrong};
pub use lines::{Line, Lines, line};
pub use reference::{OFFICIAL, Parts, reference, scheme_end};
