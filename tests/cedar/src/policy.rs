//! The documents of a policy, joined.

use crate::covered;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the documents declare.
#[derive(Debug, Default)]
pub struct Policy {
    /// The declared attributes and `action.name`, by name. The derived sets are not among them.
    pub attributes: BTreeMap<String, Attribute>,
    /// The declared actions: their level, if they have one, and what they imply.
    pub actions: BTreeMap<String, Action>,
    /// The roles by id.
    pub roles: BTreeMap<String, Role>,
    /// Subject types and the roles that each of them has.
    pub defaults: BTreeMap<String, Vec<String>>,
    /// The conditions by id.
    pub conditions: BTreeMap<String, Value>,
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// The addresses, and other strings, that conditions ask sets for.
    pub(crate) address_literals: BTreeSet<String>,
}

/// A declared attribute.
#[derive(Debug)]
pub struct Attribute {
    /// Its type.
    pub kind: Type,
    /// Where it lies in a request: the segments of its pointer.
    pub pointer: Vec<String>,
    /// Where Cedar finds it: a variable, then names of attributes.
    pub place: Vec<String>,
    /// What it means that nothing stands there: null or a literal, where that is declared.
    pub absent: Option<Value>,
}

/// The type of an attribute.
#[derive(Debug, Clone)]
pub enum Type {
    /// true or false
    Bool,
    /// one of these strings
    Enum(BTreeSet<String>),
    /// a string of at least one byte
    Id,
    /// an integer of this range
    Int(i64, i64),
    /// seconds, up to the end of the year 2999
    Time,
    /// an IP address
    Ip,
    /// a set of networks
    Networks,
    /// a set, of these strings or of ids
    Set {
        /// The strings; none for ids.
        values: Option<BTreeSet<String>>,
        /// Whether it may have other members.
        open: bool,
    },
}

/// A declared action.
#[derive(Debug)]
pub struct Action {
    /// `account`, `organization` or nothing.
    pub level: Option<String>,
    /// Permissions that whoever holds this one holds too.
    pub implies: Vec<String>,
    /// The types of resources that it applies to; none for all.
    pub resource_types: Option<Vec<String>>,
}

/// A role.
#[derive(Debug)]
pub struct Role {
    /// `account` or `organization`.
    pub level: String,
    /// Its own permissions, or `*`.
    pub permissions: Vec<String>,
    /// Roles whose permissions it has too.
    pub inherits: Vec<String>,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the specification")]
pub enum Effect {
    Permit,
    Forbid,
    Require,
    Advise,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What it does.
    pub effect: Effect,
    /// Its actions; none for all.
    pub actions: Option<Vec<String>>,
    /// When it counts.
    pub when: Value,
    /// What must hold then.
    pub must: Value,
    /// Its reason's code, where it has one.
    pub code: Option<String>,
}

/// The root of a place that no attribute may have: what is prepared for Cedar.
pub(crate) const PREPARED: [&str; 2] = ["context", "prepared"];

impl Policy {
    /// Reads valid documents.
    pub fn new<'d>(documents: impl IntoIterator<Item = &'d Value>) -> Self {
        let documents: Vec<&Value> = documents.into_iter().collect();
        let mut policy = Self::default();
        for document in &documents {
            for (name, action) in members(&document["schema"]["actions"]) {
                let level = action["level"].as_str().map(str::to_owned);
                let types = &action["resource_types"];
                let action = Action {
                    level,
                    implies: strings(&action["implies"]),
                    resource_types: types.is_array().then(|| strings(types)),
                };
                policy.actions.insert(name.clone(), action);
            }
        }
        for document in &documents {
            for (name, attribute) in members(&document["schema"]["attributes"]) {
                policy.declare(name, attribute);
            }
            for role in items(&document["roles"]) {
                let level = text(&role["level"]);
                let permissions = strings(&role["permissions"]);
                let inherits = strings(&role["inherits"]);
                policy.roles.insert(text(&role["id"]), Role { level, permissions, inherits });
            }
            for (subject, roles) in members(&document["defaults"]) {
                policy.defaults.insert(subject.clone(), strings(roles));
            }
            for condition in items(&document["conditions"]) {
                policy.conditions.insert(text(&condition["id"]), condition["when"].clone());
            }
            policy.rules.extend(items(&document["rules"]).map(rule));
        }
        let mut literals = BTreeSet::new();
        for rule in &policy.rules {
            covered::literals(&rule.when, &mut literals);
            covered::literals(&rule.must, &mut literals);
        }
        policy.conditions.values().for_each(|it| covered::literals(it, &mut literals));
        policy.address_literals = literals;
        policy.rules.sort_by(|one, other| one.id.cmp(&other.id));
        let values = policy.action_names();
        policy.attributes.insert(
            "action.name".to_owned(),
            Attribute {
                kind: Type::Enum(values),
                pointer: split("/action/name"),
                place: split("/context/action/name"),
                absent: None,
            },
        );
        policy.part_places();
        policy
    }

