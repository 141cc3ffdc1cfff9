//! The results of `policy test` as `JUnit` XML, which services that run tests can show.

use crate::args::{FailOn, PolicyTestArgs};
use crate::tested;
use cog_auth::policy::{
    Branch, BranchOwner, Case, CaseFailure, Cases, InvariantResult, TestReport,
};
use std::fmt::Write as _;

/// The name of the suite of invariants.
const INVARIANTS: &str = "invariants";

/// The name of the suite of what fails a run as a whole.
const RUN: &str = "run";

/// The whole document: a suite for each document that has cases, one for the invariants, and one
/// for what fails the run besides.
pub(super) fn text(cases: &Cases, report: &TestReport, args: &PolicyTestArgs) -> String {
    let is_broken = |one: &&InvariantResult| tested::is_broken(one, &args.accept);
    let refuted = report.invariants.iter().filter(is_broken).count();
    let besides = besides(report, &args.fail_on);
    let failed = report.failures.len().saturating_add(refuted).saturating_add(besides.len());
    let tests = cases.len().saturating_add(report.invariants.len()).saturating_add(besides.len());
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    element(
        &mut out,
        "testsuites",
        &[
            ("name", "cog-auth policy test"),
            ("tests", &number(tests)),
            ("failures", &number(failed)),
        ],
    );
    let all: Vec<(Case<'_>, Option<&CaseFailure>)> = matched(cases, &report.failures);
    for suite in all.chunk_by(|one, other| one.0.document == other.0.document) {
        let name = suite.first().map_or("", |(case, _)| case.document);
        let failed = suite.iter().filter(|(_, failure)| failure.is_some()).count();
        open_suite(&mut out, name, suite.len(), failed);
        for (case, failure) in suite {
            let line = number(case.line);
            let attributes = [
                ("name", case.name),
                ("classname", case.document),
                ("file", case.document),
                ("line", &line),
            ];
            let failure = failure.map(|failure| {
                [failure.differences.as_slice(), failure.answer.as_slice()].concat().join("\n")
            });
            test_case(&mut out, &attributes, failure.as_deref());
        }
        out.push_str("  </testsuite>\n");
    }
    if !report.invariants.is_empty() {
        open_suite(&mut out, INVARIANTS, report.invariants.len(), refuted);
        for invariant in &report.invariants {
            let attributes = [("name", invariant.id.as_str()), ("classname", INVARIANTS)];
            let refuted = Some(invariant).filter(is_broken).map(refutation);
            test_case(&mut out, &attributes, refuted.as_deref());
        }
        out.push_str("  </testsuite>\n");
    }
    if !besides.is_empty() {
        open_suite(&mut out, RUN, besides.len(), besides.len());
        for (name, why) in &besides {
            test_case(&mut out, &[("name", name), ("classname", RUN)], Some(why));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// What fails a run in which no case failed and no invariant is broken: a report without failures
/// would call it good.
fn besides(report: &TestReport, fail_on: &[FailOn]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if report.passed == 0 && report.failures.is_empty() {
        let why = "no test case was run, so nothing was tested";
        found.push(("test cases are run", why.to_owned()));
    }
    let never: Vec<&str> =
        report.rules.iter().filter(|rule| rule.surely == 0).map(|rule| rule.id.as_str()).collect();
    if fail_on.contains(&FailOn::NeverTrue) && !never.is_empty() {
        let count = super::count(never.len(), "rule");
        let why = format!("never true in any case: {count}\n{}", never.join("\n"));
        found.push(("each rule is true in a case", why));
    }
    if fail_on.contains(&FailOn::UntakenBranch) && report.untaken_branch_count > 0 {
        found.push(("each branch is true in a case", untaken(report)));
    }
    found
}

/// The branches that are true in no case, and how many of them are not listed.
fn untaken(report: &TestReport) -> String {
    let line = |branch: &Branch| {
        let of = match branch.owner {
            BranchOwner::Rule => "rule",
            BranchOwner::Condition => "condition",
        };
        let Branch { id, document, line, column, .. } = branch;
        format!("\n{of} {id}, at {document}:{line}:{column}")
    };
    let lines: String = report.untaken_branches.iter().map(line).collect();
    let more = match report.untaken_branch_count.saturating_sub(report.untaken_branches.len()) {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    let count = match report.untaken_branch_count {
        1 => "1 branch".to_owned(),
        number => format!("{number} branches"),
    };
    format!("never true in any case: {count}{lines}{more}")
}

/// Each case with its failure, if it failed. The failures are in the order of the cases.
fn matched<'a>(
    cases: &'a Cases,
    failures: &'a [CaseFailure],
) -> Vec<(Case<'a>, Option<&'a CaseFailure>)> {
    let mut failures = failures.iter().peekable();
    let is_of = |failure: &CaseFailure, case: &Case<'_>| {
        (failure.name.as_str(), failure.document.as_str(), failure.line)
            == (case.name, case.document, case.line)
    };
    cases.iter().map(|case| (case, failures.next_if(|failure| is_of(failure, &case)))).collect()
}

/// The cases that refute an invariant, and those that perhaps violate it.
fn refutation(invariant: &InvariantResult) -> String {
    let told = |what: &str, cases: &[String]| match cases {
        [] => String::new(),
        cases => format!("{what}:\n{}\n", cases.join("\n")),
    };
    let refuted = told("refuted by", &invariant.refuted_by);
    refuted + &told("perhaps violated in", &invariant.perhaps_by)
}

fn open_suite(out: &mut String, name: &str, tests: usize, failed: usize) {
    out.push_str("  ");
    let (tests, failed) = (number(tests), number(failed));
    element(out, "testsuite", &[("name", name), ("tests", &tests), ("failures", &failed)]);
}

fn test_case(out: &mut String, attributes: &[(&str, &str)], failure: Option<&str>) {
    out.push_str("    ");
    element(out, "testcase", attributes);
    if let Some(failure) = failure {
        out.push_str("      ");
        let first = failure.lines().next().unwrap_or_default();
        element(out, "failure", &[("message", first)]);
        // The line end belongs to the element that was opened.
        out.pop();
        escape(out, failure);
        out.push_str("</failure>\n");
    }
    out.push_str("    </testcase>\n");
}

/// Opens an element, and ends the line.
fn element(out: &mut String, name: &str, attributes: &[(&str, &str)]) {
    out.push('<');
    out.push_str(name);
    for (name, value) in attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value);
        out.push('"');
    }
    out.push_str(">\n");
}

/// Writes a text so that it is one, whatever is in it. What XML 1.0 does not have is replaced, and
/// what nobody sees is written as a reference.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => reference(out, character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            unseen if crate::unseen::is_unseen(unseen) => reference(out, unseen),
            other => out.push(other),
        }
    }
}

fn reference(out: &mut String, character: char) {
    // Writing to a string does not fail.
    write!(out, "&#x{:x};", u32::from(character)).unwrap_or_default();
}

fn number(number: usize) -> String {
    number.to_string()
}
