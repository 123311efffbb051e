//! Status codes of another service, and ours.

use serde_json::{Map, Value, json};

use crate::status;
use crate::strict_json::{At, Wrong};

/// Each of our codes has one there; there may be more codes of the same meaning.
#[derive(Debug, Clone)]
pub struct Statuses {
    /// Ours, theirs.
    codes: Vec<(i64, i64)>,
    /// Theirs, and what it means.
    table: Vec<(i64, &'static str)>,
}

/// A code that no request has.
const NONE: i64 = i64::MIN;

impl Statuses {
    /// Reads `{ "<code>": "<state>" }`. A state without a code keeps ours, unless the table gives that to another.
    pub fn read(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let mut table = Vec::new();
        for (written, at) in at.map(At::fields).transpose()?.unwrap_or_default() {
            let code = written.parse::<i64>().ok().filter(|code| code.to_string() == written);
            let code = code.ok_or_else(|| {
                at.wrong("is named by no status code", "Write the code as a whole number, as in \"110\".")
            })?;
            let names: Vec<&'static str> = status::all().map(|(_, name)| name).collect();
            table.push((code, at.one_of(&names)?));
        }
        let mut codes = Vec::new();
        for (ours, name) in status::all() {
            let given = table.iter().find(|(_, state)| *state == name).map(|(code, _)| *code);
            if given.is_none() {
                if table.iter().any(|(code, _)| *code == ours) {
                    return Err(Wrong::new(
                        format!(
                            "shape.statuses has no code for {name}, and gives {ours}, which it has otherwise, to another state."
                        ),
                        format!("Add a code for {name}."),
                    ));
                }
                table.push((ours, name));
            }
            codes.push((ours, given.unwrap_or(ours)));
        }
        Ok(Self { codes, table })
    }

    /// For the profile.
    pub fn written(&self) -> Value {
        let rows: Map<_, _> = self.table.iter().map(|(code, name)| (code.to_string(), json!(name))).collect();
        Value::Object(rows)
    }

    /// Their code for ours. One that is none of ours is none of theirs either, and stays.
    pub fn theirs(&self, ours: &Value) -> Value {
        let known = self.codes.iter().find(|(known, _)| Some(*known) == ours.as_i64());
        known.map_or_else(|| ours.clone(), |(_, theirs)| json!(theirs))
    }

    /// Our code for theirs; one that no request has for any that the service does not give.
    pub fn ours(&self, theirs: i64) -> i64 {
        self.codes.iter().find(|(_, known)| *known == theirs).map_or(NONE, |(ours, _)| *ours)
    }
}
