//! Any routes, and a target matched against them.

use crate::matcher::{Match, Route, find, is_literal};
use crate::path::{found, method_and_target};
use cog_auth::policy::{Policy, Source};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Lines: first a method and a target, then a route each: a method, a template, and flags. `o`: its
/// first parameter is the organization; `e`: its last one is encoded; `r`: its last one names a
/// resource; `u`: something is undecided.
pub fn check(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let (method, target) = method_and_target(lines.next().unwrap());
    let target = String::from_utf8_lossy(&target).into_owned();
    let routes: Vec<Route> =
        lines.filter_map(|line| route(std::str::from_utf8(line).ok()?)).collect();
    let compiled = policy(&routes);
    assert_eq!(compiled.is_ok(), are_routes(&routes), "{:?}", compiled.err());
    let Ok(compiled) = compiled else { return };
    let expected = find(&routes, &method, &target);
    assert_eq!(found(compiled.route(&method, &target)), expected);
    let image = Policy::from_image(compiled.image().to_vec()).unwrap();
    assert_eq!(found(image.route(&method, &target)), expected);
    // Their order does not matter.
    let reversed: Vec<Route> = routes.iter().rev().cloned().collect();
    assert_eq!(policy(&reversed).unwrap().image(), compiled.image());
    if let Match::Found(found) = &expected {
        assert!(routes.iter().any(|route| route.action == found.action));
    }
}

/// Reads a line. Every route has an action of its own, so that one is not taken for another.
fn route(line: &str) -> Option<Route> {
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let flags = words.next().unwrap_or_default();
    let parameters: Vec<String> = parameters(&path).map(str::to_owned).collect();
    let action = format!("{}.{:08x}", method.len(), crc32fast::hash(line.as_bytes()));
    let first = parameters.first().filter(|_| flags.contains('o')).cloned();
    let last = parameters.last().filter(|_| flags.contains('e')).cloned();
    let named = parameters.last().filter(|_| flags.contains('r')).cloned();
    let undecided = if flags.contains('u') { vec![action.clone()] } else { Vec::new() };
    Some(Route {
        method,
        path,
        action,
        organization: first,
        resource: named.map(|id| (String::from("thing"), id)),
        encoded: last.into_iter().collect(),
        undecided,
    })
}

fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn policy(routes: &[Route]) -> Result<Policy, cog_auth::Error> {
    let documents: Vec<Value> = routes
        .iter()
        .map(|route| {
            let mut json = json!({ "method": route.method, "path": route.path, "action": route.action,
                "encoded": route.encoded, "undecided": route.undecided });
            if let Some(organization) = &route.organization {
                json["organization"] = json!(organization);
            }
            if let Some((kind, id)) = &route.resource {
                json["resource"] = json!({ "type": kind, "id": id });
            }
            json
        })
        .collect();
    let actions: serde_json::Map<String, Value> = routes
        .iter()
        .map(|route| (route.action.clone(), json!({})))
        .chain([(String::from("other"), json!({}))])
        .collect();
    let document = json!({ "v": 1, "schema": { "actions": actions }, "routes": documents });
    let mut source = Source::new();
    source.add("routes.json", document.to_string());
    Ok(source.check()?.into_policy())
}

/// What section 12 of docs/policy-language.md asks of routes.
fn are_routes(routes: &[Route]) -> bool {
    let mut seen = HashSet::new();
    routes.iter().all(|route| {
        let shape: Vec<&str> =
            route.path.split('/').map(|s| if s.starts_with('{') { "{" } else { s }).collect();
        is_template(&route.path)
            && (1..=32).contains(&route.method.len())
            && route.method.bytes().all(|byte| byte.is_ascii_uppercase())
            && route.method != "HEAD"
            && route.organization.as_ref().is_none_or(|name| !route.encoded.contains(name))
            && route.resource.as_ref().is_none_or(|(_, id)| {
                !route.encoded.contains(id) && route.organization.as_ref() != Some(id)
            })
            && seen.insert((route.method.clone(), shape.join("/")))
    })
}

fn is_template(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let segments: Vec<&str> = rest.split('/').collect();
    let is_name = |name: &str| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            && !name.starts_with(|first: char| first.is_ascii_digit())
    };
    let mut names = HashSet::new();
    let is_segment = |segment: &&str| match segment
        .strip_prefix('{')
        .and_then(|s| s.strip_suffix('}'))
    {
        Some(name) => is_name(name) && names.insert((*name).to_owned()),
        None => {
            !segment.is_empty() && ![".", ".."].contains(segment) && segment.bytes().all(is_literal)
        }
    };
    rest.is_empty() || (segments.len() <= 16 && segments.iter().all(is_segment))
}
