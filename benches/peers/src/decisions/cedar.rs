//! `cedar-policy`: policies parsed once, subject and resource as entities.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, RestrictedExpression,
};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

pub const PEER: Peer = Peer {
    name: "cedar-policy",
    package: Some("cedar-policy"),
    note: "says which policies decided; without a schema; from text by `serde_json` into borrowed \
           structs, then entities",
    note_on_many_rules: "",
    ready,
    from_text,
    rules,
    most_rules: 10_000,
};

const SIX_RULES: &str = r#"
permit (principal, action == Action::"view", resource)
when { resource.visibility == "public" };

permit (principal, action in [Action::"view", Action::"comment"], resource)
when { principal.organization == resource.organization
       && ["internal", "public"].contains(resource.visibility) };

permit (principal, action in [Action::"edit", Action::"share"], resource)
when { principal.organization == resource.organization
       && ["editor", "admin"].contains(principal.role) };

permit (principal, action in [Action::"view", Action::"comment", Action::"delete",
                              Action::"export", Action::"transfer"], resource)
when { principal.organization == resource.organization && principal.role == "admin" };

forbid (principal, action, resource)
when { principal.suspended };

forbid (principal, action == Action::"share", resource)
when { resource.visibility == "private" };
"#;

fn ready(requests: &[Request<'static>]) -> Decide {
    prepared(SIX_RULES, requests)
}

fn prepared(policies: &str, requests: &[Request<'static>]) -> Decide {
    let policies: PolicySet = policies.parse().expect("our own policies");
    let authorizer = Authorizer::new();
    let types = Types::new();
    let requests: Vec<_> = requests.iter().map(|request| types.prepare(request)).collect();
    Box::new(move |index| {
        let (request, entities) = &requests[index];
        authorizer.is_authorized(request, &policies, entities).decision() == Decision::Allow
    })
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let policies: PolicySet = SIX_RULES.parse().expect("our own policies");
    let authorizer = Authorizer::new();
    let types = Types::new();
    let texts = texts(requests);
    Box::new(move |index| {
        let (request, entities) = types.prepare(&world::read(&texts[index]));
        authorizer.is_authorized(&request, &policies, &entities).decision() == Decision::Allow
    })
}

/// The names of types, parsed once.
struct Types {
    user: EntityTypeName,
    action: EntityTypeName,
    document: EntityTypeName,
}

impl Types {
    fn new() -> Self {
        let parse = |name: &str| name.parse().expect("a name");
        Self { user: parse("User"), action: parse("Action"), document: parse("Document") }
    }

    fn prepare(&self, request: &Request<'_>) -> (cedar_policy::Request, Entities) {
        let uid = |name: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
        };
        let string = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let user = uid(&self.user, "user-1");
        let document = uid(&self.document, request.document);
        let of_user = HashMap::from([
            (String::from("role"), string(request.role)),
            (String::from("organization"), string(request.organization)),
            (String::from("suspended"), RestrictedExpression::new_bool(request.suspended)),
        ]);
        let of_document = HashMap::from([
            (String::from("organization"), string(request.document_organization)),
            (String::from("visibility"), string(request.visibility)),
        ]);
        let entities = [(&user, of_user), (&document, of_document)].map(|(uid, attributes)| {
            Entity::new(uid.clone(), attributes, HashSet::new()).expect("plain attributes")
        });
        let entities = Entities::from_entities(entities, None).expect("two entities");
        let action = uid(&self.action, request.action);
        let request = cedar_policy::Request::new(user, action, document, Context::empty(), None);
        (request.expect("without a schema every request is valid"), entities)
    }
}

fn rules(shape: Shape, count: usize) -> Decide {
    let mut policies = String::new();
    for rule in 0..count {
        let (action, role) = (world::rule_action(rule), world::rule_role(rule));
        let document = world::rule_document(rule);
        match shape {
            Shape::OnActions => writeln!(
                policies,
                r#"permit (principal, action == Action::"{action}", resource)
                   when {{ principal.role == "{role}" }};"#
            ),
            Shape::OnDocuments => writeln!(
                policies,
                r#"permit (principal, action == Action::"view", resource == Document::"{document}");"#
            ),
        }
        .expect("a string");
    }
    prepared(&policies, &shape.requests(count))
}
