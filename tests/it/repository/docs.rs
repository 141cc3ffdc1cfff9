//! docs/policy-language.md runs: its documents load, its request is allowed, its answer comes, its
//! tables are the engine's.

use crate::common::rich::{Kind, OPERATORS, operand, same};
use crate::common::{documents, errors_of, root};
use cog_auth::Code;
use cog_auth::gate::{MAX_METHOD_BYTES, MAX_TARGET_BYTES};
use cog_auth::policy::{
    Limits, MAX_ANSWER_BYTES, MAX_BATCH_BYTES, MAX_EVALUATIONS, MAX_PATH_BYTES, MAX_REQUEST_BYTES,
    MAX_SEGMENTS, Source,
};
use serde_json::{Map, Value, json};
use std::fs;

fn text() -> String {
    fs::read_to_string(root().join("docs/policy-language.md")).unwrap()
}

/// The JSON blocks below headings that begin with these words.
fn blocks(section: &str) -> Vec<String> {
    let text = text();
    let found: Vec<String> = text
        .split("\n## ")
        .filter(|part| part.starts_with(section))
        .flat_map(|part| {
            part.split("```json\n")
                .skip(1)
                .map(|block| block.split("```").next().unwrap().to_owned())
        })
        .collect();
    assert!(!found.is_empty(), "no blocks in {section}");
    found
}

/// The block of code with this info string.
fn block(info: &str) -> String {
    let text = text();
    let after = text.split_once(&format!("```{info}\n")).unwrap().1;
    after.split("```").next().unwrap().to_owned()
}

/// The actions that the routes of section 12 name and the schema of section 2 leaves out: declared
/// here alone.
fn with_actions_of_routes(schema: &str) -> String {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    for action in ["UseDevinSessions", "ImpersonateOrgSessions", "ManageOrgTags", "ReadAccountMeta"]
    {
        assert!(schema["schema"]["actions"][action].is_null(), "{action} is declared");
        schema["schema"]["actions"][action] = json!({});
    }
    schema.to_string()
}

