//! Conditions as two Cedar expressions each (sections 4, 8 and 9).

use crate::covered::fact;
use crate::network::{address, network};
use crate::policy::{Policy, Type};
use crate::text::{access, all, any, literal, not, presence, quoted};
use crate::time;
use crate::translation::{LONGEST, TooLong};
use serde_json::Value;

/// What is known of a condition: two Cedar expressions, of which neither ever errs, and at most one
/// is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// It is surely true.
    pub holds: String,
    /// It is surely false.
    pub fails: String,
}

/// One side of an atom. `surely` and `perhaps` differ for the derived sets alone.
struct Side {
    guard: String,
    surely: String,
    perhaps: String,
    /// That the set has a member that equals nothing.
    foreign: String,
}

impl Policy {
    /// Translates a condition.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when the text would be too long.
    pub fn bounds(&self, condition: &Value) -> Result<Bounds, TooLong> {
        let mut parts = Vec::new();
        for (name, operand) in condition.as_object().expect("a condition") {
            parts.push(match name.as_str() {
                "all" => conjunction(self.each(operand)?),
                "any" => {
                    opposite(conjunction(self.each(operand)?.into_iter().map(opposite).collect()))
                }
                "not" => opposite(self.bounds(operand)?),
                "condition" => self.bounds(&self.conditions[operand.as_str().expect("an id")])?,
                attribute => match operand {
                    Value::Object(operators) if !operators.contains_key("attribute") => {
                        conjunction(
                            operators
                                .iter()
                                .map(|(operator, operand)| self.atom(attribute, operator, operand))
                                .collect::<Result<_, _>>()?,
                        )
                    }
                    operand => self.atom(attribute, "eq", operand)?,
                },
            });
        }
        let bounds = conjunction(parts);
        match bounds.holds.len().max(bounds.fails.len()) > LONGEST {
            true => Err(TooLong),
            false => Ok(bounds),
        }
    }

    fn each(&self, conditions: &Value) -> Result<Vec<Bounds>, TooLong> {
        conditions.as_array().expect("conditions").iter().map(|part| self.bounds(part)).collect()
    }

    fn atom(&self, name: &str, operator: &str, operand: &Value) -> Result<Bounds, TooLong> {
        if operator == "present" {
            let present = self.present(name);
            return Ok(if operand == true { present } else { opposite(present) });
        }
        let left = self.attribute(name);
        let kind = self.attributes.get(name).map(|attribute| &attribute.kind);
        let other = operand.get("attribute").and_then(Value::as_str);
        let right = match (kind, other) {
            (Some(Type::Networks), Some(address)) => {
                return Ok(self.coverage(&self.attribute(address), address, &left, name));
            }
            (Some(Type::Networks), None) => {
                let address = operand.as_str().expect("an address");
                return Ok(self.coverage(&written(Some(&Type::Ip), operand), address, &left, name));
            }
            (Some(Type::Ip), Some(set)) if operator == "in" => {
                return Ok(self.coverage(&left, name, &self.attribute(set), set));
            }
            (Some(Type::Ip), None) if operator == "in" => {
                let bounds = within(&left, operand);
                return Ok(Bounds {
                    holds: all(vec![left.guard.clone(), bounds.holds]),
                    fails: all(vec![left.guard, bounds.fails]),
                });
            }
            (_, Some(other)) => self.attribute(other),
            (kind, None) => written(kind, operand),
        };
        let bounds = match operator {
            "eq" => self.equality(name, &left, &right),
            "ne" => opposite(self.equality(name, &left, &right)),
            "in" => membership(&left, &right),
            "has" => membership(&right, &left),
            "has_all" => inclusion(&right, &left),
            "subset_of" => inclusion(&left, &right),
            "has_any" => Bounds {
                holds: format!("{}.containsAny({})", left.surely, right.surely),
                fails: not(&format!("{}.containsAny({})", left.perhaps, right.perhaps)),
            },
            "lt" => order(&left, "<", &right),
            "le" => order(&left, "<=", &right),
            "gt" => order(&left, ">", &right),
            "ge" => order(&left, ">=", &right),
            other => panic!("no operator: {other}"),
        };
        let guarded = |part| all(vec![left.guard.clone(), right.guard.clone(), part]);
        Ok(Bounds { holds: guarded(bounds.holds), fails: guarded(bounds.fails) })
    }

    /// That a set of networks covers an address, both by their names.
    fn coverage(&self, address: &Side, address_name: &str, set: &Side, set_name: &str) -> Bounds {
        let fact = quoted(&fact(address_name, set_name));
        let holds = format!("context.prepared.covered.contains({fact})");
        let guarded = |part| all(vec![address.guard.clone(), set.guard.clone(), part]);
        Bounds { fails: guarded(not(&holds)), holds: guarded(holds) }
    }

    fn present(&self, name: &str) -> Bounds {
        if is_derived(name) {
            let set = self.attribute(name);
            let decided = format!("{} == {}", set.surely, set.perhaps);
            return Bounds { holds: decided, fails: "false".to_owned() };
        }
        if name == "action.name" {
            return Bounds { holds: "true".to_owned(), fails: "false".to_owned() };
        }
        let mut fails = vec![prepared("null", name)];
        let attribute = &self.attributes[name];
        if attribute.absent == Some(Value::Null) {
            let presence = presence(&attribute.place);
            fails.push(all(vec![not(&presence), not(&prepared("unusable", name))]));
        }
        Bounds { holds: self.attribute(name).guard, fails: any(fails) }
    }

