//! The thing that a route names, and the client's address: what the policy reads of them, which
//! facts are refused, and what the audit record has.

use crate::common::gate::{Answer, Base, drive, now, word};
use cog_auth::Code;
use cog_auth::gate::{Allowed, Gate, HttpRequest, Outcome, Refused, Step};
use cog_auth::policy::Policy;
use serde_json::{Value, json};

/// Sessions that their owner may end, and files that nobody owns.
const POLICY: &str = r#"{ "v": 1,
    "schema": {
        "attributes": {
            "subject.id": { "type": "id", "domain": "principal" },
            "subject.account.id": { "type": "id", "domain": "account" },
            "resource.type": { "type": "enum", "values": ["organization", "account", "session", "file"] },
            "resource.id": { "type": "id", "domain": "thing" },
            "resource.owner": { "type": "id", "domain": "principal" },
            "resource.organization": { "type": "id", "domain": "organization" },
            "resource.account.id": { "type": "id", "domain": "account" },
            "context.client_address": { "type": "id", "domain": "address" } },
        "actions": { "End": {}, "Read": {}, "Look": {} } },
    "rules": [
        { "id": "own", "effect": "permit", "actions": ["End"],
          "when": { "resource.type": "session", "resource.owner": { "attribute": "subject.id" } } },
        { "id": "all", "effect": "permit", "actions": ["Read", "Look"] },
        { "id": "id", "effect": "advise", "actions": ["*"], "when": { "resource.id": "s-1" }, "reason": { "code": "id" } },
        { "id": "organization", "effect": "advise", "actions": ["*"],
          "when": { "resource.organization": "org-a" }, "reason": { "code": "organization" } },
        { "id": "none", "effect": "advise", "actions": ["*"],
          "when": { "resource.organization": { "present": false } }, "reason": { "code": "none" } },
        { "id": "account", "effect": "advise", "actions": ["*"],
          "when": { "resource.account.id": { "attribute": "subject.account.id" } }, "reason": { "code": "account" } },
        { "id": "address", "effect": "advise", "actions": ["*"],
          "when": { "context.client_address": "192.0.2.1" }, "reason": { "code": "address" } },
        { "id": "no-address", "effect": "advise", "actions": ["*"],
          "when": { "not": { "context.client_address": "192.0.2.1" } }, "reason": { "code": "other_address" } } ],
    "routes": [
        { "method": "DELETE", "path": "/o/{org}/sessions/{session}", "action": "End", "organization": "org",
          "resource": { "type": "session", "id": "session" } },
        { "method": "GET", "path": "/files/{folder}/{file}", "action": "Read", "encoded": ["folder"],
          "resource": { "type": "file", "id": "file" } },
        { "method": "GET", "path": "/o/{org}", "action": "Look", "organization": "org" } ] }"#;

struct World {
    base: Base,
    gate: Gate,
}

impl World {
    fn new() -> Self {
        let base = Base::load();
        let policy: Policy = crate::common::documents([POLICY]).check().unwrap().into_policy();
        let gate = Gate::at_edge(policy, base.edge_keys.clone());
        Self { base, gate }
    }

    fn send(&self, method: &str, target: &str, address: Option<&str>, facts: &Value) -> Outcome {
        let header = self.base.fill("Bearer {key}");
        let request = HttpRequest {
            method,
            target: target.as_bytes(),
            authorization: &[header.as_bytes()],
            context: None,
            client_address: address,
        };
        let (record, facts) = (self.base.record("key"), facts.to_string());
        let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
        drive(&self.gate, &request, now(), answers, |step| {
            if let Step::Facts(needed) = step {
                assert_eq!(needed.resource().is_none(), target == "/o/org-a");
            }
        })
    }

    fn allowed(&self, method: &str, target: &str, address: Option<&str>, facts: &Value) -> Allowed {
        match self.send(method, target, address, facts) {
            Outcome::Allowed(allowed) => allowed,
            other => panic!("{}: {}", word(&other), refused(other).audit()),
        }
    }
}

fn refused(outcome: Outcome) -> Refused {
    match outcome {
        Outcome::Refused(refused) => refused,
        other => panic!("{}", word(&other)),
    }
}

/// Facts about the session s-1 of the organization org-a, with these members of the resource.
fn facts(resource: Value) -> Value {
    json!({
        "principal": { "type": "service_user", "id": "su_ci", "account": { "id": "acct_7" } },
        "organization": { "id": "org-a", "account": { "id": "acct_7" } },
        "resource": resource,
    })
}

const END: (&str, &str) = ("DELETE", "/o/org-a/sessions/s-1");

