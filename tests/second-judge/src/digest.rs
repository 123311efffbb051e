//! Digests (OCI image specification, "Digests"): `algorithm:hex`, in lower case, of one of three algorithms.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, SHA512, digest};

/// The algorithm and the digits of a digest that can be checked.
fn parts(text: &str) -> Option<(&'static Algorithm, &str)> {
    let (name, hex) = text.split_once(':')?;
    let algorithm = match name {
        "sha256" => &SHA256,
        "sha384" => &SHA384,
        "sha512" => &SHA512,
        _ => return None,
    };
    let is_whole = hex.len() == 2 * algorithm.output_len();
    let is_lower_hex = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_whole && is_lower_hex).then_some((algorithm, hex))
}

/// Is this a digest?
pub fn is_digest(text: &str) -> bool {
    parts(text).is_some()
}

/// Is this what the digest names?
pub fn names(text: &str, bytes: &[u8]) -> bool {
    parts(text).is_some_and(|(algorithm, hex)| hex_of(digest(algorithm, bytes).as_ref()) == hex)
}

/// The SHA-256 digest of some bytes.
pub fn of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex_of(digest(&SHA256, bytes).as_ref()))
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
