//! Which values are no request: docs/policy-language.md, section 6.

use crate::json::Json;
use serde_json::Value;

/// The pointers of all attributes of a policy, as names.
pub(crate) fn pointers(documents: &[Value]) -> Vec<Vec<String>> {
    let attributes = |document: &Value| document["schema"]["attributes"].as_object().cloned();
    let all = documents.iter().filter_map(attributes).flatten();
    all.map(|(name, attribute)| {
        let unescaped = |name: &str| name.replace("~1", "/").replace("~0", "~");
        let dots = || name.split('.').map(str::to_owned).collect::<Vec<_>>();
        match attribute["from"].as_str() {
            Some(from) => from.split('/').skip(1).map(unescaped).collect(),
            None if ["type", "id"].contains(&&*dots()[1]) && !name.starts_with("action") => dots(),
            None if name.starts_with("context.") => dots(),
            None => {
                let mut names = dots();
                names.insert(1, String::from("properties"));
                names
            }
        }
    })
    .collect()
}

/// Whether a value is no evaluation request; or no search, whose `action` is ignored.
pub(crate) fn is_malformed(json: &Json, pointers: &[Vec<String>], is_search: bool) -> bool {
    let entities: &[(&str, &[&str])] = if is_search {
        &[("subject", &["type", "id"]), ("resource", &["type", "id"])]
    } else {
        &[("subject", &["type", "id"]), ("action", &["name"]), ("resource", &["type", "id"])]
    };
    let object_or_absent = |part: Option<&Json>| part.is_none_or(Json::is_object);
    let entity = |(name, texts): &(&str, &[&str])| {
        json.member(name).is_some_and(|entity| {
            entity.is_object()
                && object_or_absent(entity.member("properties"))
                && texts.iter().all(|name| entity.member(name).is_some_and(|t| t.text().is_some()))
        })
    };
    let well_formed =
        json.is_object() && entities.iter().all(entity) && object_or_absent(json.member("context"));
    !well_formed || stands_twice(json, pointers, is_search)
}

/// Whether a name stands twice where that matters.
fn stands_twice(json: &Json, pointers: &[Vec<String>], is_search: bool) -> bool {
    let fixed: &[&[&str]] = &[
        &[],
        &["subject"],
        &["subject", "properties"],
        &["subject", "properties", "account"],
        &["action"],
        &["action", "properties"],
        &["resource"],
        &["resource", "properties"],
        &["resource", "properties", "account"],
        &["context"],
        &["context", "credential"],
    ];
    let looked_at = |root: Option<&str>| !(is_search && root == Some("action"));
    let at = |names: &[&str]| {
        names.iter().try_fold(json, |place, name| place.member(name)).is_some_and(Json::has_twins)
    };
    let on_the_way = |pointer: &Vec<String>| {
        let names: Vec<&str> = pointer.iter().map(String::as_str).collect();
        looked_at(names.first().copied()) && (0..names.len()).any(|end| at(&names[..end]))
    };
    let memberships = ["subject", "properties", "memberships"];
    let memberships = memberships.iter().try_fold(json, |place, name| place.member(name));
    fixed.iter().any(|names| looked_at(names.first().copied()) && at(names))
        || pointers.iter().any(on_the_way)
        || memberships.is_some_and(|list| list.items().iter().any(Json::has_twins))
}
