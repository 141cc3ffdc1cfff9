//! A schema with every type, and generators of policies over it. Requests are in `rich_facts`.

use cog_auth::policy::{Policy, Source};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

pub const ACTIONS: &[&str] = &["EditO", "Make", "ManageA", "ReadA", "ViewO"];
const COLORS: &[&str] = &["blue", "green", "red"];
const TYPES: &[&str] = &["service_user", "user"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Enum(&'static [&'static str]),
    Id(&'static str),
    Int(i64, i64),
    Time,
    EnumSet(&'static [&'static str]),
    IdSet(&'static str),
    Ip,
    IpSet,
}
use Kind::{Bool, Enum, EnumSet, Id, IdSet, Int, Ip, IpSet, Time};

/// A declared attribute, its pointer, and whether it is an open set.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub kind: Kind,
    pub pointer: &'static str,
    pub open: bool,
}

const fn declared(name: &'static str, kind: Kind, pointer: &'static str) -> Attribute {
    Attribute { name, kind, pointer, open: false }
}

const fn open(name: &'static str, kind: Kind, pointer: &'static str) -> Attribute {
    Attribute { name, kind, pointer, open: true }
}

pub const ATTRIBUTES: &[Attribute] = &[
    declared("subject.type", Enum(TYPES), "/subject/type"),
    declared("subject.id", Id("principal"), "/subject/id"),
    declared("resource.owner", Id("principal"), "/resource/properties/owner"),
    declared("resource.organization", Id("organization"), "/resource/properties/organization"),
    declared("account.id", Id("account"), "/subject/properties/account/id"),
    declared("resource.account.id", Id("account"), "/resource/properties/account/id"),
    declared("account.sso", Bool, "/subject/properties/account/sso"),
    declared("action.force", Bool, "/action/properties/force"),
    declared("context.flag", Bool, "/context/flag"),
    declared("context.deep.down", Bool, "/context/deep/down"),
    declared("context.color", Enum(COLORS), "/context/color"),
    declared("context.shade", Enum(COLORS), "/context/shade"),
    declared("context.n", Int(-5, 5), "/context/n"),
    declared("context.m", Int(0, 100), "/context/m"),
    declared("context.time", Time, "/context/time"),
    declared("context.until", Time, "/context/until"),
    declared("context.client", Ip, "/context/client"),
    declared("context.server", Ip, "/context/server"),
    declared("context.allowed", IpSet, "/context/allowed"),
    declared("context.colors", EnumSet(COLORS), "/context/colors"),
    open("context.shades", EnumSet(COLORS), "/context/shades"),
    declared("context.friends", IdSet("principal"), "/context/friends"),
    open("context.guests", IdSet("principal"), "/context/guests"),
    open("context.organizations", IdSet("organization"), "/context/organizations"),
    declared("context.wanted", Enum(ACTIONS), "/context/wanted"),
    declared("context.asked", EnumSet(ACTIONS), "/context/asked"),
    open("written.scopes", EnumSet(&["*"]), "/context/credential/scopes"),
    open("written.colors", EnumSet(&["red"]), "/context/colors"),
    open("odd.name", Bool, "/context/a~1b~0c"),
];

const DERIVED: &[Attribute] = &[
    declared("action.name", Enum(ACTIONS), ""),
    declared("subject.permissions", EnumSet(ACTIONS), ""),
    declared("credential.scopes", EnumSet(ACTIONS), ""),
];

pub fn attributes() -> impl Iterator<Item = &'static Attribute> {
    ATTRIBUTES.iter().chain(DERIVED)
}

