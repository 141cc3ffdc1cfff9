//! A search decides many actions together. It finds the same actions as a decision for each.

use crate::common::documents;
use cog_auth::policy::Policy;
use serde_json::{Map, Value, json};

/// More than a word of a bit set has bits, twice.
const ACTIONS: usize = 130;

fn name(action: usize) -> String {
    format!("A{action:03}")
}

/// A policy with a permit for all actions, unless the rules have one, and with these rules.
fn policy(rules: &[Value]) -> Policy {
    let actions: Map<String, Value> =
        (0..ACTIONS).map(|action| (name(action), json!({ "level": "organization" }))).collect();
    let schema = json!({
        "actions": actions,
        "attributes": {
            "context.flag": { "type": "bool" },
            "context.one": { "type": "enum", "values": "actions" },
            "context.some": { "type": "enum_set", "values": "actions" }
        }
    });
    let conditions = json!([
        { "id": "flagged", "when": { "context.flag": true } },
        { "id": "first", "when": { "action.name": { "in": ["A000", "A064", "A128"] } } },
        { "id": "both", "when": { "all": [{ "condition": "flagged" }, { "condition": "first" }] } }
    ]);
    let roles = json!([{ "id": "some", "level": "organization", "permissions": ["A001", "A065"] }]);
    let rules: Vec<Value> = (0..)
        .zip(rules)
        .map(|(number, rule): (usize, &Value)| {
            let mut rule = rule.clone();
            rule["id"] = format!("r{number:03}").into();
            if rule["effect"] != "permit" {
                rule["reason"] = json!({ "code": "c" });
            }
            rule
        })
        .collect();
    let text = json!({
        "v": 1, "schema": schema, "conditions": conditions, "roles": roles, "rules": rules
    });
    documents([text.to_string().as_str()]).check().unwrap().into_policy()
}

/// What asks for the action, in each way in which it can be asked for.
fn atoms() -> Vec<Value> {
    let attribute = |name: &str| json!({ "attribute": name });
    vec![
        json!({ "action.name": "A003" }),
        json!({ "action.name": { "ne": "A070" } }),
        json!({ "action.name": { "in": ["A001", "A063", "A064", "A129"] } }),
        json!({ "action.name": { "in": attribute("subject.permissions") } }),
        json!({ "action.name": { "in": attribute("credential.scopes") } }),
        json!({ "action.name": { "in": attribute("context.some") } }),
        json!({ "action.name": { "eq": attribute("context.one") } }),
        json!({ "action.name": { "ne": attribute("context.one") } }),
        json!({ "action.name": { "present": true } }),
        json!({ "action.name": { "present": false } }),
        json!({ "context.one": { "eq": attribute("action.name") } }),
        json!({ "context.some": { "has": attribute("action.name") } }),
        json!({ "subject.permissions": { "has": attribute("action.name") } }),
        json!({ "condition": "first" }),
        json!({ "condition": "both" }),
    ]
}

/// Requests in which each side of these atoms is known, null, not there, or of another type.
fn requests() -> Vec<String> {
    let mut requests = Vec::new();
    let memberships = [
        json!([{ "organization": "o", "roles": ["some"], "permissions": ["A002", "A129"] }]),
        json!([{ "organization": "o", "roles": ["unknown"], "permissions": ["A002"] }]),
        json!([]),
        json!(null),
    ];
    let contexts = [
        json!({}),
        json!({ "flag": true, "one": "A065", "some": ["A000", "A066"] }),
        json!({ "flag": false, "one": "A000", "some": [] }),
        json!({ "flag": true, "one": "unknown", "some": ["A129", "unknown"] }),
        json!({ "flag": null, "one": null, "some": null }),
        json!({ "flag": 1, "one": 1, "some": 1 }),
    ];
    for memberships in &memberships {
        for context in &contexts {
            let mut context = context.clone();
            context["credential"] = json!({ "scopes": ["A001", "A064"] });
            let properties = json!({ "memberships": memberships });
            let request = json!({
                "subject": { "type": "t", "id": "i", "properties": properties },
                "action": { "name": "A000" },
                "resource": { "type": "t", "id": "i", "properties": { "organization": "o" } },
                "context": context
            });
            requests.push(request.to_string());
        }
    }
    requests
}

#[track_caller]
fn assert_finds_what_is_allowed(rules: &[Value]) {
    let policy = policy(rules);
    for text in requests() {
        let request = policy.request(text.as_bytes()).unwrap();
        let found: Vec<&str> = request.allowed_actions().collect();
        let allowed: Vec<&str> =
            policy.actions().filter(|action| request.decide_as(action).is_allowed()).collect();
        assert_eq!(found, allowed, "{text}\n{rules:?}");
    }
}

#[test]
fn every_way_to_ask_for_the_action() {
    let permit = json!({ "effect": "permit", "actions": ["*"] });
    let mut found = 0;
    for atom in atoms() {
        let flag = json!({ "context.flag": true });
        let shapes = [
            atom.clone(),
            json!({ "not": atom }),
            json!({ "all": [flag, atom] }),
            json!({ "any": [atom, flag] }),
        ];
        for when in shapes {
            let rule = |effect: &str| json!({ "effect": effect, "actions": ["*"], "when": when });
            let mut require = rule("require");
            require["must"] = atoms().swap_remove(found % atoms().len());
            assert_finds_what_is_allowed(&[rule("permit")]);
            assert_finds_what_is_allowed(&[permit.clone(), rule("forbid")]);
            assert_finds_what_is_allowed(&[permit.clone(), require]);
            found += 1;
        }
    }
    assert_eq!(found, 60);
}

/// Rules that name actions, beside rules for all.
#[test]
fn rules_of_single_actions() {
    let named = ["A000", "A003", "A064", "A065", "A129"];
    let rule =
        |effect: &str, when: Value| json!({ "effect": effect, "actions": named, "when": when });
    for atom in atoms() {
        let permit = json!({ "effect": "permit", "actions": ["*"], "when": atom });
        let always = json!({ "all": [] });
        for when in [json!({ "context.flag": true }), json!({ "condition": "both" }), always] {
            assert_finds_what_is_allowed(&[rule("permit", when.clone())]);
            assert_finds_what_is_allowed(&[permit.clone(), rule("permit", when.clone())]);
            assert_finds_what_is_allowed(&[permit.clone(), rule("forbid", when.clone())]);
            assert_finds_what_is_allowed(&[
                rule("permit", json!({ "all": [] })),
                json!({ "effect": "forbid", "actions": ["*"], "when": atom }),
                rule("forbid", when),
            ]);
        }
    }
}
