//! Facts, and with them all of the gate: docs/policy-language.md, section 15.

use crate::base::{BASE, NOW, drive};
use crate::decider::BUILTIN;
use crate::json::{Json, Reading, read};
use crate::malformed::is_malformed;
use crate::matcher::{Match, find};
use crate::path::{ROUTES, method_and_target};
use crate::spelling::leaks;
use cog_auth::gate::{HttpRequest, Outcome};
use cog_auth::policy::MAX_REQUEST_BYTES;
use serde_json::{Value, json};

/// What facts come to.
#[derive(Debug)]
enum Expected {
    Refused(&'static str),
    Decision(Value),
    Unsure,
}

/// A line: the name of a token, a space, a method, a space, a target. The rest is the facts' text.
pub fn check(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (line, facts) = data.split_at(end);
    let facts = facts.get(1..).unwrap_or_default();
    let name = if line.starts_with(b"pat ") { "pat" } else { "key" };
    let (method, target) =
        method_and_target(line.splitn(2, |b| *b == b' ').nth(1).unwrap_or_default());
    let text = String::from_utf8_lossy(&target);
    let Match::Found(action, organization, _) = find(&ROUTES, &method, &text) else { return };
    if leaks(text.split('?').next().unwrap()) {
        return;
    }
    let record = &BASE.json["records"][name];
    let expected = expected(record, &action, organization.as_deref(), facts);
    let header = BASE.filled(&format!("Bearer {{{name}}}"));
    let request = HttpRequest {
        method: &method,
        target: &target,
        authorization: &[header.as_bytes()],
        context: None,
        client_address: None,
    };
    for gate in BASE.places() {
        let outcome = drive(&gate, &request, Some(record.to_string().as_bytes()), Some(facts));
        match (&expected, &outcome) {
            (Expected::Refused(code), Outcome::Refused(refused)) => {
                assert_eq!(refused.code().name(), *code);
                assert_eq!(refused.status(), if *code == "disabled_principal" { 401 } else { 503 });
            }
            (Expected::Decision(answer), Outcome::Allowed(allowed)) => {
                assert_eq!(answer["decision"], true);
                same(answer, allowed.audit());
            }
            (Expected::Decision(answer), Outcome::Refused(refused)) if refused.status() == 403 => {
                assert_eq!(answer["decision"], false);
                same(answer, refused.audit());
            }
            (Expected::Unsure, _) => {}
            (expected, outcome) => panic!("{expected:?}, and not {outcome:?}"),
        }
        let without = drive(&gate, &request, Some(record.to_string().as_bytes()), None);
        assert!(matches!(without, Outcome::Refused(_)), "{without:?}");
    }
}

/// The audit record says of the decision what the answer says.
fn same(answer: &Value, audit: &str) {
    let audit: Value = serde_json::from_str(audit).unwrap();
    let context = &answer["context"];
    let codes = |reasons: &Value| match reasons.as_array() {
        Some(reasons) => reasons.iter().map(|reason| reason["code"].clone()).collect(),
        None => Value::Null,
    };
    assert_eq!(audit["decision"], answer["decision"]);
    for name in ["class", "rules", "missing", "policy"] {
        assert_eq!(audit[name], context[name], "{name}");
    }
    for name in ["reasons", "advice"] {
        assert_eq!(audit[name], codes(&context[name]), "{name}");
    }
}

fn expected(record: &Value, action: &str, organization: Option<&str>, text: &[u8]) -> Expected {
    let facts = match read(text, MAX_REQUEST_BYTES, 32) {
        Reading::Json(facts) => facts,
        Reading::Refused => return Expected::Refused("invalid_facts"),
        Reading::Unsure => return Expected::Unsure,
    };
    let Some(request) = request(record, action, organization, &facts) else {
        return Expected::Refused("invalid_facts");
    };
    let principal = facts.member("principal").unwrap();
    match principal.member("disabled") {
        Some(Json::Bool(true)) => Expected::Refused("disabled_principal"),
        Some(Json::Bool(false) | Json::Null) | None => {
            // Deeper than a request can be, facts need not be.
            BUILTIN.answer(&request).map_or(Expected::Unsure, Expected::Decision)
        }
        Some(_) => Expected::Refused("invalid_facts"),
    }
}

/// The request that is decided; none where the facts are invalid.
fn request(
    record: &Value,
    action: &str,
    organization: Option<&str>,
    facts: &Json,
) -> Option<Value> {
    let known = |object: &Json, names: &[&str]| {
        object.is_object()
            && !object.has_twins()
            && object.members().iter().all(|(name, _)| names.contains(&name.as_str()))
    };
    let principal = facts.member("principal")?;
    let about = facts.member("organization").filter(|about| **about != Json::Null);
    let taken_over = ["account", "roles", "permissions", "memberships"];
    let kind = record["kind"].as_str()?;
    let is = if kind == "service_user_key" { "service_user" } else { "user" };
    let sound = known(facts, &["principal", "organization"])
        && known(principal, &[&["id", "type", "disabled"], taken_over.as_slice()].concat())
        && principal.member("id")?.text() == record["principal"].as_str()
        && principal.member("type")?.text() == Some(is)
        && about.is_none_or(|about| {
            known(about, &["id", "account"])
                && organization.is_some()
                && about.member("id").and_then(Json::text) == organization
        });
    if !sound {
        return None;
    }
    let member = |name: &str, value: Json| (name.to_owned(), value);
    let text = |text: &str| Json::Text(text.to_owned());
    let properties = taken_over
        .iter()
        .filter_map(|name| Some(member(name, principal.member(name)?.clone())))
        .collect();
    let account = if organization.is_some() { about } else { Some(principal) };
    let mut of_resource = vec![member("organization", organization.map_or(Json::Null, text))];
    of_resource
        .extend(account.and_then(|of| Some(member("account", of.member("account")?.clone()))));
    let id = match organization {
        Some(id) => id,
        // No text is as good as an empty one.
        None => principal
            .member("account")
            .and_then(|account| account.member("id")?.text())
            .unwrap_or(""),
    };
    let object = |members| Json::Object(members);
    let request = object(vec![
        member(
            "subject",
            object(vec![
                member("type", text(is)),
                member("id", text(record["principal"].as_str()?)),
                member("properties", object(properties)),
            ]),
        ),
        member("action", object(vec![member("name", text(action))])),
        member(
            "resource",
            object(vec![
                member(
                    "type",
                    text(if organization.is_some() { "organization" } else { "account" }),
                ),
                member("id", text(id)),
                member("properties", object(of_resource)),
            ]),
        ),
    ]);
    if is_malformed(&request, BUILTIN.pointers(), false) {
        return None;
    }
    let mut request = request.value();
    request["context"] = json!({
        "credential": { "kind": kind, "id": record["id"], "scopes": record["scopes"], "organizations": ["*"] },
        "time": NOW,
    });
    Some(request)
}
