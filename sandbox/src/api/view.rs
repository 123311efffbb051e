//! How stored things are shown: the JSON that was posted, with what the service adds.

use rusqlite::Transaction;
use serde_json::{Map, Value, json};

use crate::approval::{self, Approver};
use crate::store::{self, ApprovalRow, HistoryRow, SigningRow};

/// What only the service says of a signing request. The last three are the client's, made from the status.
pub const SERVICE_FIELDS: [&str; 13] = [
    "id",
    "status",
    "createdAt",
    "updatedAt",
    "requester",
    "requiredGroups",
    "approvals",
    "missingGroups",
    "history",
    "reason",
    "state",
    "code",
    "final",
];

/// JSON that this sandbox stored itself.
pub fn stored(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Sets a key, before all others when it is new: an id is looked for at the beginning.
pub fn put_first(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.shift_insert(0, key.to_owned(), value);
}

/// Signing requests with their approvals and histories: a few queries, however many there are.
pub fn signings(store: &Transaction<'_>, rows: &[SigningRow]) -> rusqlite::Result<Vec<Value>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut approvals = store::approvals_of(store, &ids)?;
    let mut histories = store::histories(store, &ids)?;
    let shown = rows.iter().map(|row| {
        let approvals = approvals.remove(&row.id).unwrap_or_default();
        let history = histories.remove(&row.id).unwrap_or_default();
        signing(row, &approvals, &history)
    });
    Ok(shown.collect())
}

/// A signing request with its approvals and history.
pub fn signing(row: &SigningRow, approvals: &[ApprovalRow], history: &[HistoryRow]) -> Value {
    let required = store::read_groups(&row.required_groups);
    let approvers: Vec<Approver> = approvals.iter().map(|approval| approval.approver.clone()).collect();

    let mut shown = match stored(&row.body) {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    put_first(&mut shown, "id", json!(row.id));
    let mut add = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    add("status", json!(row.status));
    add("createdAt", json!(row.created_at));
    add("updatedAt", json!(row.updated_at));
    add("requester", json!({ "objectId": row.requester_id, "name": row.requester_name }));
    add("requiredGroups", json!(required));
    add("approvals", approvals.iter().map(approval).collect());
    add("missingGroups", json!(approval::missing(&required, &approvers)));
    add("history", history.iter().map(step).collect());
    match &row.reason {
        Some(reason) => shown.insert("reason".to_owned(), json!(reason)),
        // What was posted under this name is not ours to show as ours.
        None => shown.shift_remove("reason"),
    };
    Value::Object(shown)
}

fn approval(row: &ApprovalRow) -> Value {
    let mut shown = json!({
        "objectId": row.approver.object_id,
        "name": row.name,
        "groups": row.approver.groups,
        "at": row.at,
    });
    add_comment(&mut shown, row.comment.as_deref());
    shown
}

fn step(row: &HistoryRow) -> Value {
    let mut shown = json!({ "status": row.status, "at": row.at });
    if let (Some((object_id, name)), Some(shown)) = (&row.by, shown.as_object_mut()) {
        shown.insert("by".to_owned(), json!({ "objectId": object_id, "name": name }));
    }
    add_comment(&mut shown, row.comment.as_deref());
    shown
}

fn add_comment(shown: &mut Value, comment: Option<&str>) {
    if let (Some(comment), Some(shown)) = (comment, shown.as_object_mut()) {
        shown.insert("comment".to_owned(), json!(comment));
    }
}
