//! From a token, its record and facts to the request that the gate would decide: `docs/policy-language.md`, section 15.

use crate::args::PermissionsArgs;
use crate::clock;
use crate::failure::{Failure, json};
use crate::input::{Bytes, Inputs};
use crate::output::Report;
use crate::token;
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest};
use cog_auth::policy::Policy;
use cog_auth::token::Record;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What is known of a principal and of an organization.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    principal: Principal,
    organization: Option<Organization>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Principal {
    r#type: String,
    id: String,
    disabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    account: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "given")]
    roles: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "given")]
    permissions: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "given")]
    memberships: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organization {
    id: String,
    #[serde(default, deserialize_with = "given")]
    account: Option<Box<RawValue>>,
}

/// What stands there is taken over as it is: null too, which says something else than nothing.
fn given<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
}

#[derive(Serialize)]
struct Request {
    subject: Entity,
    resource: Entity,
    context: Context,
}

#[derive(Serialize)]
struct Entity {
    r#type: String,
    id: String,
    properties: BTreeMap<&'static str, Box<RawValue>>,
}

#[derive(Serialize)]
struct Context {
    credential: Credential,
    time: u64,
    #[serde(flatten)]
    other: BTreeMap<String, Box<RawValue>>,
}

#[derive(Serialize)]
struct Credential {
    kind: &'static str,
    id: String,
    scopes: Vec<String>,
    organizations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
}

/// The name of the facts' file and the request without an action; or the report that the credential is refused.
pub(crate) fn request(
    args: &PermissionsArgs,
    policy: &Policy,
    inputs: &mut Inputs,
) -> Result<Result<(String, Bytes), Report>, Failure> {
    let credential = &args.credential;
    let (Some(edge_keys), Some(record), Some(facts)) =
        (&credential.edge_keys, &credential.record, &credential.facts)
    else {
        return Err(Failure::usage(
            "say whose permissions: --request FILE, or a token with --edge-keys, --record and --facts",
        ));
    };
    let presented = token::Presented {
        token: &credential.token,
        edge_keys,
        record,
        peppers: credential.peppers.as_ref(),
    };
    let now = clock::now(&credential.now)?;
    let token::Accepted { record, valid_until, edge_keys, .. } =
        match token::accepted(&presented, now, inputs)? {
            Ok(accepted) => accepted,
            Err(refused) => return Ok(Err(refused)),
        };
    let name = facts.name();
    let text = inputs.facts(facts)?;
    let facts = read_facts(&text, &record, args.organization.as_deref())
        .map_err(|why| Failure::invalid_because(&name, format!("{why} (invalid_facts, 601)")))?;
    if facts.principal.disabled == Some(true) {
        return Ok(Err(token::refused_because("disabled_principal", "the principal is disabled")));
    }
    let gate = Gate::at_edge(policy, &edge_keys);
    let other = other_context(&gate, credential.context.as_deref(), now)?;
    let request = build(&record, facts, now, valid_until, other);
    Ok(Ok((name, Zeroizing::new(json(&request).into_bytes()))))
}

/// Facts that are about this record's principal, and about this organization.
fn read_facts(text: &[u8], record: &Record, organization: Option<&str>) -> Result<Facts, String> {
    let facts: Facts = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if facts.principal.id != record.principal() {
        return Err("they are about another principal than the record's".to_owned());
    }
    if facts.principal.r#type != subject_type(record) {
        return Err(format!(
            "the principal of such a credential has the type {}",
            subject_type(record)
        ));
    }
    match (organization, &facts.organization) {
        (None, Some(_)) => {
            Err("they are about an organization; ask for it with --organization".to_owned())
        }
        (Some(asked), Some(found)) if asked != found.id => {
            Err("they are about another organization than --organization says".to_owned())
        }
        _ => Ok(facts),
    }
}

fn subject_type(record: &Record) -> &'static str {
    match record.kind() {
        cog_auth::token::Kind::PersonalAccessToken => "user",
        _ => "service_user",
    }
}

/// The caller's context, once the gate has checked it.
fn other_context(
    gate: &Gate<'_>,
    text: Option<&str>,
    now: Time,
) -> Result<BTreeMap<String, Box<RawValue>>, Failure> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    let context = Some(text.as_bytes());
    // Without a credential the gate goes no further than this.
    let request = HttpRequest { method: "GET", target: b"/", authorization: &[], context };
    let _step = gate.begin(&request, now).map_err(|error| Failure::invalid("--context", &error))?;
    serde_json::from_str(text).map_err(|error| Failure::invalid_because("--context", error))
}

fn build(
    record: &Record,
    facts: Facts,
    now: Time,
    valid_until: Option<Time>,
    other: BTreeMap<String, Box<RawValue>>,
) -> Request {
    let Facts { principal, organization } = facts;
    let mut subject = BTreeMap::new();
    let mut resource = BTreeMap::new();
    let account = principal.account;
    let (resource_type, resource_id, resource_account) = match organization {
        Some(organization) => {
            resource.extend(raw(&organization.id).map(|id| ("organization", id)));
            ("organization", organization.id, organization.account)
        }
        None => {
            resource.extend(raw(&()).map(|null| ("organization", null)));
            ("account", account_id(account.as_deref()), account.clone())
        }
    };
    resource.extend(resource_account.map(|account| ("account", account)));
    let members = [
        ("account", account),
        ("roles", principal.roles),
        ("permissions", principal.permissions),
        ("memberships", principal.memberships),
    ];
    subject.extend(members.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let organizations = record.organizations().map_or_else(|| vec!["*".to_owned()], <[_]>::to_vec);
    let expires_in = valid_until.map(|until| until.seconds().saturating_sub(now.seconds()));
    Request {
        subject: Entity { r#type: principal.r#type, id: principal.id, properties: subject },
        resource: Entity {
            r#type: resource_type.to_owned(),
            id: resource_id,
            properties: resource,
        },
        context: Context {
            credential: Credential {
                kind: record.kind().name(),
                id: record.id().to_string(),
                scopes: record.scopes().names().map(str::to_owned).collect(),
                organizations,
                expires_in,
            },
            time: now.seconds(),
            other,
        },
    }
}

/// The `id` in an account, empty where it has none.
fn account_id(account: Option<&RawValue>) -> String {
    #[derive(Deserialize)]
    struct Account {
        id: String,
    }
    account
        .and_then(|account| serde_json::from_str::<Account>(account.get()).ok())
        .map_or_else(String::new, |account| account.id)
}

fn raw(value: &impl Serialize) -> Option<Box<RawValue>> {
    RawValue::from_string(json(value)).ok()
}
