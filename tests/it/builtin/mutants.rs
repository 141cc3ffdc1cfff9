//! The built-in policy's own cases and invariants notice every small change of its rules.
//!
//! Each rule is dropped, has its effect changed, loses one of its actions, and each part of its
//! conditions is negated or dropped (those of named conditions too); each role loses a permission,
//! each action one that it implies. One change at a time. A changed policy must fail a case or an
//! invariant; one that is refused when it is loaded cannot be shipped, and is not counted.

use crate::common::{json_files, root};
use cog_auth::policy::Source;
use serde_json::{Map, Value, json};

/// A document's place in the list, what was changed, and the document as it is then.
type Mutant = (usize, String, Value);

#[test]
fn every_mutant_of_a_rule_is_noticed() {
    let documents: Vec<(String, Value)> = json_files(&root().join("policies"))
        .into_iter()
        .map(|(name, text)| (name, serde_json::from_str(&text).unwrap()))
        .collect();
    assert!(notices(&documents, None) == Some(false), "the policy as it is fails");
    let (mut noticed, mut refused, mut survivors) = (0, 0, Vec::new());
    for mutant in mutants(&documents) {
        match notices(&documents, Some(&mutant)) {
            Some(true) => noticed += 1,
            Some(false) => survivors.push(mutant.1),
            None => refused += 1,
        }
    }
    let total = noticed + survivors.len();
    println!("{noticed} of {total} mutants noticed, {refused} refused when loaded");
    assert!(total >= 150, "only {total} mutants");
    assert_eq!(survivors, [""; 0]);
}

/// Whether a case or an invariant fails; none where the documents are refused.
fn notices(documents: &[(String, Value)], mutant: Option<&Mutant>) -> Option<bool> {
    let mut source = Source::new();
    for (index, (name, document)) in documents.iter().enumerate() {
        let document = match mutant {
            Some((changed, _, document)) if *changed == index => document,
            _ => document,
        };
        source.add(name.clone(), document.to_string());
    }
    let report = source.check().ok()?.test();
    let refuted = report.invariants.iter().any(|invariant| invariant.refuted > 0);
    Some(refuted || !report.failures.is_empty())
}

fn mutants(documents: &[(String, Value)]) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (place, (_, document)) in documents.iter().enumerate() {
        for (what, document) in without_one_name(document) {
            mutants.push((place, what, document));
        }
        for section in ["rules", "conditions"] {
            for (index, item) in document[section].as_array().into_iter().flatten().enumerate() {
                let changed = if section == "rules" { of_rule(item) } else { of_conditions(item) };
                for (what, item) in changed {
                    let mut document = document.clone();
                    document[section][index] = item;
                    mutants.push((place, what, document));
                }
                if section == "rules" {
                    let mut document = document.clone();
                    document[section].as_array_mut().unwrap().remove(index);
                    mutants.push((place, format!("{} is dropped", name(item)), document));
                }
            }
        }
    }
    mutants
}

/// The document with one permission less in a role, in what an action implies, or with a default
/// role less.
fn without_one_name(document: &Value) -> Vec<(String, Value)> {
    let mut pointers = Vec::new();
    for index in 0..document["roles"].as_array().map_or(0, Vec::len) {
        pointers.push(format!("/roles/{index}/permissions"));
        pointers.push(format!("/roles/{index}/inherits"));
    }
    for name in document["schema"]["actions"].as_object().into_iter().flat_map(Map::keys) {
        pointers.push(format!("/schema/actions/{name}/implies"));
    }
    for kind in document["defaults"].as_object().into_iter().flat_map(Map::keys) {
        pointers.push(format!("/defaults/{kind}"));
    }
    let mut mutants = Vec::new();
    for pointer in pointers {
        let names = document.pointer(&pointer).and_then(Value::as_array);
        for index in 0..names.map_or(0, Vec::len) {
            let mut changed = document.clone();
            let name = changed.pointer_mut(&pointer).unwrap().as_array_mut().unwrap().remove(index);
            mutants.push((format!("{pointer} without {name}"), changed));
        }
    }
    mutants
}

