//! Which sets of networks cover which addresses: Cedar asks nothing of *some* member of a set, so
//! it is prepared.

use crate::network::covers;
use crate::policy::{Attribute, Policy, Type};
use crate::value::Reading;
use serde_json::Value;
use std::collections::BTreeSet;

/// The name of the fact that a set covers an address: an attribute's name, or a literal as it is
/// written.
pub(crate) fn fact(address: &str, set: &str) -> String {
    format!("{address} in {set}")
}

impl Policy {
    /// The facts of a request.
    pub(crate) fn covered(&self, request: &Value) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        let of = |kind: fn(&Type) -> bool| {
            self.attributes.iter().filter(move |(_, attribute)| kind(&attribute.kind))
        };
        for (set, attribute) in of(|kind| matches!(kind, Type::Networks)) {
            let networks = texts(attribute, request);
            let has = |address: &str| networks.iter().any(|network| covers(network, address));
            for (name, attribute) in of(|kind| matches!(kind, Type::Ip)) {
                if texts(attribute, request).iter().any(|address| has(address)) {
                    facts.insert(fact(name, set));
                }
            }
            let literals = self.address_literals.iter();
            facts.extend(
                literals
                    .filter(|text| crate::network::address(text).is_some_and(|it| has(&it)))
                    .map(|text| fact(text, set)),
            );
        }
        facts
    }
}

/// The addresses or networks that an attribute has, also by what it declares of its absence.
fn texts(attribute: &Attribute, request: &Value) -> Vec<String> {
    let value = match (attribute.read(request), &attribute.absent) {
        (Reading::Value(value, _), _) => Some(value),
        (Reading::Nothing, Some(literal)) => attribute.value(literal),
        (Reading::Nothing | Reading::Null | Reading::Unusable, _) => None,
    };
    let text = |value: &Value| value["__extn"]["arg"].as_str().map(str::to_owned);
    match &value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        other => other.iter().filter_map(text).collect(),
    }
}

/// The strings that a condition asks a set for: an address among them may be asked of a set of
/// networks.
pub(crate) fn literals(condition: &Value, found: &mut BTreeSet<String>) {
    match condition {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "has" => drop(found.insert(text.clone())),
                    other => literals(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| literals(item, found)),
        _ => {}
    }
}