    fn equality(&self, name: &str, left: &Side, right: &Side) -> Bounds {
        let is_set = is_derived(name) || matches!(self.attributes[name].kind, Type::Set { .. });
        if !is_set {
            let same = format!("{} == {}", left.surely, right.surely);
            return Bounds { fails: not(&same), holds: same };
        }
        let mut holds = vec![
            format!("{} == {}", left.surely, right.perhaps),
            not(&left.foreign),
            not(&right.foreign),
        ];
        for side in [left, right] {
            if side.surely != side.perhaps {
                holds.push(format!("{} == {}", side.surely, side.perhaps));
            }
        }
        let fails = vec![
            not(&format!("{}.containsAll({})", right.perhaps, left.surely)),
            not(&format!("{}.containsAll({})", left.perhaps, right.surely)),
            left.foreign.clone(),
            right.foreign.clone(),
        ];
        Bounds { holds: all(holds), fails: any(fails) }
    }

    fn attribute(&self, name: &str) -> Side {
        if is_derived(name) {
            let set = if name == "subject.permissions" { "permissions" } else { "scopes" };
            return Side {
                guard: "true".to_owned(),
                surely: format!("context.prepared.{set}.surely"),
                perhaps: format!("context.prepared.{set}.perhaps"),
                foreign: "false".to_owned(),
            };
        }
        let attribute = &self.attributes[name];
        let (there, value) = (presence(&attribute.place), access(&attribute.place));
        let (guard, value) = match &attribute.absent {
            // Every request has an action, so that there is nothing to ask.
            _ if name == "action.name" => ("true".to_owned(), value),
            None | Some(Value::Null) => (there, value),
            Some(literal) => {
                let known =
                    all(vec![not(&prepared("null", name)), not(&prepared("unusable", name))]);
                let literal = written(Some(&attribute.kind), literal).surely;
                (known, format!("(if {there} then {value} else {literal})"))
            }
        };
        Side {
            guard,
            surely: value.clone(),
            perhaps: value,
            foreign: match attribute.kind {
                Type::Set { open: true, .. } => prepared("foreign", name),
                _ => "false".to_owned(),
            },
        }
    }
}

/// That an attribute is in one of the prepared lists of names.
fn prepared(list: &str, name: &str) -> String {
    format!("context.prepared.{list}.contains({})", quoted(name))
}

fn is_derived(name: &str) -> bool {
    matches!(name, "subject.permissions" | "credential.scopes")
}

/// A literal of a type.
fn written(kind: Option<&Type>, value: &Value) -> Side {
    let value = match kind {
        Some(Type::Time) => time::seconds(value).expect("a time").to_string(),
        Some(Type::Ip) => ip(&address(value.as_str().expect("a text")).expect("an address")),
        Some(Type::Networks) => {
            let items = value.as_array().expect("networks").iter();
            format!("[{}]", items.map(prefix).collect::<Vec<_>>().join(", "))
        }
        _ => literal(value),
    };
    Side {
        guard: "true".to_owned(),
        surely: value.clone(),
        perhaps: value,
        foreign: "false".to_owned(),
    }
}

fn ip(text: &str) -> String {
    format!("ip({})", quoted(text))
}

fn prefix(value: &Value) -> String {
    ip(&network(value.as_str().expect("a text")).expect("a network"))
}

/// That an address is in one of some networks.
fn within(address: &Side, networks: &Value) -> Bounds {
    let networks = networks.as_array().expect("networks").iter();
    let holds =
        any(networks.map(|it| format!("{}.isInRange({})", address.surely, prefix(it))).collect());
    Bounds { fails: not(&holds), holds }
}

/// That a value is a member of a set.
fn membership(value: &Side, set: &Side) -> Bounds {
    Bounds {
        holds: format!("{}.contains({})", set.surely, value.surely),
        fails: not(&format!("{}.contains({})", set.perhaps, value.surely)),
    }
}

/// That a set lies within another.
fn inclusion(inner: &Side, outer: &Side) -> Bounds {
    Bounds {
        holds: all(vec![
            format!("{}.containsAll({})", outer.surely, inner.perhaps),
            not(&inner.foreign),
        ]),
        fails: any(vec![
            not(&format!("{}.containsAll({})", outer.perhaps, inner.surely)),
            inner.foreign.clone(),
        ]),
    }
}

fn order(left: &Side, operator: &str, right: &Side) -> Bounds {
    let holds = format!("{} {operator} {}", left.surely, right.surely);
    Bounds { fails: not(&holds), holds }
}

fn conjunction(parts: Vec<Bounds>) -> Bounds {
    let (holds, fails) = parts.into_iter().map(|part| (part.holds, part.fails)).unzip();
    Bounds { holds: all(holds), fails: any(fails) }
}

fn opposite(bounds: Bounds) -> Bounds {
    Bounds { holds: bounds.fails, fails: bounds.holds }
}
