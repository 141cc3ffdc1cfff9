//! `policy check`, `policy test` and `policy bundle`; the other commands of `policy` have files of
//! their own.

pub(crate) mod fmt;
pub(crate) mod init;
mod junit;
pub(crate) mod routes;
mod suite;

use self::suite::Suite;
use crate::args::{PolicyBundleArgs, PolicyCheckArgs, PolicyPath, PolicyTestArgs};
use crate::diagnostics;
use crate::documents::Documents;
use crate::failure::{ErrorJson, Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::load::checked;
use crate::place::shown_path;
use crate::report::{Exit, Report};
use crate::style::{BAD, GOOD, STRONG, paint};
use crate::tested;
use crate::unseen::plain;
use cog_auth::Error;
use cog_auth::policy::AbsentValue;
use serde::Serialize;
use serde_json::value::RawValue;
use std::path::Path;

#[derive(Serialize)]
struct Valid<'a> {
    policy: String,
    documents: usize,
    /// The names of the documents, as they were read.
    read: Vec<&'a str>,
    passed_over: Vec<Unread>,
    /// What attributes declare of their absence.
    absent: Vec<Absent<'a>>,
    warnings: Vec<ErrorJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
}

#[derive(Serialize)]
struct Absent<'a> {
    attribute: &'a str,
    value: &'a str,
}

/// What was in the folder and is no document.
#[derive(Serialize)]
struct Unread {
    file: String,
    why: String,
}

impl<'a> Absent<'a> {
    fn of(absent: &'a AbsentValue) -> Self {
        Self { attribute: &absent.attribute, value: &absent.value }
    }
}

/// Says everything that is wrong, and what is probably not meant; or what was read.
pub(crate) fn check(args: &PolicyCheckArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let documents = read(&args.path, inputs)?;
    // Here the check is what was asked for, and its answer is no.
    let checked = checked(&documents).map_err(|failure| Failure { exit: Exit::No, ..failure })?;
    let is_denied = |warning: &Error| args.deny.iter().any(|denied| denied.is(warning.code()));
    let omitted = Some(checked.omitted_warnings()).filter(|omitted| *omitted > 0);
    // What is not listed may be any of them.
    let denied =
        checked.warnings().iter().any(is_denied) || (omitted.is_some() && !args.deny.is_empty());
    let passed_over = documents
        .passed_over
        .iter()
        .map(|one| Unread { file: shown_path(&one.path), why: one.why.clone() });
    let valid = Valid {
        policy: checked.policy().digest().to_hex(),
        documents: documents.texts.len(),
        read: documents.texts.iter().map(|(name, _)| name.as_str()).collect(),
        passed_over: passed_over.collect(),
        absent: checked.absences().iter().map(Absent::of).collect(),
        warnings: checked.warnings().iter().map(ErrorJson::from).collect(),
        omitted,
    };
    let warnings = diagnostics::warnings(&documents, &checked);
    let (verdict, why) = match (denied, warnings.is_empty()) {
        (true, _) => (paint(BAD, "refused:"), "for warnings that --deny names"),
        (false, true) => (paint(GOOD, "valid:"), "nothing wrong"),
        (false, false) => (paint(GOOD, "valid:"), "with these warnings"),
    };
    let read = count(valid.documents, "document");
    let mut text = format!("{warnings}{verdict} {read}, {why}\n");
    for name in &valid.read {
        text.push_str(&format!("  {}\n", plain(name)));
    }
    if !valid.absent.is_empty() {
        text.push_str("where nothing stands in a request, these have a value all the same:\n");
    }
    for Absent { attribute, value } in &valid.absent {
        text.push_str(&format!("  {} is {}\n", plain(attribute), plain(value)));
    }
    text.push_str(&format!("policy {}\n", valid.policy));
    let exit = if denied { Exit::No } else { Exit::Yes };
    Ok(Report::new(exit, text, json(&valid)))
}

/// Runs the cases.
pub(crate) fn test(args: &PolicyTestArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    if args.junit.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("--junit -: standard output has the report; name a file"));
    }
    let Suite { subject, cases, warnings, left_out } = Suite::read(args, inputs)?;
    let mut report = subject.run(&cases);
    if !args.filters.is_empty() {
        // What a part of the cases does not reach says nothing.
        report.rules.clear();
        report.invariants.clear();
        report.untaken_branches.clear();
        report.untaken_branch_count = 0;
    }
    if let Some(path) = &args.junit {
        files::write(path, junit::text(&cases, &report, args).as_bytes())?;
    }
    let passes = tested::passes(&report, &args.fail_on, &args.accept);
    let exit = if passes { Exit::Yes } else { Exit::No };
    let json = tested::json(&subject.policy().digest().to_hex(), &report, &warnings, left_out);
    let mut text = tested::text(&report, left_out);
    if left_out > 0 {
        text.push_str(&format!("{} left out by --filter\n", count(left_out, "case")));
    }
    Ok(Report::new(exit, text, json))
}

#[derive(Serialize)]
struct Bundled<'a> {
    policy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The bundle itself, where no file has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<&'a RawValue>,
}

/// Writes the canonical bundle or the image, or prints the bundle.
pub(crate) fn bundle(args: &PolicyBundleArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let checked = checked(&read(&args.path, inputs)?)?;
    let policy = checked.policy();
    let out = args.out.as_ref().filter(|path| path.as_os_str() != "-");
    let bytes = if args.compiled { policy.image() } else { checked.bundle().as_bytes() };
    let image = args.compiled.then(|| policy.image_digest().to_hex());
    let mut text = format!("{} {}\n", paint(STRONG, "policy"), policy.digest());
    if let Some(image) = &image {
        let file = out.map_or_else(|| "IMAGE".to_owned(), |path| plain(&shown_path(path)));
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
        file: out.map(|path| shown_path(path)),
        bundle: if out.is_none() { serde_json::from_str(checked.bundle()).ok() } else { None },
    };
    let json = json(&bundled);
    let Some(path) = out else { return printed(args, checked.bundle(), text, json) };
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
