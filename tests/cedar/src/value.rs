//! The values of attributes (section 7).

use crate::network::{address, network};
use crate::policy::{Attribute, Type};
use crate::time;
use serde_json::{Value, json};

/// What is at the place of an attribute.
pub(crate) enum Reading {
    /// A value; a set without its members that equal nothing.
    Value(Value, Foreign),
    Null,
    /// There is nothing, or null stands on the way.
    Nothing,
    Unusable,
}

/// Whether a set has a member that equals nothing.
#[derive(PartialEq, Eq)]
pub(crate) enum Foreign {
    Some,
    None,
}

impl Attribute {
    pub(crate) fn read(&self, request: &Value) -> Reading {
        let mut place = request;
        for segment in &self.pointer {
            match place {
                Value::Object(members) => match members.get(segment) {
                    Some(inner) => place = inner,
                    None => return Reading::Nothing,
                },
                Value::Null => return Reading::Nothing,
                _ => return Reading::Unusable,
            }
        }
        if place.is_null() {
            return Reading::Null;
        }
        let usable = match &self.kind {
            Type::Bool => place.is_boolean(),
            Type::Enum(values) => place.as_str().is_some_and(|text| values.contains(text)),
            Type::Id => place.as_str().is_some_and(|text| !text.is_empty()),
            Type::Int(min, max) => {
                place.as_i64().is_some_and(|number| (*min..=*max).contains(&number))
            }
            Type::Time => return usable(time::seconds(place).map(Value::from)),
            Type::Ip => return usable(place.as_str().and_then(address).map(extension)),
            Type::Networks => {
                let items = place.as_array().and_then(|items| {
                    items.iter().map(|item| Some(extension(network(item.as_str()?)?))).collect()
                });
                return usable(items);
            }
            Type::Set { .. } => return self.read_set(place),
        };
        match usable {
            true => Reading::Value(place.clone(), Foreign::None),
            false => Reading::Unusable,
        }
    }

    /// A literal of the attribute's type, as a request would have it; none for null.
    pub(crate) fn value(&self, literal: &Value) -> Option<Value> {
        let mut request = literal.clone();
        for segment in self.pointer.iter().rev() {
            request = json!({ segment: request });
        }
        match self.read(&request) {
            Reading::Value(value, _) => Some(value),
            Reading::Null | Reading::Nothing | Reading::Unusable => None,
        }
    }

    fn read_set(&self, place: &Value) -> Reading {
        let Type::Set { values, open } = &self.kind else {
            return Reading::Unusable;
        };
        let Some(items) = place.as_array() else {
            return Reading::Unusable;
        };
        let mut known = Vec::new();
        let mut foreign = Foreign::None;
        for item in items {
            let Some(text) = item.as_str() else {
                return Reading::Unusable;
            };
            let is_known = match values {
                Some(values) => values.contains(text),
                None => !text.is_empty(),
            };
            match (is_known, open) {
                (true, _) => known.push(item.clone()),
                (false, true) => foreign = Foreign::Some,
                (false, false) => return Reading::Unusable,
            }
        }
        Reading::Value(Value::Array(known), foreign)
    }
}

fn usable(value: Option<Value>) -> Reading {
    value.map_or(Reading::Unusable, |value| Reading::Value(value, Foreign::None))
}

/// Cedar's JSON for an address or a network.
fn extension(text: String) -> Value {
    json!({ "__extn": { "fn": "ip", "arg": text } })
}
