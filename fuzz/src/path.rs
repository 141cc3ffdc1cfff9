//! Targets against the built-in policy: which are invalid, which unknown, and that the gate goes by
//! the same.

use crate::base::{BASE, drive};
use crate::matcher::{Found, Match, Route, find, is_origin_form};
use crate::spelling::leaks;
use cog_auth::Code;
use cog_auth::gate::{HttpRequest, Outcome};
use cog_auth::policy::RouteError;
use serde_json::Value;
use std::sync::LazyLock;

pub(crate) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let texts = |value: &Value| items(value).iter().map(text).collect();
    BASE.documents
        .iter()
        .flat_map(|document| items(&document["routes"]))
        .map(|route| Route {
            method: text(&route["method"]),
            path: text(&route["path"]),
            action: text(&route["action"]),
            organization: route["organization"].as_str().map(str::to_owned),
            resource: route["resource"]
                .is_object()
                .then(|| (text(&route["resource"]["type"]), text(&route["resource"]["id"]))),
            encoded: texts(&route["encoded"]),
            undecided: texts(&route["undecided"]),
        })
        .collect()
});

/// A method, a space and a target, which may be any bytes.
pub fn check(data: &[u8]) {
    let (method, target) = method_and_target(data);
    if let Ok(target) = std::str::from_utf8(&target) {
        let route = BASE.policy.route(&method, target);
        assert_eq!(found(route), find(&ROUTES, &method, target));
    }
    let is_too_long = target.len() > 65_536 || method.len() > 256;
    let path = target.split(|byte| *byte == b'?').next().unwrap();
    let path = std::str::from_utf8(path).ok();
    // What stands behind the path need not be text.
    let expected = match path {
        Some(path) if !leaks(path) && is_origin_form(&target) && !is_too_long => {
            find(&ROUTES, &method, path)
        }
        _ => Match::InvalidPath,
    };
    let record = BASE.json["records"]["key"].to_string();
    let facts = BASE.json["facts"]["service_user"].to_string();
    let header = BASE.filled("Bearer {key}");
    let request = HttpRequest {
        method: &method,
        target: &target,
        authorization: &[header.as_bytes()],
        context: None,
        client_address: None,
    };
    for gate in BASE.places() {
        let outcome = drive(&gate, &request, Some(record.as_bytes()), Some(facts.as_bytes()));
        match (&outcome, &expected) {
            (Outcome::Allowed(allowed), Match::Found(expected)) => {
                let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
                let said = Found {
                    action: allowed.action().to_owned(),
                    organization: allowed.organization().map(str::to_owned),
                    resource: allowed.resource().map(|it| pair(it.type_name, it.id)),
                    parameters: allowed.parameters().map(|it| pair(it.name, it.value)).collect(),
                    undecided: allowed.undecided().to_vec(),
                };
                assert_eq!(&said, expected);
            }
            (Outcome::Allowed(_), _) => panic!("{expected:?} is allowed"),
            (Outcome::Refused(refused), expected) => {
                let status = match expected {
                    Match::InvalidPath => 400,
                    Match::UnknownRoute => 403,
                    Match::MethodNotAllowed(_) => 405,
                    // Whom it does not let in, or who asks for another organization than the facts
                    // are about.
                    Match::Found(..) => refused.status(),
                };
                assert_eq!(refused.status(), status, "{outcome:?}");
                assert!(status != 400 || refused.code() == Code::InvalidPath, "{outcome:?}");
            }
            _ => panic!("{outcome:?}"),
        }
    }
}

/// What stands before the first space, and the rest with tokens filled in.
pub(crate) fn method_and_target(data: &[u8]) -> (String, Vec<u8>) {
    let mut parts = data.splitn(2, |byte| *byte == b' ');
    let method = String::from_utf8_lossy(parts.next().unwrap()).into_owned();
    let target = parts.next().unwrap_or_default();
    let filled = std::str::from_utf8(target).map(|target| BASE.filled(target).into_bytes());
    (method, filled.unwrap_or_else(|_| target.to_vec()))
}

pub(crate) fn found(route: Result<cog_auth::policy::Route<'_>, RouteError<'_>>) -> Match {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match route {
        Ok(route) => Match::Found(Found {
            action: route.action.to_owned(),
            organization: route.organization.map(str::to_owned),
            resource: route.resource.map(|it| (it.type_name.to_owned(), it.id.to_owned())),
            parameters: route
                .parameters
                .iter()
                .map(|it| (it.name.to_owned(), it.value.to_owned()))
                .collect(),
            undecided: owned(&route.undecided),
        }),
        Err(RouteError::InvalidPath) => Match::InvalidPath,
        Err(RouteError::UnknownRoute) => Match::UnknownRoute,
        Err(RouteError::MethodNotAllowed(methods)) => Match::MethodNotAllowed(owned(&methods)),
    }
}
