//! Generators of requests over the schema of `rich`.

use super::cases::put;
use super::rich::{ACTIONS, ATTRIBUTES, Kind, value};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The declared roles, and one that is not.
const ROLES: &[&str] = &["admin", "editor", "reader", "viewer", "ghost"];
/// What requests give as permissions and scopes, declared or not.
const GIVEN: &[&str] = &["EditO", "Make", "ManageA", "ReadA", "ViewO", "Nope", "*", ""];

/// What a request states, by pointer.
#[derive(Clone, Debug)]
pub struct Facts(pub BTreeMap<String, Value>);

impl Facts {
    pub fn json(&self) -> Value {
        let mut request = json!({});
        for (pointer, value) in &self.0 {
            put(&mut request, pointer, value.clone());
        }
        request
    }

    pub fn text(&self) -> String {
        self.json().to_string()
    }
}

/// What is no value of the type, at least not of a closed set.
fn odd() -> impl Strategy<Value = Value> {
    select(vec![
        json!(""),
        json!("mauve"),
        json!(7),
        json!(-6),
        json!(101),
        json!(true),
        json!(1.5),
        json!({}),
        json!({ "x": [1] }),
        json!([1]),
        json!(["mauve"]),
        json!(["", "u1"]),
        json!(["red", null]),
        json!(9_007_199_254_740_992_i64),
        json!(-1),
    ])
}

fn names(of: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::collection::vec(select(of), 0..=3).prop_map(|items| json!(items))
}

/// A place that may be absent, null or ill-typed.
fn perhaps(usable: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![
        4 => usable.prop_map(Some),
        3 => Just(None),
        1 => Just(Some(Value::Null)),
        1 => odd().prop_map(Some),
    ]
    .boxed()
}

/// One item of `memberships`.
fn membership() -> impl Strategy<Value = Value> {
    let object =
        (perhaps(value(Kind::Id("organization"))), perhaps(names(ROLES)), perhaps(names(GIVEN)))
            .prop_map(|(organization, roles, permissions)| {
                let mut item = json!({});
                for (name, value) in
                    [("organization", organization), ("roles", roles), ("permissions", permissions)]
                {
                    if let Some(value) = value {
                        item[name] = value;
                    }
                }
                item
            });
    prop_oneof![8 => object, 1 => odd()]
}

pub fn memberships() -> impl Strategy<Value = Value> {
    prop::collection::vec(membership(), 0..=3).prop_map(Value::from)
}

/// A usable value for a place that derived sets are read from, or for an attribute.
pub fn usable(pointer: &str) -> BoxedStrategy<Value> {
    match pointer {
        "/subject/properties/roles" => names(ROLES).boxed(),
        "/subject/properties/permissions" | "/context/credential/scopes" => names(GIVEN).boxed(),
        "/subject/properties/memberships" => memberships().boxed(),
        _ => value(ATTRIBUTES.iter().find(|a| a.pointer == pointer).unwrap().kind),
    }
}

/// The places that a request may lack.
pub fn places() -> Vec<&'static str> {
    let derived = [
        "/subject/properties/roles",
        "/subject/properties/permissions",
        "/subject/properties/memberships",
    ];
    let mut places: Vec<_> = ATTRIBUTES.iter().map(|attribute| attribute.pointer).collect();
    places.retain(|pointer| !["/subject/type", "/subject/id"].contains(pointer));
    places.extend(derived);
    places.sort_unstable();
    places.dedup();
    places
}

pub fn facts() -> impl Strategy<Value = Facts> {
    let rest: Vec<_> = places().into_iter().map(|pointer| perhaps(usable(pointer))).collect();
    let action = prop_oneof![8 => select(ACTIONS), 1 => Just("Nope")];
    let kind = select(vec!["user", "service_user", "robot"]);
    (kind, select(vec!["u1", "u2", ""]), action, rest).prop_map(|(kind, id, action, rest)| {
        let mut facts = BTreeMap::new();
        for (pointer, text) in [
            ("/subject/type", kind),
            ("/subject/id", id),
            ("/action/name", action),
            ("/resource/type", "thing"),
            ("/resource/id", "t1"),
        ] {
            facts.insert(pointer.to_owned(), json!(text));
        }
        for (pointer, value) in places().into_iter().zip(rest) {
            if let Some(value) = value {
                facts.insert(pointer.to_owned(), value);
            }
        }
        Facts(facts)
    })
}
