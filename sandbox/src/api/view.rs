//! How stored things are shown: the JSON that was posted, with what the service adds. Reading it from the store and
//! making it into JSON are two steps, so that the second holds up nobody who reads.

use rusqlite::Transaction;
use serde_json::{Map, Value, json};

use crate::approval::{Approver, Needs};
use crate::product_rows::ProductRow;
use crate::store::{self, ApprovalRow, BySigning, HistoryRow, Part, SigningFilter, SigningRow};

/// Signing requests as they were read, with what belongs to each.
pub struct Read {
    rows: Vec<SigningRow>,
    approvals: BySigning<ApprovalRow>,
    histories: BySigning<HistoryRow>,
}

/// What the client makes from a request's status.
const MADE_BY_CLIENTS: [&str; 3] = ["state", "code", "final"];
/// What the service shows of a signing request, beside what was posted.
pub const SHOWN: [&str; 12] = [
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

impl Read {
    /// One request.
    pub fn one(store: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Self>> {
        store::signing(store, id)?.map(|row| Self::with(store, vec![row])).transpose()
    }

    /// A part of a list: a few queries, however many there are.
    pub fn part(store: &Transaction<'_>, filter: &SigningFilter, part: &Part) -> rusqlite::Result<Self> {
        let rows = store::signings(store, filter, part)?;
        Self::with(store, rows)
    }

    fn with(store: &Transaction<'_>, rows: Vec<SigningRow>) -> rusqlite::Result<Self> {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let approvals = store::approvals_of(store, &ids)?;
        let histories = store::histories(store, &ids)?;
        Ok(Self { rows, approvals, histories })
    }

    /// Where the list goes on, if it does.
    pub fn last(&self) -> Option<i64> {
        self.rows.last().map(|row| row.sequence)
    }

    /// Each as it is shown.
    pub fn shown(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().map(|row| {
            let approvals = self.approvals.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let history = self.histories.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            signing(row, approvals, history)
        })
    }
}

/// A signing request with its approvals and history.
fn signing(row: &SigningRow, approvals: &[ApprovalRow], history: &[HistoryRow]) -> Value {
    let rule = row.rule();
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
    add("requiredGroups", json!(rule.groups));
    add("approvals", approvals.iter().map(approval).collect());
    add("missingGroups", json!(rule.missing(&row.requester, &approvers)));
    add("history", history.iter().map(step).collect());
    if rule.needs != Needs::default() {
        add("requiredApprovals", json!(rule.needs.as_str()));
    }
    if let Some(end) = &row.expires_at_shown {
        add("expiresAt", json!(end));
    }
    match &row.reason {
        Some(reason) => shown.insert("reason".to_owned(), json!(reason)),
        // What was posted under this name is not ours to show as ours.
        None => shown.shift_remove("reason"),
    };
    Value::Object(shown)
}

fn approval(row: &ApprovalRow) -> Value {
    let mut shown = json!({
        "objectId": row.id,
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
