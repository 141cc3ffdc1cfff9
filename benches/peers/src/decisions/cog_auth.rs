//! This library.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use cog_auth::policy::{Limits, Policy, Source};
use serde_json::{Value, json};

pub const PEER: Peer = Peer {
    name: "**cog-auth**",
    package: None,
    note: "yes or no; what is unknown denies",
    note_on_many_rules: "yes or no",
    ready,
    from_text,
    rules,
    most_rules: 100_000,
};

/// The same, with all that it says about a decision.
pub const ANSWERS: Peer = Peer {
    name: "**cog-auth**, explained",
    package: None,
    note: "with reasons and what is missing; from text to the text of an AuthZEN answer",
    note_on_many_rules: "with reasons and what is missing",
    ready: explained,
    from_text: answered,
    rules: rules_explained,
    most_rules: 100_000,
};

fn ready(requests: &[Request<'static>]) -> Decide {
    let policy = six_rules();
    let requests = read(policy, requests);
    Box::new(move |index| requests[index].decide().is_allowed())
}

fn explained(requests: &[Request<'static>]) -> Decide {
    let policy = six_rules();
    let requests = read(policy, requests);
    Box::new(move |index| {
        let decision = requests[index].decide();
        std::hint::black_box(decision.explain());
        decision.is_allowed()
    })
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let policy = six_rules();
    let texts = texts(requests);
    Box::new(move |index| {
        let request = policy.request(texts[index].as_bytes()).expect("our own text");
        request.decide().is_allowed()
    })
}

fn answered(requests: &[Request<'static>]) -> Decide {
    let policy = six_rules();
    let texts = texts(requests);
    Box::new(move |index| {
        let answer = policy.evaluate(texts[index].as_bytes()).expect("our own text");
        answer.starts_with(r#"{"decision":true"#)
    })
}

fn rules(shape: Shape, count: usize) -> Decide {
    let requests = read(many_rules(shape, count), &shape.requests(count));
    Box::new(move |index| requests[index].decide().is_allowed())
}

fn rules_explained(shape: Shape, count: usize) -> Decide {
    let requests = read(many_rules(shape, count), &shape.requests(count));
    Box::new(move |index| {
        let decision = requests[index].decide();
        std::hint::black_box(decision.explain());
        decision.is_allowed()
    })
}

/// Requests borrow their policy and their text; both live as long as the program.
fn read(
    policy: &'static Policy,
    requests: &[Request<'static>],
) -> Vec<cog_auth::policy::Request<'static>> {
    let read = |text: String| policy.request(text.leak().as_bytes()).expect("our own text");
    texts(requests).into_iter().map(read).collect()
}

fn six_rules() -> &'static Policy {
    let actions = world::ACTIONS.map(|action| (String::from(action), json!({})));
    let member = json!({ "attribute": "subject.organization" });
    compile(&json!({
        "v": 1,
        "schema": {
            "attributes": {
                "subject.role": { "type": "enum", "values": world::ROLES },
                "subject.organization": { "type": "id", "domain": "organization" },
                "subject.suspended": { "type": "bool" },
                "resource.organization": { "type": "id", "domain": "organization" },
                "resource.visibility": { "type": "enum", "values": world::VISIBILITIES },
            },
            "actions": serde_json::Map::from_iter(actions),
        },
        "rules": [
            { "id": "public", "effect": "permit", "actions": ["view"],
              "when": { "resource.visibility": "public" } },
            { "id": "members", "effect": "permit", "actions": ["view", "comment"],
              "when": { "resource.organization": member,
                        "resource.visibility": { "in": ["internal", "public"] } } },
            { "id": "editors", "effect": "permit", "actions": ["edit", "share"],
              "when": { "resource.organization": member,
                        "subject.role": { "in": ["editor", "admin"] } } },
            { "id": "admins", "effect": "permit",
              "actions": ["view", "comment", "delete", "export", "transfer"],
              "when": { "resource.organization": member, "subject.role": "admin" } },
            { "id": "suspended", "effect": "forbid", "actions": ["*"],
              "when": { "subject.suspended": true }, "reason": { "code": "suspended" } },
            { "id": "private", "effect": "forbid", "actions": ["share"],
              "when": { "resource.visibility": "private" }, "reason": { "code": "private" } },
        ],
    }))
}

fn many_rules(shape: Shape, count: usize) -> &'static Policy {
    let name = |rule: usize| match shape {
        Shape::OnActions => world::rule_action(rule),
        Shape::OnDocuments => String::from("view"),
    };
    let when = |rule: usize| match shape {
        Shape::OnActions => json!({ "subject.role": world::rule_role(rule) }),
        Shape::OnDocuments => json!({ "resource.id": world::rule_document(rule) }),
    };
    let rule = |rule: usize| {
        json!({ "id": format!("rule-{rule}"), "effect": "permit", "actions": [name(rule)],
                "when": when(rule) })
    };
    let actions = (0..count).map(|rule| (name(rule), json!({})));
    compile(&json!({
        "v": 1,
        "schema": {
            "attributes": {
                "subject.role": { "type": "enum", "values": world::ROLES },
                "resource.id": { "type": "id", "domain": "document" },
            },
            "actions": serde_json::Map::from_iter(actions),
        },
        "rules": (0..count).map(rule).collect::<Vec<Value>>(),
    }))
}

/// The limits of documents are raised to what 100,000 rules need.
fn compile(policy: &Value) -> &'static Policy {
    let mut source = Source::with_limits(Limits {
        document_bytes: 1 << 26,
        total_bytes: 1 << 26,
        total_values: 1 << 26,
        actions: 1 << 20,
        rules: 1 << 20,
        ..Limits::default()
    });
    source.add("policy.json", policy.to_string());
    let checked = source.check().unwrap_or_else(|errors| panic!("{errors}"));
    Box::leak(Box::new(checked.into_policy()))
}
