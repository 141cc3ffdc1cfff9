//! The JSON Schemas in `docs/json-schema`: every document in `policies/` and every record among the
//! vectors is valid under its schema, and each schema refuses documents that are wrong in one
//! place.

mod examples;

use crate::common::{json_files, root};
use examples::{Example, examples};
use jsonschema::{Registry, Validator};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;

/// Where the schemas are published: what their `$id`s begin with.
const BASE: &str = "https://raw.githubusercontent.com/cog-auth/cog-auth/main/docs/json-schema/";
/// Sections that are joined; a policy has its `schema` and `defaults` in one document.
const LISTS: [&str; 5] = ["roles", "conditions", "rules", "invariants", "routes"];

/// The documents of a folder of the repository by their names in it.
fn documents(folder: &str) -> impl Iterator<Item = (String, Value)> {
    json_files(&root().join(folder)).into_iter().map(|(name, text)| {
        let document = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name, document)
    })
}

/// The schemas by file name, as they stand in the folder.
fn sources() -> BTreeMap<String, Value> {
    documents("docs/json-schema").filter(|(name, _)| name.ends_with(".schema.json")).collect()
}

/// The validators by file name. References resolve among the files of the folder, and nowhere else.
fn validators() -> BTreeMap<String, Validator> {
    let sources = sources();
    let mut registry = Registry::new();
    for (name, schema) in &sources {
        registry = registry.add(format!("{BASE}{name}"), schema.clone()).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let build = |name: &str, schema: &Value| {
        jsonschema::options()
            .with_registry(&registry)
            .with_base_uri(format!("{BASE}{name}"))
            .build(schema)
            .unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    sources.iter().map(|(name, schema)| (name.clone(), build(name, schema))).collect()
}

fn assert_valid(validator: &Validator, document: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(document).map(|e| format!("  {}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
}

/// The policy's documents as one.
fn bundle() -> Value {
    let mut bundle = Map::from_iter([("v".to_owned(), json!(1))]);
    for (file, document) in documents("policies") {
        let Value::Object(document) = document else { panic!("{file}") };
        for (name, section) in document {
            if LISTS.contains(&name.as_str()) {
                let all = bundle.entry(name).or_insert_with(|| json!([]));
                all.as_array_mut().unwrap().extend(section.as_array().unwrap().iter().cloned());
            } else if ["schema", "defaults"].contains(&name.as_str()) {
                assert!(bundle.insert(name, section).is_none(), "{file}");
            }
        }
    }
    Value::Object(bundle)
}

#[test]
fn every_schema_is_one() {
    for (name, schema) in sources() {
        jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], format!("{BASE}{name}"));
        for member in ["title", "description"] {
            assert!(schema[member].is_string(), "{name} has no {member}");
        }
    }
}

/// Editors and registries find the schemas by it; `common.schema.json` is for no document.
#[test]
fn the_catalog_has_every_schema_of_a_document() {
    let catalog = documents("docs/json-schema").find(|(name, _)| name == "catalog.json");
    let (_, catalog) = catalog.expect("there is a catalog");
    let schemas = sources().into_iter().filter(|(name, _)| name != "common.schema.json");
    let expected: Vec<Value> = schemas
        .map(|(_, schema)| {
            json!({ "name": schema["title"], "description": schema["description"],
                    "url": schema["$id"] })
        })
        .collect();
    assert_eq!(catalog["schemas"], Value::from(expected));
    assert_eq!(catalog["version"], 1);
}

/// What `policy init` writes, which names the schemas as they are published.
#[test]
fn the_documents_to_begin_with_are_valid_under_the_schemas_that_they_name() {
    let validators = validators();
    let mut count = 0;
    for (file, document) in documents("cli/templates") {
        let named = document["$schema"].as_str().and_then(|named| named.strip_prefix(BASE));
        assert_valid(&validators[named.expect(&file)], &document, &file);
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn every_policy_document_is_valid_under_the_schema_that_it_names() {
    let validators = validators();
    let (policies, schemas) = (root().join("policies"), root().join("docs/json-schema"));
    let mut count = 0;
    for (file, document) in documents("policies") {
        let named = document["$schema"].as_str().expect(&file);
        let named = policies.join(&file).parent().unwrap().join(named).canonicalize().expect(&file);
        assert_eq!(named.parent().unwrap(), schemas.canonicalize().unwrap());
        let named = named.file_name().unwrap().to_str().unwrap();
        assert_valid(&validators[named], &document, &file);
        assert_valid(&validators["policy.schema.json"], &document, &file);
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn the_whole_policy_is_a_valid_bundle() {
    assert_valid(&validators()["bundle.schema.json"], &bundle(), "bundle");
}

#[test]
fn records_of_the_vectors_are_valid_and_invalid_ones_are_not() {
    // What no JSON Schema can say, or says in characters where the format counts bytes.
    const BEYOND: [&str; 4] = [
        "principal of 1,026 bytes in 513 characters",
        "rotated to itself",
        "over 16 KiB",
        "over 16 levels",
    ];
    let validators = validators();
    let validator = &validators["record.schema.json"];
    let vectors = fs::read_to_string(root().join("tests/vectors/token-v1.json")).unwrap();
    let vectors: Value = serde_json::from_str(&vectors).unwrap();
    let records = vectors["records"].as_array().unwrap();
    let records: Vec<_> = records.iter().filter(|case| !case["record"].is_null()).collect();
    assert!(records.len() > 40, "{}", records.len());
    for case in records {
        assert_valid(validator, &case["record"], case["why"].as_str().unwrap());
    }
    let mut accepted = Vec::new();
    for case in vectors["invalid_records"].as_array().unwrap() {
        if validator.is_valid(&case["record"]) {
            accepted.push(case["why"].as_str().unwrap());
        }
    }
    assert_eq!(accepted, BEYOND);
}

/// Puts a value at the place of a JSON pointer, or takes away what is there.
fn change(document: &mut Value, place: &str, value: Option<Value>) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("no {place}"));
    match (parent, value) {
        (Value::Object(object), Some(value)) => drop(object.insert(name, value)),
        (Value::Object(object), None) => assert!(object.remove(&name).is_some(), "no {place}"),
        (Value::Array(array), Some(value)) => array[name.parse::<usize>().unwrap()] = value,
        (Value::Array(array), None) => drop(array.remove(name.parse().unwrap())),
        _ => panic!("no {place}"),
    }
}

#[test]
fn every_schema_refuses_documents_that_are_wrong_in_one_place() {
    let validators = validators();
    let mut bites: BTreeMap<&str, usize> = BTreeMap::new();
    for Example { schema, right, wrong } in examples() {
        let validator = &validators[schema];
        assert_valid(validator, &right, schema);
        for (place, value) in wrong {
            let mut document = right.clone();
            change(&mut document, place, value.clone());
            assert!(!validator.is_valid(&document), "{schema} accepts {value:?} at {place}");
            *bites.entry(schema).or_default() += 1;
        }
    }
    for name in validators.keys().filter(|name| *name != "common.schema.json") {
        assert!(bites.get(name.as_str()).is_some_and(|n| *n >= 3), "{name} is not shown to bite");
    }
}

/// Section 13 compares what is expected as text, and the schema takes no less than the library
/// does.
#[test]
fn what_test_cases_may_expect_is_valid() {
    let validators = validators();
    let expected = [
        json!({ "decision": true, "class": "no_grant" }),
        json!({ "decision": true, "missing": ["/context/x"] }),
        json!({ "decision": false, "rules": ["no id"], "missing": ["no pointer"] }),
        json!({ "decision": false, "reasons": [""], "advice": ["No code"] }),
    ];
    let requests = expected
        .map(|expect| json!({ "request": {}, "accept": ["unread_place"], "expect": expect }));
    let routes =
        [json!({ "action": "no action", "undecided": ["*", "*"] }), json!({ "action": "" })];
    let routes =
        routes.map(|expect| json!({ "route": { "method": "", "path": "" }, "expect": expect }));
    for (number, mut case) in requests.into_iter().chain(routes).enumerate() {
        case["name"] = json!(number.to_string());
        let document =
            json!({ "v": 1, "schema": { "actions": { "A": {} } }, "tests": { "cases": [case] } });
        assert_valid(&validators["policy.schema.json"], &document, "policy.schema.json");
        let text = document.to_string();
        assert!(crate::common::documents([text.as_str()]).check().is_ok(), "{text}");
        let tests = json!({ "v": 1, "tests": document["tests"] });
        assert_valid(&validators["tests.schema.json"], &tests, "tests.schema.json");
    }
}