fn of_rule(rule: &Value) -> Vec<(String, Value)> {
    let mut mutants = of_conditions(rule);
    for effect in ["permit", "forbid", "require", "advise"] {
        if rule["effect"] != effect {
            mutants.push((format!("{} is a {effect}", name(rule)), with_effect(rule, effect)));
        }
    }
    let actions = rule["actions"].as_array().unwrap();
    for (index, action) in actions.iter().enumerate() {
        let mut changed = rule.clone();
        changed["actions"].as_array_mut().unwrap().remove(index);
        mutants.push((format!("{} without {action}", name(rule)), changed));
    }
    mutants
}

/// The rule with another effect. What a require must have becomes its `when`, and the other way
/// round.
fn with_effect(rule: &Value, effect: &str) -> Value {
    let mut changed = rule.clone();
    let members = changed.as_object_mut().unwrap();
    members.insert("effect".into(), json!(effect));
    members.entry("reason").or_insert(json!({ "code": "mutant" }));
    members.remove("challenge");
    if let Some(must) = members.remove("must") {
        let when = members.remove("when").unwrap_or(json!({}));
        members.insert("when".into(), json!({ "all": [when, must] }));
    } else if effect == "require" {
        let when = members.remove("when").unwrap_or(json!({}));
        members.insert("must".into(), when);
    }
    changed
}

/// A rule or a named condition with one part of its conditions changed.
fn of_conditions(item: &Value) -> Vec<(String, Value)> {
    let mut mutants = Vec::new();
    for member in ["when", "must"] {
        let Some(condition) = item.get(member) else { continue };
        for (what, condition) in of_condition(condition) {
            let mut changed = item.clone();
            changed[member] = condition;
            mutants.push((format!("{}, {member}: {what}", name(item)), changed));
        }
    }
    mutants
}

fn of_condition(condition: &Value) -> Vec<(String, Value)> {
    let members = condition.as_object().unwrap();
    let mut mutants = Vec::new();
    for (key, value) in members {
        let mut rest = members.clone();
        rest.remove(key);
        let beside = |part: Value| json!({ "all": [rest.clone(), part] });
        match key.as_str() {
            "all" | "any" => {
                let parts = value.as_array().unwrap();
                for (index, part) in parts.iter().enumerate() {
                    let with = |part: Option<Value>| {
                        let mut parts = parts.clone();
                        parts.splice(index..=index, part);
                        beside(json!({ key: parts }))
                    };
                    mutants.push((format!("without {part}"), with(None)));
                    for (what, part) in of_condition(part) {
                        mutants.push((what, with(Some(part))));
                    }
                }
            }
            "not" => {
                mutants.push((format!("{value}, not negated"), beside(value.clone())));
                for (what, part) in of_condition(value) {
                    mutants.push((what, beside(json!({ "not": part }))));
                }
            }
            _ => {
                for (atom, others) in atoms(key, value) {
                    let beside =
                        |part: Value| json!({ "all": [rest.clone(), others.clone(), part] });
                    mutants.push((format!("{atom} negated"), beside(json!({ "not": atom }))));
                    mutants.push((format!("{atom} dropped"), beside(json!({}))));
                }
            }
        }
    }
    mutants
}

/// The atoms of a member of a condition, each with the others of the same member.
fn atoms(key: &str, value: &Value) -> Vec<(Value, Value)> {
    match value.as_object() {
        Some(operators) if !operators.contains_key("attribute") => operators
            .iter()
            .map(|(operator, operand)| {
                let mut others: Map<String, Value> = operators.clone();
                others.remove(operator);
                let others = if others.is_empty() { json!({}) } else { json!({ key: others }) };
                (json!({ key: { operator: operand } }), others)
            })
            .collect(),
        _ => vec![(json!({ key: value }), json!({}))],
    }
}

fn name(item: &Value) -> &str {
    item["id"].as_str().unwrap()
}
