//! From whatever a deserializer has to JSON text, which a strict function reads then.

use crate::json::Writer;
use alloc::string::{String, ToString};
use core::fmt;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What a deserializer has, as JSON text of about `bytes` bytes at most.
///
/// Names that stand twice stay twice, and a number with a fraction keeps it, so that the reader
/// can refuse them as it does in text.
pub(super) fn json_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    bytes: usize,
    levels: usize,
) -> Result<String, D::Error> {
    if !deserializer.is_human_readable() {
        return String::deserialize(deserializer);
    }
    let mut text = Text { writer: Writer::new(), room: bytes };
    Value { text: &mut text, levels }.deserialize(deserializer)?;
    Ok(text.writer.finish())
}

/// What was written so far.
struct Text {
    writer: Writer,
    /// How many bytes may come yet, quotes and marks not counted.
    room: usize,
}

impl Text {
    fn take<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| E::custom("too many bytes"))?;
        Ok(())
    }

    fn string<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.take(text.len().saturating_add(1))?;
        self.writer.string(text);
        Ok(())
    }

    fn raw<E: Error>(&mut self, json: &str) -> Result<(), E> {
        self.take(json.len())?;
        self.writer.raw(json);
        Ok(())
    }
}

/// Writes one value, nested at most so many levels more.
struct Value<'t> {
    text: &'t mut Text,
    levels: usize,
}

impl Value<'_> {
    fn below<E: Error>(&self) -> Result<usize, E> {
        self.levels.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.text.raw("null")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.text.raw(if value { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.text.raw(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.text.raw(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        if !number.is_finite() {
            return Err(E::custom("JSON has no such number"));
        }
        // `Debug` keeps the fraction of a whole number: 1.0 is no integer here.
        self.text.raw(&alloc::format!("{number:?}"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.text.string(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let levels = self.below()?;
        self.text.writer.open(b'[');
        while items.next_element_seed(Value { text: &mut *self.text, levels })?.is_some() {
            self.text.take(1)?;
        }
        self.text.writer.close(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let levels = self.below()?;
        self.text.writer.open(b'{');
        while let Some(name) = members.next_key::<String>()? {
            self.text.take(name.len().saturating_add(1))?;
            self.text.writer.name(&name);
            members.next_value_seed(Value { text: &mut *self.text, levels })?;
        }
        self.text.writer.close(b'}');
        Ok(())
    }
}
