//! `decide` and `permissions`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{FACTS, World, cog_auth, run};
use serde_json::{Value, json};

const GATE: &str = "--edge-keys edge.json --record record.json --facts facts.json";

fn request() -> Value {
    json!({
        "subject": {"type": "user", "id": "user_1", "properties": {
            "account": {"id": "acct_1", "sso": false, "plan": "team", "features": ["pat_beta"]},
            "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}},
        "action": {"name": "ViewOrgSessions"},
        "resource": {"type": "organization", "id": "org-a", "properties": {
            "organization": "org-a", "account": {"id": "acct_1", "sso": false, "plan": "team"}}},
        "context": {"time": 1,
            "credential": {"kind": "session", "organizations": ["*"], "scopes": ["*"]}}
    })
}

fn with_action(name: &str) -> Value {
    let mut request = request();
    request["action"]["name"] = name.into();
    request
}

#[test]
fn an_authzen_request_is_answered_in_the_librarys_bytes() {
    let policy = cog_auth::policy::Policy::builtin();
    for (action, code) in [("ViewOrgSessions", 0), ("ManageOrgSecrets", 1), ("Dance", 1)] {
        let text = with_action(action).to_string();
        let ran = run(cog_auth(["decide", "--request", "-", "--json"]).write_stdin(text.clone()));
        assert_eq!(ran.code, code);
        assert_eq!(ran.out.trim_end(), policy.evaluate(text.as_bytes()).unwrap());
    }
    let text = with_action("ManageOrgSecrets").to_string();
    let ran = run(cog_auth(["decide", "--request", "-"]).write_stdin(text));
    let digest = policy.digest();
    let expected = format!(
        "denied: no_grant\n  reason   no_grant: No rule grants this action.\n  policy   {digest}\n"
    );
    assert_eq!(ran.out, expected);
}

#[test]
fn a_batch_is_allowed_when_all_of_it_is() {
    let world = World::new();
    let mut batch = request();
    batch["evaluations"] = json!([{}, {"action": {"name": "ManageOrgSecrets"}}, 3]);
    world.write("batch.json", batch.to_string());
    let ran = world.run(["decide", "--request", "batch.json"]);
    assert_eq!(ran.code, 1);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "#  DECISION   WHY",
            "1  allowed",
            "2  no_grant   no_grant",
            "3  malformed  an item is an object"
        ]
    );
    batch["evaluations"] = json!([{}, {"action": {"name": "UseDevinSessions"}}]);
    world.write("batch.json", batch.to_string());
    assert_eq!(
        world.ok(["decide", "--request", "batch.json", "--json"]).json()["evaluations"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

/// What a batch leaves open is said, and so is what its items advise.
#[test]
fn a_batch_says_where_it_stops() {
    let world = World::new();
    let mut batch = request();
    batch["evaluations"] = json!([{}, {"action": {"name": "ManageOrgSecrets"}}, {}, {}]);
    batch["options"] = json!({"evaluations_semantic": "deny_on_first_deny"});
    world.write("batch.json", batch.to_string());
    let ran = world.run(["decide", "--request", "batch.json"]);
    assert!(ran.out.contains("2 of 4 items are decided: the batch stops there"), "{}", ran.out);
    batch["options"] = json!({});
    world.write("batch.json", batch.to_string());
    let ran = world.run(["decide", "--request", "batch.json"]);
    assert!(!ran.out.contains("the batch stops"), "{}", ran.out);
    let policy = json!({"v": 1, "schema": {"actions": {"UseDevinSessions": {}}}, "rules": [
        {"id": "p", "effect": "permit", "actions": ["*"]},
        {"id": "a", "effect": "advise", "actions": ["*"], "reason": {"code": "soon", "message": "Soon."}}]});
    world.write("p.json", policy.to_string());
    let allowed = json!({"action": {"name": "UseDevinSessions"}});
    batch["evaluations"] = json!([allowed, allowed]);
    world.write("batch.json", batch.to_string());
    let ran = world.run(["decide", "--request", "batch.json", "--policy", "p.json"]);
    assert_eq!(ran.out.matches("advice soon").count(), 2, "{}", ran.out);
    assert_eq!(ran.out.matches("Soon.").count(), 1, "{}", ran.out);
}

#[test]
fn a_malformed_request_is_no_denial() {
    for text in ["{}", "[", "\"\\ud800\"", "{\"subject\":{\"type\":1}}"] {
        let ran = run(cog_auth(["decide", "--request", "-"]).write_stdin(text));
        assert_eq!((ran.code, ran.out.as_str()), (3, ""));
        assert!(ran.err.starts_with("error: standard input: "), "{}", ran.err);
        let ran = run(cog_auth(["decide", "--request", "-", "--json"]).write_stdin(text));
        assert_eq!(ran.json()["errors"][0]["code"], "malformed_request");
    }
}

#[test]
fn an_http_request_goes_through_the_gate() {
    let world = World::with(&["--scope", "ViewOrgSessions"]);
    let decide = |request: &str| {
        let args = format!("decide {request} {GATE}");
        let ran = world.run(args.split(' '));
        assert!(!ran.out.contains(&world.token[23..]) && !ran.err.contains(&world.token[23..]));
        let json = world.run(format!("{args} --json").split(' '));
        assert_eq!(ran.code, json.code);
        (ran.code, json.json(), ran.out + &ran.err)
    };
    let (code, json, text) = decide("GET /v3/organizations/org-a/sessions");
    assert_eq!(
        (code, &json["outcome"], &json["audit"]["action"]),
        (0, &json!("allowed"), &json!("ViewOrgSessions"))
    );
    assert!(
        text.starts_with("allowed\n  action       ViewOrgSessions, in organization org-a\n"),
        "{text}"
    );

    let (code, json, text) = decide("POST /v3/organizations/org-a/sessions");
    assert_eq!(
        (code, &json["status"], &json["body"]["class"]),
        (1, &json!(403), &json!("requirement"))
    );
    assert_eq!(
        json["headers"]["www-authenticate"],
        r#"Bearer realm="cog", error="insufficient_scope", scope="UseDevinSessions""#
    );
    assert!(text.starts_with("refused: 403 Forbidden, requirement\n  scope_missing: "), "{text}");

    let (code, json, _) = decide("PUT /v3/enterprise/self");
    assert_eq!(
        (code, &json["status"], &json["headers"]["allow"]),
        (1, &json!(405), &json!("GET, HEAD"))
    );

    let (code, json, text) = decide("GET /v3/organizations/org-b/sessions");
    assert_eq!(
        (code, &json["status"], &json["audit"]["code"]),
        (3, &json!(503), &json!("invalid_facts"))
    );
    assert!(
        text.contains("note: facts.json: the facts are about something else (invalid_facts"),
        "{text}"
    );
    let offset = world.read("facts.json").rfind("\"org-a\"").unwrap();
    assert_eq!(
        json["cause"],
        json!({"message": "the facts are about something else", "offset": offset})
    );
}

#[test]
fn what_is_not_given_is_absent() {
    let world = World::new();
    let get = "decide GET /v3/organizations/org-a/sessions --edge-keys edge.json";
    let ran = world.run(get.split(' '));
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("unknown_credential: the client is told no more than"), "{}", ran.out);
    assert!(ran.err.contains("Without --record FILE"), "{}", ran.err);
    let ran = world.run(format!("{get} --record record.json").split(' '));
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("unknown_principal"), "{}", ran.out);
    world.write("record.json", "{\"v\":1}");
    let ran = world.run(format!("{get} --record record.json").split(' '));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("note: record.json: a record needs"), "{}", ran.err);
}