    /// The declared actions.
    pub(crate) fn action_names(&self) -> BTreeSet<String> {
        self.actions.keys().cloned().collect()
    }

    fn declare(&mut self, name: &str, attribute: &Value) {
        let pointer = match (attribute["from"].as_str(), name.split_once('.')) {
            (Some(from), _) => split(from),
            (None, Some(("subject" | "resource", "type" | "id")))
            | (None, Some(("context", _))) => split(&format!("/{}", name.replace('.', "/"))),
            (None, Some((entity, rest))) => {
                split(&format!("/{entity}/properties/{}", rest.replace('.', "/")))
            }
            (None, None) => panic!("no attribute: {name}"),
        };
        let mut place = pointer.clone();
        if place[0] != "context" && place[1] == "properties" {
            place.remove(1);
        }
        match place[0].as_str() {
            "subject" => place[0] = "principal".to_owned(),
            // Cedar's schemas know no attributes of actions.
            "action" => place.insert(0, "context".to_owned()),
            _ => {}
        }
        let open = attribute["open"] == true;
        let values = match &attribute["values"] {
            Value::String(_) => self.action_names(),
            own => strings(own).into_iter().collect(),
        };
        let kind = match attribute["type"].as_str().expect("a type") {
            "bool" => Type::Bool,
            "enum" => Type::Enum(values),
            "id" => Type::Id,
            "int" => Type::Int(
                attribute["min"].as_i64().expect("min"),
                attribute["max"].as_i64().expect("max"),
            ),
            "time" => Type::Time,
            "ip" => Type::Ip,
            "ip_set" => Type::Networks,
            "enum_set" => Type::Set { values: Some(values), open },
            "id_set" => Type::Set { values: None, open },
            other => panic!("no type: {other}"),
        };
        let absent = attribute.get("absent").cloned();
        self.attributes.insert(name.to_owned(), Attribute { kind, pointer, place, absent });
    }

    /// Gives a place of their own to attributes that would lie at or inside each other's.
    fn part_places(&mut self) {
        let mut places: Vec<Vec<String>> =
            self.attributes.values().map(|attribute| attribute.place.clone()).collect();
        places.push(PREPARED.map(str::to_owned).to_vec());
        for (name, attribute) in &mut self.attributes {
            let place = &attribute.place;
            let touching = places
                .iter()
                .filter(|other| other.starts_with(place) || place.starts_with(other))
                .count();
            if touching > 1 && name != "action.name" {
                attribute.place = PREPARED.map(str::to_owned).to_vec();
                attribute.place.extend(["shared".to_owned(), name.clone()]);
            }
        }
    }
}

fn rule(rule: &Value) -> Rule {
    let actions = strings(&rule["actions"]);
    Rule {
        id: text(&rule["id"]),
        effect: match rule["effect"].as_str().expect("an effect") {
            "permit" => Effect::Permit,
            "forbid" => Effect::Forbid,
            "require" => Effect::Require,
            "advise" => Effect::Advise,
            other => panic!("no effect: {other}"),
        },
        actions: (actions != ["*"]).then_some(actions),
        when: rule.get("when").cloned().unwrap_or_else(|| Value::Object(Default::default())),
        must: rule["must"].clone(),
        code: rule["reason"]["code"].as_str().map(str::to_owned),
    }
}

fn split(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    items(value).map(text).collect()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
