//! Finds the public key's text in a product, at the place that the profile names.

use alloc::{string::String, vec::Vec};

use crate::{
    Profile, PublicKey,
    error::Result,
    json::{Json, Place},
    product::{of, signing_operation, signing_operation_index},
    wire::Product,
    words::Problem,
};

/// Reads the public key of a product's signing operation.
///
/// # Errors
/// `operation-missing`, `operation-ambiguous`; `bad-public-key` when there is no key at the profile's
/// place, several different ones, or one that is not of the type that the operation announces.
///
/// ```
/// let product = serde_json::json!({
///     "productOperations": [{
///         "operationType": "SignOCI",
///         "token": {
///             "keyType": "secp256r1",
///             "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzKPNi6h3JL23XTyF0AdLBeodulpp\
///                 NhjcdOyi8PZAO4bzFhEbIlpqN0hTBuG3R9L/Y/sO5/uxTAvbnX1ErmJC5Q=="
///         }
///     }]
/// });
/// let key = ocisign::public_key(&product, None, &ocisign::Profile::default())?;
/// assert_eq!(key.key_type(), ocisign::KeyType::Secp256r1);
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn public_key<J: Json>(value: J, operation: Option<&str>, profile: &Profile) -> Result<PublicKey> {
    let place = Place::whole(value, "product");
    let product = Product::read(&place)?;
    let chosen = signing_operation_index(&product, operation)?;
    let mut found = Vec::new();
    collect(place.value(), &profile.public_key_path, chosen, &mut found);
    let wrong = |problem: Problem| of(&product, problem).found(&profile.public_key_path);
    let (first, others) = found.split_first().ok_or_else(|| wrong(Problem::KeyMissing))?;
    if others.iter().any(|other| other != first) {
        return Err(wrong(Problem::KeySeveral));
    }
    let key = PublicKey::read(first)?;
    check_type(&key, &product, operation, profile)?;
    Ok(key)
}

/// Follows a path: keys joined by dots, `[]` after a key for each element, and in `productOperations[]`
/// for the chosen one only.
fn collect<J: Json>(value: &J, path: &str, chosen: usize, found: &mut Vec<String>) {
    if path.is_empty() {
        found.extend(value.text().filter(|text| !text.trim().is_empty()));
        return;
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(key) = step.strip_suffix("[]") else { return collect(&value.get(step), rest, chosen, found) };
    let elements = value.get(key).elements().unwrap_or_default();
    for (index, element) in elements.iter().enumerate() {
        if key != "productOperations" || index == chosen {
            collect(element, rest, chosen, found);
        }
    }
}

/// A key that is not of the announced type belongs to another operation, or is a mistake worth stopping for.
fn check_type(key: &PublicKey, product: &Product, operation: Option<&str>, profile: &Profile) -> Result<()> {
    let token = signing_operation(product, operation)?.token.as_ref();
    let Some(announced) = token.and_then(|token| token.key_type.as_deref()) else { return Ok(()) };
    if profile.key_type(announced) == Ok(key.key_type()) {
        return Ok(());
    }
    Err(of(product, Problem::KeyTypeDiffers).found(announced).found(key.key_type().as_str()))
}
