//! `policy check`, `policy test` and `policy bundle`; the other commands of `policy` have files of
//! their own.

pub(crate) mod fmt;
pub(crate) mod init;
mod junit;
pub(crate) mod routes;
mod suite;

use self::suite::Suite;
use crate::args::{PolicyBundleArgs, PolicyCheckArgs, PolicyPath, PolicyTestArgs};
use crate::documents::Documents;
use crate::failure::{Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::load::checked;
use crate::report::{Exit, Report};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, STRONG, WARN, paint};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use cog_auth::policy::TestReport;
use serde::Serialize;

#[derive(Serialize)]
struct Valid<'a> {
    policy: String,
    documents: usize,
    /// The names of the documents, as they were read.
    read: Vec<&'a str>,
    passed_over: Vec<Unread>,
}

/// What was in the folder and is no document.
#[derive(Serialize)]
struct Unread {
    file: String,
    why: String,
}

/// Says everything that is wrong, or what was read.
pub(crate) fn check(args: &PolicyCheckArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let documents = read(&args.path, inputs)?;
    // Here the check is what was asked for, and its answer is no.
    let checked = checked(&documents).map_err(|failure| Failure { exit: Exit::No, ..failure })?;
    let policy = checked.policy().digest().to_hex();
    let read: Vec<&str> = documents.texts.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = format!(
        "{} {}, nothing wrong\n",
        paint(GOOD, "valid:"),
        count(documents.texts.len(), "document"),
    );
    for name in &read {
        text.push_str(&format!("  {}\n", plain(name)));
    }
    text.push_str(&format!("policy {policy}\n"));
    let passed_over = documents
        .passed_over
        .iter()
        .map(|one| Unread { file: one.path.display().to_string(), why: one.why.clone() });
    let valid = Valid { policy, documents: read.len(), read, passed_over: passed_over.collect() };
    Ok(Report::new(Exit::Yes, text, json(&valid)))
}

#[derive(Serialize)]
struct Tested<'a> {
    policy: String,
    passed: usize,
    /// How many cases the filters left out.
    left_out: usize,
    failures: Vec<Failed<'a>>,
    rules: Vec<Covered<'a>>,
    invariants: Vec<Tried<'a>>,
}

#[derive(Serialize)]
struct Failed<'a> {
    name: &'a str,
    document: &'a str,
    line: usize,
    differences: &'a [String],
}

#[derive(Serialize)]
struct Covered<'a> {
    id: &'a str,
    decided: usize,
    silent: usize,
}

#[derive(Serialize)]
struct Tried<'a> {
    id: &'a str,
    tried: usize,
    refuted_by: &'a [String],
}

/// Runs the cases.
pub(crate) fn test(args: &PolicyTestArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let Suite { policy, cases, left_out } = Suite::read(args, inputs)?;
    let mut report = cases.run(&policy);
    if !args.filters.is_empty() {
        // What a part of the cases does not reach says nothing.
        report.rules.clear();
        report.invariants.clear();
    }
    if let Some(path) = &args.junit {
        files::write(path, junit::text(&cases, &report).as_bytes())?;
    }
    let refuted = report.invariants.iter().any(|invariant| !invariant.refuted_by.is_empty());
    let nothing_ran = report.passed == 0 && report.failures.is_empty();
    let failed = nothing_ran || refuted || !report.failures.is_empty();
    let tested = Tested {
        policy: policy.digest().to_hex(),
        passed: report.passed,
        left_out,
        failures: report.failures.iter().map(Failed::of).collect(),
        rules: report.rules.iter().map(Covered::of).collect(),
        invariants: report.invariants.iter().map(Tried::of).collect(),
    };
    let exit = if failed { Exit::No } else { Exit::Yes };
    let mut text = test_text(&report);
    if left_out > 0 {
        text.push_str(&format!("{} left out by --filter\n", count(left_out, "case")));
    }
    Ok(Report::new(exit, text, json(&tested)))
}

impl<'a> Failed<'a> {
    fn of(failure: &'a cog_auth::policy::CaseFailure) -> Self {
        Self {
            name: &failure.name,
            document: &failure.document,
            line: failure.line,
            differences: &failure.differences,
        }
    }
}

impl<'a> Covered<'a> {
    fn of(rule: &'a cog_auth::policy::RuleCoverage) -> Self {
        Self { id: &rule.id, decided: rule.decided, silent: rule.silent }
    }
}

impl<'a> Tried<'a> {
    fn of(invariant: &'a cog_auth::policy::InvariantResult) -> Self {
        Self { id: &invariant.id, tried: invariant.tried, refuted_by: &invariant.refuted_by }
    }
}

