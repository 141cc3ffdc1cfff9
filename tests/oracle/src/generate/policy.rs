//! Random policies.

use super::attributes::{SUBJECT_TYPES, attributes};
use super::random::Random;
use super::vocabulary::{Vocabulary, few};
use serde_json::{Map, Value, json};

const ACTIONS: [&str; 8] = ["Read", "read:all", "Write", "{x}~", "a/b", "Admin", "z", "#1"];
/// Most of those that requests have.
const RESOURCE_TYPES: [&str; 4] = ["user", "service_user", "o1", "organization"];
const CODES: [&str; 3] = ["closed", "scope_missing", "not_now"];

/// The documents of a random policy.
pub(super) fn documents(random: &mut Random) -> Vec<Value> {
    let is_large = random.below(100) == 0;
    let names = if is_large { many_actions(random) } else { few_actions(random) };
    let attributes = attributes(random, &distinct(&names));
    let actions = actions(random, &names);
    let schema = json!({ "attributes": attributes, "actions": actions });
    let mut sections = vec![json!({ "schema": schema })];
    let vocabulary = Vocabulary::of(&sections);
    say_absent(random, &vocabulary, &mut sections[0]["schema"]["attributes"]);
    restrict(random, &vocabulary, &mut sections[0]["schema"]["actions"]);
    let vocabulary = Vocabulary::of(&sections);

    let roles = roles(random, &sections[0]["schema"]["actions"]);
    let ids: Vec<String> =
        roles.iter().filter_map(|it| it["id"].as_str()).map(str::to_owned).collect();
    let subject_types = defaults_for(&vocabulary);
    let mut defaults = Map::new();
    for name in random.some(&subject_types, 50) {
        defaults.insert(name, random.some(&ids, 40).into());
    }
    sections.push(json!({ "roles": roles }));
    if random.chance(70) {
        sections.push(json!({ "defaults": defaults }));
    }

    let (conditions, declared) = if random.chance(5) {
        many_conditions(random, &vocabulary)
    } else {
        few_conditions(random, &vocabulary)
    };
    sections.push(json!({ "conditions": conditions }));
    sections.push(json!({ "rules": rules(random, &vocabulary, &declared) }));
    let never = vocabulary.condition(random, 1, &declared);
    sections.push(json!({ "invariants": [{ "id": "i", "never": never }] }));
    split(random, sections)
}

fn few_actions(random: &mut Random) -> Vec<String> {
    let count = random.between(1, 6);
    random.some(&ACTIONS, 100).into_iter().map(str::to_owned).take(count).collect()
}

/// More than fit into a machine word.
fn many_actions(random: &mut Random) -> Vec<String> {
    let count = *random.pick(&[66, 70, 133]);
    (0..count).map(|number| format!("A{number:03}")).collect()
}

/// Conditions, and the ids that rules may refer to.
fn few_conditions(random: &mut Random, vocabulary: &Vocabulary) -> (Vec<Value>, Vec<String>) {
    let (mut conditions, mut declared) = (Vec::new(), Vec::new());
    for id in &["c2", "c1", "c3"][..random.below(4)] {
        // Some are no more than one question, as an index finds rules by it.
        let when = match random.chance(20) {
            true => one(vocabulary.atoms(random)),
            false => vocabulary.condition(random, 2, &declared),
        };
        conditions.push(json!({ "id": id, "when": when }));
        declared.push((*id).to_owned());
    }
    (conditions, declared)
}

/// More than fit into a machine word; the rules refer to one that looks at two which are half a
/// word or a whole one apart.
fn many_conditions(random: &mut Random, vocabulary: &Vocabulary) -> (Vec<Value>, Vec<String>) {
    let first = random.below(3);
    let second = first + random.pick(&[32, 64]);
    let id = |number: usize| format!("c.{number:02}");
    let mut conditions: Vec<Value> =
        (0..67).map(|number| json!({ "id": id(number), "when": {} })).collect();
    for number in [first, second] {
        conditions[number]["when"] = one(vocabulary.atoms(random));
    }
    let differ = json!([{ "condition": id(first) }, { "not": { "condition": id(second) } }]);
    let operator = *random.pick(&["all", "any"]);
    conditions.push(json!({ "id": "far", "when": { operator: differ } }));
    (conditions, vec!["far".to_owned()])
}

