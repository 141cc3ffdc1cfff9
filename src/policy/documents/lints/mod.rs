//! Warnings: what is not wrong in documents and probably not meant (section 17 of
//! `docs/policy-language.md`).
//!
//! Each file has the lints of one kind of thing: `conditions` (with `demands` and `members`) what
//! conditions say, `names` how things are called and whether anything names them, `requests` the
//! requests of test cases, and `sections` the rest. All of them take time that grows as the
//! documents do.

mod conditions;
mod demands;
mod members;
mod names;
mod requests;
mod sections;

use super::diagnostics::Diagnostics;
use super::model::Model;
use super::tree::Node;

/// Looks for everything that is worth a warning in documents without errors.
pub(super) fn lint(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>, roots: &[Node<'_>]) {
    conditions::lint(diagnostics, model);
    sections::lint(diagnostics, model, roots);
    let roles = requests::lint(diagnostics, model, roots);
    names::lint(diagnostics, model, roots, &roles);
}
