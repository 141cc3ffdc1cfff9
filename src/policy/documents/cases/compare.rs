//! Comparing answers with those that test cases expect.
//!
//! Each function gives one line for each member of the answer that differs; none if the case
//! passes.

use super::super::text::{cut, digits, listed};
use super::expected::{ExpectedDecision, ExpectedRoute};
use crate::order::sorted;
use crate::policy::vocabulary::{member, reason_code};
use crate::policy::{Denial, Explanation, Reason, Route, RouteError, Unusable};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many items of a list are shown.
const MAX_ITEMS: usize = 32;

/// How many characters of an item are shown.
const MAX_CHARACTERS: usize = 256;

/// How the answer to a request differs from the expected one. Three answers differ unless the case
/// names them, since a mistyped request easily leads to them: an indeterminate denial, an action
/// that is not declared, and an action that is not for this type of resource (section 13 of
/// `docs/policy-language.md`).
pub(super) fn decision_differences(
    answer: &Explanation<'_>,
    expected: &ExpectedDecision,
) -> Vec<String> {
    let mut out = Differences::default();
    let shown = |allowed| if allowed { "true" } else { "false" };
    let (wanted, found) = (shown(expected.is_allowed), shown(answer.is_allowed()));
    out.scalar(member::DECISION, Some(wanted), Some(found));
    match (expected.class, answer.denial()) {
        (Some(class), found) => {
            out.scalar(member::CLASS, Some(class.name()), found.map(Denial::name))
        }
        (None, Some(Denial::Indeterminate)) if !expected.is_allowed => {
            out.lines.push(String::from(
                "class: none is expected, and it is `indeterminate`: nothing is surely denied; \
             name the class if that is meant",
            ))
        }
        (None, _) => {}
    }
    out.list(member::RULES, &expected.rules, answer.rules());
    let reasons = codes(answer.reasons());
    let decided_without_rules = [
        (reason_code::UNKNOWN_ACTION, "the action is not declared"),
        (reason_code::WRONG_RESOURCE_TYPE, "the action is not for resources of this type"),
    ];
    for (code, why) in decided_without_rules {
        if expected.reasons.is_none() && reasons == [code] {
            out.lines.push(format!(
                "reasons: none are expected, and {why}; expect `{code}` if that is meant"
            ));
        }
    }
    out.list(member::REASONS, &expected.reasons, &reasons);
    out.list(member::POSSIBLE, &expected.possible, &codes(answer.possible()));
    out.list(member::MISSING, &expected.missing, answer.missing());
    let mut unusable: Vec<&str> = answer.unusable().map(Unusable::pointer).collect();
    unusable.dedup();
    out.list(member::UNUSABLE, &expected.unusable, &unusable);
    out.list(member::ADVICE, &expected.advice, &codes(answer.advice()));
    out.lines
}

/// The answer to a request: a line for each member that it has.
pub(super) fn answer_lines(answer: &Explanation<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |name: &str, shown: String| {
        if !shown.is_empty() {
            lines.push(format!("{name}: {shown}"));
        }
    };
    line(member::DECISION, format!("`{}`", answer.is_allowed()));
    let class = answer.denial().map(|denial| format!("`{}`", denial.name()));
    line(member::CLASS, class.unwrap_or_default());
    line(member::RULES, shown(answer.rules()));
    line(member::REASONS, shown(&codes(answer.reasons())));
    line(member::POSSIBLE, shown(&codes(answer.possible())));
    line(member::MISSING, shown(answer.missing()));
    let needs =
        |unusable: Unusable<'_>| format!("{} needs {}", unusable.pointer(), unusable.needs());
    line(member::UNUSABLE, shown(&answer.unusable().map(needs).collect::<Vec<_>>()));
    line(member::ADVICE, shown(&codes(answer.advice())));
    lines
}

/// The items of a list in backticks, with commas between. Long lists and long items are cut.
fn shown<T: AsRef<str>>(items: &[T]) -> String {
    let first = items.iter().take(MAX_ITEMS);
    let first: Vec<String> = first.map(|item| cut(item.as_ref(), MAX_CHARACTERS)).collect();
    let mut out = listed(&first);
    if let Some(more) = items.len().checked_sub(MAX_ITEMS).filter(|more| *more > 0) {
        out.push_str(" and ");
        out.push_str(&digits(more));
        out.push_str(" more");
    }
    out
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
                value.map_or_else(
                    || "nothing".to_string(),
                    |value| format!("`{}`", cut(value, MAX_CHARACTERS)),
                )
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
                shown(wanted),
                shown(actual)
            ));
        }
    }
}
