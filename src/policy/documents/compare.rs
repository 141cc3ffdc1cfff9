//! Comparing answers with those that test cases expect.
//!
//! Each function gives one line for each member of the answer that differs; none if the case passes.

use super::cases::{ExpectedDecision, ExpectedRoute};
use super::text::listed;
use crate::order::sorted;
use crate::policy::vocabulary::member;
use crate::policy::{Denial, Explanation, Reason, Route, RouteError, Unusable};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How the answer to a request differs from the expected one.
pub(super) fn decision_differences(
    answer: &Explanation<'_>,
    expected: &ExpectedDecision,
) -> Vec<String> {
    let mut out = Differences::default();
    let shown = |allowed| if allowed { "true" } else { "false" };
    let (wanted, found) = (shown(expected.is_allowed), shown(answer.is_allowed()));
    out.scalar(member::DECISION, Some(wanted), Some(found));
    if let Some(class) = expected.class {
        out.scalar(member::CLASS, Some(class.name()), answer.denial().map(Denial::name));
    }
    out.list(member::RULES, &expected.rules, answer.rules());
    out.list(member::REASONS, &expected.reasons, &codes(answer.reasons()));
    out.list(member::POSSIBLE, &expected.possible, &codes(answer.possible()));
    out.list(member::MISSING, &expected.missing, answer.missing());
    let mut unusable: Vec<&str> = answer.unusable().map(Unusable::pointer).collect();
    unusable.dedup();
    out.list(member::UNUSABLE, &expected.unusable, &unusable);
    out.list(member::ADVICE, &expected.advice, &codes(answer.advice()));
    out.lines
}

fn codes<'r>(reasons: &[Reason<'r>]) -> Vec<&'r str> {
    reasons.iter().map(|reason| reason.code).collect()
}

/// How what was found for a method and a path differs from what was expected.
pub(super) fn route_differences(
    found: Result<Route<'_>, RouteError<'_>>,
    expected: &ExpectedRoute,
) -> Vec<String> {
    let mut out = Differences::default();
    match (&found, expected) {
        (Ok(route), ExpectedRoute::Error { name, .. }) => {
            out.scalar("error", Some(name), None);
            out.scalar("action", None, Some(route.action));
        }
        (
            Ok(route),
            ExpectedRoute::Found { action, organization, resource, parameters, undecided },
        ) => {
            out.scalar("action", Some(action), Some(route.action));
            if let Some(organization) = organization {
                out.scalar("organization", organization.as_deref(), route.organization);
            }
            if let Some(resource) = resource {
                let wanted = resource.as_ref().map(|parts| parts.join(" "));
                let found = route.resource.map(|it| [it.type_name, it.id].join(" "));
                out.scalar("resource", wanted.as_deref(), found.as_deref());
            }
            let found = sorted(route.parameters.iter().map(|it| (it.name, it.value)).collect());
            let found: Vec<_> =
                found.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            out.list("parameters", parameters, &found);
            out.list("undecided", undecided, &route.undecided);
        }
        (Err(error), ExpectedRoute::Found { .. }) => {
            out.scalar("error", None, Some(error.name()));
        }
        (Err(error), ExpectedRoute::Error { name, allow }) => {
            out.scalar("error", Some(name), Some(error.name()));
            if let RouteError::MethodNotAllowed(methods) = error {
                out.list("allow", allow, methods);
            }
        }
    }
    out.lines
}

/// What differs between an answer and the expected one: a line for each member.
#[derive(Default)]
struct Differences {
    lines: Vec<String>,
}

impl Differences {
    fn scalar(&mut self, name: &str, wanted: Option<&str>, actual: Option<&str>) {
        if wanted != actual {
            let shown = |value: Option<&str>| {
                value.map_or_else(|| "nothing".to_string(), |value| format!("`{value}`"))
            };
            self.lines.push(format!(
                "{name}: expected {}, and it is {}",
                shown(wanted),
                shown(actual)
            ));
        }
    }

    fn list<T: AsRef<str>>(&mut self, name: &str, wanted: &Option<Vec<String>>, actual: &[T]) {
        let Some(wanted) = wanted else { return };
        if !wanted.iter().map(String::as_str).eq(actual.iter().map(AsRef::as_ref)) {
            self.lines.push(format!(
                "{name}: expected [{}], and it is [{}]",
                listed(wanted),
                listed(actual)
            ));
        }
    }
}
