//! Reading policies from JSON documents: parse, check, compile.
//!
//! The steps look down only: `tree` and `diagnostics` hold a text and its errors, `fields` reads typed values, the
//! checks (`schema`, `roles`, `conditions`, `rules`, `routes`) fill a `model`, and `compile` writes it as an image. Test
//! cases are checked by `cases`, and `run` runs them.
//!
//! What a module weighs decides where this can run, so there is one map for all names (`names`), one way to put a message
//! together (`text`), and what was read is borrowed from the documents.

mod bundle;
mod cases;
mod compile;
mod conditions;
mod diagnostics;
mod fields;
mod model;
mod names;
mod patch;
mod roles;
mod routes;
mod rules;
mod run;
mod schema;
mod text;
mod tree;

pub use run::{CaseFailure, InvariantResult, RuleCoverage, TestReport};

use super::{Limits, Policy, PolicyDigest};
use crate::error::{Code, Error};
use crate::json;
use alloc::string::String;
use alloc::vec::Vec;
use diagnostics::{Diagnostics, Document};
use model::Model;
use text::digits;
use tree::{Node, Span};

/// The deepest nesting that any limit allows.
const MAX_DEPTH: usize = 128;

/// The documents of a policy, as texts with names (section 1 of `docs/policy-language.md`). Neither the order of documents nor
/// how a policy is split means anything.
///
/// ```
/// use cog_auth::{Code, policy::Source};
///
/// let mut source = Source::new();
/// source.add("schema.json", r#"{"v": 1, "schema": {"actions": {"Read": {"level": "organization"}}}}"#);
/// source.add("rules.json", r#"{"v": 1, "rules": [{"id": "all", "effect": "permit", "actions": ["Reed"]}]}"#);
///
/// let error = source.compile().unwrap_err();
/// assert_eq!(error.code(), Code::UnknownAction);
/// assert_eq!((error.document(), error.line(), error.column()), (Some("rules.json"), Some(1), Some(66)));
/// assert_eq!(error.pointer(), Some("/rules/0/actions/0"));
/// assert_eq!(error.suggestion(), Some("Read"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Source {
    documents: Vec<(String, Vec<u8>)>,
    limits: Limits,
}