/// The schema, roles and defaults, as one document.
pub fn schema() -> String {
    let mut attributes = Map::new();
    for attribute in ATTRIBUTES {
        let values = |values: &[&str]| {
            if values == ACTIONS { json!("actions") } else { json!(values) }
        };
        let mut node = match attribute.kind {
            Bool => json!({ "type": "bool" }),
            Enum(of) => json!({ "type": "enum", "values": values(of) }),
            Id(domain) => json!({ "type": "id", "domain": domain }),
            Int(min, max) => json!({ "type": "int", "min": min, "max": max }),
            Time => json!({ "type": "time" }),
            EnumSet(of) => json!({ "type": "enum_set", "values": values(of) }),
            IdSet(domain) => json!({ "type": "id_set", "domain": domain }),
            Ip => json!({ "type": "ip" }),
            IpSet => json!({ "type": "ip_set" }),
        };
        if attribute.open && matches!(attribute.kind, EnumSet(_) | IdSet(_)) {
            node["open"] = json!(true);
        }
        if !["subject.", "resource.", "action.", "context."]
            .iter()
            .any(|root| attribute.name.starts_with(root))
        {
            node["from"] = json!(attribute.pointer);
        }
        attributes.insert(attribute.name.to_owned(), node);
    }
    json!({ "v": 1,
        "schema": { "attributes": attributes, "actions": {
            "ReadA": { "level": "account", "implies": ["ViewO"] },
            "ManageA": { "level": "account", "implies": ["EditO", "ViewO"] },
            "ViewO": { "level": "organization" },
            "EditO": { "level": "organization" },
            "Make": {} } },
        "roles": [
            { "id": "viewer", "level": "organization", "permissions": ["ViewO"] },
            { "id": "editor", "level": "organization", "permissions": ["EditO"], "inherits": ["viewer"] },
            { "id": "reader", "level": "account", "permissions": ["ReadA"] },
            { "id": "admin", "level": "account", "permissions": ["*"] } ],
        "defaults": { "service_user": ["reader", "viewer"] } })
    .to_string()
}

const ADDRESSES: &[&str] = &["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "::1"];
const NETWORKS: &[&str] = &["192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "::/0", "0.0.0.0/0"];

fn ids(domain: &str) -> &'static [&'static str] {
    match domain {
        "organization" => &["org-a", "org-b", "*"],
        "account" => &["acct-1", "acct-2"],
        _ => &["u1", "u2", "ü\"3\\\u{1}"],
    }
}

/// A value of a type, as a literal or in a request.
pub fn value(kind: Kind) -> BoxedStrategy<Value> {
    let some = |of: &'static [&'static str]| {
        prop::collection::vec(select(of), 0..=3).prop_map(|items| json!(items)).boxed()
    };
    match kind {
        Bool => any::<bool>().prop_map(Value::from).boxed(),
        Enum(of) => select(of).prop_map(Value::from).boxed(),
        Id(domain) => select(ids(domain)).prop_map(Value::from).boxed(),
        Int(min, max) => {
            prop_oneof![Just(min), Just(max), min..=max, 0..=2_i64].prop_map(Value::from).boxed()
        }
        Time => select(vec![0, 1, 2, 32_503_679_999_i64]).prop_map(Value::from).boxed(),
        EnumSet(of) => some(of),
        IdSet(domain) => some(ids(domain)),
        Ip => select(ADDRESSES).prop_map(Value::from).boxed(),
        IpSet => some(NETWORKS),
    }
}

/// Whether two types can be compared (section 4).
pub fn same(a: Kind, b: Kind) -> bool {
    matches!((a, b), (Int(..), Int(..))) || a == b
}

fn set_of(kind: Kind) -> Option<Kind> {
    match kind {
        Enum(of) => Some(EnumSet(of)),
        Id(domain) => Some(IdSet(domain)),
        Ip => Some(IpSet),
        _ => None,
    }
}

/// The type that an operator's operand has, none where the operator does not fit (section 4's
/// table; `present` apart).
pub fn operand(operator: &str, kind: Kind) -> Option<Kind> {
    let is_set = matches!(kind, EnumSet(_) | IdSet(_));
    match operator {
        "eq" | "ne" => (kind != IpSet).then_some(kind),
        "in" => set_of(kind),
        "has" => match kind {
            EnumSet(of) => Some(Enum(of)),
            IdSet(domain) => Some(Id(domain)),
            IpSet => Some(Ip),
            _ => None,
        },
        "has_all" | "has_any" | "subset_of" => is_set.then_some(kind),
        "lt" | "le" | "gt" | "ge" => matches!(kind, Int(..) | Time).then_some(kind),
        _ => None,
    }
}

pub const OPERATORS: &[&str] =
    &["eq", "ne", "in", "has", "has_all", "has_any", "subset_of", "lt", "le", "gt", "ge"];

fn operator() -> impl Strategy<Value = (&'static str, &'static str, Value)> {
    let fitting: Vec<(&Attribute, &str)> = attributes()
        .flat_map(|attribute| {
            let fits = |op: &&str| operand(op, attribute.kind).is_some();
            OPERATORS.iter().copied().filter(fits).chain(["present"]).map(move |op| (attribute, op))
        })
        .collect();
    select(fitting).prop_flat_map(|(attribute, op)| {
        let right = match operand(op, attribute.kind) {
            None => any::<bool>().prop_map(Value::from).boxed(),
            Some(wanted) => {
                let others: Vec<Value> = attributes()
                    .filter(|other| same(other.kind, wanted))
                    .map(|other| json!({ "attribute": other.name }))
                    .collect();
                // A literal of an int has to be in the range of the left side.
                let literal = value(wanted);
                if others.is_empty() {
                    literal
                } else {
                    prop_oneof![literal, select(others)].boxed()
                }
            }
        };
        right.prop_map(move |right| (attribute.name, op, right))
    })
}

