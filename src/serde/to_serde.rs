//! From JSON text to whatever a serializer makes of it.

use crate::json::{Item, Reader, TextLimits, integer};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

/// A JSON text of this library's own, which is serialized as the value that it spells.
pub(super) struct JsonText<'a>(pub(super) &'a str);

/// What the library writes is within its own limits already.
const LIMITS: TextLimits = TextLimits { bytes: usize::MAX, depth: 128 };

impl Serialize for JsonText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Value(Reader::of(self.0, LIMITS)).serialize(serializer)
        } else {
            serializer.serialize_str(self.0)
        }
    }
}

/// The value that comes next.
struct Value<'a>(Reader<'a>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reader = self.0.clone();
        match reader.value().map_err(S::Error::custom)? {
            Item::Null => serializer.serialize_unit(),
            Item::Bool(value) => serializer.serialize_bool(value),
            Item::Number(digits) => match (integer(digits), digits.parse()) {
                (Some(number), _) => serializer.serialize_i64(number),
                (None, Ok(number)) => serializer.serialize_f64(number),
                (None, Err(_)) => Err(S::Error::custom("a number that no double can hold")),
            },
            Item::String(text) => serializer.serialize_str(&text.decoded()),
            Item::Array => {
                let mut items = serializer.serialize_seq(None)?;
                while reader.element().map_err(S::Error::custom)? {
                    items.serialize_element(&Value(reader.clone()))?;
                    reader.skip().map_err(S::Error::custom)?;
                }
                items.end()
            }
            Item::Object => {
                let mut members = serializer.serialize_map(None)?;
                while let Some(name) = reader.member().map_err(S::Error::custom)? {
                    members.serialize_entry(&name.decoded(), &Value(reader.clone()))?;
                    reader.skip().map_err(S::Error::custom)?;
                }
                members.end()
            }
        }
    }
}
