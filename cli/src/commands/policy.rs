//! `policy check`, `policy test` and `policy bundle`.

use crate::args::{Denied, PolicyBundleArgs, PolicyCheckArgs, PolicyTestArgs};
use crate::diagnostics;
use crate::documents::{Documents, is_image};
use crate::failure::{ErrorJson, Failure, json};
use crate::load::checked;
use crate::report::{Exit, Report};
use crate::style::{GOOD, STRONG, paint};
use crate::tested;
use crate::unseen::plain;
use cog_auth::Error;
use serde::Serialize;
use std::fs;
use std::path::Path;

#[derive(Serialize)]
struct Valid {
    policy: String,
    documents: usize,
    warnings: Vec<ErrorJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
}

/// Says everything that is wrong, and what is probably not meant.
pub(crate) fn check(args: &PolicyCheckArgs) -> Result<Report, Failure> {
    let documents = read(&args.path.path)?;
    // Here the check is what was asked for, and its answer is no.
    let checked = checked(&documents).map_err(|failure| Failure { exit: Exit::No, ..failure })?;
    let is_denied = |warning: &Error| args.deny.iter().any(|denied| denied.is(warning.code()));
    // Of those that are not listed, none can be told from another.
    let omitted = Some(checked.omitted_warnings()).filter(|omitted| *omitted > 0);
    let denied = checked.warnings().iter().any(is_denied)
        || (omitted.is_some() && args.deny.contains(&Denied::Warnings));
    let valid = Valid {
        policy: checked.policy().digest().to_hex(),
        documents: documents.texts.len(),
        warnings: checked.warnings().iter().map(ErrorJson::from).collect(),
        omitted,
    };
    let text = format!(
        "{}{} {}, nothing wrong\npolicy {}\n",
        diagnostics::warnings(&documents, &checked),
        paint(GOOD, "valid:"),
        count(valid.documents, "document"),
        valid.policy
    );
    let exit = if denied { Exit::No } else { Exit::Yes };
    Ok(Report::new(exit, text, json(&valid)))
}

/// Runs the cases.
pub(crate) fn test(args: &PolicyTestArgs) -> Result<Report, Failure> {
    let checked = checked(&read(&args.path.path)?)?;
    let report = checked.test();
    let exit =
        if tested::passes(&report, &args.fail_on, &args.accept) { Exit::Yes } else { Exit::No };
    let json = tested::json(&checked.policy().digest().to_hex(), &report);
    Ok(Report::new(exit, tested::text(&report), json))
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
pub(crate) fn bundle(args: &PolicyBundleArgs) -> Result<Report, Failure> {
    let checked = checked(&read(&args.path.path)?)?;
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
    fs::write(path, bytes).map_err(|error| Failure::system(path, "write", &error))?;
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

fn read(path: &Path) -> Result<Documents, Failure> {
    if is_image(path)? {
        return Err(Failure::usage(format!(
            "{}: this is no JSON document; give the documents that an image was compiled from",
            path.display()
        )));
    }
    Documents::read(path)
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
