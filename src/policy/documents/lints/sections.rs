//! Rules, routes with their methods, and subject types.

use super::super::diagnostics::Diagnostics;
use super::super::model::Model;
use super::super::tree::{Member, Node, SourceSpan};
use crate::error::Code;
use crate::policy::image::Effect;
use crate::policy::vocabulary::subject_type;
use alloc::string::String;

/// The methods of HTTP: RFC 9110, section 9, without `HEAD`, which no route has; and RFC 5789.
const METHODS: [&str; 8] = ["CONNECT", "DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

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
        if let Some(method) = route.member("method") {
            misspelled(diagnostics, method);
        }
        if let Some(path) = route.member("path") {
            literals(diagnostics, path);
        }
    }
    if has_routes {
        subject_types(diagnostics, roots);
    }
}

/// Looks for a method that is probably meant to be another.
fn misspelled(diagnostics: &mut Diagnostics<'_>, method: &Node<'_>) {
    let written = method.text().unwrap_or_default();
    let meant = METHODS.into_iter().find(|meant| is_slip(written.as_bytes(), meant.as_bytes()));
    if let (Some(meant), false) = (meant, METHODS.contains(&written)) {
        let message = "`{}` is no method of HTTP, and is written almost like `{}`";
        let (parts, suggestion) = ([written, meant], Some(String::from(meant)));
        diagnostics.warning(Code::MisspelledMethod, method.span, message, &parts, suggestion);
    }
}

/// Whether one letter is missing, too many or another one, or two have changed places.
fn is_slip(written: &[u8], meant: &[u8]) -> bool {
    let same = |(one, other): &(&u8, &u8)| one == other;
    let start = written.iter().zip(meant).take_while(same).count();
    let (written, meant) = (written.get(start..), meant.get(start..));
    let (written, meant) = (written.unwrap_or_default(), meant.unwrap_or_default());
    let end = written.iter().rev().zip(meant.iter().rev()).take_while(same).count();
    let rest = |text: &[u8]| text.len().saturating_sub(end);
    match (written.get(..rest(written)), meant.get(..rest(meant))) {
        (Some([first, second]), Some([one, other])) => (first, second) == (other, one),
        (Some([] | [_]), Some([] | [_])) => true,
        _ => false,
    }
}

/// Looks for literals of a template that other frameworks would not take literally.
fn literals(diagnostics: &mut Diagnostics<'_>, path: &Node<'_>) {
    let text = path.text().unwrap_or_default();
    let mut at = 0_usize;
    for segment in text.split('/') {
        let start = at;
        at = at.saturating_add(segment.len()).saturating_add(1);
        let named = segment.strip_prefix([':', '$']).filter(|name| !name.is_empty());
        let in_brackets = segment.contains('(') && segment.contains(')');
        if named.is_none() && !segment.contains('*') && !in_brackets {
            continue;
        }
        let suggestion = named.and_then(parameter).map(|parameter| {
            let before = text.get(..start).unwrap_or_default();
            let behind = text.get(start.saturating_add(segment.len())..).unwrap_or_default();
            [before, "{", &parameter, "}", behind].concat()
        });
        let message = "the segment `{}` looks like a pattern, and is compared as it is";
        diagnostics.warning(Code::LiteralPattern, path.span, message, &[segment], suggestion);
    }
}

/// The name of a parameter that is written like this elsewhere; none for what is more than a name.
fn parameter(written: &str) -> Option<String> {
    let is_name = written.starts_with(|c: char| c.is_ascii_alphabetic())
        && written.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    is_name.then(|| written.to_ascii_lowercase().replace('-', "_"))
}

/// Looks for types of subjects that no request has that comes by a route.
fn subject_types(diagnostics: &mut Diagnostics<'_>, roots: &[Node<'_>]) {
    let mut found = |name: &str, place: SourceSpan| {
        if !subject_type::ALL.contains(&name) {
            let message = "the policy has routes, and the gate makes no subjects of the type `{}`, \
                only of `user` and `service_user`";
            diagnostics.warning(Code::UnknownToGate, place, message, &[name], None);
        }
    };
    let declared = roots
        .iter()
        .find_map(|root| root.member("schema")?.member("attributes")?.member("subject.type"));
    for item in declared.map_or(&[][..], |declared| declared.items_of("values")) {
        found(item.text().unwrap_or_default(), item.span);
    }
    // What is declared has the types of `defaults` among its values.
    if declared.is_none() {
        for Member { name, span, .. } in roots.iter().flat_map(|root| root.members_of("defaults")) {
            found(name, *span);
        }
    }
}
