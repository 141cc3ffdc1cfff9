//! What a policy talks about: its attributes with their places, and values that tell them apart.

use super::random::Random;
use super::texts;
use crate::policy::{Oracle, pointer, strings};
use crate::time;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const IDS: [&str; 4] = ["o1", "o2", "é/~", "o1 "];

/// What there is to make conditions and requests of.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Declared attributes by their names.
    pub(super) attributes: Vec<(String, Value)>,
    pub(super) actions: Vec<String>,
    pub(super) roles: Vec<String>,
    /// Strings and integers in the conditions.
    strings: Vec<String>,
    integers: Vec<i64>,
}

impl Vocabulary {
    /// The vocabulary of a valid policy.
    #[must_use]
    pub fn of(documents: &[Value]) -> Self {
        let oracle = Oracle::new(documents);
        let empty = Map::new();
        let attributes = oracle.attributes.as_object().unwrap_or(&empty);
        let roles = oracle.roles.iter().filter_map(|role| role["id"].as_str());
        let mut scalars = (BTreeSet::new(), BTreeSet::new());
        for condition in oracle.conditions.iter().map(|it| &it["when"]) {
            literals(condition, &mut scalars);
        }
        for rule in &oracle.rules {
            literals(&rule["when"], &mut scalars);
            literals(&rule["must"], &mut scalars);
        }
        Self {
            attributes: attributes.clone().into_iter().collect(),
            actions: oracle.action_names.into_iter().collect(),
            roles: roles.map(str::to_owned).collect(),
            strings: scalars.0.into_iter().collect(),
            integers: scalars.1.into_iter().collect(),
        }
    }

    /// The definition of any attribute, built-in ones too.
    pub(super) fn definition(&self, attribute: &str) -> Value {
        match attribute {
            "action.name" => json!({ "type": "enum", "values": "actions" }),
            "subject.permissions" | "credential.scopes" => {
                json!({ "type": "enum_set", "values": "actions" })
            }
            _ => {
                let found = self.attributes.iter().find(|(name, _)| name == attribute);
                found.map(|(_, definition)| definition.clone()).unwrap_or_default()
            }
        }
    }

    /// The place of a declared attribute, as unescaped names.
    pub(super) fn place(&self, attribute: &str) -> Vec<String> {
        let pointer = pointer(attribute, &self.definition(attribute));
        let segments = pointer.split('/').skip(1);
        segments.map(|it| it.replace("~1", "/").replace("~0", "~")).collect()
    }

    /// The values of an enum or an enum set.
    pub(super) fn values(&self, definition: &Value) -> Vec<String> {
        match &definition["values"] {
            Value::Array(_) => strings(&definition["values"]).map(str::to_owned).collect(),
            _ => self.actions.clone(),
        }
    }

    /// A value of a type, as a literal may be one: of the member's type for a set.
    pub(super) fn member(&self, random: &mut Random, definition: &Value) -> Value {
        match definition["type"].as_str().unwrap_or_default() {
            "bool" => random.chance(50).into(),
            "enum" | "enum_set" => random.pick(&few(&self.values(definition))).clone().into(),
            "int" => {
                let min = definition["min"].as_i64().unwrap_or_default();
                let max = definition["max"].as_i64().unwrap_or_default();
                self.integer(random, min, max).into()
            }
            "time" => {
                let seconds = self.integer(random, 0, time::LAST);
                texts::time(random, seconds)
            }
            "ip" => texts::address(random),
            "ip_set" => texts::network(random),
            _ if !self.strings.is_empty() && random.chance(30) => {
                random.pick(&self.strings).clone().into()
            }
            _ if random.chance(80) => IDS[random.below(2)].into(),
            _ => (*random.pick(&IDS)).into(),
        }
    }

    fn integer(&self, random: &mut Random, min: i64, max: i64) -> i64 {
        let around = match random.below(6) {
            0 => min,
            1 => max,
            2 | 3 if !self.integers.is_empty() => *random.pick(&self.integers),
            _ => min.max(0),
        };
        let step = *random.pick(&[0, 0, 1, -1, 2]);
        (around + step).clamp(min, max)
    }

    /// A value of a type.
    pub(super) fn value(&self, random: &mut Random, definition: &Value) -> Value {
        match definition["type"].as_str() {
            Some("enum_set") => random.some(&few(&self.values(definition)), 50).into(),
            Some("id_set" | "ip_set") => {
                let count = random.below(4);
                (0..count).map(|_| self.member(random, definition)).collect()
            }
            _ => self.member(random, definition),
        }
    }
}

/// Of many names one of the first and the last ones, so that a large policy too says and is asked
/// the same things often enough.
pub(super) fn few(names: &[String]) -> Vec<String> {
    match names {
        [first, .., a, b, c, d] if names.len() > 40 => {
            [first, a, b, c, d].map(String::clone).to_vec()
        }
        _ => names.to_vec(),
    }
}

/// Collects the strings (not empty) and integers that a condition compares with.
fn literals(value: &Value, found: &mut (BTreeSet<String>, BTreeSet<i64>)) {
    match value {
        Value::String(text) if !text.is_empty() => {
            found.1.extend(time::seconds(text));
            found.0.extend([text.clone()]);
        }
        Value::Number(number) => found.1.extend(number.as_i64()),
        Value::Array(items) => items.iter().for_each(|item| literals(item, found)),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "attribute" | "condition"))
            .for_each(|(_, member)| literals(member, found)),
        _ => {}
    }
}