/// All documents of the text as one policy.
fn whole() -> Source {
    let mut all = vec![with_actions_of_routes(&blocks("2. ")[0])];
    let documents_of_text: Vec<String> = text()
        .split("```json\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect();
    all.extend(documents_of_text.into_iter().filter(|block| block.contains("\"v\": 1")).skip(1));
    assert_eq!(all.len(), 5, "schema, roles, rules, routes, tests");
    documents(all.iter().map(String::as_str))
}

/// The example before section 1: the request is allowed, and without an account it is denied as the
/// text says.
#[test]
fn the_first_example_is_decided_as_the_text_says() {
    let policy = documents([block("json first-policy").as_str()]).check().unwrap().into_policy();
    let mut request: Value = serde_json::from_str(&block("json first-request")).unwrap();
    let said = |request: &Value| -> Value {
        let answer = policy.evaluate(request.to_string().as_bytes()).unwrap();
        serde_json::from_str(&answer.replace(&policy.digest().to_hex(), "…")).unwrap()
    };
    let expected = |info: &str| -> Value { serde_json::from_str(&block(info)).unwrap() };
    assert_eq!(said(&request), expected("json first-answer"));
    request["subject"]["properties"].as_object_mut().unwrap().remove("account").unwrap();
    assert_eq!(said(&request), expected("json first-denial"));
}

#[test]
fn documents_load() {
    let schema = &blocks("2. ")[0];
    assert_eq!(errors_of(&documents([schema.as_str()])), []);
    for section in ["3. ", "5. "] {
        for block in blocks(section) {
            assert_eq!(errors_of(&documents([schema.as_str(), &block])), [], "{section}");
        }
    }
    let routes = &blocks("12. ")[0];
    assert_eq!(
        documents([schema.as_str(), routes]).check().unwrap_err().first().code(),
        Code::UnknownAction
    );
    let with_actions = with_actions_of_routes(schema);
    assert_eq!(errors_of(&documents([with_actions.as_str(), routes])), []);
    assert_eq!(errors_of(&whole()), []);
}

#[test]
fn cases_pass() {
    let report = whole().check().unwrap().test();
    assert_eq!((report.passed, report.failures), (2, vec![]));
}

#[test]
fn the_request_is_allowed_and_the_answer_comes() {
    let policy = whole().check().unwrap().into_policy();
    let request = &blocks("6. ")[0];
    let expected = format!(
        r#"{{"decision":true,"context":{{"rules":["inherit.permissions"],"policy":"{}"}}}}"#,
        policy.digest()
    );
    assert_eq!(policy.evaluate(request.as_bytes()).unwrap(), expected);
    // The same request with a token whose scopes leave the action out has the answer of section 10.
    let mut narrowed: Value = serde_json::from_str(request).unwrap();
    narrowed["context"]["credential"] =
        json!({ "kind": "service_user_key", "scopes": ["ManageOrgTags"] });
    let answer = policy.evaluate(narrowed.to_string().as_bytes()).unwrap();
    assert_eq!(answer.replace(&policy.digest().to_hex(), "…"), blocks("10. ")[0].trim());
    assert_eq!(
        policy
            .request(narrowed.to_string().as_bytes())
            .unwrap()
            .decide()
            .explain()
            .insufficient_scope(),
        Some("ViewOrgSessions")
    );
}

#[test]
fn the_guard_against_null_loads_and_guards() {
    let guard: Value = serde_json::from_str(&block("json guard")).unwrap();
    let rules = json!({ "v": 1, "rules": [
        { "id": "all", "effect": "permit", "actions": ["*"] },
        { "id": "guard", "effect": "require", "actions": ["*"], "must": guard, "reason": { "code": "no" } } ] });
    let policy =
        documents([blocks("2. ")[0].as_str(), &rules.to_string()]).check().unwrap().into_policy();
    for (organization, organizations, allowed) in [
        (json!(null), json!([]), true),
        (json!("a"), json!(["a"]), true),
        (json!("a"), json!(["b"]), false),
        (json!(7), json!(["a"]), false),
    ] {
        let request = json!({ "subject": { "type": "user", "id": "u" }, "action": { "name": "ViewOrgSessions" },
            "resource": { "type": "t", "id": "i", "properties": { "organization": organization } },
            "context": { "credential": { "organizations": organizations } } });
        assert_eq!(
            policy.request(request.to_string().as_bytes()).unwrap().decide().is_allowed(),
            allowed,
            "{request}"
        );
    }
}

/// Section 2: a document that is not said to be archived is not.
#[test]
fn the_example_of_absence_allows_what_is_not_archived() {
    let policy = documents([block("json absent-policy").as_str()]).check().unwrap().into_policy();
    for (properties, allowed) in [
        (json!({}), true),
        (json!({ "archived": false }), true),
        (json!({ "archived": true }), false),
        (json!({ "archived": "true" }), false),
        (json!({ "archived": null }), false),
    ] {
        let request = json!({ "subject": { "type": "user", "id": "u" }, "action": { "name": "EditDocument" },
            "resource": { "type": "document", "id": "d", "properties": properties } });
        let request = request.to_string();
        let decided = policy.request(request.as_bytes()).unwrap().decide().is_allowed();
        assert_eq!(decided, allowed, "{request}");
    }
}

/// Attributes of every type, two of each that can differ; the derived ones and `action.name`
/// besides.
const TYPED: [(&str, Kind); 21] = [
    ("t.bool", Kind::Bool),
    ("t.bool2", Kind::Bool),
    ("t.enum", Kind::Enum(&["blue", "red"])),
    ("t.enum2", Kind::Enum(&["green", "red"])),
    ("t.id", Kind::Id("a")),
    ("t.id2", Kind::Id("b")),
    ("t.int", Kind::Int(0, 9)),
    ("t.int2", Kind::Int(-9, 0)),
    ("t.time", Kind::Time),
    ("t.enum_set", Kind::EnumSet(&["blue", "red"])),
    ("t.enum_set2", Kind::EnumSet(&["green", "red"])),
    ("t.id_set", Kind::IdSet("a")),
    ("t.id_set2", Kind::IdSet("b")),
    ("t.ip", Kind::Ip),
    ("t.ip2", Kind::Ip),
    ("t.ip_set", Kind::IpSet),
    ("t.action", Kind::Enum(ACTIONS)),
    ("t.actions", Kind::EnumSet(ACTIONS)),
    ("action.name", Kind::Enum(ACTIONS)),
    ("subject.permissions", Kind::EnumSet(ACTIONS)),
    ("credential.scopes", Kind::EnumSet(ACTIONS)),
];
const ACTIONS: &[&str] = &["A", "B"];

fn typed_schema() -> String {
    let attributes: Map<String, Value> = TYPED
        .iter()
        .filter(|(name, _)| name.starts_with("t."))
        .map(|(name, kind)| {
            // The actions are spelt out where they can be: an enum of the same values is the same
            // type.
            let mut node = match kind {
                Kind::Bool => json!({ "type": "bool" }),
                Kind::Enum(values) => json!({ "type": "enum", "values": values }),
                Kind::Id(domain) => json!({ "type": "id", "domain": domain }),
                Kind::Int(min, max) => json!({ "type": "int", "min": min, "max": max }),
                Kind::Time => json!({ "type": "time" }),
                Kind::EnumSet(ACTIONS) => {
                    json!({ "type": "enum_set", "values": "actions", "open": true })
                }
                Kind::EnumSet(values) => json!({ "type": "enum_set", "values": values }),
                Kind::IdSet(domain) => json!({ "type": "id_set", "domain": domain }),
                Kind::Ip => json!({ "type": "ip" }),
                Kind::IpSet => json!({ "type": "ip_set" }),
            };
            node["from"] = json!(format!("/context/{name}"));
            ((*name).to_owned(), node)
        })
        .collect();
    json!({ "v": 1, "schema": { "attributes": attributes, "actions": { "A": { "level": "account" }, "B": {} } } }).to_string()
}

/// Section 4: a literal must be a value of its attribute's type.
fn is_literal(kind: Kind, literal: &Value) -> bool {
    let all = |member: Kind| {
        literal.as_array().is_some_and(|items| items.iter().all(|item| is_literal(member, item)))
    };
    match kind {
        Kind::Bool => literal.is_boolean(),
        Kind::Enum(values) => literal.as_str().is_some_and(|text| values.contains(&text)),
        Kind::Id(_) => literal.as_str().is_some_and(|text| !text.is_empty()),
        Kind::Int(min, max) => literal.as_i64().is_some_and(|number| (min..=max).contains(&number)),
        Kind::Time => {
            literal.as_i64().is_some_and(|number| (0..=32_503_679_999).contains(&number))
                || literal == "2026-11-18T11:06:40Z"
        }
        Kind::EnumSet(values) => all(Kind::Enum(values)),
        Kind::IdSet(domain) => all(Kind::Id(domain)),
        Kind::Ip => literal == "192.0.2.1" || literal == "::",
        Kind::IpSet => literal.as_array().is_some_and(|items| {
            items.iter().all(|item| is_literal(Kind::Ip, item) || item == "192.0.2.0/24")
        }),
    }
}

fn operands() -> Vec<Value> {
    let mut operands: Vec<Value> =
        TYPED.iter().map(|(name, _)| json!({ "attribute": name })).collect();
    operands.extend([
        json!(null),
        json!({}),
        json!(true),
        json!(false),
        json!(0),
        json!(5),
        json!(-5),
        json!(10),
        json!(1.0),
        json!(32_503_679_999_i64),
        json!(32_503_680_000_i64),
        json!(9_007_199_254_740_992_i64),
        json!("2026-11-18T11:06:40Z"),
        json!("192.0.2.1"),
        json!("::"),
        json!("192.0.2.0/24"),
        json!("192.0.2.1:80"),
        json!(["192.0.2.1", "::", "192.0.2.0/24"]),
        json!(["192.0.2.1/24"]),
        json!(""),
        json!("red"),
        json!("blue"),
        json!("green"),
        json!("A"),
        json!("x"),
        json!([]),
        json!(["red"]),
        json!(["red", "red", "blue"]),
        json!(["red", "x"]),
        json!(["A", "B"]),
        json!(["*"]),
        json!([""]),
        json!([1]),
        json!([null]),
        json!([["red"]]),
        json!({ "eq": 1 }),
        json!({ "attribute": "t.none" }),
        json!({ "attribute": 1 }),
        json!({ "attribute": "t.bool", "eq": true }),
    ]);
    operands
}

/// Whether section 4's table takes an operand.
fn takes(operator: &str, left: Kind, right: &Value) -> bool {
    if operator == "present" {
        return right.is_boolean();
    }
    let Some(wanted) = operand(operator, left) else { return false };
    match right {
        Value::Object(members) => {
            let name =
                members.get("attribute").and_then(Value::as_str).filter(|_| members.len() == 1);
            let other = TYPED.iter().find(|(other, _)| Some(*other) == name);
            other.is_some_and(|(_, kind)| same(*kind, wanted))
        }
        literal => is_literal(wanted, literal),
    }
}

#[test]
fn operators_take_what_the_table_says() {
    let schema = typed_schema();
    let (mut tried, mut taken) = (0, 0);
    for (name, kind) in TYPED {
        for operator in OPERATORS.iter().copied().chain(["present", "equals", ""]) {
            let operands = operands();
            let rules: Vec<Value> = (0..)
                .zip(&operands)
                .map(|(index, right)| json!({ "id": format!("r{index}"), "effect": "permit", "actions": ["A"], "when": { name: { operator: right } } }))
                .collect();
            let rules = json!({ "v": 1, "rules": rules }).to_string();
            let errors = errors_of(&documents([schema.as_str(), &rules]));
            for (index, right) in operands.iter().enumerate() {
                let below = format!("/rules/{index}/");
                let refused =
                    errors.iter().any(|error| error.pointer().unwrap().starts_with(&below));
                assert_eq!(
                    refused,
                    !takes(operator, kind, right),
                    "{name} {operator} {right}: {errors:?}"
                );
                tried += 1;
                taken += usize::from(!refused);
            }
        }
    }
    assert!(tried > 10_000 && taken > 400, "{tried} tried, {taken} taken");
}

/// `"<attribute>": x` is the same as `{"eq": x}`, and an operator object is taken for what it is.
#[test]
fn equality_may_be_written_shortly() {
    let schema = typed_schema();
    let rule = |when: Value| {
        json!({ "v": 1, "rules": [{ "id": "r", "effect": "permit", "actions": ["A"], "when": when }] }).to_string()
    };
    for (name, kind) in TYPED {
        for right in operands() {
            let is_operators =
                right.as_object().is_some_and(|members| !members.contains_key("attribute"));
            if !is_operators {
                let loads =
                    documents([schema.as_str(), &rule(json!({ name: right }))]).check().is_ok();
                assert_eq!(loads, takes("eq", kind, &right), "{name}: {right}");
            }
        }
    }
}

/// The first two columns of the table, as the table of the tests has them.
#[test]
fn the_table_of_operators_is_whole() {
    let text = text();
    let table = text.split("| operator | left side |").nth(1).unwrap();
    let mut seen = Vec::new();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        for operator in columns[1].split(", ").map(|name| name.trim_matches('`')) {
            seen.push(operator.to_owned());
            for (name, kind) in TYPED {
                let word = match kind {
                    Kind::Bool => "`bool`",
                    Kind::Enum(_) => "`enum`",
                    Kind::Id(_) => "`id`",
                    Kind::Int(..) => "`int`",
                    Kind::Time => "`time`",
                    Kind::EnumSet(_) => "`enum_set`",
                    Kind::IdSet(_) => "`id_set`",
                    Kind::Ip => "`ip`",
                    Kind::IpSet => "`ip_set`",
                };
                let fits = match columns[2].strip_prefix("any") {
                    Some(but) => !but.contains(word),
                    None => columns[2].split(", ").any(|kind| kind == word),
                };
                let expected = operator == "present" || operand(operator, kind).is_some();
                assert_eq!(fits, expected, "{operator} {name}");
            }
        }
    }
    let expected: Vec<&str> = OPERATORS.iter().copied().chain(["present"]).collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_limits_are_those_of_the_text() {
    let text = text();
    let table = text.split("## 16. Limits").nth(1).unwrap();
    let row = |name: &str| -> Vec<usize> {
        let line = table.lines().find(|line| line.starts_with(&format!("| {name}"))).unwrap();
        let last = line.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        last.split(", ")
            .map(|number| number.replace(" each", "").replace(',', "").trim().parse().unwrap())
            .collect()
    };
    let limits = Limits::default();
    assert_eq!(row("bytes of a document"), [limits.document_bytes, limits.total_bytes]);
    assert_eq!(row("nesting of a document"), [limits.depth]);
    assert_eq!(row("nesting of a condition"), [32]);
    assert_eq!(row("attributes, conditions, invariants"), [limits.attributes]);
    assert_eq!([limits.conditions, limits.invariants], [limits.attributes; 2]);
    assert_eq!(row("actions, roles"), [limits.actions]);
    assert_eq!(limits.roles, limits.actions);
    assert_eq!(row("rules, routes"), [limits.rules, limits.routes]);
    assert_eq!(row("`values` of an attribute"), [limits.values]);
    assert_eq!(row("bytes of a request"), [MAX_REQUEST_BYTES]);
    assert_eq!(row("items of a batch"), [MAX_EVALUATIONS]);
    assert_eq!(row("bytes of the parts that the items"), [MAX_BATCH_BYTES]);
    assert_eq!(row("bytes of the answer"), [MAX_ANSWER_BYTES]);
    let request_line = [MAX_TARGET_BYTES, MAX_PATH_BYTES, MAX_METHOD_BYTES];
    assert_eq!(row("bytes of a request target, of a path, of a method"), request_line);
    assert!(text.contains("A template has at most 16 segments") && MAX_SEGMENTS == 16);
    assert!(text.contains("at most 8,192 bytes long") && MAX_PATH_BYTES == 8_192);
}