impl Source {
    /// No documents yet, and the default [`Limits`]. A policy needs at least one document, the one with the schema. See the
    /// example of [`Source`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No documents yet, and limits of the caller's. See the example of [`Limits`].
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self { documents: Vec::new(), limits }
    }

    /// Adds a document, which is not looked at yet: any bytes are taken. The name is for errors and test reports alone: a file's
    /// name, usually. See the example of [`Source`].
    pub fn add(&mut self, name: impl Into<String>, text: impl AsRef<[u8]>) -> &mut Self {
        self.documents.push((name.into(), text.as_ref().to_vec()));
        self
    }

    /// What is wrong with the documents, in the order of documents and places, up to 100 errors, the first ten with suggestions; nothing for a valid policy.
    ///
    /// What would only follow is left out: a document that does not read hides what is wrong elsewhere, and a wrong schema what
    /// is wrong with rules.
    ///
    /// ```
    /// use cog_auth::{Code, policy::Source};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}},
    ///     "rules": [{"id": "a", "effect": "permit", "actions": ["Reed"]},
    ///               {"id": "a", "effect": "forbid", "actions": ["Read"]}]}"#);
    /// let codes: Vec<Code> = source.check().iter().map(|error| error.code()).collect();
    /// assert_eq!(codes, [Code::UnknownAction, Code::MissingMember]); // the second has no reason
    /// ```
    #[must_use]
    pub fn check(&self) -> Vec<Error> {
        self.load().err().unwrap_or_default()
    }

    /// Checks the documents and compiles them.
    ///
    /// # Errors
    ///
    /// The first of the errors that [`Source::check`] finds, a [`Code`] of 2xx or 3xx, with its document, pointer, line and
    /// column. See the example of [`Source`] for a refusal.
    ///
    /// ```
    /// use cog_auth::policy::{Denial, Source};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}, "Write": {}}},
    ///     "rules": [{"id": "all.read", "effect": "permit", "actions": ["Read"]}]}"#);
    /// let policy = source.compile()?;
    /// let denial = |action| policy.build_request(("user", "u1"), action, ("file", "f1")).build().decide().denial();
    /// assert_eq!((denial("Read"), denial("Write")), (None, Some(Denial::NoGrant)));
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn compile(&self) -> Result<Policy, Error> {
        Ok(self.load().map_err(first)?.policy)
    }

    /// Checks the documents and compiles them, if their digest is the one that the caller expects.
    ///
    /// # Errors
    ///
    /// [`Code::UnexpectedDigest`] if the canonical bundle has another digest; else as [`Source::compile`].
    ///
    /// ```
    /// use cog_auth::{Code, policy::{PolicyDigest, Source}};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}}}"#);
    /// let pinned = PolicyDigest::from_hex("2c0c4715b41158bd9f68a7328f167a3ce057e52d377a4886b6cac152675e30b3").unwrap();
    /// assert!(source.compile_expecting(pinned).is_ok());
    ///
    /// source.add("more.json", r#"{"v": 1, "rules": [{"id": "all", "effect": "permit", "actions": ["*"]}]}"#);
    /// assert_eq!(source.compile_expecting(pinned).unwrap_err().code(), Code::UnexpectedDigest);
    /// ```
    pub fn compile_expecting(&self, expected: PolicyDigest) -> Result<Policy, Error> {
        let policy = self.compile()?;
        if policy.digest() == expected {
            Ok(policy)
        } else {
            Err(Error::new(Code::UnexpectedDigest))
        }
    }

    /// The canonical bundle: one JSON document, whose SHA-256 is the policy's digest (section 14 of `docs/policy-language.md`).
    /// Tests and descriptions are left out; everything is sorted that may be.
    ///
    /// # Errors
    ///
    /// As [`Source::compile`].
    ///
    /// ```
    /// use cog_auth::{Code, policy::{PolicyDigest, Source}};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "description": "One.", "schema": {"actions": {"Write": {}, "Read": {}}}}"#);
    /// let bundle = source.bundle()?;
    /// assert_eq!(bundle, r#"{"schema":{"actions":{"Read":{},"Write":{}}},"v":1}"#);
    /// assert_eq!(PolicyDigest::of(bundle.as_bytes()), source.compile()?.digest());
    /// assert_eq!(Source::new().bundle().unwrap_err().code(), Code::NoSchema);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn bundle(&self) -> Result<String, Error> {
        Ok(self.load().map_err(first)?.bundle)
    }

    /// Runs the test cases in the documents, and tries the invariants on them (section 13 of `docs/policy-language.md`).
    ///
    /// # Errors
    ///
    /// As [`Source::compile`]. A case that fails is no error but one of the report's failures. See the example of
    /// [`TestReport`].
    pub fn test(&self) -> Result<TestReport, Error> {
        let loaded = self.load().map_err(first)?;
        Ok(run::run(&loaded.documents, &loaded.roots, &loaded.policy))
    }

    /// Reads, checks and compiles; or says everything that is wrong.
    fn load(&self) -> Result<Loaded<'_>, Vec<Error>> {
        let mut diagnostics = Diagnostics::default();
        let mut total = 0_usize;
        for (_, bytes) in &self.documents {
            total = total.saturating_add(bytes.len());
        }
        if total > self.limits.total_bytes {
            let message = "the documents have {=} bytes together, and the limit is {=}";
            let parts = [&*digits(total), &digits(self.limits.total_bytes)];
            diagnostics.error(Code::TooLarge, Span::default(), message, &parts);
            return Err(diagnostics.errors(&[]));
        }
        let mut roots = Vec::new();
        for (name, bytes) in &self.documents {
            roots.extend(self.read(&mut diagnostics, name, bytes));
        }
        // Whatever does not read would only bring errors that follow from it.
        if !diagnostics.is_clean() {
            return Err(diagnostics.errors(&[]));
        }
        let mut model = Model::default();
        self.check_all(&mut diagnostics, &mut model, &roots);
        if !diagnostics.is_clean() {
            return Err(diagnostics.errors(&roots));
        }
        let bundle = bundle::canonical(&roots);
        let image = compile::image(&model, PolicyDigest::of(bundle.as_bytes()));
        drop(model);
        let policy = Policy::from_image(image).map_err(|error| alloc::vec![error])?;
        let policy = policy.with_limits(self.limits);
        Ok(Loaded { documents: diagnostics.documents, roots, bundle, policy })
    }

    fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics<'a>,
        name: &'a str,
        bytes: &'a [u8],
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
            let span = Span { document, start: text.len(), end: text.len().saturating_add(1) };
            diagnostics.error(Code::InvalidUnicode, span, "the text is not valid UTF-8", &[]);
            return None;
        }
        let limits = json::TextLimits {
            bytes: self.limits.document_bytes,
            depth: self.limits.depth.min(MAX_DEPTH),
        };
        match tree::read(document, text, limits) {
            Ok(root) => Some(root),
            Err((error, span)) => {
                diagnostics.error(error.code(), span, "{=}", &[error.message()]);
                None
            }
        }
    }

    fn check_all<'n>(
        &self,
        diagnostics: &mut Diagnostics<'_>,
        model: &mut Model<'n>,
        roots: &'n [Node<'n>],
    ) {
        for root in roots {
            if !diagnostics.object(root, &["v"], &SECTIONS) {
                continue;
            }
            diagnostics.description(root);
            diagnostics.string_of(root, "$schema");
            if let Some(version) = root.member("v").filter(|version| version.integer() != Some(1)) {
                let message = "this library reads version 1 alone";
                diagnostics.error(Code::UnknownVersionOfDocument, version.span, message, &[]);
            }
        }
        match only(diagnostics, roots, "schema") {
            Some(schema) => diagnostics.check_schema(model, schema, &self.limits),
            None => {
                let message = "no document has a `schema`, and a policy needs one";
                let place = roots.first().map_or_else(Span::default, Node::start);
                diagnostics.error(Code::NoSchema, place, message, &[]);
            }
        }
        // Without the declared names everything else would be an error.
        if !diagnostics.is_clean() {
            return;
        }
        for role in list(diagnostics, roots, "roles", self.limits.roles) {
            diagnostics.check_role(model, role);
        }
        diagnostics.check_inheritance(model);
        if let Some(defaults) = only(diagnostics, roots, "defaults") {
            diagnostics.check_defaults(model, defaults);
        }
        let most = self.limits.conditions.min(super::image::layout::MAX_CONDITIONS);
        let conditions = list(diagnostics, roots, "conditions", most);
        let rules = list(diagnostics, roots, "rules", self.limits.rules);
        let invariants = list(diagnostics, roots, "invariants", self.limits.invariants);
        let routes = list(diagnostics, roots, "routes", self.limits.routes);
        let mut checker = conditions::Checker {
            diagnostics,
            model,
            named: conditions::Named::default(),
            limits: &self.limits,
            parts: Vec::new(),
        };
        for condition in conditions {
            checker.declare(condition);
        }
        checker.check_declared();
        for rule in rules {
            checker.check_rule(rule);
        }
        for invariant in invariants {
            checker.check_invariant(invariant);
        }
        for route in routes {
            diagnostics.check_route(model, route);
        }
        diagnostics.check_tests(roots);
    }
}

