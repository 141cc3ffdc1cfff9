//! What a missing attribute can do (section 8), on random policies: supplying what was absent never
//! turns a sure answer, but for attributes that declare what their absence means.

use crate::common::documents;
use cog_auth_oracle::{generate, pointer};
use serde_json::{Value, json};

/// Policies, with fifteen requests each.
const POLICIES: u64 = 300;

/// What section 9 reads; what lies in memberships is tried in `properties.rs`.
const DERIVED: [&str; 7] = [
    "/subject/properties/roles",
    "/subject/properties/permissions",
    "/subject/properties/memberships",
    "/subject/properties/account/id",
    "/resource/properties/account/id",
    "/resource/properties/organization",
    "/context/credential/scopes",
];

/// A place as names without escapes, and whether its absence has a meaning of its own.
struct Place {
    names: Vec<String>,
    is_told: bool,
}

/// The places that a policy reads.
fn places(policy: &[Value]) -> Vec<Place> {
    let attributes = policy.iter().filter_map(|it| it["schema"]["attributes"].as_object());
    let attributes: Vec<_> = attributes.flatten().collect();
    let names = |pointer: &str| -> Vec<String> {
        let names = pointer.split('/').skip(1);
        names.map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
    };
    let told: Vec<Vec<String>> = attributes
        .iter()
        .filter(|(_, definition)| definition.get("absent").is_some())
        .map(|(name, definition)| names(&pointer(name, definition)))
        .collect();
    let read = attributes.iter().map(|(name, definition)| pointer(name, definition));
    let read = read.chain(DERIVED.map(str::to_owned)).map(|pointer| {
        let names = names(&pointer);
        // What is put there may also be what lies on the way to another place, or below it.
        let touches = |told: &Vec<String>| told.starts_with(&names) || names.starts_with(told);
        let is_told = told.iter().any(touches);
        Place { names, is_told }
    });
    read.collect()
}

/// The request with a value at a place where nothing is; none where something is, or is in the way.
fn supplied(request: &Value, place: &[String], value: &Value) -> Option<Value> {
    let mut more = request.clone();
    let (last, way) = place.split_last()?;
    let mut at = &mut more;
    for name in way {
        let members = at.as_object_mut()?;
        at = members.entry(name).or_insert_with(|| json!({}));
    }
    let members = at.as_object_mut()?;
    if members.contains_key(last) {
        return None;
    }
    // Both lists of a level are one attribute.
    let other = match last.as_str() {
        "roles" => "permissions",
        "permissions" => "roles",
        _ => "",
    };
    if members.get(other).is_some_and(|it| !it.is_null()) {
        return None;
    }
    members.insert(last.clone(), value.clone());
    Some(more)
}

fn value_at<'a>(request: &'a Value, place: &[String]) -> Option<&'a Value> {
    place.iter().try_fold(request, |at, name| at.as_object()?.get(name))
}

#[test]
fn what_is_learnt_never_turns_a_sure_answer_of_a_random_policy() {
    let odd = [Value::Null, json!("o1"), json!(1), json!([]), json!({}), json!(true)];
    let (mut kept, mut turned) = (0, 0);
    for seed in 0..POLICIES {
        let case = generate(seed);
        let texts: Vec<String> = case.documents.iter().map(Value::to_string).collect();
        let policy = documents(texts.iter().map(String::as_str)).check().unwrap().into_policy();
        let answer = |request: &Value| -> Option<Value> {
            let text = request.to_string();
            let request = policy.request(text.as_bytes()).ok()?;
            serde_json::from_str(&request.decide().explain().to_json()).ok()
        };
        let places = places(&case.documents);
        for (number, request) in case.requests.iter().enumerate() {
            let Some(before) = answer(request) else { continue };
            if before["context"]["class"] == "indeterminate" {
                continue;
            }
            for place in &places {
                // As another request has it, and as it should not be.
                let other = &case.requests[(number + 1) % case.requests.len()];
                let usual = value_at(other, &place.names);
                let values = usual.into_iter().chain([&odd[number % odd.len()]]);
                for value in values {
                    let Some(more) = supplied(request, &place.names, value) else { continue };
                    let Some(after) = answer(&more) else { continue };
                    let is_same = after["decision"] == before["decision"];
                    match (is_same, place.is_told) {
                        (true, _) => kept += 1,
                        (false, true) => turned += 1,
                        (false, false) => {
                            panic!(
                                "seed {seed}: {:?} := {value} turns {before}\n{request}",
                                place.names
                            )
                        }
                    }
                }
            }
        }
    }
    println!("{kept} answers kept, {turned} turned by what was declared absent");
    assert!(kept > 3_000 && turned > 0, "{kept}, {turned}");
}
