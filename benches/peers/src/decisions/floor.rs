//! What a careful hand writes for these six rules alone, over hash maps. It is no library: nothing
//! can be changed without writing code, and nothing is explained.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use std::collections::{HashMap, HashSet};

pub const PEER: Peer = Peer {
    name: "by hand, over hash maps",
    package: None,
    note: "the rules are code; from text by `serde_json` into borrowed structs",
    note_on_many_rules: "a hash map, looked up by key",
    ready,
    from_text,
    rules,
    most_rules: 100_000,
};

fn ready(requests: &[Request<'static>]) -> Decide {
    let rights = rights();
    let requests: Vec<HashMap<&str, &str>> = requests.iter().map(facts).collect();
    Box::new(move |index| decide(&rights, &requests[index]))
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let rights = rights();
    let texts = texts(requests);
    Box::new(move |index| {
        let request = world::read(&texts[index]);
        !request.suspended
            && decide_by(
                &rights,
                request.role,
                request.action,
                request.visibility,
                request.organization == request.document_organization,
            )
    })
}

type Rights = HashMap<&'static str, HashSet<&'static str>>;

/// What each role may do to the documents of its organization.
fn rights() -> Rights {
    HashMap::from([
        ("viewer", HashSet::new()),
        ("editor", HashSet::from(["edit", "share"])),
        ("admin", HashSet::from(world::ACTIONS)),
    ])
}

fn facts(request: &Request<'static>) -> HashMap<&'static str, &'static str> {
    let mut facts = HashMap::from([
        ("role", request.role),
        ("organization", request.organization),
        ("action", request.action),
        ("document_organization", request.document_organization),
        ("visibility", request.visibility),
    ]);
    if request.suspended {
        facts.insert("suspended", "true");
    }
    facts
}

fn decide(rights: &Rights, facts: &HashMap<&str, &str>) -> bool {
    !facts.contains_key("suspended")
        && decide_by(
            rights,
            facts["role"],
            facts["action"],
            facts["visibility"],
            facts["organization"] == facts["document_organization"],
        )
}

fn decide_by(rights: &Rights, role: &str, action: &str, visibility: &str, member: bool) -> bool {
    if action == "share" && visibility == "private" {
        return false;
    }
    let reads = action == "view" || action == "comment";
    (action == "view" && visibility == "public")
        || (member && reads && visibility != "private")
        || (member && rights.get(role).is_some_and(|rights| rights.contains(action)))
}

fn rules(shape: Shape, count: usize) -> Decide {
    let requests = shape.requests(count);
    match shape {
        Shape::OnActions => {
            let roles: HashMap<String, &str> =
                (0..count).map(|rule| (world::rule_action(rule), world::rule_role(rule))).collect();
            Box::new(move |index| {
                let request = &requests[index];
                roles.get(request.action) == Some(&request.role)
            })
        }
        Shape::OnDocuments => {
            let documents: HashSet<String> = (0..count).map(world::rule_document).collect();
            Box::new(move |index| documents.contains(requests[index].document))
        }
    }
}