fn session(properties: Value) -> Value {
    facts(json!({ "type": "session", "id": "s-1", "properties": properties }))
}

#[test]
fn a_rule_about_the_owner_of_a_thing_works() {
    let world = World::new();
    let ended = world.allowed(END.0, END.1, None, &session(json!({ "owner": "su_ci" })));
    let resource = ended.resource().unwrap();
    assert_eq!((resource.type_name, resource.id), ("session", "s-1"));
    let parameters: Vec<_> = ended.parameters().map(|it| (it.name, it.value)).collect();
    assert_eq!(parameters, [("org", "org-a"), ("session", "s-1")]);
    // Whose the organization is, still comes from the facts about it.
    assert_eq!(ended.advice(), ["account", "id", "organization"]);
    assert!(ended.audit().contains(
        r#""organization":"org-a","resource":{"type":"session","id":"s-1"},"parameters":{"org":"org-a","session":"s-1"},"decision":true"#
    ), "{}", ended.audit());

    let others = session(json!({ "owner": "su_other" }));
    let denied = refused(world.send(END.0, END.1, None, &others));
    assert_eq!((denied.status(), denied.code()), (403, Code::Denied));
    // What is not known of the thing opens nothing.
    for nothing in [json!({}), json!(null)] {
        assert_eq!(refused(world.send(END.0, END.1, None, &session(nothing))).status(), 403);
    }
    for nothing in [facts(json!(null)), facts(json!({ "type": "session", "id": "s-1" }))] {
        assert_eq!(refused(world.send(END.0, END.1, None, &nothing)).status(), 403);
    }
    let mut without = facts(json!(null));
    without.as_object_mut().unwrap().remove("resource");
    assert_eq!(refused(world.send(END.0, END.1, None, &without)).status(), 403);
}

#[test]
fn a_thing_of_the_account_is_in_no_organization() {
    let world = World::new();
    let mut facts = facts(json!({ "type": "file", "id": "a;b" }));
    facts.as_object_mut().unwrap().remove("organization");
    let read = world.allowed("GET", "/files/x%2Fy/a;b?page=1", None, &facts);
    assert_eq!(read.advice(), ["account", "none"]);
    let parameters: Vec<_> = read.parameters().map(|it| (it.name, it.value)).collect();
    assert_eq!(parameters, [("folder", "x%2Fy"), ("file", "a;b")]);
    assert_eq!(read.organization(), None);
}

#[test]
fn facts_about_another_thing_are_refused() {
    let world = World::new();
    let owner = json!({ "owner": "su_ci" });
    for (resource, why) in [
        (json!({ "type": "session", "id": "s-2", "properties": owner }), "another id"),
        (json!({ "type": "file", "id": "s-1", "properties": owner }), "another type"),
        (json!({ "type": "Session", "id": "s-1", "properties": owner }), "another case"),
        (json!({ "type": "session", "properties": owner }), "no id"),
        (json!({ "id": "s-1", "properties": owner }), "no type"),
        (json!({ "type": "session", "id": 1, "properties": owner }), "an id that is no text"),
        (json!({ "type": null, "id": "s-1", "properties": owner }), "a type that is null"),
        (json!({ "type": "session", "id": "s-1", "owner": "su_ci" }), "another member"),
        (json!({ "type": "session", "id": "s-1", "properties": [] }), "properties that are none"),
        (json!({ "type": "session", "id": "s-1", "properties": "owner" }), "a text"),
        (
            json!({ "type": "session", "id": "s-1", "properties": { "organization": "org-a" } }),
            "organization",
        ),
        (
            json!({ "type": "session", "id": "s-1", "properties": { "organization": null } }),
            "null organization",
        ),
        (
            json!({ "type": "session", "id": "s-1", "properties": { "account": { "id": "acct_7" } } }),
            "account",
        ),
        (json!("session"), "a text"),
        (json!([]), "a list"),
        (json!({}), "an empty object"),
    ] {
        let refused = refused(world.send(END.0, END.1, None, &facts(resource)));
        assert_eq!((refused.status(), refused.code()), (503, Code::InvalidFacts), "{why}");
    }
    let look = facts(json!({ "type": "organization", "id": "org-a" }));
    let refused_look = refused(world.send("GET", "/o/org-a", None, &look));
    assert_eq!(refused_look.code(), Code::InvalidFacts);
    world.allowed("GET", "/o/org-a", None, &facts(json!(null)));
}

