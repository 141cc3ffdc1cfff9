//! `casbin`: rows and a matcher that a scripting engine evaluates for each row; a denial overrides.

use super::{Decide, Peer, at_once, texts};
use crate::world::{self, Request, Shape};
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};

pub const PEER: Peer = Peer {
    name: "casbin",
    package: Some("casbin"),
    note: "evaluates its matcher for each row",
    note_on_many_rules: "rows, which only permit",
    ready,
    from_text,
    rules,
    most_rules: 10_000,
};

const MODEL: &str = r#"
[request_definition]
r = role, suspended, org, act, owner, visibility

[policy_definition]
p = act, role, scope, visibility, suspended, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = (p.act == "*" || r.act == p.act) && (p.role == "*" || r.role == p.role) && (p.visibility == "*" || r.visibility == p.visibility) && (p.scope == "*" || r.org == r.owner) && (p.suspended == "*" || r.suspended == p.suspended)
"#;

const ROWS: [[&str; 6]; 15] = [
    ["view", "*", "*", "public", "*", "allow"],
    ["view", "*", "same", "internal", "*", "allow"],
    ["comment", "*", "same", "internal", "*", "allow"],
    ["comment", "*", "same", "public", "*", "allow"],
    ["edit", "editor", "same", "*", "*", "allow"],
    ["share", "editor", "same", "*", "*", "allow"],
    ["edit", "admin", "same", "*", "*", "allow"],
    ["share", "admin", "same", "*", "*", "allow"],
    ["view", "admin", "same", "*", "*", "allow"],
    ["comment", "admin", "same", "*", "*", "allow"],
    ["delete", "admin", "same", "*", "*", "allow"],
    ["export", "admin", "same", "*", "*", "allow"],
    ["transfer", "admin", "same", "*", "*", "allow"],
    ["*", "*", "*", "*", "true", "deny"],
    ["share", "*", "*", "private", "*", "deny"],
];

fn six_rules() -> Enforcer {
    enforcer(MODEL, ROWS.map(|row| row.map(String::from).to_vec()).to_vec())
}

fn enforcer(model: &str, rows: Vec<Vec<String>>) -> Enforcer {
    let model = at_once(DefaultModel::from_str(model)).expect("our own model");
    let mut enforcer = at_once(Enforcer::new(model, MemoryAdapter::default())).expect("a model");
    assert!(at_once(enforcer.add_policies(rows)).expect("rows of one length"));
    enforcer
}

fn enforce(enforcer: &Enforcer, request: &Request<'_>) -> bool {
    let suspended = if request.suspended { "true" } else { "false" };
    let values = (
        request.role,
        suspended,
        request.organization,
        request.action,
        request.document_organization,
        request.visibility,
    );
    enforcer.enforce(values).expect("a decision")
}

fn ready(requests: &[Request<'static>]) -> Decide {
    let enforcer = six_rules();
    let requests = requests.to_vec();
    Box::new(move |index| enforce(&enforcer, &requests[index]))
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let enforcer = six_rules();
    let texts = texts(requests);
    Box::new(move |index| enforce(&enforcer, &world::read(&texts[index])))
}

const PAIRS: &str = r#"
[request_definition]
r = one, other

[policy_definition]
p = one, other

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.one == p.one && r.other == p.other
"#;

fn rules(shape: Shape, count: usize) -> Decide {
    let row = |rule: usize| match shape {
        Shape::OnActions => vec![world::rule_action(rule), world::rule_role(rule).to_owned()],
        Shape::OnDocuments => vec![world::rule_document(rule), String::from("view")],
    };
    let enforcer = enforcer(PAIRS, (0..count).map(row).collect());
    let requests = shape.requests(count);
    Box::new(move |index| {
        let request = &requests[index];
        let values = match shape {
            Shape::OnActions => (request.action, request.role),
            Shape::OnDocuments => (request.document, request.action),
        };
        enforcer.enforce(values).expect("a decision")
    })
}
