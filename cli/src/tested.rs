//! What a run of a policy's test cases found, and whether that is good.

use crate::args::{Accepted, FailOn};
use crate::diagnostics::CaseWarnings;
use crate::failure::{self, ErrorJson};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, WARN, paint};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use cog_auth::policy::{
    Branch, BranchOwner, CaseFailure, InvariantResult, RuleCoverage, TestReport,
};
use serde::Serialize;

#[derive(Serialize)]
struct Tested<'a> {
    policy: &'a str,
    passed: usize,
    /// How many cases the filters left out.
    left_out: usize,
    failures: Vec<Failed<'a>>,
    rules: Vec<Covered<'a>>,
    untaken: Vec<Untaken<'a>>,
    untaken_branches: usize,
    invariants: Vec<Tried<'a>>,
    /// Those about test cases.
    warnings: &'a [ErrorJson],
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
}

#[derive(Serialize)]
struct Failed<'a> {
    name: &'a str,
    document: &'a str,
    line: usize,
    differences: &'a [String],
    answer: &'a [String],
}

#[derive(Serialize)]
struct Covered<'a> {
    id: &'a str,
    surely: usize,
    perhaps: usize,
    silent: usize,
}

#[derive(Serialize)]
struct Untaken<'a> {
    of: &'static str,
    id: &'a str,
    document: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Tried<'a> {
    id: &'a str,
    tried: usize,
    refuted: usize,
    refuted_by: &'a [String],
    perhaps: usize,
    perhaps_by: &'a [String],
}

/// Whether a run passes: something was tested, nothing failed, no invariant is refuted or perhaps
/// violated, and nothing was found that somebody wants to fail.
pub(crate) fn passes(report: &TestReport, fail_on: &[FailOn], accepted: &[Accepted]) -> bool {
    let is_broken = |one: &InvariantResult| is_broken(one, accepted);
    let fails = |what: &FailOn| match what {
        FailOn::NeverTrue => report.rules.iter().any(|rule| rule.surely == 0),
        FailOn::UntakenBranch => report.untaken_branch_count > 0,
    };
    report.passed > 0
        && report.failures.is_empty()
        && !report.invariants.iter().any(is_broken)
        && !fail_on.iter().any(fails)
}

/// Whether an invariant fails a run: it is refuted, or perhaps violated and that is not accepted.
pub(crate) fn is_broken(one: &InvariantResult, accepted: &[Accepted]) -> bool {
    one.refuted > 0 || (one.perhaps > 0 && !accepted.contains(&Accepted::PerhapsViolated))
}

pub(crate) fn json(
    policy: &str,
    report: &TestReport,
    warnings: &CaseWarnings,
    left_out: usize,
) -> String {
    failure::json(&Tested {
        policy,
        passed: report.passed,
        left_out,
        failures: report.failures.iter().map(Failed::of).collect(),
        rules: report.rules.iter().map(Covered::of).collect(),
        untaken: report.untaken_branches.iter().map(Untaken::of).collect(),
        untaken_branches: report.untaken_branch_count,
        invariants: report.invariants.iter().map(Tried::of).collect(),
        warnings: &warnings.json,
        omitted: Some(warnings.omitted).filter(|omitted| *omitted > 0),
    })
}

impl<'a> Failed<'a> {
    fn of(failure: &'a CaseFailure) -> Self {
        Self {
            name: &failure.name,
            document: &failure.document,
            line: failure.line,
            differences: &failure.differences,
            answer: &failure.answer,
        }
    }
}

impl<'a> Covered<'a> {
    fn of(rule: &'a RuleCoverage) -> Self {
        Self { id: &rule.id, surely: rule.surely, perhaps: rule.perhaps, silent: rule.silent }
    }
}

impl<'a> Untaken<'a> {
    fn of(branch: &'a Branch) -> Self {
        Self {
            of: owner(branch.owner),
            id: &branch.id,
            document: &branch.document,
            line: branch.line,
            column: branch.column,
        }
    }
}

impl<'a> Tried<'a> {
    fn of(invariant: &'a InvariantResult) -> Self {
        Self {
            id: &invariant.id,
            tried: invariant.tried,
            refuted: invariant.refuted,
            refuted_by: &invariant.refuted_by,
            perhaps: invariant.perhaps,
            perhaps_by: &invariant.perhaps_by,
        }
    }
}

const fn owner(owner: BranchOwner) -> &'static str {
    match owner {
        BranchOwner::Rule => "rule",
        BranchOwner::Condition => "condition",
    }
}

/// All of it for people: failures, rules, branches, invariants and a summary.
pub(crate) fn text(report: &TestReport, left_out: usize) -> String {
    let mut out = String::new();
    for failure in &report.failures {
        failed(&mut out, failure);
    }
    if !report.rules.is_empty() {
        out.push_str(&rules(report).render(style::width()));
        out.push('\n');
    }
    if report.untaken_branch_count > 0 {
        out.push_str(&branches(report).render(style::width()));
        out.push('\n');
    }
    if !report.invariants.is_empty() {
        out.push_str(&invariants(report).render(style::width()));
        out.push('\n');
    }
    out.push_str(&summary(report, left_out));
    out
}

