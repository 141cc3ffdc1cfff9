//! `demo`: a dozen requests to the real API, decided as a worker decides them.

use crate::answer::Answer;
use crate::clock;
use crate::failure::{Failure, json};
use crate::gate::{self, Audit, Body};
use crate::random;
use crate::report::{Exit, Report};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, STRONG, paint};
use crate::table::{Cell, Table};
use cog_auth::gate::{Gate, HttpRequest, Outcome};
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, Kind, Record, RecordDraft, RootKey, Scopes, Token};
use cog_auth::{Error, Time};
use serde::Serialize;
use zeroize::Zeroizing;

/// The account that both credentials belong to, on the team plan and in the beta of personal access tokens.
const ACCOUNT: &str = r#"{"id": "acct_1", "sso": false, "plan": "team", "features": ["pat_beta"]}"#;
const ACCOUNT_WITH_SSO: &str =
    r#"{"id": "acct_1", "sso": true, "plan": "team", "features": ["pat_beta"]}"#;
const ACCOUNT_WITHOUT_BETA: &str =
    r#"{"id": "acct_1", "sso": false, "plan": "team", "features": []}"#;
const ACCOUNT_OF_UNKNOWN_FEATURES: &str = r#"{"id": "acct_1", "sso": false, "plan": "team"}"#;
/// The account that the organization `zoo` belongs to.
const ANOTHER_ACCOUNT: &str = r#"{"id": "acct_2", "sso": false, "plan": "team"}"#;

/// One request, and what is different about its credential or its owner.
struct Case {
    kind: Kind,
    method: &'static str,
    path: &'static str,
    but: But,
}

