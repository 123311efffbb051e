//! Finds the public key's text in a product, at the place that the profile names.
//!
//! The path is followed while the product is deserialised, so that the core needs no type for "any
//! JSON", and JavaScript values and JSON text are read by the same code.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{
    Profile, PublicKey,
    error::{Code, Error, Result, quote},
    product::{called, signing_operation},
    wire::Product,
};

/// Reads the public key of a product's signing operation. `source` is the product once more, whole:
/// the typed `product` holds only what requests need.
///
/// # Errors
/// `operation-missing`, `operation-ambiguous`; `bad-public-key` when there is no key at the profile's
/// place, several different ones, or one that is not of the type that the operation names.
pub fn public_key<'de, D: Deserializer<'de>>(
    source: D,
    product: &Product,
    operation: Option<&str>,
    profile: &Profile,
) -> Result<PublicKey> {
    let index = crate::product::signing_operation_index(product, operation)?;
    let path = segments(&profile.public_key_path, index);
    let mut found = Vec::new();
    let walked = Walk { path: &path, found: &mut found }.deserialize(source);
    found.dedup();
    let place = quote(&profile.public_key_path);
    let fix = "Set the profile's publicKeyPath to where this service shows the key; see docs/assumptions.md.";
    let text = match (walked, found.as_slice()) {
        (Ok(()), [only]) => only,
        (Ok(()), [_, _, ..]) => {
            let message = format!("{} shows several public keys at {place}.", called(product));
            return Err(Error::new(Code::BadPublicKey, message, fix));
        }
        _ => {
            let message = format!("{} shows no public key at {place}.", called(product));
            return Err(Error::new(Code::BadPublicKey, message, fix));
        }
    };
    let key = PublicKey::read(text)?;
    check_type(&key, product, operation, profile)?;
    Ok(key)
}

/// A key that is not of the announced type is somebody else's, or a mistake worth stopping for.
fn check_type(key: &PublicKey, product: &Product, operation: Option<&str>, profile: &Profile) -> Result<()> {
    let token = signing_operation(product, operation)?.token.as_ref();
    let Some(announced) = token.and_then(|token| token.key_type.as_deref()) else { return Ok(()) };
    if profile.key_type(announced) == Ok(key.key_type()) {
        return Ok(());
    }
    let message = format!(
        "{} announces a key of type {}, but shows one of type {}.",
        called(product),
        quote(announced),
        key.key_type().as_str()
    );
    Err(Error::new(
        Code::BadPublicKey,
        message,
        "Ask the product's owner which of the two is right; trust neither until then.",
    ))
}

/// One step of a path.
enum Segment {
    Key(String),
    Each,
    Only(usize),
}

/// `a[].b` becomes `a`, each, `b`; in `productOperations[]` only the chosen operation counts.
fn segments(path: &str, operation: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    for part in path.split('.') {
        let (key, list) = part.strip_suffix("[]").map_or((part, false), |key| (key, true));
        segments.push(Segment::Key(key.to_owned()));
        if list {
            segments.push(if key == "productOperations" { Segment::Only(operation) } else { Segment::Each });
        }
    }
    segments
}

struct Walk<'a> {
    path: &'a [Segment],
    found: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> core::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the public key's place in the product")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.path {
                [Segment::Key(wanted), rest @ ..] if *wanted == key => {
                    map.next_value_seed(Walk { path: rest, found: self.found })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> core::result::Result<(), A::Error> {
        let (only, rest) = match self.path {
            [Segment::Each, rest @ ..] => (None, rest),
            [Segment::Only(index), rest @ ..] => (Some(*index), rest),
            _ => (Some(usize::MAX), self.path),
        };
        for index in 0.. {
            let more = if only.is_none_or(|only| only == index) {
                list.next_element_seed(Walk { path: rest, found: self.found })?.is_some()
            } else {
                list.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> core::result::Result<(), E> {
        if self.path.is_empty() && !text.trim().is_empty() {
            self.found.push(text.to_string());
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> core::result::Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> core::result::Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> core::result::Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> core::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> core::result::Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> core::result::Result<(), E> {
        Ok(())
    }
}
