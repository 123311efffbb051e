//! How a signing request is shown: the JSON that was posted, with what the service adds.
//!
//! What was posted is stored as JSON text, and is shown as that text: a long list would otherwise be read and written
//! field by field, which takes most of its time. Only what would say a thing twice is taken apart.

use std::borrow::Cow;
use std::fmt;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::view::{is_said_by_service, put_first, stored};
use crate::api_error::ApiError;
use crate::approval::Needs;
use crate::shown_rows::{HistoryRow, ShownRow};
use crate::store::ApprovalRow;

/// A reply of JSON text.
pub struct JsonText(pub Vec<u8>);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

/// What the service adds, in the order in which it is shown. The fields are [`super::view::SHOWN`], without the id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added<'a> {
    status: i64,
    created_at: &'a str,
    updated_at: &'a str,
    requester: By<'a>,
    required_groups: &'a [String],
    #[serde(serialize_with = "approvals")]
    approvals: &'a [ApprovalRow],
    missing_groups: &'a [String],
    #[serde(serialize_with = "history")]
    history: &'a [HistoryRow],
    #[serde(skip_serializing_if = "Option::is_none")]
    required_approvals: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct By<'a> {
    object_id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Approval<'a> {
    object_id: &'a str,
    name: &'a str,
    groups: &'a [String],
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct Step<'a> {
    status: i64,
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<By<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

/// Writes a request at the end of `text`.
pub fn write(row: &ShownRow, text: &mut Vec<u8>) -> Result<(), ApiError> {
    let (groups, missing) = row.groups();
    let added = added(row, &groups, &missing);
    let written = match plain_fields(&row.body) {
        Some(fields) => write_beside(&row.id, fields, &added, text),
        None => write_apart(row, &added, text),
    };
    written.map_err(|cause| {
        tracing::error!(%cause, "a request cannot be shown");
        ApiError::internal()
    })
}

fn added<'a>(row: &'a ShownRow, groups: &'a [String], missing: &'a [String]) -> Added<'a> {
    Added {
        status: row.status,
        created_at: &row.created_at,
        updated_at: &row.updated_at,
        requester: By { object_id: &row.requester_id, name: &row.requester_name },
        required_groups: groups,
        approvals: &row.approvals,
        missing_groups: missing,
        history: &row.history,
        required_approvals: (row.needs != Needs::default()).then(|| row.needs.as_str()),
        expires_at: row.expires_at.as_deref(),
        reason: row.reason.as_deref(),
        signature: row.signature.as_ref().map(|bytes| STANDARD.encode(bytes)),
    }
}

/// The id, the fields that were posted, and what is added, one after the other.
fn write_beside(id: &str, fields: &str, added: &Added<'_>, text: &mut Vec<u8>) -> serde_json::Result<()> {
    text.extend_from_slice(b"{\"id\":");
    serde_json::to_writer(&mut *text, id)?;
    if !fields.is_empty() {
        text.push(b',');
        text.extend_from_slice(fields.as_bytes());
    }
    let comma = text.len();
    serde_json::to_writer(&mut *text, added)?;
    // In place of the bracket that opens what is added.
    if let Some(byte) = text.get_mut(comma) {
        *byte = b',';
    }
    Ok(())
}

/// A field that was posted under a name of the service's is not shown as the service's. Only an older sandbox took such.
fn write_apart(row: &ShownRow, added: &Added<'_>, text: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut shown = match stored(&row.body) {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    put_first(&mut shown, "id", json!(row.id));
    if let Value::Object(added) = serde_json::to_value(added)? {
        shown.extend(added);
    }
    if row.reason.is_none() {
        shown.shift_remove("reason");
    }
    serde_json::to_writer(text, &shown)
}

/// The text between the brackets of a body, unless the service says one of its fields.
fn plain_fields(body: &str) -> Option<&str> {
    let fields = body.strip_prefix('{')?.strip_suffix('}')?.trim_ascii();
    serde_json::from_str(body).is_ok_and(|Names { all_posted }| all_posted).then_some(fields)
}

/// What the names of an object's fields tell.
struct Names {
    /// The service says none of them.
    all_posted: bool,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Names, A::Error> {
        let mut all_posted = true;
        while let Some((Name(name), IgnoredAny)) = fields.next_entry()? {
            all_posted &= !is_said_by_service(&name);
        }
        Ok(Names { all_posted })
    }
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

fn approvals<S: Serializer>(rows: &[ApprovalRow], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(|row| Approval {
        object_id: &row.id,
        name: &row.name,
        groups: &row.approver.groups,
        at: &row.at,
        comment: row.comment.as_deref(),
    }))
}

