//! The derived sets (section 9), each as the members that are surely in it and those that are
//! perhaps.

use crate::policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

type Names = BTreeSet<String>;

/// Two bounds of a set; `perhaps` has all of `surely`.
#[derive(Default, Clone)]
pub(crate) struct Between {
    surely: Names,
    perhaps: Names,
}

impl Between {
    pub(crate) fn to_value(&self) -> Value {
        json!({ "surely": self.surely, "perhaps": self.perhaps })
    }

    fn add(&mut self, other: Self) {
        self.surely.extend(other.surely);
        self.perhaps.extend(other.perhaps);
    }

    /// The same where it is open whether it counts.
    fn doubted(self) -> Self {
        Self { surely: Names::new(), perhaps: self.perhaps }
    }
}

/// A list of names in a request.
enum List {
    Absent,
    Names(Names),
    IllTyped,
}

impl Policy {
    /// `credential.scopes`.
    pub(crate) fn scopes(&self, request: &Value) -> Between {
        let declared = self.action_names();
        match list(&request["context"]["credential"]["scopes"]) {
            List::Names(names) => {
                let scopes: Names = match names.contains("*") {
                    true => declared,
                    false => declared.intersection(&names).cloned().collect(),
                };
                Between { surely: scopes.clone(), perhaps: scopes }
            }
            List::Absent | List::IllTyped => Between { surely: Names::new(), perhaps: declared },
        }
    }

    /// `subject.permissions`.
    pub(crate) fn permissions(&self, request: &Value) -> Between {
        let account = self.account_permissions(request);
        let mut all = self.organization_permissions(request, &account);
        all.add(account);
        all
    }

    fn account_permissions(&self, request: &Value) -> Between {
        let subject = &request["subject"];
        let level = self.level("account", &subject["properties"], &subject["type"]);
        let own = id(&subject["properties"]["account"]["id"]);
        let other = id(&request["resource"]["properties"]["account"]["id"]);
        match (own, other) {
            (Some(own), Some(other)) if own == other => level,
            (Some(_), Some(_)) => Between::default(),
            _ => level.doubted(),
        }
    }

    fn organization_permissions(&self, request: &Value, account: &Between) -> Between {
        let place = request["resource"]["properties"].as_object();
        let place = place.and_then(|properties| properties.get("organization"));
        if place == Some(&Value::Null) {
            return Between::default();
        }
        let organization = place.and_then(id);
        let everything = self.of_level("organization");
        let implied = |held: &Names| -> Names {
            held.iter().flat_map(|name| self.actions[name].implies.iter().cloned()).collect()
        };
        let mut sum =
            Between { surely: implied(&account.surely), perhaps: implied(&account.perhaps) };
        match request["subject"]["properties"]["memberships"].as_array() {
            None => sum.perhaps.extend(everything),
            Some(items) => {
                for item in items {
                    if !item.is_object() {
                        sum.perhaps.extend(everything.iter().cloned());
                        continue;
                    }
                    let level = self.level("organization", item, &request["subject"]["type"]);
                    match (id(&item["organization"]), organization) {
                        (Some(own), Some(asked)) if own == asked => sum.add(level),
                        (Some(_), Some(_)) => {}
                        _ => sum.add(level.doubted()),
                    }
                }
            }
        }
        if organization.is_none() { sum.doubted() } else { sum }
    }

    /// What `roles` and `permissions` at a place give of one level, with the default roles.
    fn level(&self, level: &str, place: &Value, subject_type: &Value) -> Between {
        let everything = self.of_level(level);
        let roles = list(&place["roles"]);
        let undeclared = match &roles {
            List::Names(names) => names.iter().any(|name| !self.roles.contains_key(name)),
            _ => false,
        };
        let r = match &roles {
            List::Names(names) => self.of_roles(level, names),
            _ => Names::new(),
        };
        let permissions = list(&place["permissions"]);
        let p: Names = match &permissions {
            List::Names(names) => everything.intersection(names).cloned().collect(),
            _ => Names::new(),
        };
        let exactly = |names: Names| Between { surely: names.clone(), perhaps: names };
        let at_least = |names: Names| Between { surely: names, perhaps: everything.clone() };
        let mut sum = match (&roles, &permissions) {
            (List::Absent, List::Absent) => at_least(Names::new()),
            (List::Absent, List::Names(_)) => exactly(p),
            (List::Names(_), List::Absent) if undeclared => at_least(r),
            (List::Names(_), List::Absent) => exactly(r),
            (List::Names(_), List::Names(_)) => exactly(r.union(&p).cloned().collect()),
            (List::IllTyped, List::Absent) => at_least(Names::new()),
            (List::IllTyped, List::Names(_)) => at_least(p),
            (List::Absent, List::IllTyped) => at_least(Names::new()),
            (List::Names(_), List::IllTyped) => at_least(r),
            (List::IllTyped, List::IllTyped) => at_least(Names::new()),
        };
        let defaults = subject_type.as_str().and_then(|name| self.defaults.get(name));
        let defaults: Names = defaults.into_iter().flatten().cloned().collect();
        sum.add(exactly(self.of_roles(level, &defaults)));
        sum
    }

    /// What the declared roles of a level among these give, by inheritance too.
    fn of_roles(&self, level: &str, roles: &Names) -> Names {
        let mut given = Names::new();
        let mut open: Vec<&String> = roles.iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some(role) = self.roles.get(id).filter(|role| role.level == level) else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            match role.permissions.iter().any(|name| name == "*") {
                true => given.extend(self.of_level(level)),
                false => given.extend(role.permissions.iter().cloned()),
            }
            open.extend(&role.inherits);
        }
        given
    }

    /// All permissions of a level.
    fn of_level(&self, level: &str) -> Names {
        let of_level = self.actions.iter().filter(|(_, own)| own.level.as_deref() == Some(level));
        of_level.map(|(name, _)| name.clone()).collect()
    }
}

/// An array of strings, as far as it is one. Null is the same as absent.
fn list(place: &Value) -> List {
    if place.is_null() {
        return List::Absent;
    }
    let names = place.as_array().and_then(|items| {
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Names>>()
    });
    names.map_or(List::IllTyped, List::Names)
}

fn id(place: &Value) -> Option<&str> {
    place.as_str().filter(|text| !text.is_empty())
}
