//! What a test case expects: the members of an answer, or a route.

use super::super::diagnostics::Diagnostics;
use super::super::tree::{Node, NodeValue};
use crate::policy::vocabulary::{MALFORMED, member};
use crate::policy::{Denial, RouteError};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The lists of an answer that a case may expect.
const LISTS: [&str; 6] = [
    member::RULES,
    member::REASONS,
    member::POSSIBLE,
    member::MISSING,
    member::UNUSABLE,
    member::ADVICE,
];

#[derive(Clone, Debug)]
pub(super) enum ExpectedAnswer {
    Malformed,
    Decision(ExpectedDecision),
}

/// The members of the answer that a case expects. Those that are none may be anything.
#[derive(Clone, Debug)]
pub(super) struct ExpectedDecision {
    pub(super) is_allowed: bool,
    pub(super) class: Option<Denial>,
    pub(super) rules: Option<Vec<String>>,
    pub(super) reasons: Option<Vec<String>>,
    pub(super) possible: Option<Vec<String>>,
    pub(super) missing: Option<Vec<String>>,
    /// The pointers alone.
    pub(super) unusable: Option<Vec<String>>,
    pub(super) advice: Option<Vec<String>>,
}

/// The route that a case expects, or the error. What is none may be anything.
#[derive(Clone, Debug)]
pub(super) enum ExpectedRoute {
    Found {
        action: String,
        /// `Some(None)` expects that the route names no organization.
        organization: Option<Option<String>>,
        /// `Some(None)` expects that the route names no resource, else its type and id.
        resource: Option<Option<[String; 2]>>,
        /// All names and segments, as `name=segment`, sorted by name.
        parameters: Option<Vec<String>>,
        undecided: Option<Vec<String>>,
    },
    Error {
        name: &'static str,
        allow: Option<Vec<String>>,
    },
}

impl Diagnostics<'_> {
    pub(super) fn expected_answer(&mut self, expect: &Node<'_>) -> Option<ExpectedAnswer> {
        if let Some(malformed) = expect.member(MALFORMED) {
            self.object(expect, &[MALFORMED], &[]);
            if !matches!(malformed.value, NodeValue::Bool(true)) {
                self.wrong_type(malformed, "`true`");
            }
            return Some(ExpectedAnswer::Malformed);
        }
        let [rules, reasons, possible, missing, unusable, advice] = LISTS;
        let optional = [member::CLASS, rules, reasons, possible, missing, unusable, advice];
        if !self.object(expect, &[member::DECISION], &optional) {
            return None;
        }
        let is_allowed = expect.member(member::DECISION).and_then(|node| self.boolean(node));
        let classes = Denial::ALL.map(Denial::name);
        let class = expect.member(member::CLASS).and_then(|node| self.choice(node, &classes));
        let class = class.and_then(Denial::from_name);
        let [rules, reasons, possible, missing, unusable, advice] =
            LISTS.map(|name| expect.member(name).map(|list| self.owned_strings(list)));
        let is_allowed = is_allowed?;
        Some(ExpectedAnswer::Decision(ExpectedDecision {
            is_allowed,
            class,
            rules,
            reasons,
            possible,
            missing,
            unusable,
            advice,
        }))
    }

    pub(super) fn expected_route(&mut self, expect: &Node<'_>) -> Option<ExpectedRoute> {
        if let Some(error) = expect.member("error") {
            let with_methods = error.text() == Some(RouteError::METHOD_NOT_ALLOWED);
            self.object(expect, &["error"], if with_methods { &["allow"] } else { &[] });
            let name = self.choice(error, &RouteError::NAMES);
            let allow = expect.member("allow").map(|list| self.owned_strings(list));
            return Some(ExpectedRoute::Error { name: name?, allow });
        }
        if !self.object(
            expect,
            &["action"],
            &["organization", "resource", "parameters", "undecided"],
        ) {
            return None;
        }
        self.string_of(expect, "action");
        let undecided = expect.member("undecided").map(|list| self.owned_strings(list));
        let organization = expect.member("organization").map(|node| {
            let name = if matches!(node.value, NodeValue::Null) { None } else { self.string(node) };
            name.map(ToString::to_string)
        });
        let resource = expect.member("resource").map(|node| self.expected_resource(node));
        let parameters = expect.member("parameters").map(|node| self.expected_parameters(node));
        let action = expect.text_of("action")?.to_string();
        Some(ExpectedRoute::Found { action, organization, resource, parameters, undecided })
    }

    fn expected_resource(&mut self, node: &Node<'_>) -> Option<[String; 2]> {
        if matches!(node.value, NodeValue::Null) || !self.object(node, &["type", "id"], &[]) {
            return None;
        }
        let [kind, id] = ["type", "id"].map(|name| {
            self.string_of(node, name);
            node.text_of(name).unwrap_or_default().to_string()
        });
        Some([kind, id])
    }

    /// Each parameter as it is compared: its name, `=` and its segment.
    fn expected_parameters(&mut self, node: &Node<'_>) -> Vec<String> {
        let mut parameters = Vec::new();
        if self.object_of_any(node) {
            for member in node.members() {
                let value = self.string(&member.node).unwrap_or_default();
                parameters.push([&*member.name, "=", value].concat());
            }
        }
        parameters
    }

    fn owned_strings(&mut self, list: &Node<'_>) -> Vec<String> {
        self.strings(list).iter().map(|(text, _)| (*text).to_string()).collect()
    }
}
