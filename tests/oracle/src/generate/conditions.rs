//! Random conditions in which everything has its type.

use super::random::Random;
use super::vocabulary::Vocabulary;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

impl Vocabulary {
    /// A condition of so many levels at most, that may refer to declared conditions.
    pub(super) fn condition(
        &self,
        random: &mut Random,
        depth: usize,
        declared: &[String],
    ) -> Value {
        let mut condition = Map::new();
        let members = *random.pick(&[0, 1, 1, 1, 1, 2, 2, 3]);
        for _ in 0..members {
            let (name, value) = match random.below(10) {
                0 | 1 if depth > 0 => ("all".to_owned(), self.list(random, depth, declared)),
                2 | 3 if depth > 0 => ("any".to_owned(), self.list(random, depth, declared)),
                4 if depth > 0 => ("not".to_owned(), self.condition(random, depth - 1, declared)),
                5 | 6 if !declared.is_empty() => {
                    ("condition".to_owned(), random.pick(declared).clone().into())
                }
                _ => self.atoms(random),
            };
            condition.insert(name, value);
        }
        condition.into()
    }

    fn list(&self, random: &mut Random, depth: usize, declared: &[String]) -> Value {
        let items = *random.pick(&[0, 1, 2, 2, 2, 3]);
        (0..items).map(|_| self.condition(random, depth - 1, declared)).collect()
    }

    /// An attribute and what it is compared with.
    pub(super) fn atoms(&self, random: &mut Random) -> (String, Value) {
        let names = self.every_attribute();
        let attribute = match random.below(8) {
            0 => "action.name".to_owned(),
            1 => "subject.permissions".to_owned(),
            2 => "credential.scopes".to_owned(),
            _ => random.pick(&names).clone(),
        };
        let definition = self.definition(&attribute);
        // Sets of networks are not compared.
        if definition["type"] != "ip_set" && random.chance(25) {
            let value = self.operand(random, &definition, Operand::Same);
            if !value.is_object() || value.get("attribute").is_some() {
                return (attribute, value);
            }
        }
        let mut operators = Map::new();
        for _ in 0..*random.pick(&[1, 1, 1, 2]) {
            let (name, operand) = self.operator(random, &definition);
            operators.insert(name.to_owned(), operand);
        }
        (attribute, operators.into())
    }

    fn every_attribute(&self) -> Vec<String> {
        let names = self.attributes.iter().map(|(name, _)| name.clone());
        let built_in = ["action.name", "subject.permissions", "credential.scopes"];
        names.chain(built_in.map(str::to_owned)).collect()
    }

    fn operator(&self, random: &mut Random, definition: &Value) -> (&'static str, Value) {
        if random.chance(12) {
            return ("present", random.chance(50).into());
        }
        let operators: &[&'static str] = match definition["type"].as_str().unwrap_or_default() {
            "bool" => &["eq", "ne"],
            "enum" | "id" | "ip" => &["eq", "ne", "in", "in"],
            "int" | "time" => &["eq", "ne", "lt", "le", "gt", "ge"],
            "ip_set" => &["has"],
            _ => &["eq", "ne", "has", "has", "has_all", "has_any", "subset_of"],
        };
        let operator = *random.pick(operators);
        let operand = match operator {
            "in" | "has_all" | "has_any" | "subset_of" => Operand::Set,
            "has" => Operand::Member,
            _ => Operand::Same,
        };
        (operator, self.operand(random, definition, operand))
    }

    fn operand(&self, random: &mut Random, definition: &Value, operand: Operand) -> Value {
        let kind = definition["type"].as_str().unwrap_or_default();
        let kind = match operand {
            Operand::Same => kind.to_owned(),
            Operand::Set => format!("{}_set", kind.trim_end_matches("_set")),
            Operand::Member => kind.trim_end_matches("_set").to_owned(),
        };
        if random.chance(45) {
            let mut names = self.every_attribute();
            names.retain(|name| {
                let other = self.definition(name);
                let values = |of: &Value| -> BTreeSet<String> {
                    if of["values"].is_null() {
                        BTreeSet::new()
                    } else {
                        self.values(of).into_iter().collect()
                    }
                };
                other["type"] == kind
                    && other["domain"] == definition["domain"]
                    && values(&other) == values(definition)
            });
            if !names.is_empty() {
                return json!({ "attribute": random.pick(&names) });
            }
        }
        let mut of_kind = definition.clone();
        of_kind["type"] = kind.into();
        self.value(random, &of_kind)
    }
}

#[derive(Clone, Copy)]
enum Operand {
    Same,
    Set,
    Member,
}
