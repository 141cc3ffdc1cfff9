//! The values of attributes and of literals (section 7).

use crate::address::{Address, Network};
use crate::bounds::Bounds;
use crate::policy::{Oracle, pointer, strings};
use crate::time;
use serde_json::Value;

/// What the place of an attribute gives.
pub(crate) enum Reading {
    /// A time is its seconds, an address has one form.
    Scalar(Value),
    Set(Bounds),
    Networks(Vec<Network>),
    Null,
    /// Nothing stands there, or it lies below what is no object.
    Absent,
    Unusable,
}

impl Oracle {
    /// What a declared attribute reads in a request.
    pub(crate) fn read(&self, attribute: &str, request: &Value) -> Reading {
        let definition = &self.attributes[attribute];
        let mut value = request;
        for segment in pointer(attribute, definition).split('/').skip(1) {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let below = match value {
                Value::Object(members) => members.get(&name),
                Value::Null => None,
                _ => return Reading::Absent,
            };
            match below {
                Some(below) => value = below,
                // What is declared for the case that nothing stands there.
                None => {
                    return match definition.get("absent") {
                        None => Reading::Absent,
                        Some(Value::Null) => Reading::Null,
                        Some(literal) => self.value(definition, literal),
                    };
                }
            }
        }
        if value.is_null() { Reading::Null } else { self.value(definition, value) }
    }

    /// A value of an attribute's type.
    pub(crate) fn value(&self, definition: &Value, value: &Value) -> Reading {
        let declared = |text: &str| match &definition["values"] {
            Value::String(_) => !self.actions[text].is_null(),
            values => strings(values).any(|value| value == text),
        };
        let is_open = definition["open"] == true;
        let scalar = |usable: bool, value: Value| match usable {
            true => Reading::Scalar(value),
            false => Reading::Unusable,
        };
        match definition["type"].as_str().unwrap_or_default() {
            "bool" => scalar(value.is_boolean(), value.clone()),
            "enum" => scalar(value.as_str().is_some_and(declared), value.clone()),
            "id" => scalar(value.as_str().is_some_and(|id| !id.is_empty()), value.clone()),
            "int" => {
                let (min, max) = (definition["min"].as_i64(), definition["max"].as_i64());
                let number = integer(value);
                let fits = number.is_some() && min <= number && number <= max;
                scalar(fits, number.into())
            }
            "time" => {
                let number = match value.as_str() {
                    Some(text) => time::seconds(text),
                    None => integer(value).filter(|it| (0..=time::LAST).contains(it)),
                };
                scalar(number.is_some(), number.into())
            }
            "ip" => {
                let address = value.as_str().and_then(Address::read);
                scalar(address.is_some(), address.map(|it| it.to_string()).into())
            }
            "enum_set" => set(value, is_open, declared),
            "id_set" => set(value, is_open, |id| !id.is_empty()),
            "ip_set" => networks(value).map_or(Reading::Unusable, Reading::Networks),
            other => panic!("no type `{other}`"),
        }
    }
}

/// A literal of a type that is named alone, in a condition: a set where it is an array.
pub(crate) fn literal(of: &str, value: &Value) -> Reading {
    match (of, value) {
        ("ip" | "ip_set", Value::Array(_)) => Reading::Networks(networks(value).expect("networks")),
        (_, Value::Array(_)) => {
            Reading::Set(Bounds::exactly(strings(value).map(str::to_owned).collect()))
        }
        ("ip" | "ip_set", Value::String(text)) => {
            Reading::Scalar(Address::read(text).expect("an address").to_string().into())
        }
        ("time", Value::String(text)) => {
            Reading::Scalar(time::seconds(text).expect("a time").into())
        }
        _ => Reading::Scalar(value.clone()),
    }
}

/// A number written in digits with an optional `-`; not `-0`.
fn integer(value: &Value) -> Option<i64> {
    let text = value.as_number()?.to_string();
    if text == "-0" { None } else { text.parse().ok() }
}

fn networks(value: &Value) -> Option<Vec<Network>> {
    value.as_array()?.iter().map(|item| Network::read(item.as_str()?)).collect()
}

fn set(value: &Value, is_open: bool, is_value: impl Fn(&str) -> bool) -> Reading {
    let Some(items) = value.as_array().filter(|items| items.iter().all(Value::is_string)) else {
        return Reading::Unusable;
    };
    let stranger = strings(value).any(|item| !is_value(item));
    if stranger && !is_open {
        return Reading::Unusable;
    }
    let members = items.iter().filter_map(Value::as_str).filter(|item| is_value(item));
    let members = members.map(str::to_owned).collect();
    Reading::Set(Bounds { stranger, ..Bounds::exactly(members) })
}
