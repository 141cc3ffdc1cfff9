//! Conditions (section 8).

use crate::address::{Address, Network};
use crate::bounds::Bounds;
use crate::derived::{Permissions, scopes};
use crate::lack::{Lack, NAMES, needs};
use crate::policy::{Oracle, pointer};
use crate::reading::{Reading, literal};
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
        let (truth, lacks) = self.judge(left, operator, operand);
        let mut atoms = self.atoms.get();
        match truth {
            True => atoms.known_true += 1,
            False => atoms.known_false += 1,
            Unknown => atoms.unknown += 1,
        }
        self.atoms.set(atoms);
        Verdict { truth, lacks }
    }

    fn judge(&self, left: &str, operator: &str, operand: &Value) -> (Truth, BTreeSet<Lack>) {
        let value = self.read(left);
        if operator == "present" {
            let (present, lacks) = match value {
                Reading::Set(set) if is_derived(left) => match set.surely == set.perhaps {
                    true => (True, BTreeSet::new()),
                    false => (Unknown, self.undecided(left, &set.undecided())),
                },
                Reading::Scalar(_) | Reading::Set(_) | Reading::Networks(_) => {
                    (True, BTreeSet::new())
                }
                Reading::Null => (False, BTreeSet::new()),
                Reading::Absent | Reading::Unusable => {
                    (Unknown, self.lack(left, &value).into_iter().collect())
                }
            };
            return (if *operand == true { present } else { present.not() }, lacks);
        }
        let right = operand["attribute"].as_str();
        let other = match right {
            Some(attribute) => self.read(attribute),
            None => {
                literal(self.oracle.attributes[left]["type"].as_str().unwrap_or("enum"), operand)
            }
        };
        let mut lacks: BTreeSet<Lack> = self.lack(left, &value).into_iter().collect();
        lacks.extend(right.and_then(|right| self.lack(right, &other)));
        if !lacks.is_empty() {
            return (Unknown, lacks);
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
            (Reading::Scalar(address), Reading::Networks(networks)) if operator == "in" => {
                (covered(networks, address), none(), none())
            }
            (Reading::Networks(networks), Reading::Scalar(address)) if operator == "has" => {
                (covered(networks, address), none(), none())
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
            lacks = self.undecided(left, &of_left);
            lacks.extend(right.map(|right| self.undecided(right, &of_right)).into_iter().flatten());
        }
        (truth, lacks)
    }

    /// What an attribute lacks that has no value.
    fn lack(&self, attribute: &str, reading: &Reading) -> Option<Lack> {
        let definition = &self.oracle.attributes[attribute];
        let pointer = || pointer(attribute, definition);
        match reading {
            Reading::Scalar(_) | Reading::Set(_) | Reading::Networks(_) => None,
            Reading::Null | Reading::Absent => Some(Lack::Missing(pointer())),
            Reading::Unusable => {
                Some(Lack::Unusable { pointer: pointer(), needs: needs(definition) })
            }
        }
    }

    /// What the undecided members of a set lack.
    fn undecided(&self, attribute: &str, members: &BTreeSet<String>) -> BTreeSet<Lack> {
        let lacks = members.iter().flat_map(|member| match attribute {
            "subject.permissions" => self.permissions.lacks(member),
            "credential.scopes" => {
                let place = "/context/credential/scopes".to_owned();
                [Lack::at(self.request, place, NAMES)].into()
            }
            _ => BTreeSet::new(),
        });
        lacks.collect()
    }

    fn read(&self, attribute: &str) -> Reading {
        match attribute {
            "subject.permissions" => Reading::Set(self.permissions.held.clone()),
            "credential.scopes" => Reading::Set(self.scopes.clone()),
            "action.name" => Reading::Scalar(self.action.into()),
            declared => self.oracle.read(declared, self.request),
        }
    }
}

fn is_derived(attribute: &str) -> bool {
    matches!(attribute, "subject.permissions" | "credential.scopes")
}

/// Whether one of some networks has an address.
fn covered(networks: &[Network], address: &Value) -> Truth {
    let address = address.as_str().and_then(Address::read).expect("an address");
    Truth::of(networks.iter().any(|network| network.covers(address)))
}
