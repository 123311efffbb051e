//! JSON for proofs (docs/verify.md, "What is checked", step 5). serde_json knows the grammar; this refuses what readers
//! disagree about: a name that stands twice, half a surrogate pair, a byte order mark, and more than 32 levels.

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::refusal::{Refusal, Result, refuse, require};

/// The deepest nesting.
const DEEPEST: usize = 32;

/// A value. Nothing that is proved is true or false, and a number keeps its text.
#[derive(Debug)]
pub enum Value {
    Null,
    Truth,
    Number(String),
    Text(String),
    List(Vec<Value>),
    Record(Vec<(String, Value)>),
}

/// Reads a whole text.
pub fn parse(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal("not UTF-8".into()))?;
    read(serde_json::from_str(text).map_err(damaged)?, 1)
}

/// Reads a value. `depth` is the level that it has, were it an object or a list.
fn read(raw: &RawValue, depth: usize) -> Result<Value> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map(Value::Text).map_err(damaged),
        Some(b'[') => {
            require(depth <= DEEPEST, "nested too deeply")?;
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(damaged)?;
            items.into_iter().map(|item| read(item, depth + 1)).collect::<Result<_>>().map(Value::List)
        }
        Some(b'{') => {
            require(depth <= DEEPEST, "nested too deeply")?;
            let Members(members) = serde_json::from_str(text).map_err(damaged)?;
            let mut names = HashSet::new();
            let mut record = Vec::with_capacity(members.len());
            for (name, value) in members {
                let name: String = serde_json::from_str(name.get()).map_err(damaged)?;
                if !names.insert(name.clone()) {
                    return refuse(format!("the name {name:?} twice"));
                }
                record.push((name, read(value, depth + 1)?));
            }
            Ok(Value::Record(record))
        }
        Some(b'n') => Ok(Value::Null),
        Some(b't' | b'f') => Ok(Value::Truth),
        _ => {
            // Readers that keep numbers as doubles refuse one that none holds.
            require(text.parse().is_ok_and(f64::is_finite), "a number that is too large")?;
            Ok(Value::Number(text.into()))
        }
    }
}

fn damaged(error: serde_json::Error) -> Refusal {
    Refusal(format!("not JSON: {error}"))
}

/// The members of an object as they stand there.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// What a field of a text says that nobody has proved, read as leniently as any reader may: the last of two counts.
/// In UTF-16, since such a text may have half a surrogate pair.
pub fn claimed(bytes: &[u8], name: &str) -> Option<Vec<u16>> {
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let Members(members) = serde_json::from_str(&text).ok()?;
    let wanted: Vec<u16> = name.encode_utf16().collect();
    let (_, value) = members.iter().rev().find(|(name, _)| units(name.get()).as_ref() == Some(&wanted))?;
    units(value.get())
}

/// The UTF-16 units of a string as it stands in JSON; nothing of another value.
fn units(literal: &str) -> Option<Vec<u16>> {
    let mut units = Vec::new();
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(next) = rest.next() {
        let unit = match next {
            '\\' => match rest.next()? {
                'b' => 8,
                'f' => 12,
                'n' => 10,
                'r' => 13,
                't' => 9,
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    u16::from_str_radix(&digits, 16).ok()?
                }
                other => u16::try_from(u32::from(other)).ok()?,
            },
            plain => {
                units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
                continue;
            }
        };
        units.push(unit);
    }
    Some(units)
}

impl Value {
    /// The fields of an object.
    pub fn record(&self, place: &str) -> Result<&[(String, Self)]> {
        match self {
            Self::Record(fields) => Ok(fields),
            _ => refuse(format!("{place} is no object")),
        }
    }

    /// A field of an object; nothing of anything else.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields.iter().find_map(|(known, value)| (known == name).then_some(value)),
            _ => None,
        }
    }

    /// An object that has these fields and no other.
    pub fn exactly(&self, place: &str, names: &[&str]) -> Result<()> {
        let fields = self.record(place)?;
        require(fields.len() == names.len() && names.iter().all(|name| self.get(name).is_some()), place)
    }

    /// The text that it is, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A list.
    pub fn list(&self, place: &str) -> Result<&[Self]> {
        match self {
            Self::List(items) => Ok(items),
            _ => refuse(format!("{place} is no list")),
        }
    }

    /// A whole number from 0 to 2^53 - 1, however it is written.
    pub fn size(&self) -> Option<u64> {
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        let Self::Number(text) = self else { return None };
        let number: f64 = text.parse().ok()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // it is a whole number in that range
        ((0.0..=LARGEST).contains(&number) && number.fract() == 0.0).then_some(number as u64)
    }
}

/// The text of a field, which has to be there.
pub fn text<'a>(value: Option<&'a Value>, place: &str) -> Result<&'a str> {
    value.and_then(Value::as_text).ok_or_else(|| Refusal(format!("{place} is no text")))
}

/// The text of a field that may be missing, or null.
pub fn optional_text<'a>(value: Option<&'a Value>, place: &str) -> Result<Option<&'a str>> {
    match value {
        None | Some(Value::Null) => Ok(None),
        some => text(some, place).map(Some),
    }
}
