//! The sandbox's status codes. Only 16 comes from the reference; the rest is our choice (DESIGN §3).

use serde_json::{Map, Value, json};

/// Received.
pub const NEW: i64 = 1;
/// Waiting for approvals.
pub const WAITING: i64 = 2;
/// Approved, not yet being signed.
pub const APPROVED: i64 = 4;
/// Being signed and pushed.
pub const SIGNING: i64 = 8;
/// Signed, and the registry holds the signature.
pub const SIGNED: i64 = 16;
/// An approver said no.
pub const REJECTED: i64 = 32;
/// It could not be signed or pushed.
pub const FAILED: i64 = 64;

const NAMES: [(i64, &str); 7] = [
    (NEW, "new"),
    (WAITING, "waiting"),
    (APPROVED, "approved"),
    (SIGNING, "signing"),
    (SIGNED, "signed"),
    (REJECTED, "rejected"),
    (FAILED, "failed"),
];

/// Every code, with the state's name.
pub fn all() -> impl Iterator<Item = (i64, &'static str)> {
    NAMES.into_iter()
}

/// The state's name, for messages.
pub fn name(code: i64) -> &'static str {
    NAMES.iter().find(|(known, _)| *known == code).map_or("unknown", |(_, name)| name)
}

/// The table that the profile shows.
pub fn table() -> Value {
    let rows: Map<String, Value> = NAMES.iter().map(|(code, name)| (code.to_string(), json!(name))).collect();
    Value::Object(rows)
}
