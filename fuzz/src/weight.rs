//! How much a policy is for who evaluates it naively, each named condition where it is referred to.

use serde_json::Value;
use std::collections::HashMap;

/// The values in the rules of a policy that compiles, conditions in place of the references to
/// them.
pub(crate) fn weight(documents: &[Value]) -> usize {
    let items = |name: &str| {
        let lists = documents.iter().filter_map(|document| document[name].as_array().cloned());
        lists.flatten().collect::<Vec<_>>()
    };
    let conditions: HashMap<String, Value> = items("conditions")
        .into_iter()
        .map(|condition| (condition["id"].as_str().unwrap().to_owned(), condition["when"].clone()))
        .collect();
    let mut known = HashMap::new();
    items("rules").iter().fold(0, |sum, rule| sum.saturating_add(of(rule, &conditions, &mut known)))
}

fn of(value: &Value, named: &HashMap<String, Value>, known: &mut HashMap<String, usize>) -> usize {
    let mut sum = 1_usize;
    match value {
        Value::Array(items) => {
            for item in items {
                sum = sum.saturating_add(of(item, named, known));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                sum = sum.saturating_add(match member.as_str().filter(|_| name == "condition") {
                    Some(id) => referred(id, named, known),
                    None => of(member, named, known),
                });
            }
        }
        _ => {}
    }
    sum
}

fn referred(id: &str, named: &HashMap<String, Value>, known: &mut HashMap<String, usize>) -> usize {
    if let Some(weight) = known.get(id) {
        return *weight;
    }
    let weight = named.get(id).map_or(1, |condition| of(condition, named, known));
    known.insert(id.to_owned(), weight);
    weight
}