/// An object of a few atoms, in every way to write them.
fn atoms() -> impl Strategy<Value = Value> {
    prop::collection::vec((operator(), any::<bool>()), 0..=2).prop_map(|parts| {
        let mut object = Map::new();
        for ((name, op, right), short) in parts {
            if short && op == "eq" {
                object.insert(name.to_owned(), right);
            } else {
                match object.get_mut(name).and_then(Value::as_object_mut) {
                    Some(operators) if !operators.contains_key("attribute") => {
                        operators.insert(op.to_owned(), right);
                    }
                    _ => {
                        object.insert(name.to_owned(), json!({ op: right }));
                    }
                }
            }
        }
        Value::Object(object)
    })
}

/// A condition that refers to the named conditions `c0` … below a number.
fn condition(named: usize) -> BoxedStrategy<Value> {
    let reference = (0..named.max(1)).prop_map(move |index| {
        if named == 0 { json!({}) } else { json!({ "condition": format!("c{index}") }) }
    });
    let leaf = prop_oneof![4 => atoms(), 1 => reference];
    leaf.prop_recursive(3, 10, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..=3);
        prop_oneof![
            list.clone().prop_map(|parts| json!({ "all": parts })),
            list.clone().prop_map(|parts| json!({ "any": parts })),
            inner.clone().prop_map(|part| json!({ "not": part })),
            (atoms(), list, inner).prop_map(|(mut atoms, parts, part)| {
                atoms["any"] = json!(parts);
                atoms["not"] = part;
                atoms
            }),
        ]
    })
    .boxed()
}

const NAMED: usize = 3;

/// A rule with an effect, without an id.
pub fn rule(effect: &'static str) -> BoxedStrategy<Value> {
    let actions = prop_oneof![
        Just(json!(["*"])),
        subsequence(ACTIONS, 1..=3).prop_map(|actions| json!(actions))
    ];
    let reason = (select(vec!["one", "two", "three"]), any::<bool>());
    let when = prop::option::weighted(0.8, condition(NAMED));
    (actions, when, condition(NAMED), reason, any::<bool>())
        .prop_map(move |(actions, when, must, (code, message), challenge)| {
            let mut rule =
                json!({ "effect": effect, "actions": actions, "reason": { "code": code } });
            if message {
                rule["reason"]["message"] = json!(format!("{code}: \"no\" \\ \u{8}\u{1f}\u{7f} é"));
            }
            if let Some(when) = when {
                rule["when"] = when;
            }
            if effect == "require" {
                rule["must"] = must;
                if challenge {
                    rule["challenge"] = json!("insufficient_scope");
                }
            }
            rule
        })
        .boxed()
}

/// Conditions and rules over the schema.
#[derive(Clone, Debug)]
pub struct Draft {
    pub conditions: Vec<Value>,
    pub rules: Vec<Value>,
}

pub fn draft() -> impl Strategy<Value = Draft> {
    let any_rule = prop_oneof![4 => rule("permit"), 2 => rule("forbid"), 2 => rule("require"), 1 => rule("advise")];
    let conditions = (condition(0), condition(1), condition(2));
    (conditions, prop::collection::vec(any_rule, 0..=6)).prop_map(|((a, b, c), mut rules)| {
        let named = |id, when| json!({ "id": id, "when": when });
        for (index, rule) in rules.iter_mut().enumerate() {
            rule["id"] = json!(format!("r{index}"));
        }
        Draft { conditions: vec![named("c0", a), named("c1", b), named("c2", c)], rules }
    })
}

impl Draft {
    pub fn source(&self) -> Source {
        let rest = json!({ "v": 1, "conditions": self.conditions, "rules": self.rules });
        super::documents([schema().as_str(), &rest.to_string()])
    }

    pub fn policy(&self) -> Policy {
        self.source().check().unwrap().into_policy()
    }

    /// The same with one rule more.
    pub fn with(&self, mut rule: Value, id: &str) -> Self {
        rule["id"] = json!(id);
        let mut more = self.clone();
        more.rules.push(rule);
        more
    }
}
