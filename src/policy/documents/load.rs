//! From the texts of documents to a checked policy: read, check, compile.

use super::bundle::{self, write_whole};
use super::cases::{Cases, branches};
use super::checked::{AbsentValue, Checked};
use super::compile;
use super::diagnostics::{Diagnostics, Document};
use super::errors::Errors;
use super::lints;
use super::model::Model;
use super::text::digits;
use super::tree::{self, Node, SourceSpan};
use crate::error::Code;
use crate::json::{self, Writer};
use crate::policy::{Limits, Policy, PolicyDigest};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The deepest nesting that any limit allows.
const MAX_DEPTH: usize = 128;

/// The longest document that any limit allows: an offset in it has four bytes.
const MAX_BYTES: usize = 4_294_967_294;

/// Reads, checks and compiles documents, each with its name and its text; or says what is wrong.
///
/// A step that found errors is the last one. What later steps could find would mostly follow from
/// these errors, and would not help whoever has to correct them.
pub(super) fn load(documents: &[(String, Vec<u8>)], limits: &Limits) -> Result<Checked, Errors> {
    let mut diagnostics = Diagnostics::default();
    let roots = trees(&mut diagnostics, documents, limits)?;
    let mut model = Model::default();
    let cases = diagnostics.check_sections(&mut model, &roots, limits);
    diagnostics.end_step(&roots)?;
    lints::lint(&mut diagnostics, &model, &roots);
    let mut bundle = bundle::canonical(&roots);
    bundle.shrink_to_fit();
    let image = compile::image(&model, PolicyDigest::of(bundle.as_bytes()));
    let policy = Policy::from_image(image).map_err(Errors::one)?.with_limits(*limits);
    let branches = branches(&model, &diagnostics.documents);
    let (warnings, omitted_warnings) = diagnostics.into_warnings(&roots);
    let cases = Cases::of(cases);
    let absences = absences(&roots);
    Ok(Checked { policy, bundle, cases, branches, absences, warnings, omitted_warnings })
}

/// What attributes declare of their absence, sorted by name.
fn absences(roots: &[Node<'_>]) -> Vec<AbsentValue> {
    let schemas = roots.iter().filter_map(|root| root.member("schema"));
    let attributes = schemas.flat_map(|schema| schema.members_of("attributes"));
    attributes
        .filter_map(|attribute| {
            let mut value = Writer::new();
            write_whole(&mut value, attribute.node.member("absent")?);
            Some(AbsentValue { attribute: attribute.name.to_string(), value: value.finish() })
        })
        .collect()
}

/// Reads the test cases of documents alone. Of other sections nothing is checked but their names.
pub(super) fn load_cases(
    documents: &[(String, Vec<u8>)],
    limits: &Limits,
) -> Result<Cases, Errors> {
    let mut diagnostics = Diagnostics::default();
    let roots = trees(&mut diagnostics, documents, limits)?;
    diagnostics.check_members(&roots);
    let cases = diagnostics.test_cases(&roots);
    diagnostics.end_step(&roots)?;
    Ok(Cases::of(cases))
}

/// Reads documents, of which nothing is asked but to be JSON within the limits.
pub(super) fn load_json(documents: &[(String, Vec<u8>)], limits: &Limits) -> Result<(), Errors> {
    trees(&mut Diagnostics::default(), documents, limits).map(|_| ())
}

/// Reads documents as trees.
fn trees<'a>(
    diagnostics: &mut Diagnostics<'a>,
    documents: &'a [(String, Vec<u8>)],
    limits: &Limits,
) -> Result<Vec<Node<'a>>, Errors> {
    let mut total = 0_usize;
    for (_, bytes) in documents {
        total = total.saturating_add(bytes.len());
    }
    if total > limits.total_bytes {
        let message = "the documents have {=} bytes together, and the limit is {=}";
        let parts = [&*digits(total), &digits(limits.total_bytes)];
        diagnostics.error(Code::TooLarge, SourceSpan::default(), message, &parts);
        diagnostics.end_step(&[])?;
    }
    let mut roots = Vec::new();
    let mut values = limits.total_values;
    for (name, bytes) in documents {
        roots.extend(read(diagnostics, limits, name, bytes, &mut values));
    }
    diagnostics.end_step(&[])?;
    Ok(roots)
}

/// Reads one document as a tree; none if it is not valid JSON.
fn read<'a>(
    diagnostics: &mut Diagnostics<'a>,
    limits: &Limits,
    name: &'a str,
    bytes: &'a [u8],
    values: &mut usize,
) -> Option<Node<'a>> {
    let document = diagnostics.documents.len();
    let (text, valid) = match core::str::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            (core::str::from_utf8(valid).unwrap_or_default(), false)
        }
    };
    diagnostics.documents.push(Document { name, text });
    if !valid {
        let span = SourceSpan::at(document, text.len());
        diagnostics.error(Code::InvalidUnicode, span, "the text is not valid UTF-8", &[]);
        return None;
    }
    let limits = json::TextLimits {
        bytes: limits.document_bytes.min(MAX_BYTES),
        depth: limits.depth.min(MAX_DEPTH),
    };
    match tree::read(document, text, limits, values) {
        Ok(root) => Some(root),
        Err((error, span)) => {
            let (bytes, most) = (digits(text.len()), digits(limits.bytes));
            let rest = text.get(span.start()..).unwrap_or_default();
            let is_invalid = error.code() == Code::InvalidJson;
            let (message, parts) = if error.code() == Code::TooLarge {
                ("the document has {=} bytes, and the limit is {=}", [&*bytes, &most])
            } else if is_invalid && text.trim().is_empty() {
                ("the document is empty", [""; 2])
            } else if is_invalid && matches!(rest.as_bytes(), [b'/', b'/' | b'*', ..]) {
                let message =
                    "a comment is here, which JSON does not have; a `description` can say it";
                (message, [""; 2])
            } else {
                ("{=}", [error.message(), ""])
            };
            diagnostics.error(error.code(), span, message, &parts);
            None
        }
    }
}
