//! The documents of a policy, before they are read.

use super::cases::Cases;
use super::checked::Checked;
use super::errors::Errors;
use super::load::{load, load_cases, load_json};
use crate::error::{Code, Error};
use crate::policy::{Limits, PolicyDigest};
use alloc::string::String;
use alloc::vec::Vec;

/// The documents of a policy, as texts with names (section 1 of `docs/policy-language.md`). Neither
/// the order of the documents nor how a policy is split into them means anything.
///
/// ```
/// use cog_auth::{Code, policy::Source};
///
/// let mut source = Source::new();
/// source.add("schema.json", r#"{"v": 1,
///     "schema": {"actions": {"Read": {"level": "organization"}}}}"#);
/// source.add("rules.json", r#"{"v": 1,
///     "rules": [{"id": "all", "effect": "permit", "actions": ["Reed"]}]}"#);
///
/// let errors = source.check().unwrap_err();
/// let error = errors.first();
/// assert_eq!(error.code(), Code::UnknownAction);
/// assert_eq!(error.document(), Some("rules.json"));
/// assert_eq!((error.line(), error.column()), (Some(2), Some(61)));
/// assert_eq!(error.pointer(), Some("/rules/0/actions/0"));
/// assert_eq!(error.suggestion(), Some("Read"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Source {
    documents: Vec<(String, Vec<u8>)>,
    limits: Limits,
}

impl Source {
    /// No documents yet, and the default [`Limits`]. A policy needs at least one document, the one
    /// that has the schema.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No documents yet, and limits of the caller's.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self { documents: Vec::new(), limits }
    }

    /// Adds a document. Its text is not looked at yet, so any bytes are taken. The name is for
    /// errors and test reports alone; usually it is that of a file.
    pub fn add(&mut self, name: impl Into<String>, text: impl AsRef<[u8]>) -> &mut Self {
        self.documents.push((name.into(), text.as_ref().to_vec()));
        self
    }

    /// Reads the documents, checks them, and compiles them to a policy.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the documents: errors with a [`Code`] of 2xx or 3xx, and each
    /// with its document, JSON pointer, line and column.
    ///
    /// ```
    /// use cog_auth::{Code, policy::Source};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}, "Write": {}}},
    ///     "rules": [{"id": "all.read", "effect": "permit", "actions": ["Read"]}]}"#);
    /// let policy = source.check()?.into_policy();
    /// let read = policy.build_request(("user", "u1"), "Read", ("file", "f1")).build();
    /// assert!(read.decide().is_allowed());
    ///
    /// assert_eq!(Source::new().check().unwrap_err().first().code(), Code::NoSchema);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn check(&self) -> Result<Checked, Errors> {
        load(&self.documents, &self.limits)
    }

    /// Reads the test cases of the documents alone, to run them on a policy that comes from
    /// elsewhere: a bundle or an image, which have no cases. Of the other sections nothing is read,
    /// so the documents need not be a policy.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the cases, as for [`Source::check`].
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, Source};
    ///
    /// let mut source = Source::new();
    /// source.add("routes.json", r#"{"v": 1, "tests": {"cases": [{"name": "who am I",
    ///     "route": {"method": "GET", "path": "/v3/enterprise/self"},
    ///     "expect": {"action": "ReadAccountMeta"}}]}}"#);
    /// assert_eq!(source.cases()?.run(&Policy::builtin()).passed, 1);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn cases(&self) -> Result<Cases, Errors> {
        load_cases(&self.documents, &self.limits)
    }

    /// Checks that each document is JSON as section 1 of `docs/policy-language.md` has it, and
    /// nothing more: for programs that lay documents out or change them.
    ///
    /// # Errors
    ///
    /// One for each document that is not JSON, for each name that an object has twice, and for each
    /// crossed limit of bytes or nesting.
    ///
    /// ```
    /// use cog_auth::{Code, policy::Source};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "roles": "not yet", "v": 1}"#);
    /// assert_eq!(source.check_json().unwrap_err().first().code(), Code::DuplicateName);
    /// ```
    pub fn check_json(&self) -> Result<(), Errors> {
        load_json(&self.documents, &self.limits)
    }

    /// As [`Source::check`], for a policy whose digest the caller knows: that of its canonical
    /// bundle, as `cog-auth policy check` prints it.
    ///
    /// # Errors
    ///
    /// [`Code::UnexpectedDigest`] alone if the policy has another digest; else as for
    /// [`Source::check`].
    ///
    /// ```
    /// use cog_auth::{Code, policy::{PolicyDigest, Source}};
    ///
    /// let mut source = Source::new();
    /// source.add("p.json", r#"{"v": 1, "schema": {"actions": {"Read": {}}}}"#);
    /// let pinned = "2c0c4715b41158bd9f68a7328f167a3ce057e52d377a4886b6cac152675e30b3";
    /// let pinned = PolicyDigest::from_hex(pinned).unwrap();
    /// assert!(source.check_expecting(pinned).is_ok());
    ///
    /// source.add("more.json", r#"{"v": 1,
    ///     "rules": [{"id": "all", "effect": "permit", "actions": ["*"]}]}"#);
    /// let errors = source.check_expecting(pinned).unwrap_err();
    /// assert_eq!(errors.first().code(), Code::UnexpectedDigest);
    /// ```
    pub fn check_expecting(&self, expected: PolicyDigest) -> Result<Checked, Errors> {
        let checked = self.check()?;
        if checked.policy().digest() == expected {
            Ok(checked)
        } else {
            let error = Error::new(Code::UnexpectedDigest);
            let of_image = checked.policy().image_digest().to_hex() == expected.to_hex();
            Err(Errors::one(if of_image {
                error.because("this is the image's digest; a policy has one of its own")
            } else {
                error
            }))
        }
    }
}
