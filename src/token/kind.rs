//! The kinds of credential.

/// What a credential is: who it authenticates as depends on it.
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
    /// An API key that authenticates as a service user: `s`, `service_user_key`.
    ServiceUserKey,
    /// A token that authenticates as the human who made it: `p`, `personal_access_token`.
    PersonalAccessToken,
    /// For documentation and scanner tests, valid nowhere: `x`, `sample`.
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

    /// The kind of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The character that stands for it in a token.
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
