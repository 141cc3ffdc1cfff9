//! `subject.permissions` and `credential.scopes` (section 9).

use crate::bounds::Bounds;
use crate::lack::{Lack, NAME, NAMES, OBJECT, OBJECTS, ROLE};
use crate::policy::{Oracle, strings};
use crate::truth::Truth::{self, False, True, Unknown};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

const SUBJECT_ACCOUNT: &str = "/subject/properties/account/id";
const RESOURCE_ACCOUNT: &str = "/resource/properties/account/id";
const ORGANIZATION: &str = "/resource/properties/organization";
const MEMBERSHIPS: &str = "/subject/properties/memberships";

/// The permissions of a subject for a resource, and what they were read from.
pub(crate) struct Permissions<'a> {
    oracle: &'a Oracle,
    request: &'a Value,
    pub(crate) held: Bounds,
    account: Level,
    /// What each member lacks, once it was asked for: a large policy asks often.
    lacks: RefCell<BTreeMap<String, BTreeSet<Lack>>>,
    /// None: `memberships` is absent or no array.
    items: Option<Vec<Item>>,
}

#[derive(Default)]
struct Level {
    surely: BTreeSet<String>,
    perhaps: BTreeSet<String>,
    /// The inputs that could still be supplied.
    open: Vec<&'static str>,
    /// The places of the undeclared roles, where `permissions` is open for them.
    undeclared: Vec<usize>,
}

struct Item {
    counts: Truth,
    level: Level,
    is_object: bool,
    names_organization: bool,
}

/// A value at a pointer through objects alone; null is the same as absent.
fn given<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut place = value;
    for name in pointer.split('/').skip(1) {
        place = place.as_object()?.get(name)?;
    }
    Some(place).filter(|place| !place.is_null())
}

/// A string of at least one byte.
fn name_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    given(value, pointer)?.as_str().filter(|name| !name.is_empty())
}

fn same(one: Option<&str>, other: Option<&str>) -> Truth {
    match (one, other) {
        (Some(one), Some(other)) => Truth::of(one == other),
        _ => Unknown,
    }
}

/// What `roles` or `permissions` is.
enum List<'a> {
    Absent,
    Names(Vec<&'a str>),
    IllTyped,
}
use List::{Absent, IllTyped, Names};

fn list<'a>(holder: &'a Value, pointer: &str) -> List<'a> {
    match given(holder, pointer) {
        None => Absent,
        Some(value) => match value.as_array() {
            Some(items) if items.iter().all(Value::is_string) => Names(strings(value).collect()),
            _ => IllTyped,
        },
    }
}

/// `credential.scopes`.
pub(crate) fn scopes(oracle: &Oracle, request: &Value) -> Bounds {
    let actions = oracle.action_names.clone();
    match list(request, "/context/credential/scopes") {
        Names(names) if names.contains(&"*") => Bounds::exactly(actions),
        Names(names) => {
            let named = |action: &String| names.contains(&action.as_str());
            Bounds::exactly(actions.into_iter().filter(named).collect())
        }
        Absent | IllTyped => Bounds { perhaps: actions, ..Bounds::default() },
    }
}

fn level(oracle: &Oracle, request: &Value, holder: &Value, name: &str) -> Level {
    let every = oracle.of_level(name);
    let given_by = |roles: &[&str]| -> BTreeSet<String> {
        roles.iter().flat_map(|role| oracle.given_by(role, name)).collect()
    };
    let declared = |permissions: &[&str]| -> BTreeSet<String> {
        every.iter().filter(|it| permissions.contains(&it.as_str())).cloned().collect()
    };
    let mut undeclared = Vec::new();
    let (surely, perhaps, open) = match (list(holder, "/roles"), list(holder, "/permissions")) {
        (Absent, Absent) | (IllTyped, IllTyped) => {
            (BTreeSet::new(), every.clone(), vec!["roles", "permissions"])
        }
        (Absent, Names(permissions)) => (declared(&permissions), declared(&permissions), vec![]),
        (Names(roles), Absent) => {
            let unknown = |(_, role): &(usize, &&str)| oracle.role(role).is_none();
            undeclared = roles.iter().enumerate().filter(unknown).map(|(at, _)| at).collect();
            if !undeclared.is_empty() {
                (given_by(&roles), every.clone(), vec!["permissions"])
            } else {
                (given_by(&roles), given_by(&roles), vec![])
            }
        }
        (Names(roles), Names(permissions)) => {
            let both = &given_by(&roles) | &declared(&permissions);
            (both.clone(), both, vec![])
        }
        (IllTyped, Absent) => (BTreeSet::new(), every.clone(), vec!["roles"]),
        (IllTyped, Names(permissions)) => (declared(&permissions), every.clone(), vec!["roles"]),
        (Absent, IllTyped) => (BTreeSet::new(), every.clone(), vec!["permissions"]),
        (Names(roles), IllTyped) => (given_by(&roles), every.clone(), vec!["permissions"]),
    };
    let subject_type = request["subject"]["type"].as_str().unwrap_or_default();
    let defaults: Vec<&str> = strings(&oracle.defaults[subject_type]).collect();
    let defaults = given_by(&defaults);
    Level { surely: &surely | &defaults, perhaps: &perhaps | &defaults, open, undeclared }
}

