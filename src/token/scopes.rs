//! Scopes: for which actions a credential may be used.

use super::text_lists::{is_subset, is_within, sorted};
use crate::error::{Code, Error};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest scope, in bytes.
pub const MAX_SCOPE_BYTES: usize = 128;

/// The scopes of a credential: everything that its principal may do, or some actions by name.
///
/// Scopes narrow what a credential may be used for. They never permit what its principal may not
/// do.
///
/// ```
/// use cog_auth::token::Scopes;
///
/// let some = Scopes::of(["UseDevinSessions", "ReadOrgMeta", "ReadOrgMeta"])?;
/// assert_eq!(some.names().collect::<Vec<_>>(), ["ReadOrgMeta", "UseDevinSessions"]);
/// assert!(some.is_within(&Scopes::all()));
/// assert!(!Scopes::all().is_within(&some));
/// assert_eq!(Scopes::all().names().collect::<Vec<_>>(), ["*"]);
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes {
    /// In byte order, each once. None: everything.
    names: Option<Vec<String>>,
}

impl Scopes {
    /// Everything that the principal may do: `["*"]` in a record.
    #[must_use]
    pub const fn all() -> Self {
        Self { names: None }
    }

    /// Nothing at all: `[]` in a record.
    #[must_use]
    pub const fn none() -> Self {
        Self { names: Some(Vec::new()) }
    }

    /// The actions with these names, in any order. A repeated name counts once. `*` on its own is
    /// [`Scopes::all`].
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRecord`] for `*` beside other names, and for a name that is no `scope-token`
    /// of RFC 6749, section 3.3 (printable ASCII without space, `"` and `\`) of 1 to
    /// [`MAX_SCOPE_BYTES`] bytes.
    ///
    /// ```
    /// use cog_auth::{Code, token::Scopes};
    ///
    /// assert!(Scopes::of(["*"])?.are_all());
    /// assert_eq!(Scopes::of(["*", "ReadOrgMeta"]).unwrap_err().code(), Code::InvalidRecord);
    /// assert_eq!(Scopes::of(["Read meta"]).unwrap_err().code(), Code::InvalidRecord);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn of<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        let mut scopes = ScopesReader::default();
        for name in names {
            scopes
                .push(name.as_ref().to_owned())
                .map_err(|reason| Error::new(Code::InvalidRecord).because(reason))?;
        }
        Ok(scopes.finish())
    }

    /// Whether these are everything that the principal may do.
    #[must_use]
    pub const fn are_all(&self) -> bool {
        self.names.is_none()
    }

    /// The names in byte order, each once. For everything, that is `*` alone.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let star = if self.are_all() { Some("*") } else { None };
        star.into_iter().chain(self.names.iter().flatten().map(String::as_str))
    }

    /// The names in byte order. None: everything.
    pub(crate) fn list(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Whether `others` cover everything that these cover.
    #[must_use]
    pub fn is_within(&self, others: &Self) -> bool {
        is_within(self.list(), others.list(), is_subset)
    }
}

/// Collects scopes one by one, and says what is wrong with each as it comes.
#[derive(Default)]
pub(super) struct ScopesReader {
    /// Whether `*` was among them.
    all: bool,
    names: Vec<String>,
}

impl ScopesReader {
    pub(super) fn push(&mut self, name: String) -> Result<(), &'static str> {
        const BESIDE: &str = "`*` stands for everything and so stands alone";
        if name == "*" {
            self.all = true;
            return if self.names.is_empty() { Ok(()) } else { Err(BESIDE) };
        }
        if self.all {
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
        Scopes { names: if self.all { None } else { Some(sorted(self.names)) } }
    }
}
