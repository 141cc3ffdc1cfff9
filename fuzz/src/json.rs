//! JSON as `serde_json` reads it, with every member kept, also those whose name stands twice.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::fmt;

/// A value. Integers are numbers written in digits that fit 64 bits; whatever fits no limit anyway
/// is another number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i128),
    Number(f64),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// What `serde_json` says of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    Json(Json),
    Refused,
    /// A number beyond what it can hold, so that it says nothing of the rest.
    Unsure,
}

/// Reads a text of at most so many bytes and levels.
pub(crate) fn read(text: &[u8], bytes: usize, levels: usize) -> Reading {
    if text.len() > bytes {
        return Reading::Refused;
    }
    match serde_json::from_slice::<Json>(text) {
        Ok(json) if json.levels() <= levels => Reading::Json(json),
        Err(error) if error.to_string().starts_with("number out of range") => Reading::Unsure,
        _ => Reading::Refused,
    }
}

impl Json {
    /// The member of this name; the last one where several have it.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        self.members().iter().rfind(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) const fn integer(&self) -> Option<i128> {
        if let Self::Integer(integer) = self { Some(*integer) } else { None }
    }

    pub(crate) const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Whether a name stands twice in this object, not in those within.
    pub(crate) fn has_twins(&self) -> bool {
        let mut seen = HashSet::new();
        !self.members().iter().all(|(name, _)| seen.insert(name))
    }

    /// Whether a name stands twice in this object or one within.
    pub(crate) fn has_twins_anywhere(&self) -> bool {
        self.has_twins() || self.parts().any(Self::has_twins_anywhere)
    }

    /// As a value of `serde_json`, the last member of a name being the one.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Integer(integer) => {
                Number::from_i128(*integer).map_or(Value::Null, Value::Number)
            }
            Self::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::from(text.as_str()),
            Self::Array(items) => items.iter().map(Self::value).collect(),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.clone(), value.value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Self> {
        self.items().iter().chain(self.members().iter().map(|(_, value)| value))
    }

    fn levels(&self) -> usize {
        let within = self.parts().map(Self::levels).max().unwrap_or(0);
        if matches!(self, Self::Array(_) | Self::Object(_)) { within + 1 } else { 0 }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}
