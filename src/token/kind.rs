//! The kinds of credential.

/// What a credential is, which decides whom it authenticates as.
///
/// ```
/// use cog_auth::token::Kind;
///
/// assert_eq!(Kind::PersonalAccessToken.name(), "personal_access_token");
/// assert_eq!(Kind::from_name("sample"), Some(Kind::Sample));
/// assert_eq!(Kind::from_name("Sample"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An API key that authenticates as a service user, a principal that is no person.
    ///
    /// Its name is `service_user_key`, its character in a token `s`.
    ServiceUserKey,
    /// A token that authenticates as the user who created it.
    ///
    /// Its name is `personal_access_token`, its character in a token `p`.
    PersonalAccessToken,
    /// A token for documentation and for tests of scanners. It has a valid form, and every verifier
    /// refuses it.
    ///
    /// Its name is `sample`, its character in a token `x`.
    Sample,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::ServiceUserKey, Self::PersonalAccessToken, Self::Sample];

    /// The name in JSON, records and policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceUserKey => "service_user_key",
            Self::PersonalAccessToken => "personal_access_token",
            Self::Sample => "sample",
        }
    }

    /// The kind with this name, if there is one. Names are compared byte for byte.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The character that stands for the kind in a token.
    pub(super) const fn character(self) -> [u8; 1] {
        match self {
            Self::ServiceUserKey => *b"s",
            Self::PersonalAccessToken => *b"p",
            Self::Sample => *b"x",
        }
    }

    /// The kind for which this character stands in a token, if there is one.
    pub(super) const fn from_character(character: &[u8; 1]) -> Option<Self> {
        match character {
            b"s" => Some(Self::ServiceUserKey),
            b"p" => Some(Self::PersonalAccessToken),
            b"x" => Some(Self::Sample),
            _ => None,
        }
    }
}