/// What became of documents in which nothing is wrong.
struct Loaded<'a> {
    documents: Vec<Document<'a>>,
    roots: Vec<Node<'a>>,
    bundle: String,
    policy: Policy,
}

/// The members of a document, besides its version.
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

/// The one section of that name; a second one is an error.
fn only<'n>(
    diagnostics: &mut Diagnostics<'_>,
    roots: &'n [Node<'n>],
    name: &str,
) -> Option<&'n Node<'n>> {
    let mut first = None;
    for section in roots.iter().filter_map(|root| root.member(name)) {
        if first.is_some() {
            let message = "`{}` stands in more than one document";
            diagnostics.error(Code::DuplicateId, section.start(), message, &[name]);
        } else {
            first = Some(section);
        }
    }
    first
}

/// The items of all sections of that name, up to a limit.
fn list<'n>(
    diagnostics: &mut Diagnostics<'_>,
    roots: &'n [Node<'n>],
    name: &str,
    most: usize,
) -> Vec<&'n Node<'n>> {
    let mut items: Vec<&Node<'_>> = Vec::new();
    for section in roots.iter().filter_map(|root| root.member(name)) {
        items.extend(diagnostics.array(section));
    }
    if let Some(past) = items.get(most) {
        let message = "a policy has at most {=} {=}";
        diagnostics.error(Code::LimitExceeded, past.span, message, &[&digits(most), name]);
    }
    items.truncate(most);
    items
}

fn first(errors: Vec<Error>) -> Error {
    errors.into_iter().next().unwrap_or_else(|| Error::new(Code::InvalidJson))
}