fn distinct(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    names
}

fn actions(random: &mut Random, names: &[String]) -> Map<String, Value> {
    let mut actions = Map::new();
    for name in names {
        let action = match random.below(10) {
            0 => json!({}),
            1..=4 => json!({ "level": "account" }),
            _ => json!({ "level": "organization" }),
        };
        actions.insert(name.clone(), action);
    }
    let of_organization = few(&of_level(&actions, "organization"));
    for (_, action) in actions.iter_mut().filter(|(_, action)| action["level"] == "account") {
        if random.chance(60) {
            action["implies"] = random.some(&of_organization, 60).into();
        }
    }
    actions
}

/// Says of some attributes what it means that nothing stands at their place.
fn say_absent(random: &mut Random, vocabulary: &Vocabulary, attributes: &mut Value) {
    for (name, definition) in attributes.as_object_mut().into_iter().flatten() {
        // These are there in every request.
        let place = vocabulary.place(name);
        let is_there = place.len() == 2 && place[0] != "context";
        if !is_there && random.chance(30) {
            definition["absent"] = match random.chance(45) {
                true => Value::Null,
                false => vocabulary.value(random, definition),
            };
        }
    }
}

/// Says of some actions to what types of resources they apply.
fn restrict(random: &mut Random, vocabulary: &Vocabulary, actions: &mut Value) {
    let definition = vocabulary.definition("resource.type");
    let types = match definition["type"].as_str() {
        Some("enum") => few(&vocabulary.values(&definition)),
        _ => RESOURCE_TYPES.map(str::to_owned).to_vec(),
    };
    for (_, action) in actions.as_object_mut().into_iter().flatten() {
        if random.chance(15) {
            let types = distinct(&random.some(&types, 75));
            if !types.is_empty() {
                action["resource_types"] = types.into_iter().rev().collect();
            }
        }
    }
}

fn of_level(actions: &Map<String, Value>, level: &str) -> Vec<String> {
    let actions = actions.iter().filter(|(_, action)| action["level"] == level);
    actions.map(|(name, _)| name.clone()).collect()
}

fn roles(random: &mut Random, actions: &Value) -> Vec<Value> {
    let actions = actions.as_object().cloned().unwrap_or_default();
    let mut roles: Vec<Value> = Vec::new();
    for id in &["r1", "r0", "r.3", "Read", "r:4"][..random.between(1, 5)] {
        let level = *random.pick(&["account", "organization", "organization"]);
        let mut role = json!({ "id": id, "level": level });
        let of_level = few(&of_level(&actions, level));
        match random.below(6) {
            0 => role["permissions"] = json!(["*"]),
            1 => {}
            _ => role["permissions"] = random.some(&of_level, 50).into(),
        }
        let earlier = roles.iter().filter(|it| it["level"] == level);
        let earlier: Vec<Value> = earlier.map(|it| it["id"].clone()).collect();
        if random.chance(50) {
            role["inherits"] = random.some(&earlier, 50).into();
        }
        roles.push(role);
    }
    roles
}

/// The subject types that may have default roles.
fn defaults_for(vocabulary: &Vocabulary) -> Vec<String> {
    let definition = vocabulary.definition("subject.type");
    match definition["type"].as_str() {
        Some("enum") => vocabulary.values(&definition),
        _ => SUBJECT_TYPES.map(str::to_owned).to_vec(),
    }
}

