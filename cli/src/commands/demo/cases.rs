//! The requests of the demo.

use cog_auth::token::Kind;

/// One request, and in what its credential, or the owner of that, differs from the usual.
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) but: But,
}

/// The difference from a valid token for all actions, whose owner's account is on the team plan and
/// in the beta of personal access tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum But {
    Nothing,
    FromCi,
    WithSso,
    WithoutBeta,
    FeaturesUnknown,
    NotMember,
    ForOneScope,
    Revoked,
    Mistyped,
}

impl But {
    /// The difference in words, for the table.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::FromCi => "used in CI",
            Self::WithSso => "single sign-on",
            Self::WithoutBeta => "not in the beta",
            Self::FeaturesUnknown => "beta unknown",
            Self::NotMember => "not a member",
            Self::ForOneScope => "scoped to view",
            Self::Revoked => "revoked",
            Self::Mistyped => "mistyped",
        }
    }
}

/// A request with a service-user key.
const fn key(method: &'static str, path: &'static str, but: But) -> Case {
    Case { kind: Kind::ServiceUserKey, method, path, but }
}

/// A request with a personal access token.
const fn pat(method: &'static str, path: &'static str, but: But) -> Case {
    Case { kind: Kind::PersonalAccessToken, method, path, but }
}

/// The requests of the demo.
pub(super) const CASES: [Case; 14] = [
    key("POST", "/v3/organizations/acme/sessions", But::Nothing),
    key("GET", "/v3/enterprise/self", But::Nothing),
    pat("GET", "/v3/organizations/acme/sessions", But::Nothing),
    pat("GET", "/v3/organizations/acme/sessions", But::FromCi),
    pat("GET", "/v3/organizations/acme/sessions", But::WithSso),
    pat("GET", "/v3/organizations/acme/sessions", But::WithoutBeta),
    pat("GET", "/v3/organizations/acme/sessions", But::FeaturesUnknown),
    pat("GET", "/v3/organizations/acme/secrets", But::Nothing),
    key("POST", "/v3/organizations/acme/sessions", But::ForOneScope),
    key("GET", "/v3/organizations/zoo/sessions", But::NotMember),
    key("PUT", "/v3/enterprise/self", But::Nothing),
    key("GET", "/v3/organizations/acme/nothing", But::Nothing),
    key("GET", "/v3/organizations/acme/sessions", But::Revoked),
    key("GET", "/v3/organizations/acme/sessions", But::Mistyped),
];
