//! Reading test cases (section 13 of `docs/policy-language.md`).

use super::super::diagnostics::Diagnostics;
use super::super::names::NameMap;
use super::super::text::{digits, pointed};
use super::super::tree::{Node, SourceSpan};
use super::expected::{ExpectedAnswer, ExpectedRoute};
use super::matrix::combination_count;
use super::patch::{Put, patched};
use crate::error::Code;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many names a pointer into a request may have. No request is nested more deeply.
const MAX_NAMES: usize = 32;

/// How many bytes of named requests all cases together may use. A request counts for each case that
/// uses it, since each gets a copy of its own: a small document could ask for any amount of memory
/// otherwise.
const MAX_CASE_BYTES: usize = 16_777_216;

/// How many bytes a combination counts at least. Each takes time, and a small case could ask for
/// any number of them otherwise.
const LEAST_COMBINATION_BYTES: usize = 1_024;

/// How many bytes the name of a case may have. A report may name a case for each invariant.
const MAX_NAME_BYTES: usize = 1_024;

/// The member of a case that names the warnings which it means to earn.
pub(crate) const ACCEPT: &str = "accept";

/// A test case, ready to be run. It owns what it needs, so that the documents can go.
#[derive(Clone, Debug)]
pub(crate) struct TestCase {
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

impl Diagnostics<'_> {
    /// Reads the cases of all `tests` sections.
    pub(crate) fn test_cases(&mut self, roots: &[Node<'_>]) -> Vec<TestCase> {
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
                bytes = bytes.saturating_add(bytes_of_requests(tests, case));
                if bytes > MAX_CASE_BYTES {
                    let message = "the cases use more than {=} bytes of requests";
                    let parts = [&*digits(MAX_CASE_BYTES)];
                    self.error(Code::LimitExceeded, case.span, message, &parts);
                    return cases;
                }
                let questions = self.questions(tests, case);
                let Some(name) = case.text_of("name") else { continue };
                if name.len() > MAX_NAME_BYTES {
                    let message = "the name of a case has at most {=} bytes, and this one {=}";
                    let parts = [&*digits(MAX_NAME_BYTES), &digits(name.len())];
                    self.error(Code::LimitExceeded, case.start(), message, &parts);
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

    /// Whether a text is a JSON pointer that can be followed in a request.
    pub(super) fn check_pointer(&mut self, pointer: &str, span: SourceSpan) -> bool {
        let message = match pointed(pointer) {
            None => "`{}` is no JSON pointer to a part of a request",
            Some(names) if names.len() > MAX_NAMES => "`{}` is deeper than {=} names",
            Some(_) => return true,
        };
        self.error(Code::InvalidPointer, span, message, &[pointer, &digits(MAX_NAMES)]);
        false
    }
}

/// How many bytes of copies a case counts: of the request that it names, and of its own text where
/// it stands for many.
fn bytes_of_requests(tests: &Node<'_>, case: &Node<'_>) -> usize {
    let requests = tests.member("requests");
    let named = requests.zip(case.text_of("request")).and_then(|(them, name)| them.member(name));
    let named = named.map_or(0, |request| request.span.bytes());
    match combination_count(case) {
        1 => named,
        many => named
            .saturating_add(case.span.bytes())
            .max(LEAST_COMBINATION_BYTES)
            .saturating_mul(many),
    }
}
