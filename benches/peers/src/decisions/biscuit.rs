//! `biscuit-auth`: the authorizer alone, without a token. Its policies are parsed once, and each
//! request adds its facts.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use biscuit_auth::builder::{Fact, Term, boolean, string};
use biscuit_auth::{AuthorizerBuilder, AuthorizerLimits};
use std::fmt::Write;
use std::time::Duration;

pub const PEER: Peer = Peer {
    name: "biscuit-auth, authorizer",
    package: Some("biscuit-auth"),
    note: "derives facts with Datalog, in a world that is built for each request; its token is below",
    note_on_many_rules: "",
    ready,
    from_text,
    rules,
    most_rules: 1_000,
};

const SIX_RULES: &str = r#"
deny if suspended(true);
deny if action("share"), visibility("private");
allow if action("view"), visibility("public");
allow if action($action), {"view", "comment"}.contains($action),
    visibility($visibility), {"internal", "public"}.contains($visibility),
    organization($organization), owner($organization);
allow if action($action), {"edit", "share"}.contains($action),
    role($role), {"editor", "admin"}.contains($role),
    organization($organization), owner($organization);
allow if action($action),
    {"view", "comment", "delete", "export", "transfer"}.contains($action),
    role("admin"), organization($organization), owner($organization);
deny if true;
"#;

fn builder(policies: &str) -> AuthorizerBuilder {
    let limits = AuthorizerLimits {
        max_facts: 1_000_000,
        max_iterations: 1_000_000,
        max_time: Duration::from_secs(60),
    };
    AuthorizerBuilder::new().code(policies).expect("our own policies").set_limits(limits)
}

fn facts(request: &Request<'_>) -> [Fact; 7] {
    let fact = |name: &str, term: Term| Fact::new(name.to_owned(), vec![term]);
    [
        fact("suspended", boolean(request.suspended)),
        fact("action", string(request.action)),
        fact("visibility", string(request.visibility)),
        fact("organization", string(request.organization)),
        fact("owner", string(request.document_organization)),
        fact("role", string(request.role)),
        fact("document", string(request.document)),
    ]
}

fn authorize(builder: &AuthorizerBuilder, facts: [Fact; 7]) -> bool {
    let add = |builder: AuthorizerBuilder, fact| builder.fact(fact).expect("no parameter is left");
    let builder = facts.into_iter().fold(builder.clone(), add);
    builder.build_unauthenticated().expect("a world").authorize().is_ok()
}

fn prepared(policies: &str, requests: &[Request<'static>]) -> Decide {
    let builder = builder(policies);
    let requests: Vec<_> = requests.iter().map(facts).collect();
    Box::new(move |index| authorize(&builder, requests[index].clone()))
}

fn ready(requests: &[Request<'static>]) -> Decide {
    prepared(SIX_RULES, requests)
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let builder = builder(SIX_RULES);
    let texts = texts(requests);
    Box::new(move |index| authorize(&builder, facts(&world::read(&texts[index]))))
}

fn rules(shape: Shape, count: usize) -> Decide {
    let mut policies = String::new();
    for rule in 0..count {
        let (action, role) = (world::rule_action(rule), world::rule_role(rule));
        let document = world::rule_document(rule);
        match shape {
            Shape::OnActions => {
                writeln!(policies, r#"allow if action("{action}"), role("{role}");"#)
            }
            Shape::OnDocuments => {
                writeln!(policies, r#"allow if action("view"), document("{document}");"#)
            }
        }
        .expect("a string");
    }
    prepared(&policies, &shape.requests(count))
}
