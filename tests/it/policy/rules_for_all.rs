//! Rules for all actions, which are written as alternatives when a policy is loaded, as far as they
//! are simple and few. Rules for named actions are walked: if these are all that there are, a
//! policy decides alike.

use crate::common::documents;
use cog_auth::policy::Policy;
use serde_json::{Value, json};

const ACTIONS: [&str; 2] = ["A", "B"];
/// Attributes of the context that are booleans, and as many that are integers.
const EACH: usize = 80;

/// The policies with these rules: one for all actions, and one for each by its name.
fn both(rules: &[Value]) -> [Policy; 2] {
    let mut attributes = json!({});
    for number in 0..EACH {
        attributes[format!("context.b{number}")] = json!({ "type": "bool" });
        attributes[format!("context.n{number}")] = json!({ "type": "int", "min": 0, "max": 9 });
    }
    attributes["context.id"] = json!({ "type": "id", "domain": "d" });
    attributes["context.ids"] = json!({ "type": "id_set", "domain": "d" });
    attributes["context.nets"] = json!({ "type": "ip_set" });
    for (name, count) in [("few", 3), ("full", 64), ("many", 65)] {
        let values: Vec<String> = (0..count).map(|number| format!("v{number:02}")).collect();
        attributes[format!("context.{name}")] = json!({ "type": "enum", "values": values });
    }
    attributes["context.tags"] = json!({ "type": "enum_set", "values": ["v00", "v01"] });
    attributes["context.at"] = json!({ "type": "time" });
    [json!(["*"]), json!(ACTIONS)].map(|actions| {
        let rules: Vec<Value> = (0..)
            .zip(rules)
            .map(|(number, rule): (usize, &Value)| {
                let mut rule = rule.clone();
                rule["id"] = format!("r{number:03}").into();
                rule["actions"] = actions.clone();
                if rule["effect"] != "permit" {
                    rule["reason"] = json!({ "code": "c" });
                }
                rule
            })
            .collect();
        let schema = json!({ "attributes": attributes, "actions": { "A": {}, "B": {} } });
        let text = json!({ "v": 1, "schema": schema, "rules": rules }).to_string();
        documents([text.as_str()]).check().unwrap().into_policy()
    })
}

/// Whether requests with these contexts are allowed, or the class of their denial.
fn assert_alike(rules: &[Value], contexts: impl IntoIterator<Item = Value>) {
    let policies = both(rules);
    for context in contexts {
        for action in ACTIONS {
            let request = json!({ "subject": { "type": "t", "id": "i" }, "action": { "name": action },
                "resource": { "type": "t", "id": "i" }, "context": context });
            let text = request.to_string();
            let [all, named] = policies.each_ref().map(|policy| {
                let request = policy.request(text.as_bytes()).unwrap();
                let allowed: Vec<&str> = request.allowed_actions().collect();
                let decision = request.decide();
                assert_eq!(allowed.contains(&action), decision.is_allowed(), "{text}");
                (decision.denial(), allowed.join(","))
            });
            assert_eq!(all, named, "{text}\n{rules:?}");
        }
    }
}

/// Contexts in which a boolean has each of its values, is null, or is not there. The others are
/// not.
fn with_each_value(rest: &Value, names: &[&str]) -> Vec<Value> {
    let mut contexts = vec![rest.clone()];
    for name in names {
        for context in std::mem::take(&mut contexts) {
            contexts.push(context.clone());
            for value in [json!(true), json!(false), json!(null), json!("unusable")] {
                let mut context = context.clone();
                context[*name] = value;
                contexts.push(context);
            }
        }
    }
    contexts
}

/// All booleans with one value, and all integers with another.
fn all(boolean: &Value, integer: &Value) -> Value {
    let mut context = json!({});
    for number in 0..EACH {
        context[format!("b{number}")] = boolean.clone();
        context[format!("n{number}")] = integer.clone();
    }
    context
}

#[test]
fn every_effect_and_connective() {
    let (a, b) = (json!({ "context.b0": true }), json!({ "context.b1": { "ne": true } }));
    let (c, d) = (json!({ "context.b1": { "present": true } }), json!({ "action.name": "A" }));
    let shapes = [
        json!({ "all": [a, b] }),
        json!({ "any": [a, b, d] }),
        json!({ "not": { "all": [a, { "any": [b, { "not": c }] }] } }),
        json!({ "any": [{ "all": [a, { "not": a }] }, c] }),
        json!({ "all": [{ "any": [a, c] }, { "any": [b, d] }] }),
        json!({ "all": [] }),
        json!({ "any": [] }),
    ];
    let permit = json!({ "effect": "permit", "when": { "all": [] } });
    for shape in &shapes {
        for effect in ["permit", "forbid", "advise"] {
            let rules = [permit.clone(), json!({ "effect": effect, "when": shape })];
            let rules = if effect == "permit" { &rules[1..] } else { &rules[..] };
            assert_alike(rules, with_each_value(&json!({}), &["b0", "b1"]));
        }
        for other in &shapes {
            let rule = json!({ "effect": "require", "when": shape, "must": other });
            assert_alike(&[permit.clone(), rule], with_each_value(&json!({}), &["b0", "b1"]));
        }
    }
}

