//! Rules, routes and subject types.

use super::super::diagnostics::Diagnostics;
use super::super::model::Model;
use super::super::tree::{Member, Node, SourceSpan};
use crate::error::Code;
use crate::policy::image::Effect;
use alloc::string::String;

/// The types of the subjects that the gate makes (section 15 of `docs/policy-language.md`).
const GATE_TYPES: [&str; 2] = ["user", "service_user"];

pub(super) fn lint(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>, roots: &[Node<'_>]) {
    if !model.rules.sorted().any(|rule| rule.effect == Effect::Permit) {
        let sections = ["rules", "schema"].iter();
        let section = sections.flat_map(|name| roots.iter().filter_map(|root| root.member(name)));
        let place = section.map(Node::start).next().unwrap_or_default();
        let message = "no rule permits anything, so every request is denied";
        diagnostics.warning(Code::NoPermit, place, message, &[], None);
    }
    let mut has_routes = false;
    for route in roots.iter().flat_map(|root| root.items_of("routes")) {
        has_routes = true;
        if let Some(path) = route.member("path") {
            literals(diagnostics, path);
        }
    }
    if has_routes {
        subject_types(diagnostics, roots);
    }
}

/// Looks for literals of a template that other frameworks would not take literally.
fn literals(diagnostics: &mut Diagnostics<'_>, path: &Node<'_>) {
    let text = path.text().unwrap_or_default();
    for segment in text.split('/') {
        let named = segment.strip_prefix([':', '$']).unwrap_or_default();
        let in_brackets = segment.contains('(') && segment.contains(')');
        if named.is_empty() && !segment.contains('*') && !in_brackets {
            continue;
        }
        let name: String =
            named.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let suggestion = (!name.is_empty()).then(|| {
            let mut meant = String::from("{");
            meant.push_str(&name.to_ascii_lowercase());
            meant.push('}');
            text.replacen(segment, &meant, 1)
        });
        let message = "the segment `{}` looks like a pattern, and is compared as it is";
        diagnostics.warning(Code::LiteralPattern, path.span, message, &[segment], suggestion);
    }
}

/// Looks for types of subjects that no request has that comes by a route.
fn subject_types(diagnostics: &mut Diagnostics<'_>, roots: &[Node<'_>]) {
    let mut found = |name: &str, place: SourceSpan| {
        if !GATE_TYPES.contains(&name) {
            let message = "the policy has routes, and the gate makes no subjects of the type `{}`, \
                only of `user` and `service_user`";
            diagnostics.warning(Code::UnknownToGate, place, message, &[name], None);
        }
    };
    for root in roots {
        let attributes = root.member("schema").and_then(|schema| schema.member("attributes"));
        let subject_type = attributes.and_then(|attributes| attributes.member("subject.type"));
        for item in subject_type.map_or(&[][..], |declared| declared.items_of("values")) {
            found(item.text().unwrap_or_default(), item.span);
        }
        if subject_type.is_none() && attributes.is_some() {
            for Member { name, span, .. } in root.members_of("defaults") {
                found(name, *span);
            }
        }
    }
}