fn history<S: Serializer>(rows: &[HistoryRow], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(|row| Step {
        status: row.status,
        at: &row.at,
        by: row.by.as_ref().map(|(object_id, name)| By { object_id, name }),
        comment: row.comment.as_deref(),
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use rusqlite::Connection;

    use super::*;
    use crate::shown_rows;
    use crate::store::MIGRATIONS;

    /// A request that was posted with this body, put off for a reason or not, and approved by one person or by nobody.
    fn row(body: &str, reason: Option<&str>, is_approved: bool) -> ShownRow {
        let mut connection = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            connection.execute_batch(migration).unwrap();
        }
        connection
            .execute_batch(
                "INSERT INTO product (id, body, created_by, created_at) VALUES ('p', '{}', 'x', 't');
                 INSERT INTO signing_key (operation_id, product_id, key_type, public_der, handle)
                 VALUES ('o', 'p', 'RSA2048', x'00', x'00');",
            )
            .unwrap();
        let sql = "INSERT INTO signing (id, product_id, operation_id, artifact, body, requester_id, requester_name,
                                        required_groups, status, reason, created_at, updated_at, expires_at)
                   VALUES ('s', 'p', 'o', 'a.b/c', ?1, 'R', 'a \"name\"', '[\"G\",\"H\"]', 2, ?2, 't', 'u', 0)";
        connection.execute(sql, rusqlite::params![body, reason]).unwrap();
        let history = "INSERT INTO history (signing_id, status, at, by_id, by_name, comment)
                       VALUES ('s', 1, 't', 'R', 'n', NULL), ('s', 2, 'u', NULL, NULL, 'c')";
        connection.execute(history, []).unwrap();
        if is_approved {
            let approval =
                "INSERT INTO approval (signing_id, approver_id, approver_name, groups, comment, at)
                            VALUES ('s', 'A', 'n', '[\"G\"]', 'c', 'v')";
            connection.execute(approval, []).unwrap();
        }
        let transaction = connection.transaction().unwrap();
        shown_rows::one(&transaction, "s").unwrap().unwrap()
    }

    fn written(row: &ShownRow) -> String {
        let mut text = Vec::new();
        write(row, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    fn written_apart(row: &ShownRow) -> String {
        let (groups, missing) = row.groups();
        let mut text = Vec::new();
        write_apart(row, &added(row, &groups, &missing), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn both_ways_of_writing_write_the_same() {
        let plain = [
            "{}",
            "{\"name\":\"n\",\"payload\":{\"status\":1,\"list\":[{\"id\":\"}\"}]}}",
            "{\"a \\\"quoted\\\" name\":null,\"é\":\"\\u0001\"}",
        ];
        for body in plain {
            for (reason, is_approved) in [(None, false), (Some("why"), false), (None, true)] {
                let row = row(body, reason, is_approved);
                assert!(plain_fields(body).is_some(), "{body}");
                assert_eq!(written(&row), written_apart(&row), "{body}");
            }
        }
    }

    #[test]
    fn every_part_is_shown() {
        let shown: Value =
            serde_json::from_str(&written(&row("{\"name\":\"n\"}", Some("why"), true))).unwrap();
        let wanted = json!({
            "id": "s", "name": "n", "status": 2, "createdAt": "t", "updatedAt": "u",
            "requester": { "objectId": "R", "name": "a \"name\"" },
            "requiredGroups": ["G", "H"],
            "approvals": [{ "objectId": "A", "name": "n", "groups": ["G"], "at": "v", "comment": "c" }],
            "missingGroups": ["H"],
            "history": [
                { "status": 1, "at": "t", "by": { "objectId": "R", "name": "n" } },
                { "status": 2, "at": "u", "comment": "c" },
            ],
            "expiresAt": "1970-01-01T00:00:00.000Z",
            "reason": "why",
        });
        assert_eq!(shown, wanted);
        let names: Vec<&String> = shown.as_object().unwrap().keys().collect();
        assert_eq!(names.first().map(|name| name.as_str()), Some("id"));
    }

    #[test]
    fn what_was_posted_under_a_name_of_the_service_is_not_shown_as_its_own() {
        for body in [
            "{\"reason\":\"mine\",\"name\":\"n\"}",
            "{\"id\":\"mine\",\"status\":16,\"name\":\"n\"}",
            " { \"name\" : \"n\", \"approvals\" : [\"mine\"] } ",
            "{\"r\\u0065ason\":\"mine\",\"name\":\"n\"}",
        ] {
            let text = written(&row(body, None, false));
            assert!(!text.contains("mine") && text.contains("\"name\":\"n\""), "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["status"], 2);
        }
    }

    #[test]
    fn white_space_of_an_older_sandbox_is_no_field() {
        let shown: Value = serde_json::from_str(&written(&row("{ \n}", None, false))).unwrap();
        assert_eq!(shown["id"], "s");
    }
}