fn rules(random: &mut Random, vocabulary: &Vocabulary, declared: &[String]) -> Vec<Value> {
    if random.chance(5) {
        return vocabulary.many_rules(random, declared);
    }
    let mut effects = vec!["permit"; *random.pick(&[1, 1, 2, 2, 3])];
    effects.extend(vec!["forbid"; *random.pick(&[0, 0, 0, 1, 1, 2])]);
    effects.extend(vec!["require"; *random.pick(&[0, 0, 0, 1, 1, 2, 3])]);
    effects.extend(vec!["advise"; *random.pick(&[0, 1, 2])]);
    // Ids whose order is not that of the effects.
    let ids = random.some(&["b", "a", "B", "a.1", "a-1", "a:2", "_", "9", "10", "zz", "a_b"], 100);
    let mut rules: Vec<Value> = Vec::new();
    for id in ids {
        if rules.iter().any(|rule| rule["id"] == id) {
            continue;
        }
        let Some(effect) = effects.pop() else { break };
        rules.push(rule(random, vocabulary, declared, id, effect));
    }
    rules
}

fn rule(
    random: &mut Random,
    vocabulary: &Vocabulary,
    declared: &[String],
    id: &str,
    effect: &str,
) -> Value {
    let mut actions = random.some(&few(&vocabulary.actions), 60);
    if actions.is_empty() || random.chance(60) {
        actions = vec!["*".to_owned()];
    }
    let mut rule = json!({ "id": id, "effect": effect, "actions": actions });
    let depth = random.below(3);
    match effect {
        "permit" if random.chance(15) => {}
        "permit" | "require" if random.chance(30) => {
            let set = if effect == "permit" { "subject.permissions" } else { "credential.scopes" };
            let member = if effect == "permit" { "when" } else { "must" };
            rule[member] = json!({ "action.name": { "in": { "attribute": set } } });
        }
        // Alone, so that a require or forbid does not fit everything.
        "forbid" if random.chance(60) => {
            rule["when"] = json!({ "all": [
            vocabulary.condition(random, depth, declared),
            one(vocabulary.atoms(random)),
            one(vocabulary.atoms(random)),
        ] })
        }
        "require" if random.chance(30) => {}
        _ => rule["when"] = vocabulary.condition(random, depth, declared),
    }
    if effect == "require" && rule["must"].is_null() {
        rule["must"] = vocabulary.condition(random, depth, declared);
    }
    state_reason(random, &mut rule, effect);
    if effect == "require" && random.chance(50) {
        rule["challenge"] = "insufficient_scope".into();
    }
    rule
}

/// Gives a rule a reason, a permit only sometimes.
pub(super) fn state_reason(random: &mut Random, rule: &mut Value, effect: &str) {
    if effect != "permit" || random.chance(40) {
        rule["reason"] = json!({ "code": random.pick(&CODES) });
        if random.chance(60) {
            let messages = ["No.", "Ask \"them\"\n\u{1}\u{7f}\u{2028}é\\/", "Another message."];
            rule["reason"]["message"] = (*random.pick(&messages)).into();
        }
        if random.chance(20) {
            let links = [
                "https://example.com",
                "https://a.example/b?c=d&e=%20#f",
                "https://\u{7e}'()*+,;=:@!$[]/",
            ];
            rule["reason"]["link"] = (*random.pick(&links)).into();
        }
    }
}

pub(super) fn one((name, value): (String, Value)) -> Value {
    let mut condition = Map::new();
    condition.insert(name, value);
    condition.into()
}

/// Deals the sections to some documents, splitting arrays.
fn split(random: &mut Random, sections: Vec<Value>) -> Vec<Value> {
    let count = random.between(1, 3);
    let mut documents = vec![json!({ "v": 1 }); count];
    for section in sections {
        for (name, value) in section.as_object().cloned().into_iter().flatten() {
            let Value::Array(items) = value else {
                documents[random.below(count)][&name] = value;
                continue;
            };
            for item in items {
                let document = &mut documents[random.below(count)];
                if document[&name].is_null() {
                    document[&name] = json!([]);
                }
                let items = document[&name].as_array_mut().expect("just put there");
                items.insert(random.below(items.len() + 1), item);
            }
        }
    }
    documents
}