/// More rules, more atoms, and more alternatives than are written so.
#[test]
fn what_is_too_much_is_walked() {
    let boolean = |number: usize| json!({ (format!("context.b{number}")): true });
    let integer = |number: usize| json!({ (format!("context.n{number}")): { "lt": 5 } });
    let many: Vec<Value> = (0..EACH).map(integer).collect();
    let pairs: Vec<Value> = (0..8)
        .map(|number| json!({ "any": [boolean(2 * number), boolean(2 * number + 1)] }))
        .collect();
    let lists = [
        // A rule with more atoms than there are bits, between others.
        vec![
            json!({ "effect": "permit", "when": boolean(0) }),
            json!({ "effect": "forbid", "when": { "all": many } }),
            json!({ "effect": "forbid", "when": boolean(1) }),
        ],
        // More rules than there are bits, each with an atom of its own.
        (0..EACH)
            .map(|number| json!({ "effect": "forbid", "when": { "not": integer(number) } }))
            .chain([json!({ "effect": "permit", "when": boolean(0) })])
            .collect(),
        // 256 alternatives.
        vec![
            json!({ "effect": "permit", "when": { "all": pairs } }),
            json!({ "effect": "forbid", "when": { "not": { "context.b1": { "present": true } } } }),
        ],
    ];
    let mut contexts = vec![json!({})];
    for boolean in [json!(true), json!(false), json!(null)] {
        for integer in [json!(4), json!(5), json!("unusable")] {
            let context = all(&boolean, &integer);
            contexts.extend(with_each_value(&context, &["b0", "b1"]));
            for number in [0, 1, 40, 63, 64, 65, EACH - 1] {
                let mut other = context.clone();
                other[format!("n{number}")] = json!(9);
                contexts.push(other);
            }
        }
    }
    for rules in &lists {
        assert_alike(rules, contexts.clone());
    }
}

/// Each operator whose value follows from the attribute's alone, on attributes with few values and
/// with many, and each beside the others.
#[test]
fn every_value_of_an_attribute() {
    let words = json!([{ "eq": "v00" }, { "ne": "v02" }, { "in": ["v01", "v02"] }, { "in": [] }]);
    let values = |count: usize| (0..count).map(|number| json!(format!("v{number:02}"))).collect();
    let attributes: [(&str, Value, Vec<Value>); 10] = [
        ("few", words.clone(), values(3)),
        ("full", words.clone(), values(64)),
        ("many", words, values(65)),
        ("b0", json!([{ "eq": true }, { "ne": true }]), vec![json!(true), json!(false)]),
        ("n0", json!([{ "eq": 4 }, { "ne": 4 }, { "lt": 4 }]), vec![json!(4), json!(5)]),
        ("at", json!([{ "lt": 4 }]), vec![json!(3), json!(4)]),
        ("id", json!([{ "eq": "a" }, { "in": ["a", "b"] }]), vec![json!("a"), json!("c")]),
        ("ids", json!([{ "has": "a" }]), vec![json!(["a"]), json!([])]),
        ("tags", json!([{ "has": "v00" }]), vec![json!(["v00"]), json!(["v01"]), json!(["new"])]),
        ("nets", json!([]), vec![json!(["10.0.0.0/8"]), json!([])]),
    ];
    for (name, operators, mut values) in attributes {
        let present = [json!({ "present": true }), json!({ "present": false })];
        let operators = operators.as_array().unwrap().iter().chain(&present);
        let atoms: Vec<Value> =
            operators.map(|operator| json!({ (format!("context.{name}")): operator })).collect();
        values.extend([json!(null), json!("unusable"), json!({})]);
        let contexts = values.iter().map(|value| json!({ (name): value })).chain([json!({})]);
        let contexts: Vec<Value> = contexts.collect();
        let permit = json!({ "effect": "permit", "when": { "all": [] } });
        for atom in &atoms {
            let forbid = json!({ "effect": "forbid", "when": atom });
            let others =
                atoms.iter().map(|must| json!({ "effect": "require", "when": atom, "must": must }));
            let rules: Vec<Value> =
                [permit.clone(), forbid.clone()].into_iter().chain(others).collect();
            assert_alike(&[permit.clone(), forbid], contexts.clone());
            assert_alike(&rules, contexts.clone());
            assert_alike(&[json!({ "effect": "permit", "when": atom })], contexts.clone());
        }
    }
}
