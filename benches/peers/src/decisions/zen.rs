//! `zen-engine`: a decision table, compiled and indexed; the first row that fits decides.

use super::{Decide, Peer, at_once, texts};
use crate::world::{self, Request, Shape};
use serde_json::{Value, json};
use std::sync::Arc;
use zen_engine::{Decision, Variable};

pub const PEER: Peer = Peer {
    name: "zen-engine",
    package: Some("zen-engine"),
    note: "a table, of which the first row that fits decides",
    note_on_many_rules: "rows, which it indexes",
    ready,
    from_text,
    rules,
    most_rules: 10_000,
};

fn six_rules() -> Decision {
    let inputs = json!([
        { "id": "suspended", "field": "subject.properties.suspended" },
        { "id": "action", "field": "action.name" },
        { "id": "visibility", "field": "resource.properties.visibility" },
        { "id": "role", "field": "subject.properties.role" },
        { "id": "member",
          "field": "subject.properties.organization == resource.properties.organization" },
    ]);
    let rows = json!([
        { "_id": "1", "suspended": "true", "allow": "false" },
        { "_id": "2", "action": "'share'", "visibility": "'private'", "allow": "false" },
        { "_id": "3", "action": "'view'", "visibility": "'public'", "allow": "true" },
        { "_id": "4", "action": "'view', 'comment'", "visibility": "'internal', 'public'",
          "member": "true", "allow": "true" },
        { "_id": "5", "action": "'edit', 'share'", "role": "'editor', 'admin'",
          "member": "true", "allow": "true" },
        { "_id": "6", "action": "'view', 'comment', 'delete', 'export', 'transfer'",
          "role": "'admin'", "member": "true", "allow": "true" },
        { "_id": "7", "allow": "false" },
    ]);
    table(inputs, rows)
}

fn table(inputs: Value, rows: Value) -> Decision {
    let content = json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first", "inputs": inputs, "rules": rows,
                "outputs": [{ "id": "allow", "name": "allow", "field": "allow" }] } },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "1", "sourceId": "in", "targetId": "table" },
            { "id": "2", "sourceId": "table", "targetId": "out" },
        ],
    });
    let content = serde_json::from_value(content).expect("our own table");
    let mut decision = Decision::from(Arc::new(content));
    decision.compile();
    decision
}

fn decide(decision: &Decision, context: Variable) -> bool {
    let response = at_once(decision.evaluate(context)).expect("a decision");
    response.result.dot("allow").and_then(|allow| allow.as_bool()).expect("a row fits")
}

fn variable(text: &str) -> Variable {
    serde_json::from_str(text).expect("our own text")
}

fn prepared(decision: Decision, requests: &[Request<'static>]) -> Decide {
    let contexts: Vec<Variable> = texts(requests).iter().map(|text| variable(text)).collect();
    Box::new(move |index| decide(&decision, contexts[index].clone()))
}

fn ready(requests: &[Request<'static>]) -> Decide {
    prepared(six_rules(), requests)
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let decision = six_rules();
    let texts = texts(requests);
    Box::new(move |index| decide(&decision, variable(&texts[index])))
}

fn rules(shape: Shape, count: usize) -> Decide {
    let row = |rule: usize| match shape {
        Shape::OnActions => json!({
            "_id": rule.to_string(), "allow": "true",
            "left": format!("'{}'", world::rule_action(rule)),
            "right": format!("'{}'", world::rule_role(rule)) }),
        Shape::OnDocuments => json!({
            "_id": rule.to_string(), "allow": "true", "right": "'view'",
            "left": format!("'{}'", world::rule_document(rule)) }),
    };
    let (left, right) = match shape {
        Shape::OnActions => ("action.name", "subject.properties.role"),
        Shape::OnDocuments => ("resource.id", "action.name"),
    };
    let mut rows: Vec<Value> = (0..count).map(row).collect();
    rows.push(json!({ "_id": "none", "allow": "false" }));
    let inputs = json!([{ "id": "left", "field": left }, { "id": "right", "field": right }]);
    prepared(table(inputs, rows.into()), &shape.requests(count))
}
