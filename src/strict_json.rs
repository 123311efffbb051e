//! JSON as strict as proofs need it: RFC 8259 without its freedoms. A name that stands twice, text after
//! the value, a byte order mark or deep nesting is an error. Readers that forgive these disagree about
//! what a signed text says, and that is how a signature comes to cover something else.

use alloc::{format, string::String, vec::Vec};

use crate::{
    error::{Code, Error, Result, quote},
    json::Json,
};

const DEEPEST: usize = 32;
/// Each name is compared with those before it, so there must not be many; nothing that is read here has ten.
const MOST_NAMES: usize = 200;

/// A JSON value. Numbers keep their text: no proof reads one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the order in which it was written.
    Record(Vec<(String, Value)>),
}

/// Reads a whole text.
///
/// # Errors
/// `bad-json` with the byte where it stops being JSON of this strictness.
pub fn parse(bytes: &[u8]) -> Result<Value> {
    let text = core::str::from_utf8(bytes).map_err(|error| bad("not UTF-8", error.valid_up_to()))?;
    let mut reader = Reader { text, place: 0 };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.place == text.len() { Ok(value) } else { Err(reader.bad("followed by something else")) }
}

static NOTHING: Value = Value::Null;

impl Json for &Value {
    fn get(&self, key: &str) -> Self {
        match self {
            Value::Record(fields) => {
                fields.iter().find(|(name, _)| name == key).map_or(&NOTHING, |(_, value)| value)
            }
            _ => &NOTHING,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Value::Null)
    }

    fn text(&self) -> Option<String> {
        if let Value::Text(text) = self { Some(text.clone()) } else { None }
    }

    fn truth(&self) -> Option<bool> {
        if let Value::Truth(truth) = self { Some(*truth) } else { None }
    }

    fn elements(&self) -> Option<Vec<Self>> {
        if let Value::List(elements) = self { Some(elements.iter().collect()) } else { None }
    }

    fn keys(&self) -> Option<Vec<String>> {
        if let Value::Record(fields) = self {
            Some(fields.iter().map(|(name, _)| name.clone()).collect())
        } else {
            None
        }
    }
}

impl Value {
    /// A whole number that is not negative, such as a size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        if let Self::Number(digits) = self { digits.parse().ok() } else { None }
    }
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value> {
        self.skip_space();
        match self.peek() {
            Some(b'{') if depth < DEEPEST => self.record(depth),
            Some(b'[') if depth < DEEPEST => self.list(depth),
            Some(b'{' | b'[') => Err(self.bad("nested too deeply")),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn record(&mut self, depth: usize) -> Result<Value> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        self.place += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Record(fields));
        }
        loop {
            self.skip_space();
            let (name, name_place) = (self.string()?, self.place);
            if fields.len() == MOST_NAMES {
                return Err(bad("JSON with too many names in one object", name_place));
            }
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(bad(&format!("JSON with the name {} twice", quote(&name)), name_place));
            }
            self.skip_space();
            self.expect(b':')?;
            fields.push((name, self.value(depth + 1)?));
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Record(fields));
            }
            self.expect(b',')?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value> {
        let mut elements = Vec::new();
        self.place += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::List(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::List(elements));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.place..).unwrap_or_default();
            let stop = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            let (plain, rest) = rest.split_at(stop);
            text.push_str(plain);
            self.place += stop;
            match rest.bytes().next() {
                Some(b'"') => {
                    self.place += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(self.bad("without the end of a string, or with a control character in it")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let kind = self.text.as_bytes().get(self.place + 1).copied();
        self.place += 2;
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.bad("with an unknown escape")),
        })
    }

    /// Four hexadecimal digits, and four more when the first are half of a pair (RFC 8259 §7).
    fn unicode(&mut self) -> Result<char> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            self.expect(b'\\')?;
            self.expect(b'u')?;
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.bad("with half a surrogate pair"));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.bad("with half a surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32> {
        let digits = self.text.get(self.place..self.place + 4).unwrap_or_default();
        if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(self.bad("with an unknown escape"));
        }
        self.place += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.bad("with an unknown escape"))
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.place;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Value::Number(self.text.get(start..self.place).unwrap_or_default().into()))
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.place;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.place += 1;
        }
        if self.place == start { Err(self.bad("with half a number")) } else { Ok(()) }
    }

    fn word(&mut self) -> Result<Value> {
        let rest = self.text.get(self.place..).unwrap_or_default();
        for (word, value) in
            [("null", Value::Null), ("true", Value::Truth(true)), ("false", Value::Truth(false))]
        {
            if rest.starts_with(word) {
                self.place += word.len();
                return Ok(value);
            }
        }
        Err(self.bad("without a value"))
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.place += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<()> {
        if self.take(wanted) { Ok(()) } else { Err(self.bad("without what belongs there")) }
    }

    fn bad(&self, what: &str) -> Error {
        bad(&format!("JSON {what}"), self.place)
    }
}

fn bad(what: &str, place: usize) -> Error {
    let message = format!("The text is {what}, at byte {place}.");
    Error::new(Code::BadJson, message, "Take it from where it was made; something changed it on the way.")
        .at(place)
}
