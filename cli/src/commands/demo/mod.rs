//! `demo`: a dozen requests to the real API, decided as a worker decides them.

mod cases;
mod issuer;

use crate::clock;
use crate::failure::{Failure, json};
use crate::gate::{self, Audit, Body};
use crate::report::{Exit, Report};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, STRONG, paint};
use crate::table::{Cell, Table};
use cases::{But, CASES, Case};
use cog_auth::gate::{Gate, HttpRequest, Outcome};
use cog_auth::policy::Policy;
use cog_auth::token::Kind;
use cog_auth::{Error, Time};
use issuer::{ACCOUNT_WITH_SSO, Databases, Issued, issue, principal};
use serde::Serialize;
use zeroize::Zeroizing;

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

/// Sends one request through the gate.
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
        client_address: None,
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
    why.extend(audit.possible.iter().map(|code| format!("Perhaps {code}.")));
    why.extend(audit.missing.iter().map(|pointer| format!("Look up {pointer} to know.")));
    why.extend(audit.unusable.iter().map(|unusable| format!("{}.", unusable.shown())));
    if body.code != code && why.is_empty() {
        why.push(format!("{} The client is told only: {}.", sentence(code), body.detail));
    } else if why.is_empty() {
        why.push(sentence(&body.detail));
    }
    why
}

/// What is said beside an allow.
fn allowance(audit: &Audit) -> Vec<String> {
    let advice = audit.advice.iter().map(|code| format!("Advice: {code}."));
    let undecided = audit
        .undecided
        .iter()
        .map(|action| format!("If its body asks for it, the origin decides {action} too."));
    advice.chain(undecided).collect()
}

/// A text with an upper-case letter at the beginning and a full stop at the end.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let mut out: String = first.into_iter().chain(characters).collect();
    out.push('.');
    out
}

/// The one thing that every credential may do, whatever else is forbidden: give itself up. No route
/// of the API has this action yet, so the policy is asked without the gate.
fn emergency(policy: &Policy, issued: &Issued, now: Time) -> Result<Row, Error> {
    let kind = Kind::PersonalAccessToken;
    let record = issued.record(kind, But::WithSso, now)?;
    let (principal_type, principal) = principal(kind);
    let id = record.id();
    let request = format!(
        r#"{{
            "subject": {{"type": "{principal_type}", "id": "{principal}", "properties": {{
                "account": {ACCOUNT_WITH_SSO}}}}},
            "action": {{"name": "RevokePresentedCredential"}},
            "resource": {{"type": "credential", "id": "{id}", "properties": {{
                "owner": "{principal}", "kind": "{kind}", "organization": null}}}},
            "context": {{"time": {time}, "credential": {{
                "kind": "{kind}", "id": "{id}", "scopes": [], "organizations": []}}}}}}"#,
        kind = kind.name(),
        time = now.seconds(),
    );
    let allowed = policy.request(request.as_bytes())?.decide().is_allowed();
    Ok(Row {
        method: "",
        path: "RevokePresentedCredential",
        credential: kind.name(),
        but: But::WithSso.words(),
        outcome: if allowed { "allowed" } else { "refused" },
        status: if allowed { 200 } else { 403 },
        code: None,
        class: None,
        why: vec![
            "Whoever finds a leaked credential may give it up with itself. \
             (An action that no route has yet.)"
                .to_owned(),
        ],
    })
}

/// The table for people.
fn text(issued: &Issued, policy: &Policy, rows: &[Row]) -> String {
    let width = style::width();
    let mut out = format!(
        "{}\n{}\n\n",
        paint(STRONG, "Who may do what with a cog_ token, and why not."),
        textwrap::fill(
            &format!(
                "For this run alone: a service-user key ({}…, org_admin in acme) and a personal \
                 access token ({}…, org_member in acme). Each request goes through the gate with \
                 the built-in policy, as in a worker: header, token, record, route, facts, \
                 decision.",
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
