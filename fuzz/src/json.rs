//! JSON as JavaScript hands it over: the tape reads what serde_json reads.

use ocisign::{
    insides::{Plain, Tape},
    json::Json,
};
use serde_json::{Map, Value};

use super::text;

/// Deeper values are left alone: the walk here goes down by calling itself, which the core does not.
const DEEPEST: usize = 100;

/// Two readers find the same in JSON; what is none has something missing, and does no harm.
pub fn json(data: &[u8]) {
    let Some(given) = text(data) else { return };
    let tape = Tape::of(given.to_owned());
    walk(tape.value(), &mut 10_000, DEEPEST);
    if let Some(value) = stringified(given) {
        let tape = Tape::of(value.to_string());
        same(tape.value(), &value);
    }
}

/// The value of a JSON text, if `JSON.stringify` could have written it.
pub fn stringified(given: &str) -> Option<Value> {
    serde_json::from_str(given).ok()
}

/// What reads it runs on both readers, and comes to the same.
pub fn both<T: PartialEq + core::fmt::Debug>(value: &Value, read: impl Reading<T>) -> T {
    let tape = Tape::of(value.to_string());
    let (ours, theirs) = (read.of(tape.value()), read.of(value));
    assert_eq!(ours, theirs, "{value}");
    theirs
}

/// Something that reads a value, whoever holds that.
pub trait Reading<T> {
    /// Reads it.
    fn of<J: Json>(&self, value: J) -> T;
}

/// The same value by both readers, all the way down.
fn same(plain: Plain<'_>, value: &Value) {
    assert_eq!(plain.is_missing(), value.is_null());
    assert_eq!(plain.is_record(), value.is_object());
    assert_eq!(plain.is_text(), value.is_string());
    assert_eq!(plain.text(), Json::text(&value));
    assert_eq!(plain.truth(), Json::truth(&value));
    assert_eq!(plain.json(), value.to_string());

    let (ours, theirs) = (Json::elements(&plain), Json::elements(&value));
    assert_eq!(ours.as_ref().map(Vec::len), theirs.as_ref().map(Vec::len));
    for (ours, theirs) in ours.unwrap_or_default().into_iter().zip(theirs.unwrap_or_default()) {
        same(ours, theirs);
    }
    let mut names = Vec::new();
    plain.each_field(&mut |name, field| {
        same(field, &value[name]);
        names.push(name.to_owned());
    });
    assert!(names.iter().eq(value.as_object().unwrap_or(&Map::new()).keys()));
    for name in names.iter().take(16) {
        assert_eq!(Json::get(&plain, name).json(), value[name.as_str()].to_string());
    }
    assert_eq!(Json::get(&plain, "no such field").is_missing(), value.get("no such field").is_none());
}

/// Looks at everything that can be reached, but not for ever.
fn walk(value: Plain<'_>, steps: &mut usize, deeper: usize) {
    if *steps == 0 || deeper == 0 {
        return;
    }
    *steps -= 1;
    let (text, truth) = (value.text(), value.truth());
    assert!(text.is_none() || truth.is_none());
    assert!(!value.is_record() || text.is_none());
    let _ = (value.json(), value.get("id"), value.get("0").text());
    for element in value.elements().unwrap_or_default() {
        walk(element, steps, deeper - 1);
    }
    value.each_field(&mut |_, field| walk(field, steps, deeper - 1));
}
