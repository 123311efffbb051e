//! ECDSA signatures: tools write DER (RFC 3279 §2.2.3), `WebCrypto` takes r and s side by side, each as
//! long as the curve, and quietly answers no to anything else.

use alloc::{borrow::ToOwned, vec::Vec};

use spki::der::{Decode, Reader, SliceReader, asn1::UintRef};

use super::fault::bad;
use crate::error::Result;

/// Turns DER into r‖s, each `size` bytes.
pub(super) fn fixed_length(der: &[u8], size: usize) -> Result<Vec<u8>> {
    let (r, s) =
        read(der).map_err(|_| bad("The signature is not the DER form of an ECDSA signature.".to_owned()))?;
    let mut fixed = Vec::with_capacity(2 * size);
    for number in [r, s] {
        let Some(padding) = size.checked_sub(number.len()) else {
            return Err(bad("The signature belongs to a larger curve than the key.".to_owned()));
        };
        fixed.resize(fixed.len() + padding, 0);
        fixed.extend_from_slice(number);
    }
    Ok(fixed)
}

fn read(der: &[u8]) -> spki::der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let numbers = reader.sequence(|sequence| {
        let r = UintRef::decode(sequence)?;
        let s = UintRef::decode(sequence)?;
        Ok::<_, spki::der::Error>((r.as_bytes(), s.as_bytes()))
    })?;
    reader.finish()?;
    Ok(numbers)
}