fn test_text(report: &TestReport) -> String {
    let mut out = String::new();
    for failure in &report.failures {
        out.push_str(&format!(
            "{} {}\n  {}\n",
            paint(BAD, "failed:"),
            plain(&failure.name),
            paint(DIM, &plain(&format!("{}:{}", failure.document, failure.line)))
        ));
        for difference in &failure.differences {
            out.push_str(&format!("  {}\n", plain(difference)));
        }
        out.push('\n');
    }
    if !report.rules.is_empty() {
        let mut table = Table::new(["RULE", "DECIDED IN", "NOT IN", ""]);
        for rule in &report.rules {
            let (style, remark) = match rule.decided {
                0 => (WARN, "never decided in any case"),
                _ => (NORMAL, ""),
            };
            table.row([
                Cell::new(style, &rule.id),
                Cell::new(NORMAL, format!("{:>10}", rule.decided)),
                Cell::new(NORMAL, format!("{:>6}", rule.silent)),
                Cell::new(style, remark),
            ]);
        }
        out.push_str(&table.render(style::width()));
        out.push('\n');
    }
    if !report.invariants.is_empty() {
        let mut table = Table::new(["INVARIANT", ""]);
        for invariant in &report.invariants {
            let (style, remark) = match (invariant.refuted_by.as_slice(), invariant.tried) {
                ([], 0) => (WARN, "tried on no case".to_owned()),
                ([], tried) => (NORMAL, format!("not refuted by {}", count(tried, "allowed case"))),
                (cases, _) => (BAD, format!("refuted by: {}", cases.join("; "))),
            };
            table.row([Cell::new(NORMAL, &invariant.id), Cell::new(style, remark)]);
        }
        out.push_str(&table.render(style::width()));
        out.push('\n');
    }
    out.push_str(&summary(report));
    out
}

fn summary(report: &TestReport) -> String {
    let refuted = report.invariants.iter().filter(|one| !one.refuted_by.is_empty()).count();
    let silent = report.rules.iter().filter(|rule| rule.decided == 0).count();
    let mut parts = Vec::new();
    if report.passed == 0 && report.failures.is_empty() {
        parts.push(paint(BAD, "there are no test cases, so nothing was tested"));
    } else {
        parts.push(paint(GOOD, &format!("{} passed", count(report.passed, "case"))));
    }
    if !report.failures.is_empty() {
        parts.push(paint(BAD, &format!("{} failed", report.failures.len())));
    }
    if refuted > 0 {
        parts.push(paint(BAD, &format!("{} refuted", count(refuted, "invariant"))));
    }
    if silent > 0 {
        parts.push(paint(WARN, &format!("{} never decided", count(silent, "rule"))));
    }
    format!("{}\n", parts.join(", "))
}

#[derive(Serialize)]
struct Bundled {
    policy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// Writes the canonical bundle or the image, or prints the bundle.
pub(crate) fn bundle(args: &PolicyBundleArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let checked = checked(&read(&args.path, inputs)?)?;
    let policy = checked.policy();
    let bytes = if args.compiled { policy.image() } else { checked.bundle().as_bytes() };
    let image = args.compiled.then(|| policy.image_digest().to_hex());
    let mut text = format!("{} {}\n", paint(STRONG, "policy"), policy.digest());
    if let Some(image) = &image {
        let file = args
            .out
            .as_ref()
            .map_or_else(|| "IMAGE".to_owned(), |path| plain(&path.display().to_string()));
        text.push_str(&format!(
            "{}  {image}\n\n\
             Load it with this digest, as `Policy::from_image_expecting` or as\n  \
             cog-auth decide --policy {file} --expect-digest {image} …\n",
            paint(STRONG, "image"),
        ));
    }
    let bundled = Bundled {
        policy: policy.digest().to_hex(),
        image,
        bytes: bytes.len(),
        file: args.out.as_ref().map(|path| path.display().to_string()),
    };
    let json = json(&bundled);
    let Some(path) = &args.out else { return printed(args, checked.bundle(), text, json) };
    files::write(path, bytes)?;
    Ok(Report::new(Exit::Yes, text, json))
}

/// Without a file, the bundle itself is the result, and the digests are beside it.
fn printed(
    args: &PolicyBundleArgs,
    bundle: &str,
    digests: String,
    json: String,
) -> Result<Report, Failure> {
    if args.compiled {
        return Err(Failure::usage("an image is not text: say where to write it, with --out FILE"));
    }
    Ok(Report::new(Exit::Yes, bundle.to_owned(), json).verbatim().with_notes(digests))
}

/// The documents, and a note of what else was there.
fn read(from: &PolicyPath, inputs: &mut Inputs) -> Result<Documents, Failure> {
    let documents = Documents::read(&from.path, from.limits.limits(), inputs)?;
    inputs.note(&documents.notes());
    Ok(documents)
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
