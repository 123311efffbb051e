//! JSON text, read once and then looked up: a list notes where each value of the text begins and ends.
//!
//! JavaScript hands over its objects as `JSON.stringify` writes them, so the text is well formed. In a text that is not,
//! some value is missing, and nothing worse. A parser such as `serde_json`'s would make a tree of owned values and take
//! ten times the code, most of it for numbers, which the core never reads.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{json::Json, text::plain_length};

/// A text of one JSON value.
pub struct Tape {
    text: String,
    nodes: Vec<Node>,
}

/// A value, or the name of a field, which stands before its value.
struct Node {
    /// The first byte of its JSON, which says what it is; of a text with something escaped in it, a backslash.
    kind: u8,
    /// Where it stands in the text, of a text what is between the quotation marks.
    start: usize,
    end: usize,
    /// The place in the list of what follows it, and all that is in it.
    next: usize,
}

/// No place in the list.
const NONE: usize = usize::MAX;

impl Tape {
    /// Walks over a text. The empty one holds no value.
    pub fn of(text: String) -> Self {
        let mut nodes: Vec<Node> = Vec::with_capacity(text.len() / 12 + 1);
        // The innermost list or object that is open. While one is, `next` is where the one around it stands.
        let mut open = NONE;
        let mut start = 0;
        while let Some((&first, rest)) = text.as_bytes().get(start..).and_then(<[u8]>::split_first) {
            let at = nodes.len();
            start += 1;
            match first {
                b'}' | b']' => {
                    if let Some(whole) = nodes.get_mut(open) {
                        open = whole.next;
                        (whole.end, whole.next) = (start, at);
                    }
                }
                b',' | b':' => {}
                b'{' | b'[' => {
                    nodes.push(Node { kind: first, start: start - 1, end: start, next: open });
                    open = at;
                }
                b'"' => {
                    let (kind, length) = text_length(rest);
                    nodes.push(Node { kind, start, end: start + length, next: at + 1 });
                    start += length + 1;
                }
                _ => {
                    let length = word_length(rest);
                    nodes.push(Node { kind: first, start: start - 1, end: start + length, next: at + 1 });
                    start += length;
                }
            }
        }
        // What is not closed ends with the text. A walk that went on to what it is in would never end.
        let end = nodes.len();
        while let Some(whole) = nodes.get_mut(open) {
            open = whole.next;
            (whole.end, whole.next) = (start, end);
        }
        Self { text, nodes }
    }

    /// The value of the text.
    pub fn value(&self) -> Plain<'_> {
        Plain { tape: self, at: 0 }
    }
}

/// How many bytes of a text stand before the quotation mark that ends it, and what kind of text it is.
fn text_length(rest: &[u8]) -> (u8, usize) {
    let mut kind = b'"';
    let mut length = 0;
    loop {
        length += plain_length(rest.get(length..).unwrap_or_default());
        match rest.get(length) {
            Some(b'\\') => {
                kind = b'\\';
                length += 2;
            }
            None | Some(b'"') => return (kind, length),
            _ => length += 1,
        }
    }
}

/// How many bytes belong to a number or a word.
fn word_length(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b',' | b']' | b'}')).unwrap_or(rest.len())
}

/// A value of a [`Tape`], or none.
#[derive(Clone, Copy)]
pub struct Plain<'a> {
    tape: &'a Tape,
    at: usize,
}

impl<'a> Plain<'a> {
    fn node(self) -> Option<&'a Node> {
        self.tape.nodes.get(self.at)
    }

    fn is(self, kind: u8) -> bool {
        self.node().is_some_and(|node| node.kind == kind)
    }

    /// Its JSON, of a text what stands between the quotation marks; nothing of a missing one.
    fn written(self) -> &'a str {
        self.node().and_then(|node| self.tape.text.get(node.start..node.end)).unwrap_or_default()
    }

    /// Is it this text?
    fn is_text_of(self, text: &str) -> bool {
        match self.node() {
            Some(Node { kind: b'\\', .. }) => self.text().as_deref() == Some(text),
            // Most names differ in length.
            Some(Node { start, end, .. }) => {
                end - start == text.len() && self.written().as_bytes() == text.as_bytes()
            }
            None => false,
        }
    }

    /// Its JSON; nothing of a missing one.
    pub fn json(self) -> String {
        if self.is_text() { ["\"", self.written(), "\""].concat() } else { self.written().into() }
    }

    /// Where its parts end in the list, if it is of this kind.
    fn end_of(self, kind: u8) -> usize {
        self.node().filter(|node| node.kind == kind).map_or(0, |node| node.next)
    }

    /// What follows it in the list, and all that is in it.
    fn next(self) -> Self {
        Self { at: self.node().map_or(NONE, |node| node.next), ..self }
    }

    /// The next thing in the list.
    const fn behind(self) -> Self {
        Self { at: self.at.saturating_add(1), ..self }
    }
}

