//! What an unknown atom lacks (sections 8 and 9).

use serde_json::Value;

/// A place at which something is needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    /// Nothing stands there, or null.
    Missing(String),
    /// What stands there cannot be used.
    Unusable { pointer: String, needs: String },
}

impl Lack {
    /// The lack at a place that section 9 reads, by what stands there.
    pub(crate) fn at(request: &Value, pointer: String, needs: &str) -> Self {
        match request.pointer(&pointer) {
            None | Some(Value::Null) => Self::Missing(pointer),
            Some(_) => Self::Unusable { pointer, needs: needs.to_owned() },
        }
    }
}

pub(crate) const NAMES: &str = "an array of strings";
pub(crate) const OBJECTS: &str = "an array of objects";
pub(crate) const OBJECT: &str = "an object";
pub(crate) const NAME: &str = "a string that is not empty";
pub(crate) const ROLE: &str = "a role that the policy declares";

/// What an attribute needs to have a value.
pub(crate) fn needs(definition: &Value) -> String {
    let is_open = definition["open"] == true;
    match definition["type"].as_str().unwrap_or_default() {
        "bool" => "true or false".to_owned(),
        "enum" => "one of its declared values".to_owned(),
        "id" => NAME.to_owned(),
        "int" => {
            format!("an integer from {} to {}, in digits", definition["min"], definition["max"])
        }
        "time" => "seconds since 1970, or an RFC 3339 date-time, up to the year 2999".to_owned(),
        "enum_set" | "id_set" if is_open => NAMES.to_owned(),
        "enum_set" => "an array of declared values".to_owned(),
        "id_set" => "an array of strings that are not empty".to_owned(),
        "ip" => "an IP address".to_owned(),
        "ip_set" => "an array of IP addresses and prefixes".to_owned(),
        other => panic!("no type `{other}`"),
    }
}
