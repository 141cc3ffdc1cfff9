//! Checking all documents together: their members, and then section by section, in the order in
//! which one section needs the names of another.

use super::super::cases::TestCase;
use super::super::diagnostics::Diagnostics;
use super::super::model::Model;
use super::super::text::digits;
use super::super::tree::{Node, SourceSpan};
use super::conditions::{Checker, Named};
use crate::error::Code;
use crate::policy::Limits;
use crate::policy::image::layout::MAX_CONDITIONS;
use alloc::vec::Vec;

/// The members that a document may have besides its version.
const SECTIONS: [&str; 10] = [
    "$schema",
    "description",
    "schema",
    "roles",
    "defaults",
    "conditions",
    "rules",
    "invariants",
    "routes",
    "tests",
];

/// How many cases times values in rules, conditions and invariants there may be: a run takes some
/// seconds at most.
const MAX_TRIES: usize = 536_870_912;

impl Diagnostics<'_> {
    /// Checks all documents together, fills the model, and gives the test cases. Model and cases
    /// are whole only if no error was recorded.
    pub(crate) fn check_sections<'n>(
        &mut self,
        model: &mut Model<'n>,
        roots: &'n [Node<'n>],
        limits: &Limits,
    ) -> Vec<TestCase> {
        self.check_members(roots);
        match self.only(roots, "schema") {
            Some(schema) => self.check_schema(model, schema, limits),
            None => {
                let message = "no document has a `schema`, and a policy needs one";
                let place = roots.first().map_or_else(SourceSpan::default, Node::start);
                self.error(Code::NoSchema, place, message, &[]);
            }
        }
        // Where declarations are missing, every use of their names would be an error.
        if !self.is_clean() {
            return Vec::new();
        }
        for role in self.list(roots, "roles", limits.roles) {
            self.check_role(model, role);
        }
        self.check_inheritance(model);
        if let Some(defaults) = self.only(roots, "defaults") {
            self.check_defaults(model, defaults);
        }
        let conditions = self.list(roots, "conditions", limits.conditions.min(MAX_CONDITIONS));
        let rules = self.list(roots, "rules", limits.rules);
        let invariants = self.list(roots, "invariants", limits.invariants);
        let routes = self.list(roots, "routes", limits.routes);
        let named = Named::default();
        let mut checker = Checker { diagnostics: self, model, named, limits, parts: Vec::new() };
        for condition in conditions {
            checker.declare(condition);
        }
        checker.check_declared();
        checker.model.rules.items.reserve(rules.len());
        for rule in rules {
            checker.check_rule(rule);
        }
        for invariant in invariants {
            checker.check_invariant(invariant);
        }
        for route in routes {
            self.check_route(model, route);
        }
        let cases = self.test_cases(roots);
        self.check_tries(roots, &cases);
        cases
    }

    /// Checks how much a run of the cases could look at: each case at all rules, conditions and
    /// invariants.
    fn check_tries(&mut self, roots: &[Node<'_>], cases: &[TestCase]) {
        let sections = ["rules", "conditions", "invariants"].into_iter();
        let sections =
            sections.flat_map(|name| roots.iter().filter_map(move |root| root.member(name)));
        let values = sections.fold(0_usize, |sum, section| sum.saturating_add(values(section)));
        if cases.len().saturating_mul(values) > MAX_TRIES {
            let message = "{=} test cases are too many for {=} values in rules, conditions and \
                invariants: the product is at most {=}";
            let parts = [&*digits(cases.len()), &digits(values), &digits(MAX_TRIES)];
            let tests = roots.iter().find_map(|root| root.member("tests"));
            let place = tests.map_or_else(SourceSpan::default, Node::start);
            self.error(Code::LimitExceeded, place, message, &parts);
        }
    }

    /// Checks the members of documents themselves, not what is in their sections.
    pub(crate) fn check_members(&mut self, roots: &[Node<'_>]) {
        for root in roots {
            if !self.object(root, &["v"], &SECTIONS) {
                continue;
            }
            self.description(root);
            self.string_of(root, "$schema");
            if let Some(version) = root.member("v").filter(|version| version.integer() != Some(1)) {
                let message = "this library reads version 1 alone";
                self.error(Code::UnknownVersionOfDocument, version.span, message, &[]);
            }
        }
    }

    /// The section with this name, of which there may be only one.
    fn only<'n>(&mut self, roots: &'n [Node<'n>], name: &str) -> Option<&'n Node<'n>> {
        let mut first: Option<&'n Node<'n>> = None;
        for section in roots.iter().filter_map(|root| root.member(name)) {
            if let Some(first) = first {
                let message = "`{}` stands in more than one document; the other one is in {=}";
                let parts = [name, &self.place_of(first.span)];
                self.error(Code::DuplicateId, section.start(), message, &parts);
            } else {
                first = Some(section);
            }
        }
        first
    }

    /// The items of all sections with this name, up to a limit.
    fn list<'n>(&mut self, roots: &'n [Node<'n>], name: &str, most: usize) -> Vec<&'n Node<'n>> {
        let mut items: Vec<&Node<'_>> = Vec::new();
        for section in roots.iter().filter_map(|root| root.member(name)) {
            items.extend(self.array(section));
        }
        if let Some(past) = items.get(most) {
            let message = "a policy has at most {=} {=}";
            self.error(Code::LimitExceeded, past.span, message, &[&digits(most), name]);
        }
        items.truncate(most);
        items
    }
}

/// How many JSON values a value has, itself included.
fn values(node: &Node<'_>) -> usize {
    let members = node.members().iter().map(|member| &member.node);
    members.chain(node.items()).fold(1_usize, |sum, part| sum.saturating_add(values(part)))
}