impl<'a> Permissions<'a> {
    pub(crate) fn read(oracle: &'a Oracle, request: &'a Value) -> Self {
        let nobody = Value::Null;
        let subject = given(request, "/subject/properties").unwrap_or(&nobody);
        let account = level(oracle, request, subject, "account");
        let mut held =
            match same(name_at(request, SUBJECT_ACCOUNT), name_at(request, RESOURCE_ACCOUNT)) {
                True => Bounds {
                    surely: account.surely.clone(),
                    perhaps: account.perhaps.clone(),
                    stranger: false,
                },
                False => Bounds::default(),
                Unknown => Bounds { perhaps: account.perhaps.clone(), ..Bounds::default() },
            };
        let organization = name_at(request, ORGANIZATION);
        let item = |value: &Value| match value.is_object() {
            true => Item {
                counts: same(name_at(value, "/organization"), organization),
                level: level(oracle, request, value, "organization"),
                is_object: true,
                names_organization: name_at(value, "/organization").is_some(),
            },
            false => Item {
                counts: Unknown,
                level: Level {
                    perhaps: oracle.of_level("organization").clone(),
                    ..Level::default()
                },
                is_object: false,
                names_organization: false,
            },
        };
        let items = given(request, MEMBERSHIPS).and_then(Value::as_array);
        let items: Option<Vec<Item>> = items.map(|items| items.iter().map(item).collect());

        let stated_none = request.pointer(ORGANIZATION).is_some_and(Value::is_null);
        if !stated_none {
            let mut of_organization = Bounds::default();
            for permission in &held.perhaps {
                let implied = strings(&oracle.actions[permission]["implies"]).map(str::to_owned);
                let implied: BTreeSet<String> = implied.collect();
                if held.surely.contains(permission) {
                    of_organization.surely.extend(implied.clone());
                }
                of_organization.perhaps.extend(implied);
            }
            match &items {
                None => of_organization.perhaps.extend(oracle.of_level("organization").clone()),
                Some(items) => {
                    for item in items.iter().filter(|item| item.counts != False) {
                        if item.counts == True {
                            of_organization.surely.extend(item.level.surely.clone());
                        }
                        of_organization.perhaps.extend(item.level.perhaps.clone());
                    }
                }
            }
            if organization.is_some() {
                held.surely.extend(of_organization.surely);
            }
            held.perhaps.extend(of_organization.perhaps);
        }
        Self { oracle, request, held, account, lacks: RefCell::default(), items }
    }

    /// What an id lacks that should stand at a place.
    fn unnamed(&self, pointer: &str) -> BTreeSet<Lack> {
        match name_at(self.request, pointer) {
            Some(_) => BTreeSet::new(),
            None => [Lack::at(self.request, pointer.to_owned(), NAME)].into(),
        }
    }

    /// What the open inputs of a level at a place lack.
    fn open(&self, level: &Level, place: &str) -> BTreeSet<Lack> {
        let open = level.open.iter();
        let open = open.map(|input| Lack::at(self.request, format!("{place}/{input}"), NAMES));
        let undeclared = level.undeclared.iter();
        let undeclared =
            undeclared.map(|at| Lack::at(self.request, format!("{place}/roles/{at}"), ROLE));
        open.chain(undeclared).collect()
    }

    /// What an undecided member lacks.
    pub(crate) fn lacks(&self, member: &str) -> BTreeSet<Lack> {
        if let Some(known) = self.lacks.borrow().get(member) {
            return known.clone();
        }
        let lacks = self.all_lacks(member);
        self.lacks.borrow_mut().insert(member.to_owned(), lacks.clone());
        lacks
    }

    fn all_lacks(&self, member: &str) -> BTreeSet<Lack> {
        if self.oracle.actions[member]["level"] == "account" {
            return if self.account.surely.contains(member) {
                &self.unnamed(SUBJECT_ACCOUNT) | &self.unnamed(RESOURCE_ACCOUNT)
            } else {
                self.open(&self.account, "/subject/properties")
            };
        }
        let mut lacks = BTreeSet::new();
        for permission in &self.held.perhaps {
            if strings(&self.oracle.actions[permission]["implies"]).any(|name| name == member) {
                lacks.extend(match self.held.surely.contains(permission) {
                    true => [Lack::at(self.request, ORGANIZATION.to_owned(), NAME)].into(),
                    false => self.lacks(permission),
                });
            }
        }
        let Some(items) = &self.items else {
            lacks.extend([Lack::at(self.request, MEMBERSHIPS.to_owned(), OBJECTS)]);
            lacks.extend(self.unnamed(ORGANIZATION));
            return lacks;
        };
        for (index, item) in items.iter().enumerate() {
            if item.counts == False || !item.level.perhaps.contains(member) {
                continue;
            }
            let place = format!("{MEMBERSHIPS}/{index}");
            if !item.is_object {
                lacks.extend([Lack::at(self.request, place, OBJECT)]);
            } else if !item.level.surely.contains(member) {
                lacks.extend(self.open(&item.level, &place));
            } else if item.counts == Unknown {
                lacks.extend(self.unnamed(ORGANIZATION));
                if !item.names_organization {
                    lacks.extend([Lack::at(self.request, format!("{place}/organization"), NAME)]);
                }
            }
        }
        lacks
    }
}
