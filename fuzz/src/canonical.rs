//! The canonical bundle of documents: docs/policy-language.md, section 14.

use serde_json::{Map, Value, json};

/// The members whose value is an array that is sorted, wherever they stand outside of conditions.
const SETS: [&str; 8] = [
    "values",
    "implies",
    "resource_types",
    "permissions",
    "inherits",
    "actions",
    "encoded",
    "undecided",
];

/// The bundle's text. The documents are those of a policy that compiles.
pub(crate) fn bundle(documents: &[Value]) -> String {
    let mut bundle = Map::from_iter([(String::from("v"), json!(1))]);
    for document in documents {
        for (name, section) in document.as_object().unwrap() {
            match (name.as_str(), section) {
                ("v" | "tests" | "$schema" | "description", _) => {}
                (_, Value::Array(items)) => {
                    let all = bundle.entry(name.clone()).or_insert_with(|| json!([]));
                    all.as_array_mut().unwrap().extend(items.iter().cloned());
                }
                _ => {
                    bundle.insert(name.clone(), section.clone());
                }
            }
        }
    }
    bundle.retain(|_, section| match section {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    });
    for (name, section) in &mut bundle {
        tidy_section(name, section);
    }
    // Another package of the workspace may have told serde_json to keep the order of members.
    let mut bundle = Value::Object(bundle);
    bundle.sort_all_objects();
    bundle.to_string()
}

fn tidy_section(name: &str, section: &mut Value) {
    match (name, section) {
        ("schema", Value::Object(schema)) => {
            for part in ["attributes", "actions"] {
                let members = schema.get_mut(part).and_then(Value::as_object_mut);
                members.into_iter().flatten().for_each(|(_, item)| tidy(item));
            }
        }
        ("defaults", Value::Object(defaults)) => {
            defaults.iter_mut().for_each(|(_, roles)| sort(roles));
        }
        (_, Value::Array(items)) => {
            items.iter_mut().for_each(tidy);
            let key = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
            items.sort_by_key(|item| (key(item, "id"), key(item, "path"), key(item, "method")));
        }
        _ => {}
    }
}

/// What has an id, an attribute, an action or a route.
fn tidy(item: &mut Value) {
    let members = item.as_object_mut().unwrap();
    members.remove("description");
    for name in SETS {
        if let Some(set) = members.get_mut(name) {
            sort(set);
        }
    }
}

fn sort(set: &mut Value) {
    if let Value::Array(items) = set {
        items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        items.dedup();
    }
}
