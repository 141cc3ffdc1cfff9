//! The issuer of the demo: its keys and tokens, and what its databases say.

use super::cases::{But, Case};
use crate::failure::Failure;
use crate::gate;
use crate::random;
use cog_auth::token::{KeyId, Kind, Record, RecordDraft, RootKey, Scopes, Token};
use cog_auth::{Error, Time};
use zeroize::Zeroizing;

/// The account that both credentials belong to, on the team plan and in the beta of personal access
/// tokens.
const ACCOUNT: &str = r#"{"id": "acct_1", "sso": false, "plan": "team", "features": ["pat_beta"]}"#;
pub(super) const ACCOUNT_WITH_SSO: &str =
    r#"{"id": "acct_1", "sso": true, "plan": "team", "features": ["pat_beta"]}"#;
const ACCOUNT_WITHOUT_BETA: &str =
    r#"{"id": "acct_1", "sso": false, "plan": "team", "features": []}"#;
const ACCOUNT_OF_UNKNOWN_FEATURES: &str = r#"{"id": "acct_1", "sso": false, "plan": "team"}"#;
/// The account that the organization `zoo` belongs to.
const ANOTHER_ACCOUNT: &str = r#"{"id": "acct_2", "sso": false, "plan": "team"}"#;

/// The two tokens of this run, and the keys that they were made with.
pub(super) struct Issued {
    pub(super) root: RootKey,
    pub(super) key: Token,
    pub(super) pat: Token,
}

/// Mints the tokens, with keys that are made for this run.
pub(super) fn issue() -> Result<Issued, Failure> {
    let failed = |error: Error| Failure::error(&error);
    let mut random = Zeroizing::new([0; 32]);
    random::fill(random.as_mut_slice())?;
    let root = RootKey::new(KeyId::parse("01").map_err(failed)?, &random);
    let mint = |kind| {
        let mut random = Zeroizing::new([0; 128]);
        random::fill(random.as_mut_slice())?;
        root.mint(kind, None, random.as_slice()).map_err(failed)
    };
    let (key, pat) = (mint(Kind::ServiceUserKey)?, mint(Kind::PersonalAccessToken)?);
    Ok(Issued { root, key, pat })
}

impl Issued {
    pub(super) fn token(&self, kind: Kind) -> &Token {
        if kind == Kind::ServiceUserKey { &self.key } else { &self.pat }
    }

    pub(super) fn record(&self, kind: Kind, but: But, now: Time) -> Result<Record, Error> {
        let scopes = match but {
            But::ForOneScope => Scopes::of(["ViewOrgSessions"])?,
            _ => Scopes::all(),
        };
        let record = RecordDraft::new(self.token(kind), principal(kind).1, scopes, now)
            .for_edges()
            .issue()?;
        Ok(if but == But::Revoked { record.revoke(now) } else { record })
    }
}

/// The type and the id of the owner of a credential.
pub(super) const fn principal(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::ServiceUserKey => ("service_user", "su_deploy"),
        _ => ("user", "user_ada"),
    }
}

/// The issuer's databases, as far as one request needs them.
pub(super) struct Databases {
    record: String,
    account_facts: String,
    organization_facts: String,
}

impl gate::Store for Databases {
    fn record(&self, _: &str) -> Option<&[u8]> {
        Some(self.record.as_bytes())
    }

    fn facts(&self, _: &str, organization: Option<&str>) -> Option<&[u8]> {
        Some(match organization {
            Some(_) => self.organization_facts.as_bytes(),
            None => self.account_facts.as_bytes(),
        })
    }
}

impl Databases {
    pub(super) fn of(case: &Case, record: &Record) -> Self {
        let (principal_type, id) = principal(case.kind);
        let role = if case.kind == Kind::ServiceUserKey { "org_admin" } else { "org_member" };
        let account = match case.but {
            But::WithSso => ACCOUNT_WITH_SSO,
            But::WithoutBeta => ACCOUNT_WITHOUT_BETA,
            But::FeaturesUnknown => ACCOUNT_OF_UNKNOWN_FEATURES,
            _ => ACCOUNT,
        };
        let principal = format!(
            r#""principal": {{
                "type": "{principal_type}", "id": "{id}", "account": {account}, "roles": [],
                "memberships": [{{"organization": "acme", "roles": ["{role}"]}}]}}"#
        );
        let (organization, owner) =
            if case.path.contains("/zoo/") { ("zoo", ANOTHER_ACCOUNT) } else { ("acme", account) };
        Self {
            record: record.to_json(),
            account_facts: format!("{{{principal}}}"),
            organization_facts: format!(
                r#"{{{principal}, "organization": {{"id": "{organization}", "account": {owner}}}}}"#
            ),
        }
    }
}