/// Names that stand twice, which `serde_json` cannot write.
#[test]
fn properties_with_a_name_twice_are_refused() {
    let world = World::new();
    let header = world.base.fill("Bearer {key}");
    let request = HttpRequest {
        method: END.0,
        target: END.1.as_bytes(),
        authorization: &[header.as_bytes()],
        context: None,
        client_address: None,
    };
    let record = world.base.record("key");
    for properties in [
        r#"{"owner":"su_other","owner":"su_ci"}"#,
        r#"{"owner":"su_ci","o\u0077ner":"su_ci"}"#,
        r#"{"owner":"su_ci","note":1,"note":2}"#,
        r#"{"owner":"su_ci","\u0061ccount":{}}"#,
    ] {
        let facts = facts(json!({ "type": "session", "id": "s-1", "properties": "here" }))
            .to_string()
            .replace("\"here\"", properties);
        let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
        let outcome = drive(&world.gate, &request, now(), answers, |_| ());
        assert_eq!(refused(outcome).code(), Code::InvalidFacts, "{properties}");
    }
}

#[test]
fn hostile_parameters_are_refused_or_shown_safely() {
    let world = World::new();
    let key = world.base.token("key").to_owned();
    let secret = &key[23..53];
    for target in [
        format!("/o/org-a/sessions/{key}"),
        format!("/o/{key}/sessions/s-1"),
        format!("/o/org-a/sessions/x{key}"),
        "/o/org-a/sessions/a%00b".to_owned(),
        "/o/org-a/sessions/a%0Ab".to_owned(),
        "/o/org-a/sessions/%2e%2e".to_owned(),
        "/o/org-a/sessions/s%2D1".to_owned(),
        format!("/o/org-a/sessions/{}", "a".repeat(8_200)),
    ] {
        let refused = refused(world.send(END.0, &target, None, &facts(json!(null))));
        assert_eq!(refused.code(), Code::InvalidPath, "{target}");
        assert!(!refused.audit().contains(secret), "{}", refused.audit());
        assert!(!refused.audit().contains("parameters"), "{}", refused.audit());
    }
    // What is broken over two of them stays out of each, as out of the path.
    let (handle, rest) = key.split_at(23);
    for (organization, session, shown) in [
        (handle, rest, "cog_…"),
        (handle, &*format!("x{rest}"), "cog_…"),
        ("org-a", "s-1", "s-1"),
        ("org-a", handle, handle),
        (handle, "s-1", "s-1"),
    ] {
        let target = format!("/o/{organization}/sessions/{session}");
        let refused = refused(world.send(END.0, &target, None, &facts(json!(null))));
        let audit: Value = serde_json::from_str(refused.audit()).unwrap();
        assert!(!refused.audit().contains(&secret[..8]), "{}", refused.audit());
        assert_eq!(audit["parameters"]["session"], shown, "{target}");
        assert_eq!(audit["resource"]["id"], shown, "{target}");
    }
    // A long one is cut, and what begins as a token does is too.
    let long = "a".repeat(8_000);
    let denied =
        refused(world.send(END.0, &format!("/o/org-a/sessions/{long}"), None, &facts(json!(null))));
    let shown = format!(r#""session":"{}…""#, "a".repeat(256));
    assert!(denied.audit().contains(&shown), "{}", denied.audit());
    assert!(denied.audit().len() < 2_000);
}

#[test]
fn the_clients_address_is_the_callers_to_say() {
    let world = World::new();
    let look = facts(json!(null));
    let long = "1".repeat(65);
    for (address, advice, shown) in [
        (Some("192.0.2.1"), &["address"][..], Some("192.0.2.1")),
        (Some("2001:db8::1"), &["other_address"], Some("2001:db8::1")),
        (Some("::ffff:192.0.2.1"), &["other_address"], Some("::ffff:192.0.2.1")),
        // What is none is put there, and is what the policy makes of it.
        (Some("192.0.2.1:443"), &["other_address"], None),
        (Some("unknown"), &["other_address"], None),
        (Some(&*"1".repeat(64)), &["other_address"], None),
        // Too long is empty, and empty is no id.
        (Some(&*long), &[], None),
        (Some(""), &[], None),
        (None, &[], None),
    ] {
        let allowed = world.allowed("GET", "/o/org-a", address, &look);
        let told: Vec<&String> =
            allowed.advice().iter().filter(|it| it.contains("address")).collect();
        assert_eq!(told, advice, "{address:?}");
        let audit: Value = serde_json::from_str(allowed.audit()).unwrap();
        assert_eq!(audit["client_address"].as_str(), shown, "{address:?}");
        if shown.is_some() {
            assert!(allowed.audit().contains(r#""target":"/o/org-a","client_address":"#));
        }
    }
}
