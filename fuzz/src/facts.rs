//! Facts, and with them all of the gate: docs/policy-language.md, section 15.

use crate::audit::shown;
use crate::base::{BASE, NOW, drive};
use crate::decider::BUILTIN;
use crate::json::{Json, Reading, read};
use crate::malformed::is_malformed;
use crate::matcher::{Found, Match, find};
use crate::path::{ROUTES, method_and_target};
use crate::spelling::leaks;
use cog_auth::gate::{HttpRequest, Outcome};
use cog_auth::policy::MAX_REQUEST_BYTES;
use serde_json::{Map, Value, json};
use std::net::IpAddr;

/// What callers state of their clients: addresses, what is none, and what is too long.
const CLIENTS: [Option<&str>; 7] = [
    None,
    Some("192.0.2.1"),
    Some("::ffff:192.0.2.1"),
    Some("2001:DB8::1"),
    Some("192.0.2.1:443"),
    Some(""),
    Some("::1                                                              "),
];

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
    let Match::Found(found) = find(&ROUTES, &method, &text) else { return };
    if leaks(text.split('?').next().unwrap()) {
        return;
    }
    let variant = crc32fast::hash(data) as usize;
    let record = &used(&BASE.json["records"][name], variant);
    let address = CLIENTS[variant % CLIENTS.len()];
    let expected = expected(record, &found, address, facts);
    let header = BASE.filled(&format!("Bearer {{{name}}}"));
    let request = HttpRequest {
        method: &method,
        target: &target,
        authorization: &[header.as_bytes()],
        context: None,
        client_address: address,
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
                same(answer, &found, address, allowed.audit());
            }
            (Expected::Decision(answer), Outcome::Refused(refused)) if refused.status() == 403 => {
                assert_eq!(answer["decision"], false);
                same(answer, &found, address, refused.audit());
            }
            (Expected::Unsure, _) => {}
            (expected, outcome) => panic!("{expected:?}, and not {outcome:?}"),
        }
        let without = drive(&gate, &request, Some(record.to_string().as_bytes()), None);
        assert!(matches!(without, Outcome::Refused(_)), "{without:?}");
    }
}

/// A record with addresses and a last use, or without; the number says which.
fn used(record: &Value, variant: usize) -> Value {
    let mut record = record.clone();
    let lists = [
        Value::Null,
        json!(["192.0.2.0/24", "::1"]),
        json!(["::ffff:192.0.2.1", "2001:db8::/32"]),
        json!([]),
    ];
    let uses = [Value::Null, json!(NOW - 40), json!(NOW + 40), json!(NOW)];
    record["addresses"] = lists[variant / 8 % lists.len()].clone();
    record["last_used_at"] = uses[variant / 64 % uses.len()].clone();
    record
}

/// The audit record says of route and client what they are, and of the decision what the answer
/// says.
fn same(answer: &Value, found: &Found, address: Option<&str>, audit: &str) {
    let audit: Value = serde_json::from_str(audit).unwrap();
    let stated = address.filter(|text| text.parse::<IpAddr>().is_ok());
    assert_eq!(audit["client_address"], json!(stated));
    assert_eq!(
        audit["resource"],
        match &found.resource {
            Some((kind, id)) => json!({ "type": kind, "id": shown(id.as_bytes()) }),
            None => Value::Null,
        }
    );
    let parameters: Map<String, Value> = found
        .parameters
        .iter()
        .map(|(name, segment)| (name.clone(), shown(segment.as_bytes()).into()))
        .collect();
    let stated = audit["parameters"].as_object().cloned().unwrap_or_default();
    assert_eq!(stated, parameters);
    let context = &answer["context"];
    let codes = |reasons: &Value| match reasons.as_array() {
        Some(reasons) => reasons.iter().map(|reason| reason["code"].clone()).collect(),
        None => Value::Null,
    };
    assert_eq!(audit["decision"], answer["decision"]);
    for name in ["class", "rules", "possible", "missing", "unusable", "policy"] {
        assert_eq!(audit[name], context[name], "{name}");
    }
    for name in ["reasons", "advice"] {
        assert_eq!(audit[name], codes(&context[name]), "{name}");
    }
}

