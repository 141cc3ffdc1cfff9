//! The routes of a policy with what they need, as its canonical bundle has them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is read of a bundle; the library has checked it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bundle {
    pub(crate) routes: Vec<Route>,
    roles: Vec<Role>,
    schema: Schema,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) encoded: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) undecided: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Role {
    id: String,
    level: String,
    permissions: Vec<String>,
    inherits: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Schema {
    actions: BTreeMap<String, Action>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Action {
    level: Option<String>,
    implies: Vec<String>,
}

/// What a route needs.
#[derive(Serialize)]
pub(crate) struct Needs<'b> {
    /// Of which level its action is a permission; none if no role can give it.
    pub(crate) level: Option<&'b str>,
    /// Whom and what the facts must be about.
    pub(crate) facts: Vec<&'static str>,
    /// The roles that give the action.
    pub(crate) roles: Vec<&'b str>,
}

impl Bundle {
    pub(crate) fn declares(&self, action: &str) -> bool {
        self.schema.actions.contains_key(action)
    }

    /// What each route needs, in the order of the routes.
    pub(crate) fn needs(&self) -> Vec<Needs<'_>> {
        let given: Vec<(&str, BTreeSet<&str>)> =
            self.roles.iter().map(|role| (role.id.as_str(), self.given_by(role))).collect();
        let needs = self.routes.iter().map(|route| {
            let action = route.action.as_str();
            let roles = given.iter().filter(|(_, actions)| actions.contains(action));
            let facts = [
                Some("principal"),
                route.organization.as_ref().map(|_| "organization"),
                route.resource.as_ref().map(|_| "resource"),
            ];
            Needs {
                level: self.schema.actions.get(action).and_then(|action| action.level.as_deref()),
                facts: facts.into_iter().flatten().collect(),
                roles: roles.map(|(id, _)| *id).collect(),
            }
        });
        needs.collect()
    }

    /// The actions that a role gives, by itself, by what it inherits, and by what these imply.
    fn given_by<'b>(&'b self, role: &'b Role) -> BTreeSet<&'b str> {
        let mut given = BTreeSet::new();
        let mut seen = BTreeSet::from([role.id.as_str()]);
        let mut open = vec![role];
        while let Some(role) = open.pop() {
            for (name, action) in &self.schema.actions {
                let all = role.permissions.first().is_some_and(|first| first == "*");
                let of_level = action.level.as_ref() == Some(&role.level);
                if of_level && (all || role.permissions.contains(name)) {
                    given.insert(name.as_str());
                    given.extend(action.implies.iter().map(String::as_str));
                }
            }
            let inherited = self.roles.iter().filter(|other| role.inherits.contains(&other.id));
            open.extend(inherited.filter(|other| seen.insert(other.id.as_str())));
        }
        given
    }
}