fn failed(out: &mut String, failure: &CaseFailure) {
    let place = plain(&format!("{}:{}", failure.document, failure.line));
    let (failed, name) = (paint(BAD, "failed:"), plain(&failure.name));
    out.push_str(&format!("{failed} {name}\n  {}\n", paint(DIM, &place)));
    for difference in &failure.differences {
        out.push_str(&format!("  {}\n", plain(difference)));
    }
    if !failure.answer.is_empty() {
        out.push_str(&format!("  {}\n", paint(DIM, "the answer was")));
    }
    for line in &failure.answer {
        out.push_str(&format!("    {}\n", plain(line)));
    }
    out.push('\n');
}

fn rules(report: &TestReport) -> Table {
    let mut table = Table::new(["RULE", "SURELY IN", "PERHAPS IN", "NOT IN", ""]);
    for rule in &report.rules {
        let (style, remark) = match rule.surely {
            0 => (WARN, "never true in any case"),
            _ => (NORMAL, ""),
        };
        table.row([
            Cell::new(style, &rule.id),
            Cell::new(NORMAL, format!("{:>9}", rule.surely)),
            Cell::new(NORMAL, format!("{:>10}", rule.perhaps)),
            Cell::new(NORMAL, format!("{:>6}", rule.silent)),
            Cell::new(style, remark),
        ]);
    }
    table
}

fn branches(report: &TestReport) -> Table {
    let mut table = Table::new(["BRANCH NEVER TRUE IN ANY CASE", ""]);
    for branch in &report.untaken_branches {
        let place = format!("{}:{}:{}", branch.document, branch.line, branch.column);
        let of = format!("{} {}", owner(branch.owner), branch.id);
        table.row([Cell::new(WARN, of), Cell::new(DIM, place)]);
    }
    let more = report.untaken_branch_count.saturating_sub(report.untaken_branches.len());
    if more > 0 {
        table.row([Cell::new(WARN, format!("and {more} more")), Cell::new(NORMAL, "")]);
    }
    table
}

fn invariants(report: &TestReport) -> Table {
    let mut table = Table::new(["INVARIANT", ""]);
    for invariant in &report.invariants {
        let (refuted, perhaps) = (invariant.refuted, invariant.perhaps);
        let (style, remark) = match (refuted, perhaps, invariant.tried) {
            (0, 0, 0) => (WARN, "tried on no case".to_owned()),
            (0, 0, tried) => (NORMAL, format!("not refuted by {}", count(tried, "allowed case"))),
            (0, _, _) => (
                BAD,
                format!(
                    "perhaps violated in {}: {}",
                    count(perhaps, "allowed case"),
                    named(&invariant.perhaps_by, perhaps)
                ),
            ),
            _ => (BAD, format!("refuted by: {}", named(&invariant.refuted_by, refuted))),
        };
        table.row([Cell::new(NORMAL, &invariant.id), Cell::new(style, remark)]);
    }
    table
}

/// The names of cases, and how many more there are.
fn named(cases: &[String], all: usize) -> String {
    let names = cases.join("; ");
    match all.saturating_sub(cases.len()) {
        0 => names,
        more => format!("{names}; and {more} more"),
    }
}

fn summary(report: &TestReport, left_out: usize) -> String {
    let of =
        |is: fn(&InvariantResult) -> bool| report.invariants.iter().filter(|one| is(one)).count();
    let refuted = of(|one| one.refuted > 0);
    let perhaps = of(|one| one.refuted == 0 && one.perhaps > 0);
    let never = report.rules.iter().filter(|rule| rule.surely == 0).count();
    let mut parts = Vec::new();
    if report.passed == 0 && report.failures.is_empty() {
        let why = match left_out {
            0 => "there are no test cases, so nothing was tested",
            _ => "no test case's name contains the text of a --filter, so nothing was tested",
        };
        parts.push(paint(BAD, why));
    } else {
        parts.push(paint(GOOD, &format!("{} passed", count(report.passed, "case"))));
    }
    if !report.failures.is_empty() {
        parts.push(paint(BAD, &format!("{} failed", report.failures.len())));
    }
    if refuted > 0 {
        parts.push(paint(BAD, &format!("{} refuted", count(refuted, "invariant"))));
    }
    if perhaps > 0 {
        parts.push(paint(BAD, &format!("{} perhaps violated", count(perhaps, "invariant"))));
    }
    if never > 0 {
        parts.push(paint(WARN, &format!("{} never true", count(never, "rule"))));
    }
    if report.untaken_branch_count > 0 {
        let branches = match report.untaken_branch_count {
            1 => "1 branch".to_owned(),
            number => format!("{number} branches"),
        };
        parts.push(paint(WARN, &format!("{branches} never true")));
    }
    format!("{}\n", parts.join(", "))
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
