//! The documents, joined (sections 1 to 5).

use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The naive evaluator of one policy.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub(crate) attributes: Value,
    pub(crate) actions: Value,
    /// The declared actions, sorted.
    pub(crate) action_names: BTreeSet<String>,
    /// The permissions of the levels.
    account: BTreeSet<String>,
    organization: BTreeSet<String>,
    pub(crate) roles: Vec<Value>,
    pub(crate) defaults: Value,
    pub(crate) conditions: Vec<Value>,
    /// By their ids.
    pub(crate) rules: Vec<Value>,
}

impl Oracle {
    /// Joins the documents of a valid policy.
    #[must_use]
    pub fn new(documents: &[Value]) -> Self {
        let section = |name: &str| {
            documents
                .iter()
                .map(|it| &it[name])
                .find(|it| !it.is_null())
                .cloned()
                .unwrap_or(json!({}))
        };
        let joined = |name: &str| -> Vec<Value> {
            documents.iter().filter_map(|it| it[name].as_array()).flatten().cloned().collect()
        };
        let schema = section("schema");
        let actions = |level: Option<&str>| -> BTreeSet<String> {
            let actions = schema["actions"].as_object().into_iter().flatten();
            let of_level = actions.filter(|(_, it)| level.is_none_or(|level| it["level"] == level));
            of_level.map(|(name, _)| name.clone()).collect()
        };
        let mut rules = joined("rules");
        rules.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
        Self {
            attributes: schema["attributes"].clone(),
            actions: schema["actions"].clone(),
            action_names: actions(None),
            account: actions(Some("account")),
            organization: actions(Some("organization")),
            roles: joined("roles"),
            defaults: section("defaults"),
            conditions: joined("conditions"),
            rules,
        }
    }

    /// The actions that are permissions of a level.
    pub(crate) fn of_level(&self, level: &str) -> &BTreeSet<String> {
        if level == "account" { &self.account } else { &self.organization }
    }

    pub(crate) fn role(&self, id: &str) -> Option<&Value> {
        self.roles.iter().find(|role| role["id"] == id)
    }

    /// What a role of that level gives; a role of another level gives nothing.
    pub(crate) fn given_by(&self, id: &str, level: &str) -> BTreeSet<String> {
        let Some(role) = self.role(id).filter(|role| role["level"] == level) else {
            return BTreeSet::new();
        };
        let mut given = BTreeSet::new();
        for permission in strings(&role["permissions"]) {
            match permission {
                "*" => given.extend(self.of_level(level).iter().cloned()),
                name => given.extend([name.to_owned()]),
            }
        }
        for inherited in strings(&role["inherits"]) {
            given.extend(self.given_by(inherited, level));
        }
        given
    }

    pub(crate) fn condition(&self, id: &Value) -> &Value {
        let found = self.conditions.iter().find(|condition| condition["id"] == *id);
        &found.expect("the condition is declared")["when"]
    }

    /// The rules of an effect that hold an action, by their ids.
    pub(crate) fn rules_of(&self, effect: &str, action: &str) -> Vec<&Value> {
        let holds =
            |rule: &Value| strings(&rule["actions"]).any(|name| name == "*" || name == action);
        self.rules.iter().filter(|rule| rule["effect"] == effect && holds(rule)).collect()
    }
}

/// The strings in an array of strings; none in anything else.
pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The place of an attribute in a request (section 2), from its name and its definition.
///
/// # Panics
///
/// If the attribute is none of a valid policy.
#[must_use]
pub fn pointer(name: &str, definition: &Value) -> String {
    let (entity, rest) = name.split_once('.').expect("an attribute has segments");
    let path = rest.replace('.', "/");
    match name {
        "subject.type" | "subject.id" | "resource.type" | "resource.id" | "action.name" => {
            format!("/{entity}/{path}")
        }
        _ => match entity {
            "subject" | "resource" | "action" => format!("/{entity}/properties/{path}"),
            "context" => format!("/context/{path}"),
            _ => definition["from"].as_str().expect("`from` is there").to_owned(),
        },
    }
}
