//! JSON that people write for the sandbox: shapes, directories, rules of faults. A typing mistake must not pass, so
//! each field is asked for by name, no field stands twice, and an error names the place.
//!
//! The core's [`ocisign::json::Place`] does the same for what JavaScript passes. It knows no numbers, and takes
//! `null` for a field that is left out; here `null` has a meaning.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What is wrong with the text, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Names the place.
    pub message: String,
    /// Begins with a verb.
    pub fix: String,
}

impl Wrong {
    /// Both, in words.
    pub fn new(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { message: message.into(), fix: fix.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.message, self.fix)
    }
}

/// A value and the way that led to it.
#[derive(Debug, Clone)]
pub struct At<'a> {
    value: &'a Value,
    path: String,
}

/// Reads JSON in which no object has a field twice.
pub fn parse(text: &str) -> Result<Value, Wrong> {
    let read: Result<Once, _> = serde_json::from_str(text);
    read.map(|once| once.0)
        .map_err(|cause| Wrong::new(format!("It is not JSON: {cause}."), "Correct the text at that place."))
}

impl<'a> At<'a> {
    /// The whole value, under the name by which messages call it.
    pub fn whole(value: &'a Value, name: &str) -> Self {
        Self { value, path: name.to_owned() }
    }

    /// The value.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Where it stands.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A field that may be left out; of no object it is.
    pub fn field(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(Self { value, path: format!("{}.{name}", self.path) })
    }

    /// A field that must be there.
    pub fn needed(&self, name: &str) -> Result<Self, Wrong> {
        self.field(name)
            .ok_or_else(|| Wrong::new(format!("{}.{name} is missing.", self.path), "Add it.".to_owned()))
    }

    /// An object's fields with their names.
    pub fn fields(&self) -> Result<Vec<(&'a str, Self)>, Wrong> {
        let object = self.value.as_object().ok_or_else(|| self.wrong("is no object", "Write { … }."))?;
        let at = |(name, value)| {
            let name: &'a String = name;
            (name.as_str(), Self { value, path: format!("{}.{name}", self.path) })
        };
        Ok(object.iter().map(at).collect())
    }

    /// An object that has no other fields than these.
    pub fn only(&self, known: &[&str]) -> Result<(), Wrong> {
        match self.fields()?.iter().find(|(name, _)| !known.contains(name)) {
            None => Ok(()),
            Some((_, at)) => Err(at.wrong("is unknown", &format!("Use only {}.", known.join(", ")))),
        }
    }

    /// The elements of a list.
    pub fn list(&self) -> Result<Vec<Self>, Wrong> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("is no list", "Write [ … ]."))?;
        let at = |(index, value)| Self { value, path: format!("{}[{index}]", self.path) };
        Ok(list.iter().enumerate().map(at).collect())
    }

    /// A text that is not empty.
    pub fn text(&self) -> Result<&'a str, Wrong> {
        match self.value.as_str() {
            Some("") => Err(self.wrong("is empty", "Fill it, or leave it out.")),
            Some(text) => Ok(text),
            None => Err(self.wrong("is no text", "Write \"…\".")),
        }
    }

    /// One of these texts.
    pub fn one_of(&self, known: &[&'static str]) -> Result<&'static str, Wrong> {
        let text = self.text()?;
        known.iter().find(|known| **known == text).copied().ok_or_else(|| {
            self.wrong("is another word than it may be", &format!("Use {}.", known.join(" or ")))
        })
    }

    /// A truth value.
    pub fn truth(&self) -> Result<bool, Wrong> {
        self.value.as_bool().ok_or_else(|| self.wrong("is no truth value", "Write true or false."))
    }

    /// A whole number in this range.
    pub fn number(&self, least: u64, most: u64) -> Result<u64, Wrong> {
        let number = self.value.as_u64().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| {
            self.wrong("is no number that fits", &format!("Write a whole number from {least} to {most}."))
        })
    }

    /// An error at this place.
    pub fn wrong(&self, what: &str, fix: &str) -> Wrong {
        Wrong::new(format!("{} {what}.", self.path), fix)
    }
}

/// A value that was read with an eye on names that come again.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some((name, Once(value))) = object.next_entry::<String, Once>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the field {name:?} stands twice in one object")));
            }
            fields.insert(name, value);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_field_stands_once_and_an_error_names_its_place() {
        let twice = parse("{\"a\":1,\n \"b\":{\"c\":1,\"c\":1}}").unwrap_err().message;
        assert!(twice.contains("\"c\" stands twice") && twice.contains("line 2"), "{twice}");
        let value = parse(r#"{"a":[{"b":-1,"c":null,"d":1.5,"e":"x"}]}"#).unwrap();
        let whole = At::whole(&value, "shape");
        let element = whole.field("a").unwrap().list().unwrap().remove(0);
        assert_eq!(
            element.field("b").unwrap().number(0, 9).unwrap_err().message,
            "shape.a[0].b is no number that fits."
        );
        assert_eq!(element.needed("z").unwrap_err().message, "shape.a[0].z is missing.");
        assert_eq!(element.only(&["b"]).unwrap_err().message, "shape.a[0].c is unknown.");
        assert!(element.field("c").unwrap().value().is_null());
    }
}
