//! Writes our own types as JSON text.
//!
//! `serde_json` does the same, and ten times as much, which a page would load for nothing.

#![allow(clippy::single_char_add_str)] // to copy a byte takes less than to encode a character

use alloc::string::{String, ToString};
use core::fmt;

use crate::{encoding::push_hex, text::plain_length};
use serde::{
    Serialize,
    ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer},
};

/// The JSON of a value of texts, truth values, whole numbers, lists and objects: none of our types has anything else.
///
/// # Errors
/// When it has something else.
pub fn json<T: Serialize>(value: &T) -> Result<String, fmt::Error> {
    let mut writer = Writer(String::with_capacity(512));
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

struct Writer(String);

impl Writer {
    /// Writes the next thing, behind a comma where one is due. What is written ends in a quotation mark, a bracket, a
    /// colon, a letter or a digit: of a text, nothing stands open.
    #[inline(never)]
    fn put(&mut self, next: &str) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push_str(",");
        }
        self.0.push_str(next);
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.put("\"");
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at_checked(plain_length(rest.as_bytes())).unwrap_or_default();
            self.0.push_str(plain);
            if special.is_empty() {
                break;
            }
            let mut characters = special.chars();
            match characters.next().unwrap_or_default() {
                escaped @ ('\0'..='\u{1f}' | '"' | '\\') => {
                    self.0.push_str("\\u00");
                    push_hex(&mut self.0, escaped as u8, b"0123456789abcdef");
                }
                other => self.0.push(other),
            }
            rest = characters.as_str();
        }
        self.0.push_str("\"");
    }
}

type Written = Result<(), fmt::Error>;

macro_rules! none_of {
    ($($name:ident: $type:ty,)+) => { $(fn $name(self, _: $type) -> Written { Err(fmt::Error) })+ };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    fn serialize_bool(self, value: bool) -> Written {
        self.put(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.put(&value.to_string());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.put("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, fmt::Error> {
        self.put("[");
        Ok(Open { writer: self, end: "]" })
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, fmt::Error> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'a>, fmt::Error> {
        self.put("{");
        Ok(Open { writer: self, end: "}" })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, fmt::Error> {
        self.serialize_map(None)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(fmt::Error)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_none()
    }

    fn serialize_unit(self) -> Written {
        self.serialize_none()
    }

    none_of! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
        serialize_bytes: &[u8],
    }
}

/// A list or an object that is not written to its end.
struct Open<'a> {
    writer: &'a mut Writer,
    end: &'static str,
}

impl Open<'_> {
    fn close(self) -> Written {
        self.writer.0.push_str(self.end);
        Ok(())
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        key.serialize(&mut *self.writer)?;
        self.writer.0.push_str(":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        // Our own names need no look at what is to be escaped.
        self.writer.put("\"");
        self.writer.0.extend([name, "\":"]);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use alloc::{format, string::ToString, vec::Vec};

    use super::*;
    use crate::wire::{ConfigItem, OptionalParameter, Payload};

    #[test]
    fn it_is_what_serde_json_writes() {
        let all: String = (0..=0x2100).filter_map(char::from_u32).collect();
        for value in
            ["", "plain", "a\"b\\c/d", "\u{0}\u{1f}\n\u{7f}\u{80}", "é🦀\u{2028}\u{fffd}", &all, "[{,:\""]
        {
            let item = ConfigItem { name: value.into(), value: "v".into() };
            let payload = Payload {
                name: format!("{value}!"),
                metadata: [item.clone(), item].to_vec(),
                optional_parameters: [OptionalParameter { artifact_uri: value.into() }].to_vec(),
            };
            let written: serde_json::Value = serde_json::from_str(&json(&payload).unwrap()).unwrap();
            assert_eq!(written, serde_json::to_value(&payload).unwrap());
        }
        let profile = crate::Profile::default();
        assert_eq!(json(&profile).unwrap(), serde_json::to_string(&profile).unwrap());
        assert_eq!(json(&(true, [(); 0], 3_u64)).unwrap(), "[true,[],3]");
        assert_eq!(json(&Vec::<(String, bool)>::new()).unwrap(), "[]".to_string());
    }

    #[test]
    fn what_none_of_our_types_has_is_refused() {
        assert!(json(&1.5).is_err());
        assert!(json(&'c').is_err());
    }
}
