//! The JSON Schemas in `docs/json-schema`: every document in `policies/` and every record among the
//! vectors is valid under its schema, and each schema refuses documents that are wrong in one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{Registry, Validator};
use serde_json::{Map, Value, json};

const BASE: &str = "json-schema:///";
/// Sections that are joined; a policy has its `schema` and `defaults` in one document.
const LISTS: [&str; 5] = ["roles", "conditions", "rules", "invariants", "routes"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All files below a folder that end in `.json`, sorted.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The schemas by file name, as they stand in the folder.
fn sources() -> BTreeMap<String, Value> {
    let files = json_files(&root().join("docs/json-schema"));
    files.iter().map(|path| (file_name(path), read(path))).collect()
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
    for path in json_files(&root().join("policies")) {
        let Value::Object(document) = read(&path) else { panic!("{}", path.display()) };
        for (name, section) in document {
            if LISTS.contains(&name.as_str()) {
                let all = bundle.entry(name).or_insert_with(|| json!([]));
                all.as_array_mut().unwrap().extend(section.as_array().unwrap().iter().cloned());
            } else if ["schema", "defaults"].contains(&name.as_str()) {
                assert!(bundle.insert(name, section).is_none(), "{}", path.display());
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
        for member in ["title", "description"] {
            assert!(schema[member].is_string(), "{name} has no {member}");
        }
    }
}

#[test]
fn every_policy_document_is_valid_under_the_schema_that_it_names() {
    let validators = validators();
    let files = json_files(&root().join("policies"));
    assert!(files.len() >= 10, "{}", files.len());
    for path in files {
        let what = path.display().to_string();
        let document = read(&path);
        let named = path.parent().unwrap().join(document["$schema"].as_str().expect(&what));
        let named = named.canonicalize().expect(&what);
        assert_eq!(
            named.parent().unwrap(),
            root().join("docs/json-schema").canonicalize().unwrap()
        );
        assert_valid(&validators[&file_name(&named)], &document, &what);
        assert_valid(&validators["policy.schema.json"], &document, &what);
    }
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
    let vectors = read(&root().join("tests/vectors/token-v1.json"));
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

/// A document that is right, and what is put into a copy of it at a place to make it wrong. `None`
/// takes away what is there.
struct Example {
    schema: &'static str,
    right: Value,
    wrong: Vec<(&'static str, Option<Value>)>,
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

#[allow(clippy::too_many_lines, reason = "a table")]
fn examples() -> Vec<Example> {
    let long = "x".repeat(129);
    let rule = json!({ "id": "a.b", "effect": "forbid", "actions": ["Do"], "when": {}, "reason": { "code": "no" } });
    let require = json!({
        "id": "a", "effect": "require", "actions": ["*"], "must": { "a.b": 1 }, "reason": { "code": "no", "message": "No." },
        "challenge": "insufficient_scope",
    });
    let permit = json!({ "id": "p", "effect": "permit", "actions": ["Do"] });
    let action = json!({ "actions": { "Do": {} } });
    vec![
        Example {
            schema: "schema.schema.json",
            right: json!({ "v": 1, "schema": {
                "attributes": {
                    "subject.type": { "type": "enum", "values": ["user"] },
                    "resource.id": { "type": "id", "domain": "x" },
                    "context.retries": { "type": "int", "min": 0, "max": 3 },
                    "credential.kind": { "type": "enum", "values": ["a"], "from": "/context/credential/kind" },
                    "context.set": { "type": "enum_set", "values": "actions", "open": true, "description": "A set." },
                },
                "actions": { "View": { "level": "account", "implies": ["Do"] }, "Do": { "level": "organization" }, "List": {} },
            } }),
            wrong: vec![
                ("/v", Some(json!(2))),
                ("/v", None),
                ("/schema", None),
                ("/schema/actions", None),
                ("/schema/actions", Some(json!({}))),
                ("/schema/rules", Some(json!([]))),
                ("/rules", Some(json!([]))),
                ("/schema/actions/*", Some(json!({}))),
                ("/schema/actions/Do it", Some(json!({}))),
                ("/schema/actions/Do/level", Some(json!("enterprise"))),
                ("/schema/actions/Do/implies", Some(json!(["View"]))),
                ("/schema/actions/View/level", None),
                ("/schema/actions/List/implies", Some(json!([]))),
                ("/schema/attributes/plan", Some(json!({ "type": "bool" }))),
                (
                    "/schema/attributes/action.name",
                    Some(json!({ "type": "enum", "values": "actions" })),
                ),
                (
                    "/schema/attributes/subject.permissions",
                    Some(json!({ "type": "enum_set", "values": "actions" })),
                ),
                ("/schema/attributes/subject.type/type", Some(json!("string"))),
                ("/schema/attributes/subject.type/values", None),
                ("/schema/attributes/subject.type/values", Some(json!([]))),
                ("/schema/attributes/subject.type/values", Some(json!(["a", "a"]))),
                ("/schema/attributes/subject.type/values", Some(json!([long]))),
                ("/schema/attributes/subject.type/open", Some(json!(true))),
                ("/schema/attributes/subject.type/from", Some(json!("/subject/type"))),
                ("/schema/attributes/resource.id/domain", None),
                ("/schema/attributes/context.retries/max", None),
                ("/schema/attributes/context.retries/max", Some(json!(9_007_199_254_740_992_u64))),
                ("/schema/attributes/context.retries/values", Some(json!(["a"]))),
                ("/schema/attributes/credential.kind/from", None),
                ("/schema/attributes/credential.kind/from", Some(json!("/context"))),
                ("/schema/attributes/credential.kind/from", Some(json!("/subject/account/sso"))),
                ("/schema/attributes/credential.kind/from", Some(json!("/context/a//b"))),
                ("/schema/attributes/credential.kind/from", Some(json!("/context/a~2"))),
                (
                    "/schema/attributes/credential.kind/from",
                    Some(json!("/context".to_owned() + &"/a".repeat(16))),
                ),
            ],
        },
        Example {
            schema: "roles.schema.json",
            right: json!({ "v": 1, "roles": [
                { "id": "admin", "level": "account", "permissions": ["*"], "inherits": ["viewer"] },
                { "id": "viewer", "level": "account", "description": "Views." },
            ], "defaults": { "service_user": ["viewer"] } }),
            wrong: vec![
                ("/roles", None),
                ("/roles/0/level", None),
                ("/roles/0/level", Some(json!("org"))),
                ("/roles/0/id", Some(json!("an admin"))),
                ("/roles/0/permissions", Some(json!(["*", "Do"]))),
                ("/roles/0/permissions", Some(json!("*"))),
                ("/roles/0/inherits", Some(json!("viewer"))),
                ("/roles/0/grants", Some(json!([]))),
                ("/defaults/service_user", Some(json!("viewer"))),
                ("/schema", Some(action.clone())),
            ],
        },
        Example {
            schema: "conditions.schema.json",
            right: json!({ "v": 1, "conditions": [{ "id": "a", "when": {
                "a.b": "x", "a.c": { "attribute": "a.d" }, "a.e": { "in": ["x"], "ne": "y" }, "a.f": { "lt": 3, "present": true },
                "a.g": ["x"],
                "all": [{}], "any": [{ "not": { "a.h": true } }], "not": { "condition": "b" }, "condition": "c",
                "a.i": { "subset_of": { "attribute": "credential.scopes" }, "has": "x" },
            } }] }),
            wrong: vec![
                ("/conditions/0/id", None),
                ("/conditions/0/when", None),
                ("/conditions/0/never", Some(json!({}))),
                ("/conditions/0/when/b", Some(json!(true))),
                ("/conditions/0/when/a.b", Some(Value::Null)),
                ("/conditions/0/when/a.b", Some(json!(""))),
                ("/conditions/0/when/a.b", Some(json!(1.5))),
                ("/conditions/0/when/a.b", Some(json!({}))),
                ("/conditions/0/when/a.b", Some(json!({ "eq": null }))),
                ("/conditions/0/when/a.b", Some(json!({ "matches": "x" }))),
                ("/conditions/0/when/a.b", Some(json!({ "attribute": "x" }))),
                ("/conditions/0/when/a.b", Some(json!({ "attribute": "a.c", "eq": "x" }))),
                ("/conditions/0/when/a.e/in", Some(json!("x"))),
                ("/conditions/0/when/a.e/in", Some(json!([1]))),
                ("/conditions/0/when/a.f/lt", Some(json!("3"))),
                ("/conditions/0/when/a.f/present", Some(json!({ "attribute": "a.b" }))),
                ("/conditions/0/when/a.i/has", Some(json!(["x"]))),
                ("/conditions/0/when/all", Some(json!({}))),
                ("/conditions/0/when/not", Some(json!([]))),
                ("/conditions/0/when/condition", Some(json!({}))),
                ("/conditions/0/when/any/0/not/a.h", Some(json!({ "has_any": "x" }))),
            ],
        },
        Example {
            schema: "rules.schema.json",
            right: json!({ "v": 1, "description": "Rules.", "conditions": [], "rules": [rule, require, permit] }),
            wrong: vec![
                ("/rules", None),
                ("/rules/0/id", None),
                ("/rules/0/id", Some(json!("a b"))),
                ("/rules/0/id", Some(json!(long))),
                ("/rules/0/effect", Some(json!("deny"))),
                ("/rules/0/actions", None),
                ("/rules/0/actions", Some(json!([]))),
                ("/rules/0/actions", Some(json!(["Do", "*"]))),
                ("/rules/0/reason", None),
                ("/rules/0/reason/code", None),
                ("/rules/0/reason/code", Some(json!("No"))),
                ("/rules/0/reason/code", Some(json!("no_grant"))),
                ("/rules/0/reason/message", Some(json!(""))),
                ("/rules/0/must", Some(json!({}))),
                ("/rules/0/challenge", Some(json!("insufficient_scope"))),
                ("/rules/0/unless", Some(json!({}))),
                ("/rules/1/must", None),
                ("/rules/1/challenge", Some(json!("invalid_token"))),
                ("/rules/2/must", Some(json!({}))),
                ("/rules/2/effect", Some(json!("advise"))),
            ],
        },
        Example {
            schema: "invariants.schema.json",
            right: json!({ "v": 1, "invariants": [{ "id": "i", "description": "Never.", "never": { "a.b": true } }] }),
            wrong: vec![
                ("/invariants", None),
                ("/invariants/0/never", None),
                ("/invariants/0/never", Some(json!([]))),
                ("/invariants/0/when", Some(json!({}))),
                ("/invariants/0/id", Some(json!(1))),
            ],
        },
        Example {
            schema: "routes.schema.json",
            right: json!({ "v": 1, "routes": [
                { "method": "DELETE", "path": "/v3/{org_id}/tags/{tag}", "action": "Do", "organization": "org_id",
                  "encoded": ["tag"], "undecided": ["View"] },
                { "method": "GET", "path": "/", "action": "Do" },
            ] }),
            wrong: vec![
                ("/routes", None),
                ("/routes/0/method", Some(json!("HEAD"))),
                ("/routes/0/method", Some(json!("delete"))),
                ("/routes/0/action", None),
                ("/routes/0/action", Some(json!("*"))),
                ("/routes/0/organization", Some(json!("{org_id}"))),
                ("/routes/0/encoded", Some(json!(true))),
                ("/routes/0/query", Some(json!("x"))),
                ("/routes/1/path", Some(json!(""))),
                ("/routes/1/path", Some(json!("v3"))),
                ("/routes/1/path", Some(json!("/v3/"))),
                ("/routes/1/path", Some(json!("/v3//x"))),
                ("/routes/1/path", Some(json!("/v3/../x"))),
                ("/routes/1/path", Some(json!("/v3/."))),
                ("/routes/1/path", Some(json!("/v3/%41"))),
                ("/routes/1/path", Some(json!("/v3/x{id}"))),
                ("/routes/1/path", Some(json!("/v3/{Id}"))),
                ("/routes/1/path", Some(json!("/v3?x"))),
                ("/routes/1/path", Some(json!("/x".repeat(17)))),
            ],
        },
        Example {
            schema: "tests.schema.json",
            right: json!({ "v": 1, "tests": { "requests": { "a": {} }, "cases": [
                { "name": "1", "request": "a", "set": { "/context/x": null }, "unset": ["/subject"],
                  "expect": { "decision": false, "class": "no_grant", "missing": [] } },
                { "name": "2", "request": {}, "expect": { "malformed": true } },
                { "name": "3", "route": { "method": "GET", "path": "/" },
                  "expect": { "action": "Do", "organization": null, "undecided": [] } },
                { "name": "4", "route": { "method": "GET", "path": "/" }, "expect": { "error": "method_not_allowed", "allow": ["PUT"] } },
                { "name": "5", "request": "a", "expect": { "decision": true, "rules": ["p"], "advice": [] } },
            ] } }),
            wrong: vec![
                ("/tests", None),
                ("/tests/cases", None),
                ("/tests/cases/0/name", None),
                ("/tests/cases/0/expect", None),
                ("/tests/cases/0/route", Some(json!({ "method": "GET", "path": "/" }))),
                ("/tests/cases/0/set", Some(json!({ "context": 1 }))),
                ("/tests/cases/0/unset", Some(json!("/subject"))),
                ("/tests/cases/0/expect/decision", None),
                ("/tests/cases/0/expect/decision", Some(json!(true))),
                ("/tests/cases/0/expect/class", Some(json!("denied"))),
                ("/tests/cases/0/expect/missing", Some(json!(["subject"]))),
                ("/tests/cases/0/expect/reason", Some(json!("no_grant"))),
                ("/tests/cases/1/expect/malformed", Some(json!(false))),
                ("/tests/cases/1/expect/decision", Some(json!(false))),
                ("/tests/cases/2/expect/decision", Some(json!(true))),
                ("/tests/cases/2/route/path", None),
                ("/tests/cases/3/expect/error", Some(json!("not_found"))),
                ("/tests/cases/3/expect/error", Some(json!("unknown_route"))),
                ("/tests/cases/4/expect/class", Some(json!("no_grant"))),
                ("/tests/cases/4/expect/missing", Some(json!(["/context"]))),
            ],
        },
        Example {
            schema: "bundle.schema.json",
            right: json!({ "v": 1, "schema": action, "rules": [permit], "defaults": {} }),
            wrong: vec![
                ("/schema", None),
                ("/v", None),
                ("/v", Some(json!("1"))),
                ("/rules/0/effect", Some(json!("allow"))),
                ("/rules", Some(json!({}))),
                ("/policies", Some(json!([]))),
            ],
        },
        Example {
            schema: "policy.schema.json",
            right: json!({ "v": 1, "$schema": "x", "rules": [permit], "tests": { "cases": [] } }),
            wrong: vec![
                ("/v", None),
                ("/$schema", Some(json!(1))),
                ("/description", Some(Value::Null)),
                ("/rules/0/actions", Some(json!("*"))),
                ("/tests/case", Some(json!([]))),
                ("/facts", Some(json!({}))),
            ],
        },
        Example {
            schema: "record.schema.json",
            right: json!({
                "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "su_ci", "scopes": ["*"], "created_at": 0,
                "edge_digest": format!("$cog1e${}", "A".repeat(43)), "rotated_to": "DDDDEEEEFFFF", "grace_until": 5, "metadata": { "x": 1 },
            }),
            wrong: vec![
                ("/edge_digest", None),
                ("/edge_digest", Some(json!("A".repeat(43)))),
                ("/digest", Some(json!(format!("$cog1$00${}", "A".repeat(43))))),
                ("/rotated_to", None),
                ("/rotated_to", Some(Value::Null)),
                ("/expire_at", Some(json!(1))),
                ("/scopes", Some(json!(["*", "Do"]))),
                ("/created_at", Some(json!(-1))),
                ("/kind", Some(json!("sample"))),
                ("/organizations", Some(json!(["a", ""]))),
            ],
        },
        Example {
            schema: "key-set.schema.json",
            right: json!({ "v": 1, "use": "edge-tag", "keys": { "01": "A".repeat(43) } }),
            wrong: vec![
                ("/v", Some(json!(2))),
                ("/use", Some(json!("edge"))),
                ("/use", None),
                ("/keys", Some(json!({}))),
                ("/keys/00", Some(json!("A".repeat(43)))),
                ("/keys/1", Some(json!("A".repeat(43)))),
                ("/keys/02", Some(json!("A".repeat(42)))),
                ("/keys/02", Some(json!("A".repeat(43) + "="))),
                ("/keys/02", Some(json!("A".repeat(42) + "B"))),
                ("/issuer", Some(json!("x"))),
            ],
        },
        Example {
            schema: "facts.schema.json",
            right: json!({
                "principal": { "id": "user_01", "type": "user", "disabled": false,
                    "account": { "id": "acct_7", "sso": false, "region": "eu" },
                    "roles": [], "permissions": null, "memberships": [{ "organization": "org-a", "roles": ["x"] }] },
                "organization": { "id": "org-a", "account": { "id": "acct_7" } },
            }),
            wrong: vec![
                ("/principal", None),
                ("/principal", Some(Value::Null)),
                ("/principal/id", None),
                ("/principal/type", Some(json!("human"))),
                ("/principal/disabled", Some(json!("no"))),
                ("/principal/role", Some(json!([]))),
                ("/principal/roles", Some(json!("x"))),
                ("/principal/account/sso", Some(json!("false"))),
                ("/principal/memberships/0/organization", None),
                ("/organization/id", None),
                ("/organization/sso", Some(json!(true))),
                ("/resource", Some(json!({}))),
            ],
        },
    ]
}
