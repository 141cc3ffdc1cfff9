//! What the third value is for. The rules on personal access tokens, written by hand in Cedar, let
//! requests through that must be denied: a `forbid` that reads a missing attribute errs and is
//! skipped, and a `forbid` with `has` before it does not apply.
#![cfg(test)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail"
)]

mod common;

use cedar_policy::{Context, Entities, PolicySet, Request, Schema, ValidationMode, Validator};
use cog_auth::policy::Policy;
use common::{Guarded, ask_library, compile, documents, policies, root, with_stack};
use serde_json::{Value, json};
use std::str::FromStr;

const UNGUARDED: &str = include_str!("pat-unguarded.cedar");
const HAS_GUARDS: &str = include_str!("pat-has-guards.cedar");
const SCHEMA: &str = include_str!("pat.cedarschema");

/// Each attribute that the rules read, with its values. It may also be missing.
fn inputs() -> [(&'static str, Vec<Value>); 5] {
    let plans = || ["free", "core", "team", "enterprise"].map(Value::from).to_vec();
    [
        ("/subject/properties/account/sso", vec![json!(false), json!(true)]),
        ("/subject/properties/account/plan", plans()),
        ("/subject/properties/account/features", vec![json!([]), json!(["pat_beta"])]),
        ("/resource/properties/account/sso", vec![json!(false), json!(true)]),
        ("/resource/properties/account/plan", plans()),
    ]
}

/// A request by a personal access token whose owner holds the action, with scopes and organizations
/// that cover it, and without any of the inputs.
fn bare() -> Value {
    json!({
        "subject": { "type": "user", "id": "user_01", "properties": {
            "account": { "id": "acct_7" }, "roles": [], "permissions": [],
            "memberships": [{ "organization": "org-a", "roles": [], "permissions": ["UseDevinSessions"] }],
        } },
        "action": { "name": "UseDevinSessions" },
        "resource": { "type": "organization", "id": "org-a", "properties": {
            "organization": "org-a", "account": { "id": "acct_7" },
        } },
        "context": { "credential": {
            "kind": "personal_access_token", "id": "AAAABBBBCCCC",
            "scopes": ["UseDevinSessions"], "organizations": ["org-a"],
        } },
    })
}

/// All requests that there are: every input with each of its values, and missing.
fn requests() -> Vec<Value> {
    let mut requests = vec![bare()];
    for (pointer, values) in inputs() {
        let (place, name) = pointer.rsplit_once('/').unwrap();
        for request in std::mem::take(&mut requests) {
            for value in &values {
                let mut request = request.clone();
                request.pointer_mut(place).unwrap()[name] = value.clone();
                requests.push(request);
            }
            requests.push(request);
        }
    }
    requests
}

fn is_complete(request: &Value) -> bool {
    inputs().iter().all(|(pointer, _)| request.pointer(pointer).is_some())
}

struct Engines {
    library: Policy,
    guarded: Guarded,
}

fn engines() -> Engines {
    let built_in = documents(&root().join("policies"));
    Engines { library: compile(&built_in), guarded: Guarded::new(&built_in).unwrap() }
}

/// How many requests a hand-written policy allows, how many of them wrongly, and how many of these
/// with nothing missing. It never denies what is to be allowed.
fn count(engines: &Engines, policy: &PolicySet) -> [usize; 3] {
    let mut counts = [0; 3];
    for request in requests() {
        let is_right = ask_library(&engines.library, &request)["decision"] == true;
        let is_allowed = engines.guarded.ask_other(policy, &request).decision;
        assert!(is_allowed || !is_right, "denied: {request}");
        let wrongly = is_allowed && !is_right;
        let facts = [is_allowed, wrongly, wrongly && is_complete(&request)];
        for (count, fact) in counts.iter_mut().zip(facts) {
            *count += usize::from(fact);
        }
    }
    counts
}

#[test]
fn the_library_and_guarded_cedar_allow_the_same_nine() {
    with_stack(|| {
        let engines = engines();
        let requests = requests();
        // sso of either account: true, false, missing. Plan of either: four, missing. Features:
        // with, without, missing.
        assert_eq!(requests.len(), 3 * 5 * 3 * 3 * 5);
        assert_eq!(requests.len(), 675);
        let mut allowed = 0;
        for request in &requests {
            let answer = ask_library(&engines.library, request);
            assert_eq!(engines.guarded.ask(request), answer, "{request}");
            allowed += usize::from(answer["decision"] == true);
        }
        // Allowed is sso false in both (1 · 1), a plan other than enterprise in both (3 · 3), and
        // the beta (1).
        assert_eq!(allowed, 9);
        // So, too, says nothing but the sentence, read here without any engine.
        let by_sentence = requests.iter().filter(|request| {
            let [own, other] =
                ["subject", "resource"].map(|side| &request[side]["properties"]["account"]);
            own["features"] == json!(["pat_beta"])
                && [own, other].iter().all(|account| {
                    account["sso"] == false
                        && account["plan"].as_str().is_some_and(|plan| plan != "enterprise")
                })
        });
        assert_eq!(by_sentence.count(), 9);
    });
}

#[test]
fn unguarded_cedar_lets_225_through() {
    with_stack(|| {
        // pat.beta is skipped when features are missing, and met when they hold the beta: 2 of 3.
        // pat.no-sso forbids when the first of its four parts that is not false is true, and is
        // skipped when it is missing:
        //   own sso true                              1 · 5 · 3 · 5 = 75
        //   own sso false, own plan enterprise        1 · 1 · 3 · 5 = 15
        //   … another plan, the resource's sso true   1 · 3 · 1 · 5 = 15
        //   … false, its plan enterprise              1 · 3 · 1 · 1 =  3
        // which is 108 of 225, so 117 get past it, and 2 · 117 = 234 past both. 9 of them are
        // right.
        assert_eq!(count(&engines(), &policies(UNGUARDED)), [234, 225, 0]);
    });
}

#[test]
fn unguarded_cedar_with_four_forbids_lets_119_through() {
    with_stack(|| {
        // Each part a forbid of its own, so that one that is skipped does not take the others with
        // it.
        let (text, parts) = UNGUARDED.split_once("when {\n  principal.account.sso").unwrap();
        let (before, head) = text.split_once("@id(\"pat.no-sso\")").unwrap();
        let parts = format!("principal.account.sso{}", parts.trim_end().trim_end_matches("};"));
        let mut text = before.to_owned();
        assert_eq!(parts.split("||").count(), 4);
        for part in parts.split("||") {
            text.push_str(&format!("{head} when {{ {part} }};\n"));
        }
        // Past pat.beta get 2 of 3, past the four forbids false and missing of each sso (2 · 2),
        // three plans and missing of each plan (4 · 4): 2 · 64 = 128. 9 of them are right.
        assert_eq!(count(&engines(), &policies(&text)), [128, 119, 0]);
    });
}

#[test]
fn cedar_with_has_lets_55_through() {
    with_stack(|| {
        // pat.beta requires, so that a missing attribute denies: 1 of 3. pat.no-sso forbids when
        // one part is true; what is missing is as good as false. Past it get false and missing of
        // each sso (2 · 2), and three plans and missing of each plan (4 · 4): 64. 9 of them are
        // right.
        assert_eq!(count(&engines(), &policies(HAS_GUARDS)), [64, 55, 0]);
    });
}

#[test]
fn a_forbid_that_errs_is_what_lets_them_through() {
    with_stack(|| {
        let engines = engines();
        let (unguarded, has_guards) = (policies(UNGUARDED), policies(HAS_GUARDS));
        for request in requests() {
            let is_right = ask_library(&engines.library, &request)["decision"] == true;
            let outcome = engines.guarded.ask_other(&unguarded, &request);
            assert_eq!(outcome.decision && outcome.errors > 0, outcome.decision && !is_right);
            assert_eq!(engines.guarded.ask_other(&has_guards, &request).errors, 0);
        }
    });
}

/// Cedar's own remedy, fairly told: a schema in which the attributes must be there, and requests
/// that are checked against it before the policies are asked. Where they may be missing, the
/// validator asks for `has`, and the hole is back.
#[test]
fn a_schema_helps_where_attributes_must_be_there() {
    with_stack(|| {
        let validator = |mark| Validator::new(schema(mark));
        let passes = |mark, text| {
            validator(mark).validate(&policies(text), ValidationMode::Strict).validation_passed()
        };
        assert!(passes("", UNGUARDED));
        assert!(!passes("?", UNGUARDED));
        assert!(passes("?", HAS_GUARDS));

        let engines = engines();
        let (optional, required) = (schema("?"), schema(""));
        let mut accepted = 0;
        for request in requests() {
            assert!(is_accepted(&engines, &optional, &request), "{request}");
            assert_eq!(is_accepted(&engines, &required, &request), is_complete(&request));
            accepted += usize::from(is_complete(&request));
        }
        // Nothing missing: 2 · 4 · 2 · 2 · 4. The other 547 are refused as requests, which only
        // helps a caller who knows all.
        assert_eq!(accepted, 128);
    });
}

fn schema(mark: &str) -> Schema {
    Schema::from_str(&SCHEMA.replace("QUESTION", mark)).unwrap_or_else(|error| panic!("{error}"))
}

/// Whether a request with its entities fits a schema.
fn is_accepted(engines: &Engines, schema: &Schema, request: &Value) -> bool {
    let known = engines.guarded.known(request);
    let context = Context::from_pairs(known.context).unwrap();
    let [principal, action, resource] = known.variables;
    Entities::from_entities(known.entities, Some(schema)).is_ok()
        && Request::new(principal, action, resource, context, Some(schema)).is_ok()
}
