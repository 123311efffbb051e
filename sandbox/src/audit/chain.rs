//! How entries hang together. An entry's hash is the SHA-256, in lower-case hexadecimal, of its canonical JSON without
//! the hash. That JSON holds the hash of the entry before; the first has zeros there. Canonical is what RFC 8785 says:
//! keys in order, no white space. Entries hold no fractions, whose spelling is the hard part of it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::signature_manifest::sha256;

/// What the first entry has in place of the hash of the one before.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry, as it is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1.
    pub sequence: i64,
    /// When: UTC, RFC 3339.
    pub at: String,
    /// See [`super::Action`].
    pub action: String,
    /// Who, if it was a person: an object of `objectId`, `name` and `identity`.
    pub by: Value,
    /// Of which request it tells.
    pub signing: Option<String>,
    /// Of which product it tells.
    pub product: Option<String>,
    /// An object.
    pub details: Value,
    /// The hash of the entry before.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
}

impl Entry {
    /// Its hash, as it must be.
    pub fn computed_hash(&self) -> String {
        let digest = sha256(canonical(&Value::Object(self.hashed())).as_bytes());
        digest.trim_start_matches("sha256:").to_owned()
    }

    /// As the API shows it.
    pub fn shown(&self) -> Value {
        let mut shown = self.hashed();
        shown.insert("hash".to_owned(), json!(self.hash));
        Value::Object(shown)
    }

    fn hashed(&self) -> Map<String, Value> {
        let fields = [
            ("sequence", json!(self.sequence)),
            ("at", json!(self.at)),
            ("action", json!(self.action)),
            ("by", self.by.clone()),
            ("signing", json!(self.signing)),
            ("product", json!(self.product)),
            ("details", self.details.clone()),
            ("previous", json!(self.previous)),
        ];
        fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// JSON in its one spelling.
pub fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

/// Objects with their keys in order; the JSON crate keeps the order in which they came.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, Value> =
                fields.iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(fields.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Where a chain breaks, at the first entry that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// The entry is not there, though later ones are.
    Missing(i64),
    /// The last entries are not there: all from this one up to the second.
    CutOff(i64, i64),
    /// The entry says something else than when it was written.
    Changed(i64),
    /// The entry does not follow the one before: one of the two was written anew.
    NotLinked(i64),
}

impl fmt::Display for Break {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(at) => write!(formatter, "Entry {at} is missing, though later ones are there."),
            Self::CutOff(from, to) => {
                write!(formatter, "Entry {from} is missing: the log once went on to entry {to}.")
            }
            Self::Changed(at) => {
                write!(formatter, "Entry {at} was changed: its hash is not that of what it says.")
            }
            Self::NotLinked(at) => {
                write!(
                    formatter,
                    "Entry {at} does not follow entry {}: it holds the hash of another.",
                    at - 1
                )
            }
        }
    }
}

/// Reads a chain from its beginning.
#[derive(Debug)]
pub struct Verifier {
    count: i64,
    last_hash: String,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { count: 0, last_hash: BEGINNING.to_owned() }
    }
}

impl Verifier {
    /// Checks the next entry.
    pub fn next(&mut self, entry: &Entry) -> Result<(), Break> {
        let expected = self.count + 1;
        if entry.sequence != expected {
            return Err(Break::Missing(expected));
        }
        if entry.computed_hash() != entry.hash {
            return Err(Break::Changed(entry.sequence));
        }
        if entry.previous != self.last_hash {
            return Err(Break::NotLinked(entry.sequence));
        }
        self.count = entry.sequence;
        self.last_hash.clone_from(&entry.hash);
        Ok(())
    }

    /// Checks that the log ends where it once ended.
    pub fn ends_at(&self, last: i64) -> Result<(), Break> {
        if self.count >= last { Ok(()) } else { Err(Break::CutOff(self.count + 1, last)) }
    }

    /// How many entries there are.
    pub const fn count(&self) -> i64 {
        self.count
    }

    /// The hash of the last one.
    pub fn last_hash(&self) -> &str {
        &self.last_hash
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn chain(count: i64) -> Vec<Entry> {
        let mut previous = BEGINNING.to_owned();
        (1..=count)
            .map(|sequence| {
                let mut entry = Entry {
                    sequence,
                    at: "2026-01-01T00:00:00.000Z".to_owned(),
                    action: "approve".to_owned(),
                    by: json!({ "objectId": "o", "name": "é\"\u{1}" }),
                    signing: Some("s".to_owned()),
                    product: None,
                    details: json!({ "b": 1, "a": [true, null] }),
                    previous: previous.clone(),
                    hash: String::new(),
                };
                entry.hash = entry.computed_hash();
                previous.clone_from(&entry.hash);
                entry
            })
            .collect()
    }

    fn verify(entries: &[Entry]) -> Result<(), Break> {
        let mut verifier = Verifier::default();
        entries.iter().try_for_each(|entry| verifier.next(entry))
    }

    #[test]
    fn canonical_json_is_that_of_rfc_8785() {
        let value = json!({ "z": 1, "a": { "y": "\u{1}\u{8}\t\n\"\\é\u{2028}/", "b": [null, false] } });
        assert_eq!(
            canonical(&value),
            "{\"a\":{\"b\":[null,false],\"y\":\"\\u0001\\b\\t\\n\\\"\\\\é\u{2028}/\"},\"z\":1}"
        );
    }

    #[test]
    fn a_hash_is_what_anybody_computes() {
        // printf '{"action":…}' | sha256sum, over the canonical text below.
        let entry = &chain(1)[0];
        let text = "{\"action\":\"approve\",\"at\":\"2026-01-01T00:00:00.000Z\",\
            \"by\":{\"name\":\"é\\\"\\u0001\",\"objectId\":\"o\"},\"details\":{\"a\":[true,null],\"b\":1},\
            \"previous\":\"0000000000000000000000000000000000000000000000000000000000000000\",\
            \"product\":null,\"sequence\":1,\"signing\":\"s\"}";
        assert_eq!(format!("sha256:{}", entry.hash), sha256(text.as_bytes()));
    }

    #[test]
    fn each_kind_of_break_names_its_entry() {
        assert_eq!(verify(&chain(5)), Ok(()));
        type Change = fn(&mut Vec<Entry>);
        let changes: [(Break, Change); 9] = [
            (Break::Changed(3), |it| it[2].at.push('0')),
            (Break::Changed(3), |it| it[2].action = "reject".to_owned()),
            (Break::Changed(3), |it| it[2].by = Value::Null),
            (Break::Changed(3), |it| it[2].signing = None),
            (Break::Changed(3), |it| it[2].product = Some("p".to_owned())),
            (Break::Changed(3), |it| it[2].details["b"] = json!(2)),
            (Break::NotLinked(4), |it| {
                it[2].details["b"] = json!(2);
                it[2].hash = it[2].computed_hash();
            }),
            (Break::Missing(3), |it| {
                it.remove(2);
            }),
            (Break::Missing(1), |it| {
                it.remove(0);
            }),
        ];
        for (expected, change) in changes {
            let mut entries = chain(5);
            change(&mut entries);
            assert_eq!(verify(&entries), Err(expected));
        }
        let mut verifier = Verifier::default();
        chain(3).iter().try_for_each(|entry| verifier.next(entry)).unwrap();
        assert_eq!((verifier.ends_at(3), verifier.ends_at(5)), (Ok(()), Err(Break::CutOff(4, 5))));
    }
}
