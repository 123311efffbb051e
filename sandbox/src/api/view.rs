//! How stored things are shown: the JSON that was posted, with what the service adds. Reading it from the store and
//! making it into JSON are two steps, so that the second holds up nobody who reads.

use serde_json::{Map, Value, json};

use crate::product_rows::ProductRow;

/// What the client makes from a request's status.
const MADE_BY_CLIENTS: [&str; 3] = ["state", "code", "final"];
/// What the service shows of a signing request, beside what was posted.
pub const SHOWN: [&str; 13] = [
    "id",
    "status",
    "createdAt",
    "updatedAt",
    "requester",
    "requiredGroups",
    "requiredApprovals",
    "expiresAt",
    "approvals",
    "missingGroups",
    "history",
    "reason",
    "signature",
];

/// Whether only the service, or a client, says this of a request: nobody may post it.
pub fn is_said_by_service(field: &str) -> bool {
    SHOWN.contains(&field) || MADE_BY_CLIENTS.contains(&field)
}

/// JSON that this sandbox stored itself.
pub fn stored(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Sets a key, before all others when it is new: an id is looked for at the beginning.
pub fn put_first(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.shift_insert(0, key.to_owned(), value);
}

/// A product: its JSON, and its state.
pub fn product(row: &ProductRow, with_keys: bool) -> Value {
    let mut shown = match stored(&row.body) {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    put_first(&mut shown, "state", json!(row.state.as_str()));
    put_first(&mut shown, "id", json!(row.id));
    if !with_keys {
        for operation in
            shown.get_mut("productOperations").and_then(Value::as_array_mut).into_iter().flatten()
        {
            if let Some(token) = operation.get_mut("token").and_then(Value::as_object_mut) {
                token.shift_remove("publicKey");
            }
        }
    }
    Value::Object(shown)
}
