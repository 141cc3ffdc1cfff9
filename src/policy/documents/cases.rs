//! Reading test cases (section 13 of `docs/policy-language.md`): what each asks, and what it
//! expects.

use super::diagnostics::Diagnostics;
use super::matrix::combination_count;
use super::names::NameMap;
use super::patch::{Put, patched};
use super::text::{digits, pointed};
use super::tree::{Node, NodeValue, Span};
use crate::error::Code;
use crate::policy::vocabulary::member;
use crate::policy::{Denial, RouteError};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many names a pointer into a request may have. No request is nested more deeply.
const MAX_NAMES: usize = 32;

/// How many bytes of named requests all cases together may use. A request counts for each case that
/// uses it, since each gets a copy of its own: a small document
/// could ask for any amount of memory otherwise.
const MAX_CASE_BYTES: usize = 16_777_216;

/// How many bytes a combination counts at least: a small case could ask for any number of them
/// otherwise, and each takes time.
const LEAST_COMBINATION_BYTES: usize = 1_024;

/// How many bytes the name of a case may have. A report may name a case for each invariant.
const MAX_NAME_BYTES: usize = 1_024;

/// The member of a case that names the warnings which it means to earn.
pub(super) const ACCEPT: &str = "accept";

/// The lists of an answer that a case may expect.
const LISTS: [&str; 6] = [
    member::RULES,
    member::REASONS,
    member::POSSIBLE,
    member::MISSING,
    member::UNUSABLE,
    member::ADVICE,
];

/// A test case, ready to be run. It owns what it needs, so that the documents can go.
#[derive(Clone, Debug)]
pub(super) struct TestCase {
    pub(super) name: String,
    /// The name of the document.
    pub(super) document: String,
    /// The line on which the case begins, from 1.
    pub(super) line: usize,
    pub(super) question: Question,
}

