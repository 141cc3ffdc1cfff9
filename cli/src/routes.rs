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
    /// The roles that give the action where the route leads.
    pub(crate) roles: Vec<&'b str>,
}

impl Bundle {
    pub(crate) fn declares(&self, action: &str) -> bool {
        self.schema.actions.contains_key(action)
    }

    /// What each route needs, in the order of the routes.
    pub(crate) fn needs(&self) -> Vec<Needs<'_>> {
        let numbers: Numbers<'_> =
            self.schema.actions.keys().zip(0..).map(|(name, at)| (name.as_str(), at)).collect();
        let given = self.given(&numbers);
        let needs = self.routes.iter().map(|route| {
            let action = route.action.as_str();
            let number = numbers.get(action);
            let gives = |given: &Given| number.is_some_and(|at| given.get(*at) == Some(&true));
            let level = self.schema.actions.get(action).and_then(|it| it.level.as_deref());
            // Without an organization, nothing that is given in one counts.
            let is_given = level != Some("organization") || route.organization.is_some();
            let roles = self.roles.iter().zip(&given);
            let roles = roles.filter(|(_, given)| is_given && gives(given));
            let facts = [
                Some("principal"),
                route.organization.as_ref().map(|_| "organization"),
                route.resource.as_ref().map(|_| "resource"),
            ];
            Needs {
                level,
                facts: facts.into_iter().flatten().collect(),
                roles: roles.map(|(role, _)| role.id.as_str()).collect(),
            }
        });
        needs.collect()
    }

    /// What each role gives, by itself, by what it inherits, and by what these imply. Each role is
    /// worked out once, when all that it inherits has been: there may be a thousand, most of which
    /// inherit most others.
    fn given(&self, numbers: &Numbers<'_>) -> Vec<Given> {
        let mut given: Vec<Given> =
            self.roles.iter().map(|role| self.given_by_itself(role, numbers)).collect();
        let Heirs { of, mut waits_for } = self.heirs();
        let waits = waits_for.iter().zip(0..).filter(|(number, _)| **number == 0);
        let mut ready: Vec<usize> = waits.map(|(_, role)| role).collect();
        while let Some(role) = ready.pop() {
            let whole = given.get(role).cloned().unwrap_or_default();
            for heir in of.get(role).into_iter().flatten() {
                let own = given.get_mut(*heir).into_iter().flatten();
                own.zip(&whole).for_each(|(own, inherited)| *own |= inherited);
                let Some(waits) = waits_for.get_mut(*heir) else { continue };
                *waits = waits.saturating_sub(1);
                if *waits == 0 {
                    ready.push(*heir);
                }
            }
        }
        given
    }

    /// What a role gives without what it inherits.
    fn given_by_itself(&self, role: &Role, numbers: &Numbers<'_>) -> Given {
        let mut given = vec![false; numbers.len()];
        let mut give = |name: &str| {
            if let Some(own) = numbers.get(name).and_then(|at| given.get_mut(*at)) {
                *own = true;
            }
        };
        let all = role.permissions.first().is_some_and(|first| first == "*");
        let permissions: BTreeSet<&String> = role.permissions.iter().collect();
        for (name, action) in &self.schema.actions {
            let of_level = action.level.as_ref() == Some(&role.level);
            if of_level && (all || permissions.contains(name)) {
                give(name);
                action.implies.iter().for_each(|implied| give(implied));
            }
        }
        given
    }

    fn heirs(&self) -> Heirs {
        let numbers: Numbers<'_> =
            self.roles.iter().zip(0..).map(|(role, at)| (role.id.as_str(), at)).collect();
        let mut heirs = Heirs { of: vec![Vec::new(); self.roles.len()], waits_for: Vec::new() };
        for (role, heir) in self.roles.iter().zip(0..) {
            let mut number = 0_usize;
            let inherited = role.inherits.iter().filter_map(|id| numbers.get(id.as_str()));
            for inherited in inherited {
                if let Some(of) = heirs.of.get_mut(*inherited) {
                    of.push(heir);
                    number = number.saturating_add(1);
                }
            }
            heirs.waits_for.push(number);
        }
        heirs
    }
}

/// Things by name, with their places in a list.
type Numbers<'b> = BTreeMap<&'b str, usize>;

/// Whether a role gives each action, by the action's number.
type Given = Vec<bool>;

/// Which roles inherit which, by their numbers.
struct Heirs {
    /// The roles that inherit a role themselves.
    of: Vec<Vec<usize>>,
    /// How many roles a role inherits itself.
    waits_for: Vec<usize>,
}
