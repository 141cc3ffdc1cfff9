//! Values and conditions (sections 7 and 8).

use crate::bounds::Bounds;
use crate::derived::{Permissions, scopes};
use crate::policy::{Oracle, pointer, strings};
use crate::truth::Truth::{self, False, True, Unknown};
use crate::truth::Verdict;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;

/// How often an atom was true, false and unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Atoms {
    /// True ones.
    pub known_true: u64,
    /// False ones.
    pub known_false: u64,
    /// Unknown ones.
    pub unknown: u64,
}

/// What the place of an attribute gives.
enum Reading {
    Scalar(Value),
    Set(Bounds),
    Null,
    Unusable,
}

/// One request under evaluation.
pub(crate) struct Evaluation<'a> {
    pub(crate) oracle: &'a Oracle,
    request: &'a Value,
    pub(crate) action: &'a str,
    permissions: Permissions<'a>,
    scopes: Bounds,
    pub(crate) atoms: Cell<Atoms>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(oracle: &'a Oracle, request: &'a Value, action: &'a str) -> Self {
        Self {
            oracle,
            request,
            action,
            permissions: Permissions::read(oracle, request),
            scopes: scopes(oracle, request),
            atoms: Cell::default(),
        }
    }

    /// The same request for another action.
    pub(crate) fn with_action(self, action: &'a str) -> Self {
        Self { action, ..self }
    }

    pub(crate) fn condition(&self, condition: &Value) -> Verdict {
        let parts = |items: &Value| -> Vec<Verdict> {
            items.as_array().into_iter().flatten().map(|item| self.condition(item)).collect()
        };
        let members = condition.as_object().into_iter().flatten();
        let members = members.map(|(name, value)| match name.as_str() {
            "all" => Verdict::all(parts(value)),
            "any" => Verdict::any(parts(value)),
            "not" => self.condition(value).not(),
            "condition" => self.condition(self.oracle.condition(value)),
            attribute => self.operators(attribute, value),
        });
        Verdict::all(members.collect())
    }

    fn operators(&self, attribute: &str, value: &Value) -> Verdict {
        match value.as_object().filter(|object| !object.contains_key("attribute")) {
            None => self.atom(attribute, "eq", value),
            Some(operators) => {
                let atoms = operators.iter();
                Verdict::all(
                    atoms.map(|(name, operand)| self.atom(attribute, name, operand)).collect(),
                )
            }
        }
    }

    fn atom(&self, left: &str, operator: &str, operand: &Value) -> Verdict {
        let (truth, missing) = self.judge(left, operator, operand);
        let mut atoms = self.atoms.get();
        match truth {
            True => atoms.known_true += 1,
            False => atoms.known_false += 1,
            Unknown => atoms.unknown += 1,
        }
        self.atoms.set(atoms);
        Verdict { truth, missing }
    }

    fn judge(&self, left: &str, operator: &str, operand: &Value) -> (Truth, BTreeSet<String>) {
        let value = self.read(left);
        if operator == "present" {
            let (present, missing) = match value {
                Reading::Set(set) if is_derived(left) => match set.surely == set.perhaps {
                    true => (True, BTreeSet::new()),
                    false => (Unknown, self.missing(left, &set.undecided())),
                },
                Reading::Scalar(_) | Reading::Set(_) => (True, BTreeSet::new()),
                Reading::Null => (False, BTreeSet::new()),
                Reading::Unusable => (Unknown, [self.pointer(left)].into()),
            };
            return (if *operand == true { present } else { present.not() }, missing);
        }
        let right = operand["attribute"].as_str();
        let other = match right {
            Some(attribute) => self.read(attribute),
            None if operand.is_array() => {
                Reading::Set(Bounds::exactly(strings(operand).map(str::to_owned).collect()))
            }
            None => Reading::Scalar(operand.clone()),
        };
        let mut missing = BTreeSet::new();
        for (attribute, reading) in [(Some(left), &value), (right, &other)] {
            if let (Some(attribute), Reading::Null | Reading::Unusable) = (attribute, reading) {
                missing.extend([self.pointer(attribute)]);
            }
        }
        if !missing.is_empty() {
            return (Unknown, missing);
        }
        let none = BTreeSet::new;
        let member = |scalar: &Value| scalar.as_str().unwrap_or_default().to_owned();
        let (truth, of_left, of_right) = match (&value, &other) {
            (Reading::Scalar(a), Reading::Scalar(b)) => {
                let truth = match operator {
                    "eq" => a == b,
                    "ne" => a != b,
                    "lt" => a.as_i64() < b.as_i64(),
                    "le" => a.as_i64() <= b.as_i64(),
                    "gt" => a.as_i64() > b.as_i64(),
                    "ge" => a.as_i64() >= b.as_i64(),
                    other => panic!("`{other}` on two scalars"),
                };
                (Truth::of(truth), none(), none())
            }
            (Reading::Scalar(a), Reading::Set(b)) if operator == "in" => {
                (b.member(&member(a)), none(), [member(a)].into())
            }
            (Reading::Set(a), Reading::Scalar(b)) if operator == "has" => {
                (a.member(&member(b)), [member(b)].into(), none())
            }
            (Reading::Set(a), Reading::Set(b)) => match operator {
                "eq" => (a.equal(b), a.undecided(), b.undecided()),
                "ne" => (a.equal(b).not(), a.undecided(), b.undecided()),
                "has_all" => {
                    (b.subset_of(a), &a.undecided() & &b.perhaps, &b.undecided() - &a.surely)
                }
                "has_any" => {
                    (a.shares_with(b), &a.undecided() & &b.perhaps, &b.undecided() & &a.perhaps)
                }
                "subset_of" => {
                    (a.subset_of(b), &a.undecided() - &b.surely, &b.undecided() & &a.perhaps)
                }
                other => panic!("`{other}` on two sets"),
            },
            _ => panic!("`{operator}` on a set and a scalar"),
        };
        if truth == Unknown {
            missing = self.missing(left, &of_left);
            missing.extend(right.map(|right| self.missing(right, &of_right)).into_iter().flatten());
        }
        (truth, missing)
    }

    /// What the undecided members of a set list.
    fn missing(&self, attribute: &str, members: &BTreeSet<String>) -> BTreeSet<String> {
        let missing = members.iter().flat_map(|member| match attribute {
            "subject.permissions" => self.permissions.missing(member),
            "credential.scopes" => ["/context/credential/scopes".to_owned()].into(),
            _ => BTreeSet::new(),
        });
        missing.collect()
    }

    fn pointer(&self, attribute: &str) -> String {
        pointer(attribute, &self.oracle.attributes[attribute])
    }

    fn read(&self, attribute: &str) -> Reading {
        match attribute {
            "subject.permissions" => return Reading::Set(self.permissions.held.clone()),
            "credential.scopes" => return Reading::Set(self.scopes.clone()),
            "action.name" => return Reading::Scalar(self.action.into()),
            _ => {}
        }
        let definition = &self.oracle.attributes[attribute];
        let mut value = self.request;
        for segment in self.pointer(attribute).split('/').skip(1) {
            let name = segment.replace("~1", "/").replace("~0", "~");
            match value.as_object().and_then(|object| object.get(&name)) {
                Some(below) => value = below,
                None => return Reading::Unusable,
            }
        }
        if value.is_null() {
            return Reading::Null;
        }
        let declared = |text: &str| match &definition["values"] {
            Value::String(_) => !self.oracle.actions[text].is_null(),
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
                let number = integer(value);
                let fits = number.is_some_and(|it| (0..=9_007_199_254_740_991).contains(&it));
                scalar(fits, number.into())
            }
            "enum_set" => set(value, is_open, declared),
            "id_set" => set(value, is_open, |id| !id.is_empty()),
            other => panic!("no type `{other}`"),
        }
    }
}

fn is_derived(attribute: &str) -> bool {
    matches!(attribute, "subject.permissions" | "credential.scopes")
}

/// A number written in digits with an optional `-`; not `-0`.
fn integer(value: &Value) -> Option<i64> {
    let text = value.as_number()?.to_string();
    if text == "-0" { None } else { text.parse().ok() }
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
