//! Scopes: which actions a credential may be used for, of those that its principal may do.

use crate::error::{Code, Error};
use crate::order;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest name of a scope, in bytes.
pub const MAX_SCOPE_BYTES: usize = 128;

/// Everything that the owner may do, or a list of action names. Scopes narrow a credential and never widen it.
///
/// ```
/// use cog_auth::{Code, token::Scopes};
///
/// let some = Scopes::of(["UseDevinSessions", "ReadOrgMeta", "ReadOrgMeta"])?;
/// assert_eq!(some.names().collect::<Vec<_>>(), ["ReadOrgMeta", "UseDevinSessions"]);
/// assert!(some.is_within(&Scopes::all()));
/// assert!(!Scopes::all().is_within(&some));
/// assert_eq!(Scopes::all().names().collect::<Vec<_>>(), ["*"]);
/// assert_eq!(Scopes::of(["*", "ReadOrgMeta"]).unwrap_err().code(), Code::InvalidRecord);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes {
    /// None is everything; names are sorted, each once.
    names: Option<Vec<String>>,
}

impl Scopes {
    /// Everything that the owner may do: `["*"]`.
    #[must_use]
    pub const fn all() -> Self {
        Self { names: None }
    }

    /// Nothing at all: `[]`.
    #[must_use]
    pub const fn none() -> Self {
        Self { names: Some(Vec::new()) }
    }

    /// These actions, in any order, repeats meaning nothing more; `*` alone is [`Scopes::all`].
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] for `*` beside others, and for a name that has not 1 to [`MAX_SCOPE_BYTES`] bytes, all of
    /// RFC 6749's `scope-token`: printable ASCII without space, `"` and `\`.
    pub fn of<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        let mut scopes = ScopesReader::default();
        for name in names {
            scopes
                .push(name.as_ref().to_owned())
                .map_err(|reason| Error::new(Code::InvalidRecord).because(reason))?;
        }
        Ok(scopes.finish())
    }

    /// Whether these are everything that the owner may do.
    #[must_use]
    pub const fn are_all(&self) -> bool {
        self.names.is_none()
    }

    /// The names in byte order, each once; `*` alone for everything.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let star = if self.are_all() { Some("*") } else { None };
        star.into_iter().chain(self.names.iter().flatten().map(String::as_str))
    }

    /// The names, or none for everything.
    pub(crate) fn list(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Whether everything that these allow, the others allow too.
    #[must_use]
    pub fn is_within(&self, others: &Self) -> bool {
        match (&self.names, &others.names) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(some), Some(others)) => is_subset(some, others),
        }
    }
}

/// Collects scopes one by one, and says what is wrong with one as soon as it comes.
#[derive(Default)]
pub(super) struct ScopesReader {
    star: Option<()>,
    names: Vec<String>,
}

impl ScopesReader {
    pub(super) fn push(&mut self, name: String) -> Result<(), &'static str> {
        const BESIDE: &str = "`*` stands for everything and so stands alone";
        if name == "*" {
            self.star = Some(());
            return if self.names.is_empty() { Ok(()) } else { Err(BESIDE) };
        }
        if self.star.is_some() {
            return Err(BESIDE);
        }
        let valid = name.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        if !valid || !(1..=MAX_SCOPE_BYTES).contains(&name.len()) {
            return Err("a scope has 1 to 128 bytes, printable ASCII without space, `\"` and `\\`");
        }
        self.names.push(name);
        Ok(())
    }

    pub(super) fn finish(self) -> Scopes {
        Scopes { names: if self.star.is_some() { None } else { Some(sorted(self.names)) } }
    }
}

/// As a set: in order, each once.
pub(super) fn sorted(texts: Vec<String>) -> Vec<String> {
    let mut texts = order::sorted(texts);
    texts.dedup();
    texts
}

/// Whether each of the one is among the others, which are sorted.
pub(super) fn is_subset(some: &[String], others: &[String]) -> bool {
    some.iter().all(|name| others.binary_search(name).is_ok())
}