impl Json for Plain<'_> {
    #[inline(never)]
    fn get(&self, key: &str) -> Self {
        let elements = self.elements().unwrap_or_default();
        if let Some((_, element)) = elements.iter().enumerate().find(|(index, _)| index.to_string() == key) {
            return *element;
        }
        let end = self.end_of(b'{');
        let mut name = self.behind();
        while name.at < end {
            let value = name.behind();
            if name.is_text_of(key) {
                return value;
            }
            name = value.next();
        }
        Self { at: NONE, ..*self }
    }

    fn is_missing(&self) -> bool {
        self.node().is_none_or(|node| node.kind == b'n')
    }

    fn is_record(&self) -> bool {
        self.is(b'{')
    }

    fn is_text(&self) -> bool {
        self.is(b'"') || self.is(b'\\')
    }

    #[inline(never)]
    fn text(&self) -> Option<String> {
        match self.node()?.kind {
            b'"' => Some(self.written().into()),
            b'\\' => Some(unescaped(self.written())),
            _ => None,
        }
    }

    #[inline(never)]
    fn truth(&self) -> Option<bool> {
        match self.node()?.kind {
            b't' => Some(true),
            b'f' => Some(false),
            _ => None,
        }
    }

    #[inline(never)]
    fn elements(&self) -> Option<Vec<Self>> {
        let end = self.end_of(b'[');
        let mut elements = Vec::new();
        let mut next = self.behind();
        while next.at < end {
            elements.push(next);
            next = next.next();
        }
        (end > 0).then_some(elements)
    }

    #[inline(never)]
    fn each_field(&self, visit: &mut dyn FnMut(&str, Self)) {
        let end = self.end_of(b'{');
        let mut name = self.behind();
        while name.at < end {
            let value = name.behind();
            if name.is(b'"') {
                visit(name.written(), value);
            } else {
                visit(&unescaped(name.written()), value);
            }
            name = value.next();
        }
    }
}

/// The text of what stands between quotation marks.
fn unescaped(written: &str) -> String {
    let mut text = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut characters = after.chars();
        text.push(match characters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits = characters.by_ref().take(4).filter_map(|digit| digit.to_digit(16));
                // `JSON.stringify` writes a surrogate as a number only where it is half a character.
                char::from_u32(digits.fold(0, |unit, digit| unit * 16 + digit)).unwrap_or('\u{fffd}')
            }
            other => other.unwrap_or_default(),
        });
        rest = characters.as_str();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use alloc::{format, string::ToString};

    use serde_json::Value;

    use super::*;

    /// The same value by both readers, all the way down.
    fn same(plain: Plain<'_>, value: &Value) {
        assert_eq!(plain.is_missing(), value.is_null());
        assert_eq!(plain.is_record(), value.is_object());
        assert_eq!(plain.text(), Json::text(&value));
        assert_eq!(plain.truth(), Json::truth(&value));
        assert_eq!(serde_json::from_str::<Value>(&plain.json()).unwrap(), *value);
        let (ours, theirs) = (Json::elements(&plain), Json::elements(&value));
        assert_eq!(ours.is_some(), theirs.is_some());
        let (ours, theirs) = (ours.unwrap_or_default(), theirs.unwrap_or_default());
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            same(ours, theirs);
        }
        let mut fields = 0;
        plain.each_field(&mut |name, field| {
            fields += 1;
            same(field, value.get(name).unwrap());
            same(Json::get(&plain, name), value.get(name).unwrap());
        });
        assert_eq!(fields, value.as_object().map_or(0, serde_json::Map::len));
        assert!(Json::get(&plain, "no such field").is_missing());
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let deep = ["[".repeat(100), "]".repeat(100)].concat();
        for text in [
            "null",
            "true",
            "false",
            "-1.5e-7",
            r#""""#,
            r#""plain""#,
            r#""\\\" and \\ \/ \b\f\n\r\t \u0000\u001f é 🦀 ,]}""#,
            r#"["\\","\\\\",""]"#,
            "[]",
            "{}",
            "[[],{},[[]],0]",
            r#"{"a":1,"b":[{"a":{"a":"a"}},null],"c":{},"":"empty"}"#,
            r#"{"a\"b":1,"a\\nb":2,"a\nb":3,"é":4,"__proto__":{"x":5},"[":6}"#,
            r#"{"name":{"id":1},"id":2,"list":[{"id":3}]}"#,
            &deep,
        ] {
            same(Tape::of(text.to_string()).value(), &serde_json::from_str(text).unwrap());
        }
    }

    #[test]
    fn what_follows_an_object_is_none_of_its_fields() {
        let tape = Tape::of(r#"[{"a":1},"b",2]"#.to_string());
        let elements = tape.value().elements().unwrap();
        let object = elements.first().unwrap();
        assert_eq!((object.get("a").json().as_str(), object.get("b").json().as_str()), ("1", ""));
    }

    #[test]
    fn half_a_character_is_a_question_mark_of_its_own() {
        let tape = Tape::of(r#"["\ud83d","\udead\ud83d."]"#.to_string());
        let texts: Vec<_> = tape.value().elements().unwrap().iter().filter_map(Json::text).collect();
        assert_eq!(texts, ["\u{fffd}", "\u{fffd}\u{fffd}."]);
    }

    #[test]
    fn what_is_no_json_is_missing_somewhere_and_harms_nothing() {
        assert!(Tape::of(String::new()).value().is_missing());
        let whole = r#"{"a":["b\u00e9",{"c":null}],"d":true}"#;
        for end in 0..whole.len() {
            let Some(cut) = whole.get(..end) else { continue };
            for text in [
                cut.to_string(),
                format!("{cut}]"),
                format!("{cut}}}"),
                format!("{cut}\""),
                format!("{cut}[["),
            ] {
                let tape = Tape::of(text);
                let value = tape.value();
                let _ = (value.get("a").elements(), value.get("d").text(), value.json());
                value.each_field(&mut |_, field| drop(field.json()));
            }
        }
    }
}
