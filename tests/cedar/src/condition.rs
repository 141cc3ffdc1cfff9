//! Conditions as two Cedar expressions each (sections 4, 8 and 9).

use crate::policy::{Policy, Type};
use crate::text::{access, all, any, literal, not, presence, quoted};
use crate::translation::{LONGEST, TooLong};
use serde_json::Value;

/// What is known of a condition: two Cedar expressions, of which neither ever errs, and at most one is true.
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
                                .collect(),
                        )
                    }
                    operand => self.atom(attribute, "eq", operand),
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

    fn atom(&self, name: &str, operator: &str, operand: &Value) -> Bounds {
        if operator == "present" {
            let present = self.present(name);
            return if operand == true { present } else { opposite(present) };
        }
        let left = self.attribute(name);
        let right = match operand.get("attribute").and_then(Value::as_str) {
            Some(other) => self.attribute(other),
            None => written(operand),
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
        Bounds { holds: guarded(bounds.holds), fails: guarded(bounds.fails) }
    }

    fn present(&self, name: &str) -> Bounds {
        if is_derived(name) {
            let set = self.attribute(name);
            let decided = format!("{} == {}", set.surely, set.perhaps);
            return Bounds { holds: decided, fails: "false".to_owned() };
        }
        Bounds {
            holds: self.attribute(name).guard,
            fails: match name {
                "action.name" => "false".to_owned(),
                _ => format!("context.prepared.null.contains({})", quoted(name)),
            },
        }
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
        let value = access(&attribute.place);
        Side {
            // Every request has an action, so that there is nothing to ask.
            guard: match name {
                "action.name" => "true".to_owned(),
                _ => presence(&attribute.place),
            },
            surely: value.clone(),
            perhaps: value,
            foreign: match attribute.kind {
                Type::Set { open: true, .. } => {
                    format!("context.prepared.foreign.contains({})", quoted(name))
                }
                _ => "false".to_owned(),
            },
        }
    }
}

fn is_derived(name: &str) -> bool {
    matches!(name, "subject.permissions" | "credential.scopes")
}

fn written(value: &Value) -> Side {
    let value = literal(value);
    Side {
        guard: "true".to_owned(),
        surely: value.clone(),
        perhaps: value,
        foreign: "false".to_owned(),
    }
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
