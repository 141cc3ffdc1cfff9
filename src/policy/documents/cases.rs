//! Checking the form of test cases in policy folders.

use super::diagnostics::Diagnostics;
use super::names::NameMap;
use super::patch::patched;
use super::text::pointed;
use super::tree::{Node, NodeValue, Span};
use crate::error::Code;
use crate::policy::vocabulary::member;
use crate::policy::{Denial, RouteError};

/// How many names a pointer into a request may have: no request is nested more deeply.
const MAX_NAMES: usize = 32;

/// How many bytes of named requests the cases may use, each counted for every case.
const MAX_CASE_BYTES: usize = 16_777_216;

/// The lists of an answer that a case may expect.
const LISTS: [&str; 4] = [member::RULES, member::REASONS, member::MISSING, member::ADVICE];

impl Diagnostics<'_> {
    /// Checks the form of all `tests` sections.
    pub(super) fn check_tests(&mut self, roots: &[Node<'_>]) {
        let mut names = NameMap::default();
        let mut bytes = 0_usize;
        for tests in roots.iter().filter_map(|root| root.member("tests")) {
            if !self.object(tests, &["cases"], &["requests"]) {
                continue;
            }
            if tests.member("requests").is_some_and(|requests| self.object_of_any(requests)) {
                for member in tests.members_of("requests") {
                    self.object_of_any(&member.node);
                }
            }
            for case in tests.member("cases").map_or(&[][..], |cases| self.array(cases)) {
                let used = case
                    .text_of("request")
                    .and_then(|name| Some(tests.member("requests")?.member(name)?.span));
                bytes = bytes
                    .saturating_add(used.map_or(0, |used| used.end.saturating_sub(used.start)));
                if bytes > MAX_CASE_BYTES {
                    let message = "the cases use more than 16777216 bytes of named requests";
                    self.error(Code::LimitExceeded, case.span, message, &[]);
                    return;
                }
                self.check_case(tests, case);
                let Some(name) = case.text_of("name") else { continue };
                if !names.add(name, 0) {
                    let message = "the case `{}` stands twice";
                    self.error(Code::DuplicateId, case.span, message, &[name]);
                }
            }
        }
    }

    fn check_case(&mut self, tests: &Node<'_>, case: &Node<'_>) {
        self.description(case);
        self.string_of(case, "name");
        if case.member("route").is_some() {
            if self.object(case, &["name", "route", "expect"], &["description"]) {
                self.check_route_case(case);
            }
            return;
        }
        let optional = ["set", "unset", "description"];
        if !self.object(case, &["name", "request", "expect"], &optional) {
            return;
        }
        if let Some(request) = case.member("request") {
            match request.text() {
                Some(name) => {
                    let requests = tests.members_of("requests");
                    if !requests.iter().any(|member| member.name == name) {
                        let message = "this document has no request `{}`";
                        let known = || requests.iter().map(|member| &*member.name).collect();
                        self.unknown(Code::UnknownValue, request.span, message, &[name], &known);
                    }
                }
                None => {
                    self.object_of_any(request);
                }
            }
        }
        if case.member("set").is_some_and(|set| self.object_of_any(set)) {
            let fit = case
                .members_of("set")
                .iter()
                .all(|member| self.check_pointer(&member.name, member.span));
            let patched = if fit { patched(tests, case) } else { None };
            for span in patched.map(|(_, misplaced)| misplaced).into_iter().flatten() {
                let message = "this pointer enters an array where it has no item";
                self.error(Code::InvalidPointer, span, message, &[]);
            }
        }
        for (pointer, node) in self.strings_of(case, "unset") {
            self.check_pointer(pointer, node.span);
        }
        let Some(expect) = case.member("expect") else { return };
        if let Some(malformed) = expect.member("malformed") {
            self.object(expect, &["malformed"], &[]);
            if !matches!(malformed.value, NodeValue::Bool(true)) {
                self.wrong_type(malformed, "`true`");
            }
            return;
        }
        let [rules, reasons, missing, advice] = LISTS;
        let optional = [member::CLASS, rules, reasons, missing, advice];
        if self.object(expect, &[member::DECISION], &optional) {
            expect.member(member::DECISION).map(|node| self.boolean(node));
            expect
                .member(member::CLASS)
                .map(|node| self.choice(node, &Denial::ALL.map(Denial::name)));
            for list in LISTS {
                self.strings_of(expect, list);
            }
        }
    }

    fn check_route_case(&mut self, case: &Node<'_>) {
        if let Some(route) = case.member("route")
            && self.object(route, &["method", "path"], &[])
        {
            for member in route.members() {
                self.string(&member.node);
            }
        }
        let Some(expect) = case.member("expect") else { return };
        if let Some(error) = expect.member("error") {
            let with_methods = error.text() == Some(RouteError::METHOD_NOT_ALLOWED);
            self.object(expect, &["error"], if with_methods { &["allow"] } else { &[] });
            self.choice(error, &RouteError::NAMES);
            self.strings_of(expect, "allow");
        } else if self.object(expect, &["action"], &["organization", "undecided"]) {
            self.string_of(expect, "action");
            self.strings_of(expect, "undecided");
            let organization = expect.member("organization");
            if let Some(node) = organization.filter(|node| !matches!(node.value, NodeValue::Null)) {
                self.string(node);
            }
        }
    }

    fn check_pointer(&mut self, pointer: &str, span: Span) -> bool {
        let fits = pointed(pointer).is_some_and(|names| names.len() <= MAX_NAMES);
        if !fits {
            let message = "`{}` is no JSON pointer to a part of a request";
            self.error(Code::InvalidPointer, span, message, &[pointer]);
        }
        fits
    }
}