/// What a case asks, and which answer it expects.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// May this request do what it wants? It is a JSON text, with the case's changes made.
    Request(String, ExpectedAnswer),
    /// Which route has this method and this path?
    Route(String, String, ExpectedRoute),
}

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
    /// Reads the cases of all `tests` sections.
    pub(super) fn test_cases(&mut self, roots: &[Node<'_>]) -> Vec<TestCase> {
        let mut cases = Vec::new();
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
            let (mut line, mut counted) = (1_usize, 0);
            for case in tests.member("cases").map_or(&[][..], |cases| self.array(cases)) {
                let named = case
                    .text_of("request")
                    .and_then(|name| Some(tests.member("requests")?.member(name)?.span));
                let named = named.map_or(0, |span| span.bytes());
                bytes = bytes.saturating_add(match combination_count(case) {
                    // What a case says itself is there once in any case.
                    1 => named,
                    many => named
                        .saturating_add(case.span.bytes())
                        .max(LEAST_COMBINATION_BYTES)
                        .saturating_mul(many),
                });
                if bytes > MAX_CASE_BYTES {
                    let message = "the cases use more than 16777216 bytes of requests";
                    self.error(Code::LimitExceeded, case.span, message, &[]);
                    return cases;
                }
                let questions = self.questions(tests, case);
                let Some(name) = case.text_of("name") else { continue };
                if name.len() > MAX_NAME_BYTES {
                    let message = "the name of a case has at most 1024 bytes, and this one {=}";
                    self.error(Code::LimitExceeded, case.start(), message, &[&digits(name.len())]);
                }
                if !names.add(name, 0) {
                    let message = "the case `{}` stands twice";
                    self.error(Code::DuplicateId, case.span, message, &[name]);
                }
                let Some(document) = self.documents.get(case.span.document()) else { continue };
                let before = document.text.get(counted..case.span.start()).unwrap_or_default();
                line = line.saturating_add(before.matches('\n').count());
                counted = case.span.start();
                let document = document.name;
                cases.extend(questions.into_iter().map(|(combination, question)| TestCase {
                    name: [name, &combination].concat(),
                    document: document.to_string(),
                    line,
                    question,
                }));
            }
        }
        cases
    }

    /// What one case asks and expects: once for each combination of its `matrix`, with what the
    /// combination adds to the name of the case.
    fn questions(&mut self, tests: &Node<'_>, case: &Node<'_>) -> Vec<(String, Question)> {
        self.description(case);
        self.string_of(case, "name");
        if case.member("route").is_some() {
            let whole = self.object(case, &["name", "route", "expect"], &["description"]);
            let question = if whole { self.route_question(case) } else { None };
            return question.into_iter().map(|question| (String::new(), question)).collect();
        }
        let optional = ["set", "matrix", "unset", "description", ACCEPT];
        if !self.object(case, &["name", "request", "expect"], &optional) {
            return Vec::new();
        }
        if let Some(accept) = case.member(ACCEPT) {
            for item in self.array(accept) {
                self.choice(item, &[Code::UnreadPlace.name(), Code::UndeclaredInCase.name()]);
            }
        }
        let requests = self.requests(tests, case);
        let expected = case.member("expect").and_then(|expect| self.expected_answer(expect));
        let Some(expected) = expected else { return Vec::new() };
        let asked = |(name, request)| (name, Question::Request(request, expected.clone()));
        requests.into_iter().map(asked).collect()
    }

    /// The texts of a case's request, which is written in the case or beside it under a name.
    fn requests(&mut self, tests: &Node<'_>, case: &Node<'_>) -> Vec<(String, String)> {
        let mut request = case.member("request");
        if let Some((name, node)) = request.and_then(|node| Some((node.text()?, node))) {
            request = tests.member("requests").and_then(|requests| requests.member(name));
            if request.is_none() {
                let message = "this document has no request `{}`";
                let requests = tests.members_of("requests").iter();
                let known = || requests.clone().map(|member| &*member.name).collect();
                self.unknown(Code::UnknownValue, node.span, message, &[name], &known);
            }
        } else if let Some(node) = request {
            self.object_of_any(node);
        }
        let mut set = Vec::new();
        let mut fit = true;
        if case.member("set").is_some_and(|set| self.object_of_any(set)) {
            for member in case.members_of("set") {
                fit &= self.check_pointer(&member.name, member.span);
                set.push(Put { pointer: &member.name, span: member.span, value: &member.node });
            }
        }
        let combinations = self.combinations(case, &set);
        let unset = case.items_of("unset");
        let mut texts = Vec::new();
        if let Some((request, combinations)) = request.filter(|_| fit).zip(combinations) {
            for combination in combinations {
                let (text, misplaced) = patched(request, &combination.puts, unset);
                for span in &misplaced {
                    let message = "this pointer enters an array where it has no item";
                    self.error(Code::InvalidPointer, *span, message, &[]);
                }
                // The same pointers are in all combinations.
                if !misplaced.is_empty() {
                    break;
                }
                texts.push((combination.name, text));
            }
        }
        for (pointer, node) in self.strings_of(case, "unset") {
            self.check_pointer(pointer, node.span);
        }
        texts
    }

    fn expected_answer(&mut self, expect: &Node<'_>) -> Option<ExpectedAnswer> {
        if let Some(malformed) = expect.member("malformed") {
            self.object(expect, &["malformed"], &[]);
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

    fn route_question(&mut self, case: &Node<'_>) -> Option<Question> {
        let route = case.member("route")?;
        if self.object(route, &["method", "path"], &[]) {
            for member in route.members() {
                self.string(&member.node);
            }
        }
        let expected = self.expected_route(case.member("expect")?);
        let text = |name| route.text_of(name).map(ToString::to_string);
        Some(Question::Route(text("method")?, text("path")?, expected?))
    }

    fn expected_route(&mut self, expect: &Node<'_>) -> Option<ExpectedRoute> {
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

    /// Whether a text is a JSON pointer that can be followed in a request.
    pub(super) fn check_pointer(&mut self, pointer: &str, span: Span) -> bool {
        let fits = pointed(pointer).is_some_and(|names| names.len() <= MAX_NAMES);
        if !fits {
            let message = "`{}` is no JSON pointer to a part of a request";
            self.error(Code::InvalidPointer, span, message, &[pointer]);
        }
        fits
    }
}