#[test]
fn an_origin_needs_its_own_digest() {
    let world = World::new();
    let args = format!("decide GET /v3/organizations/org-a/sessions {GATE} --peppers peppers.json");
    assert_eq!(world.run(args.split(' ')).code, 0);
    let mut record: Value = serde_json::from_str(&world.read("record.json")).unwrap();
    record.as_object_mut().unwrap().remove("digest");
    world.write("record.json", record.to_string());
    let ran = world.run(args.split(' '));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("note: record.json: the record has no digest"), "{}", ran.err);
}

#[test]
fn context_is_the_callers_but_for_two_places() {
    let world = World::new();
    let decide = |context: &str| {
        let args = format!("decide GET /v3/organizations/org-a/sessions {GATE} --json --context");
        let ran = world.run(args.split(' ').chain([context]));
        (ran.code, ran.json())
    };
    assert_eq!(decide(r#"{"ci": true}"#).1["audit"]["advice"], json!(["prefer_service_user_key"]));
    assert_eq!(decide("{}").1["audit"]["advice"], Value::Null);
    for (context, code) in [(r#"{"time": 1}"#, "reserved_context"), ("[]", "invalid_context")] {
        let (exit, json) = decide(context);
        assert_eq!((exit, &json["errors"][0]["code"]), (3, &json!(code)));
    }
}

/// `permissions` with a token answers, action by action, as the gate and the search do.
#[test]
fn permissions_say_what_the_gate_would() {
    for scope in ["*", "ViewOrgSessions"] {
        let world = World::with(&["--scope", scope, "--expires-at", "2999-01-01"]);
        let args = format!("permissions {GATE} --organization org-a");
        let json = world.ok(format!("{args} --json").split(' ')).json();
        let actions = json["actions"].as_array().unwrap();
        assert_eq!(actions.len(), cog_auth::policy::Policy::builtin().actions().count());
        for (request, action) in [
            ("GET /v3/organizations/org-a/sessions", "ViewOrgSessions"),
            ("POST /v3/organizations/org-a/sessions", "UseDevinSessions"),
            ("GET /v3/organizations/org-a/secrets", "ManageOrgSecrets"),
            ("GET /v3/organizations/org-a/members/service-users", "ViewOrgMembers"),
            ("POST /v3/organizations/org-a/members/service-users", "ManageOrgServiceUsers"),
        ] {
            let gate = world.run(format!("decide {request} {GATE} --json").split(' ')).json();
            assert_eq!(gate["audit"]["action"], action);
            let mine = actions.iter().find(|one| one["name"] == action).unwrap();
            assert_eq!(mine["answer"]["decision"], gate["audit"]["decision"], "{action}");
            for member in ["class", "rules", "missing"] {
                assert_eq!(mine["answer"]["context"][member], gate["audit"][member], "{action}");
            }
        }
        let text = world.ok(args.split(' ')).out;
        assert!(text.contains("ViewOrgSessions             yes\n"), "{text}");
    }
}

#[test]
fn permissions_of_a_request_are_those_of_the_search() {
    let mut request = request();
    request["action"] = json!(7);
    request["evaluations"] = json!(7);
    let text = request.to_string();
    let ran = run(cog_auth(["permissions", "--request", "-", "--json"]).write_stdin(text.clone()));
    let mine: Vec<Value> = ran.json()["actions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|action| action["answer"]["decision"] == true)
        .map(|action| json!({"name": action["name"]}))
        .collect();
    let search = cog_auth::policy::Policy::builtin().search_actions(text.as_bytes()).unwrap();
    let search: Value = serde_json::from_str(&search).unwrap();
    assert!(!mine.is_empty());
    assert_eq!(search["results"], Value::from(mine));
}

#[test]
fn permissions_refuse_what_the_gate_refuses() {
    let world = World::new();
    let args = format!("permissions {GATE} --organization org-a");
    let facts = |change: &dyn Fn(&mut Value)| {
        let mut facts: Value = serde_json::from_str(FACTS).unwrap();
        change(&mut facts);
        world.write("facts.json", facts.to_string());
        world.run(args.split(' '))
    };
    let ran = facts(&|facts| facts["principal"]["disabled"] = true.into());
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, "refused: the principal is disabled (disabled_principal)\n")
    );
    let changes: [&dyn Fn(&mut Value); 4] = [
        &|facts| facts["principal"]["id"] = "user_2".into(),
        &|facts| facts["principal"]["type"] = "service_user".into(),
        &|facts| facts["principal"]["rolls"] = json!([]),
        &|facts| facts["organization"]["id"] = "org-b".into(),
    ];
    for change in changes {
        let ran = facts(change);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains("(invalid_facts, 601, at byte "), "{}", ran.err);
    }
    world.write("facts.json", FACTS);
    let ran = world.run(format!("permissions {GATE}").split(' '));
    assert_eq!(ran.code, 3);
    let ran = world.run(["permissions"]);
    assert_eq!(ran.code, 2);
}