/// What is different from: a valid token for everything, whose owner's account is as above.
#[derive(Clone, Copy, PartialEq, Eq)]
enum But {
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
    const fn words(self) -> &'static str {
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

const fn key(method: &'static str, path: &'static str, but: But) -> Case {
    Case { kind: Kind::ServiceUserKey, method, path, but }
}

const fn pat(method: &'static str, path: &'static str, but: But) -> Case {
    Case { kind: Kind::PersonalAccessToken, method, path, but }
}

const CASES: [Case; 14] = [
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

/// A row of the table, and of the JSON.
#[derive(Serialize)]
struct Row {
    method: &'static str,
    path: &'static str,
    credential: &'static str,
    /// What is different from a valid credential of a member.
    but: &'static str,
    outcome: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    why: Vec<String>,
}

/// The two tokens of this run, and the keys that they were made with.
struct Issued {
    root: RootKey,
    key: Token,
    pat: Token,
}

/// Decides the requests.
pub(crate) fn run() -> Result<Report, Failure> {
    let now = clock::now(None)?;
    let issued = issue()?;
    let policy = Policy::builtin();
    let edge_keys = issued.root.edge_keys();
    let gate = Gate::at_edge(policy.clone(), edge_keys);
    let failed = |error: Error| Failure::error(&error);
    let mut rows = Vec::new();
    for case in &CASES {
        rows.push(decide(&gate, &issued, case, now).map_err(failed)?);
    }
    rows.push(emergency(&policy, &issued, now).map_err(failed)?);
    Ok(Report::new(Exit::Yes, text(&issued, &policy, &rows), json(&rows)))
}

fn issue() -> Result<Issued, Failure> {
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
    fn token(&self, kind: Kind) -> &Token {
        if kind == Kind::ServiceUserKey { &self.key } else { &self.pat }
    }

    fn record(&self, kind: Kind, but: But, now: Time) -> Result<Record, Error> {
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

const fn principal(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::ServiceUserKey => ("service_user", "su_deploy"),
        _ => ("user", "user_ada"),
    }
}

/// The issuer's databases, as far as one request needs them.
struct Databases {
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
    fn of(case: &Case, record: &Record) -> Self {
        let (principal_type, id) = principal(case.kind);
        let role = if case.kind == Kind::ServiceUserKey { "org_admin" } else { "org_member" };
        let account = match case.but {
            But::WithSso => ACCOUNT_WITH_SSO,
            But::WithoutBeta => ACCOUNT_WITHOUT_BETA,
            But::FeaturesUnknown => ACCOUNT_OF_UNKNOWN_FEATURES,
            _ => ACCOUNT,
        };
        let principal = format!(
            r#""principal": {{"type": "{principal_type}", "id": "{id}", "account": {account}, "roles": [],
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

fn decide(gate: &Gate, issued: &Issued, case: &Case, now: Time) -> Result<Row, Error> {
    let record = issued.record(case.kind, case.but, now)?;
    let mut header = Zeroizing::new(format!("Bearer {}", issued.token(case.kind).expose()));
    if case.but == But::Mistyped {
        let last = header.pop();
        header.push(if last == Some('0') { '1' } else { '0' });
    }
    let request = HttpRequest {
        method: case.method,
        target: case.path.as_bytes(),
        authorization: &[header.as_bytes()],
        context: (case.but == But::FromCi).then_some(br#"{"ci": true}"#),
    };
    let outcome = gate::drive(gate, &request, now, &Databases::of(case, &record))?;
    let audit = Audit::of(&outcome);
    let (outcome, status, code, why) = match &outcome {
        Outcome::Refused(refused) => {
            let why = refusal(&Body::of(refused), &audit, refused.name());
            ("refused", refused.status(), Some(refused.name().to_owned()), why)
        }
        _ => ("allowed", 200, None, allowance(&audit)),
    };
    Ok(Row {
        method: case.method,
        path: case.path,
        credential: case.kind.name(),
        but: case.but.words(),
        outcome,
        status,
        code,
        class: audit.class,
        why,
    })
}

/// What a refusal says, in words.
fn refusal(body: &Body, audit: &Audit, code: &str) -> Vec<String> {
    let mut why: Vec<String> =
        body.reasons.iter().map(|reason| reason.words().to_owned()).collect();
    why.extend(audit.missing.iter().map(|pointer| format!("Look up {pointer} to know.")));
    if body.code != code && why.is_empty() {
        why.push(format!("{} The client is told only: {}.", sentence(code), body.detail));
    } else if why.is_empty() {
        why.push(sentence(&body.detail));
    }
    why
}

fn allowance(audit: &Audit) -> Vec<String> {
    let advice = audit.advice.iter().map(|code| format!("Advice: {code}."));
    let undecided = audit
        .undecided
        .iter()
        .map(|action| format!("If its body asks for it, the origin decides {action} too."));
    advice.chain(undecided).collect()
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let mut out: String = first.into_iter().chain(characters).collect();
    out.push('.');
    out
}

/// The one thing that every credential may do whatever else is forbidden: give itself up. No route of the API has it yet,
/// so that the policy is asked for the action.
fn emergency(policy: &Policy, issued: &Issued, now: Time) -> Result<Row, Error> {
    let kind = Kind::PersonalAccessToken;
    let record = issued.record(kind, But::WithSso, now)?;
    let (principal_type, principal) = principal(kind);
    let id = record.id();
    let request = format!(
        r#"{{"subject": {{"type": "{principal_type}", "id": "{principal}", "properties": {{"account": {ACCOUNT_WITH_SSO}}}}},
            "action": {{"name": "RevokePresentedCredential"}},
            "resource": {{"type": "credential", "id": "{id}", "properties": {{"owner": "{principal}", "kind": "{kind}", "organization": null}}}},
            "context": {{"credential": {{"kind": "{kind}", "id": "{id}", "scopes": [], "organizations": []}}, "time": {}}}}}"#,
        now.seconds(),
        kind = kind.name(),
    );
    let decision = policy.request(request.as_bytes())?.decide().explain().to_json();
    let answer: Option<Answer> = serde_json::from_str(&decision).ok();
    let allowed = answer.is_some_and(|answer| answer.decision);
    Ok(Row {
        method: "",
        path: "RevokePresentedCredential",
        credential: kind.name(),
        but: But::WithSso.words(),
        outcome: if allowed { "allowed" } else { "refused" },
        status: if allowed { 200 } else { 403 },
        code: None,
        class: None,
        why: vec!["Whoever finds a leaked credential may give it up with itself. (An action that no route has yet.)".to_owned()],
    })
}

fn text(issued: &Issued, policy: &Policy, rows: &[Row]) -> String {
    let width = style::width();
    let mut out = format!(
        "{}\n{}\n\n",
        paint(STRONG, "Who may do what with a cog_ token, and why not."),
        textwrap::fill(
            &format!(
                "For this run alone: a service-user key ({}…, org_admin in acme) and a personal access token ({}…, org_member in \
                 acme). Each request goes through the gate with the built-in policy, as in a worker: header, token, record, route, \
                 facts, decision.",
                issued.key.handle(),
                issued.pat.handle()
            ),
            width
        )
    );
    let mut table = Table::new(["", "", "", ""]);
    for row in rows {
        let (style, mark, below) = match row.outcome {
            "allowed" => (GOOD, "✓", DIM),
            _ => (BAD, "✗", NORMAL),
        };
        let verdict = row.class.as_deref().unwrap_or(row.outcome);
        let short = if row.credential == Kind::ServiceUserKey.name() { "key" } else { "PAT" };
        let separator = if row.but.is_empty() { "" } else { ", " };
        let cells = [
            Cell::new(style, mark),
            Cell::new(style, format!("{} {verdict}", row.status)),
            Cell::new(NORMAL, format!("{:4} {}", row.method, row.path)),
            Cell::new(NORMAL, format!("{short}{separator}{}", row.but)),
        ];
        table.row_above(cells, row.why.iter().map(|why| Cell::new(below, why)));
    }
    out.push_str(&table.render(width));
    let policy = policy.digest().to_hex();
    let next = format!(
        "Policy {}…. Next: cog-auth decide --help, cog-auth token --help",
        policy.get(..12).unwrap_or_default()
    );
    out.push_str(&format!("\n{}\n", paint(DIM, &next)));
    out
}
