//! What request the gate makes of token, record, route, facts and context: every row of the table
//! in section 15.
//!
//! The policy here permits everything and says, as advice, which of some conditions are true.

use crate::common::gate::{Answer, Base, drive, now, word};
use cog_auth::gate::{Gate, HttpRequest, Outcome};
use cog_auth::policy::{Policy, Source};
use serde_json::{Value, json};

/// Conditions under the names by which the scenarios call them.
const CONDITIONS: &[(&str, &str)] = &[
    ("account_type", r#"{"resource.type":"account"}"#),
    ("action", r#"{"action.name":"Go"}"#),
    ("all_organizations", r#"{"credential.organizations":{"eq":["*"]}}"#),
    ("all_scopes", r#"{"credential.scope_list":{"eq":["*"]}}"#),
    ("all_scopes_derived", r#"{"credential.scopes":{"has_all":["Go","Stay"]}}"#),
    ("expires", r#"{"credential.expires_in":{"present":true}}"#),
    ("expires_in_100", r#"{"credential.expires_in":100}"#),
    ("flag", r#"{"subject.account.flags":{"has":"beta"}}"#),
    ("go_in_scopes", r#"{"credential.scopes":{"eq":["Go"]}}"#),
    ("id_of_key", r#"{"credential.id":"AAAABBBBCCCC"}"#),
    ("id_of_pat", r#"{"credential.id":"PPPPQQQQRRRR"}"#),
    (
        "key",
        r#"{"credential.kind":"service_user_key","subject.type":"service_user","subject.id":"su_ci"}"#,
    ),
    ("no_organization", r#"{"resource.organization":{"present":false}}"#),
    ("note", r#"{"context.note.text":"n"}"#),
    ("now", r#"{"context.time":1795000000}"#),
    (
        "organization",
        r#"{"resource.type":"organization","resource.id":"org-a","resource.organization":"org-a"}"#,
    ),
    (
        "pat",
        r#"{"credential.kind":"personal_access_token","subject.type":"user","subject.id":"user_01"}"#,
    ),
    ("permitted", r#"{"action.name":{"in":{"attribute":"subject.permissions"}}}"#),
    ("resource_account_7", r#"{"resource.account.id":"acct_7"}"#),
    ("resource_account_9", r#"{"resource.account.id":"acct_9"}"#),
    ("resource_account_there", r#"{"resource.account.id":{"present":true}}"#),
    ("resource_id_7", r#"{"resource.id":"acct_7"}"#),
    (
        "resource_id_there",
        r#"{"any":[{"resource.id":{"present":true}},{"resource.id":{"present":false}}]}"#,
    ),
    ("subject_account", r#"{"subject.account.id":"acct_7"}"#),
    ("two_organizations", r#"{"credential.organizations":{"eq":["o1","o2"]}}"#),
];

fn policy() -> Policy {
    let id = |domain: &str| json!({"type": "id", "domain": domain});
    let from = |mut attribute: Value, pointer: &str| {
        attribute["from"] = json!(pointer);
        attribute
    };
    let advice = CONDITIONS.iter().map(|(code, when)| {
        let when: Value = serde_json::from_str(when).unwrap();
        json!({"id": code, "effect": "advise", "actions": ["*"], "when": when, "reason": {"code": code}})
    });
    let permit = json!({"id": "all", "effect": "permit", "actions": ["*"]});
    let document = json!({
        "v": 1,
        "schema": {
            "attributes": {
                "subject.type": {"type": "enum", "values": ["user", "service_user"]},
                "subject.id": id("principal"),
                "subject.account.id": id("account"),
                "subject.account.flags": {"type": "enum_set", "values": ["beta"], "open": true},
                "resource.type": {"type": "enum", "values": ["organization", "account"]},
                "resource.id": id("resource"),
                "resource.organization": id("organization"),
                "resource.account.id": id("account"),
                "credential.kind": from(
                    json!({"type": "enum", "values": ["personal_access_token", "service_user_key"]}),
                    "/context/credential/kind",
                ),
                "credential.id": from(id("credential"), "/context/credential/id"),
                "credential.scope_list": from(id_set("scope"), "/context/credential/scopes"),
                "credential.organizations":
                    from(id_set("organization"), "/context/credential/organizations"),
                "credential.expires_in": from(
                    json!({"type": "int", "min": 0, "max": 9_007_199_254_740_991_u64}),
                    "/context/credential/expires_in",
                ),
                "context.time": {"type": "time"},
                "context.note.text": id("note"),
            },
            "actions": {"Go": {"level": "organization"}, "Stay": {}},
        },
        "rules": advice.chain([permit]).collect::<Vec<_>>(),
        "routes": [
            {"method": "GET", "path": "/o/{org}", "action": "Go", "organization": "org"},
            {"method": "GET", "path": "/a", "action": "Go"},
        ],
    });
    let mut source = Source::new();
    source.add("policy.json", document.to_string());
    source.check().unwrap().into_policy()
}

fn id_set(domain: &str) -> Value {
    json!({"type": "id_set", "domain": domain})
}

/// The conditions that are true of a request, at both places.
fn truths(base: &Base, name: &str, path: &str, record: &Value, facts: &Value) -> Vec<String> {
    let policy = policy();
    let header = base.fill(name);
    let request = HttpRequest {
        method: "GET",
        target: path.as_bytes(),
        authorization: &[header.as_bytes()],
        context: Some(br#"{"note":{"text":"n","time":1}}"#),
        client_address: None,
    };
    let (record, facts) = (record.to_string(), facts.to_string());
    let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
    let gates = [
        Gate::at_edge(policy.clone(), base.edge_keys.clone()),
        Gate::at_origin(policy, base.edge_keys.clone(), base.peppers.clone()),
    ];
    let [edge, origin] = gates.map(|gate| match drive(&gate, &request, now(), answers, |_| ()) {
        Outcome::Allowed(allowed) => allowed.advice().to_vec(),
        other => panic!("{}", word(&other)),
    });
    assert_eq!(edge, origin);
    edge
}

#[test]
fn about_an_organization() {
    let base = Base::load();
    let (record, facts) = (&base.json["records"]["key"], &base.json["facts"]["service_user"]);
    let always =
        ["action", "all_organizations", "all_scopes", "all_scopes_derived", "id_of_key", "key"];
    let mut expected = always.to_vec();
    expected.extend(["note", "now", "organization"]);
    let with = |more: &[&'static str], facts: &Value| {
        let mut expected = [expected.as_slice(), more].concat();
        expected.sort_unstable();
        assert_eq!(truths(&base, "Bearer {key}", "/o/org-a", record, facts), expected);
    };
    let there = ["resource_id_there", "subject_account"];
    let mut facts = facts.clone();
    facts["principal"]["memberships"][0]["permissions"] = json!(["Go"]);
    let known = [there.as_slice(), &["permitted", "resource_account_there"]].concat();
    with(&[known.as_slice(), &["resource_account_7"]].concat(), &facts);
    facts["organization"]["account"]["id"] = json!("acct_9");
    with(&[known.as_slice(), &["resource_account_9"]].concat(), &facts);
    // What the facts leave out is left out, never taken from elsewhere.
    facts["organization"] = json!({"id": "org-a"});
    facts["principal"]["memberships"] = json!([]);
    with(&there, &facts);
    facts["organization"] = json!(null);
    with(&there, &facts);
    facts["principal"] = json!({"type": "service_user", "id": "su_ci"});
    with(&["resource_id_there"], &facts);
}

#[test]
fn about_the_account_itself() {
    let base = Base::load();
    let (mut record, mut facts) =
        (base.json["records"]["pat"].clone(), base.json["facts"]["user"].clone());
    record["scopes"] = json!(["Other", "Go"]);
    record["organizations"] = json!(["o2", "o1", "o2"]);
    record["expires_at"] = json!(1_795_000_100);
    facts.as_object_mut().unwrap().remove("organization");
    facts["principal"]["account"]["flags"] = json!(["beta", "other"]);
    // A membership for the empty name must not count where there is no organization.
    facts["principal"]["memberships"] = json!([{"organization": null, "permissions": ["Go"]}]);
    let always = [
        "account_type",
        "action",
        "expires",
        "expires_in_100",
        "go_in_scopes",
        "id_of_pat",
        "no_organization",
        "note",
        "now",
        "pat",
        "two_organizations",
    ];
    let with = |more: &[&'static str], facts: &Value| {
        let mut expected = [always.as_slice(), more].concat();
        expected.sort_unstable();
        assert_eq!(truths(&base, "Bearer {pat}", "/a", &record, facts), expected);
    };
    let account =
        ["resource_account_7", "resource_account_there", "resource_id_7", "resource_id_there"];
    with(&[account.as_slice(), &["subject_account", "flag"]].concat(), &facts);
    // An account id that is no string leaves the resource's id unset.
    for id in [json!(7), json!(null), json!(["acct_7"])] {
        facts["principal"]["account"]["id"] = id;
        with(&["flag"], &facts);
    }
    for account in [json!(null), json!("acct_7"), json!(["acct_7"])] {
        facts["principal"]["account"] = account;
        with(&[], &facts);
    }
    facts["principal"].as_object_mut().unwrap().remove("account");
    with(&[], &facts);
}