fn expected(record: &Value, found: &Found, address: Option<&str>, text: &[u8]) -> Expected {
    let facts = match read(text, MAX_REQUEST_BYTES, 32) {
        Reading::Json(facts) => facts,
        Reading::Refused => return Expected::Refused("invalid_facts"),
        Reading::Unsure => return Expected::Unsure,
    };
    let Some(request) = request(record, found, address, &facts) else {
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
fn request(record: &Value, found: &Found, address: Option<&str>, facts: &Json) -> Option<Value> {
    let organization = found.organization.as_deref();
    let known = |object: &Json, names: &[&str]| {
        object.is_object()
            && !object.has_twins()
            && object.members().iter().all(|(name, _)| names.contains(&name.as_str()))
    };
    let principal = facts.member("principal")?;
    let about = facts.member("organization").filter(|about| **about != Json::Null);
    let thing = facts.member("resource").filter(|thing| **thing != Json::Null);
    let own = thing.and_then(|thing| thing.member("properties"));
    let own = own.filter(|properties| **properties != Json::Null);
    let taken_over = ["account", "roles", "permissions", "memberships"];
    let kind = record["kind"].as_str()?;
    let is = if kind == "service_user_key" { "service_user" } else { "user" };
    let sound = known(facts, &["principal", "organization", "resource"])
        && known(principal, &[&["id", "type", "disabled"], taken_over.as_slice()].concat())
        && principal.member("id")?.text() == record["principal"].as_str()
        && principal.member("type")?.text() == Some(is)
        && about.is_none_or(|about| {
            known(about, &["id", "account"])
                && organization.is_some()
                && about.member("id").and_then(Json::text) == organization
        })
        && thing.is_none_or(|thing| {
            let text = |name: &str| thing.member(name).and_then(Json::text);
            known(thing, &["type", "id", "properties"])
                && found.resource.as_ref().is_some_and(|(kind, id)| {
                    text("type") == Some(kind.as_str()) && text("id") == Some(id.as_str())
                })
        })
        && own.is_none_or(|own| {
            own.is_object()
                && ["organization", "account"].iter().all(|name| own.member(name).is_none())
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
    of_resource.extend(own.into_iter().flat_map(|own| own.members().iter().cloned()));
    let id = match (&found.resource, organization) {
        (Some((_, id)), _) => id,
        (None, Some(id)) => id,
        // No text is as good as an empty one.
        (None, None) => principal
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
        member("action", object(vec![member("name", text(&found.action))])),
        member(
            "resource",
            object(vec![
                member("type", text(kind_of(found))),
                member("id", text(id)),
                member("properties", object(of_resource)),
            ]),
        ),
    ]);
    if is_malformed(&request, BUILTIN.pointers(), false) {
        return None;
    }
    let mut request = request.value();
    let mut credential = json!({
        "kind": kind, "id": record["id"], "scopes": record["scopes"], "organizations": ["*"],
    });
    if record["addresses"].is_array() {
        credential["addresses"] = record["addresses"].clone();
    }
    if let Some(last) = record["last_used_at"].as_u64() {
        credential["last_used_at"] = json!(last);
        credential["idle"] = json!(NOW.saturating_sub(last));
    }
    request["context"] = json!({ "credential": credential, "time": NOW });
    if let Some(address) = address {
        let put = if address.len() > 64 { "" } else { address };
        request["context"]["client_address"] = json!(put);
    }
    Some(request)
}

fn kind_of(found: &Found) -> &str {
    match (&found.resource, &found.organization) {
        (Some((kind, _)), _) => kind,
        (None, Some(_)) => "organization",
        (None, None) => "account",
    }
}
