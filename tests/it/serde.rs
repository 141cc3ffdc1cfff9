//! What the feature `serde` gives: the same texts as the library's own, and no other way in.

use crate::common::root;
use cog_auth::policy::{Denial, Policy, PolicyDigest};
use cog_auth::token::{CredentialId, ExpiryDay, Handle, KeyId, Kind, Record, Scopes, Token};
use cog_auth::{Code, Time};
use serde_json::{Value, json};
use std::fs;

fn vectors() -> Value {
    let text = fs::read_to_string(root().join("tests/vectors/token-v1.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The records of a group of the vectors, as values.
fn records(group: &str) -> Vec<Value> {
    vectors()[group].as_array().unwrap().iter().map(|case| case["record"].clone()).collect()
}

#[test]
fn a_record_goes_out_as_its_text_and_comes_back() {
    let mut read = 0;
    for value in records("records") {
        let Ok(record) = Record::from_json(value.to_string().as_bytes()) else { continue };
        assert_eq!(serde_json::to_string(&record).unwrap(), record.to_json());
        let through_text: Record = serde_json::from_str(&record.to_json()).unwrap();
        let through_a_tree: Record = serde_json::from_value(value).unwrap();
        assert_eq!((&through_text, &through_a_tree), (&record, &record));
        read += 1;
    }
    assert!(read >= 30, "only {read} records");
}

#[test]
fn what_is_no_record_in_text_is_none_through_serde() {
    let mut refused = 0;
    for value in records("invalid_records") {
        assert!(serde_json::from_value::<Record>(value.clone()).is_err(), "{value}");
        refused += 1;
    }
    for case in vectors()["invalid_records_text"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        assert!(serde_json::from_str::<Record>(text).is_err(), "{text}");
        refused += 1;
    }
    assert!(refused >= 60, "only {refused} cases");
}

#[test]
fn numbers_names_and_depth_are_held_to_the_text_as_well() {
    let record = |created_at: &str, metadata: &str| {
        format!(
            r#"{{"v":1,"id":"AAAABBBBCCCC","kind":"service_user_key","principal":"su",
                "edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
                "scopes":["*"],"created_at":{created_at},"metadata":{metadata}}}"#
        )
    };
    let reads = |text: &str| serde_json::from_str::<Record>(text).is_ok();
    assert!(reads(&record("1", r#"{"a":[1,-2,1.5,true,null,"x\n"]}"#)));
    for created_at in ["1.0", "1e3", "-1", "\"1\"", "null", "9007199254740992"] {
        assert!(!reads(&record(created_at, "{}")), "{created_at}");
    }
    assert!(!reads(&record("1", r#"{"a":1,"a":2}"#)), "a name stands twice");
    let nested =
        |levels: usize| format!("{}{}", "{\"a\":".repeat(levels) + "{}", "}".repeat(levels));
    assert!(reads(&record("1", &nested(14))));
    assert!(!reads(&record("1", &nested(15))), "deeper than 16 levels");
    assert!(!reads(&record("1", &format!("{{\"a\":\"{}\"}}", "x".repeat(16_384)))), "too long");
    // As deep as the text allows a reader to go, and far beyond what a record may be.
    assert!(!reads(&record("1", &nested(100))));
}

/// Checks that a value is written like this, and read back to itself.
#[track_caller]
fn both<T>(value: T, json: Value)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), value);
}

#[test]
fn small_values_are_strings_and_numbers() {
    both(Time::from_seconds(1_795_000_000).unwrap(), json!(1_795_000_000));
    both(ExpiryDay::from_number(20_819).unwrap(), json!(20_819));
    both(Kind::PersonalAccessToken, json!("personal_access_token"));
    both(KeyId::parse("01").unwrap(), json!("01"));
    both(CredentialId::parse("AAAABBBBCCCC").unwrap(), json!("AAAABBBBCCCC"));
    both(Scopes::all(), json!(["*"]));
    both(Scopes::of(["b", "a"]).unwrap(), json!(["a", "b"]));
    both(Scopes::none(), json!([]));
    both(Code::Revoked, json!("revoked"));
    both(Denial::NoGrant, json!("no_grant"));
    both(PolicyDigest::from_hex(&"0a".repeat(32)).unwrap(), json!("0a".repeat(32)));
    for (kind, wrong) in [
        ("time", serde_json::from_value::<Time>(json!(9_007_199_254_740_992_u64)).is_err()),
        ("day", serde_json::from_value::<ExpiryDay>(json!(0)).is_err()),
        ("kind", serde_json::from_value::<Kind>(json!("admin")).is_err()),
        ("key id", serde_json::from_value::<KeyId>(json!("00")).is_err()),
        ("scopes", serde_json::from_value::<Scopes>(json!(["*", "a"])).is_err()),
        ("code", serde_json::from_value::<Code>(json!("none")).is_err()),
        ("digest", serde_json::from_value::<PolicyDigest>(json!("0a")).is_err()),
    ] {
        assert!(wrong, "{kind}");
    }
}

/// A format that is not for people to read asks for the length of each list, and is told no types.
#[test]
fn a_binary_format_gives_back_what_was_written() {
    fn both<T>(value: &T)
    where
        T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        let bytes = postcard::to_allocvec(value).unwrap();
        assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
    }
    both(&Time::from_seconds(1_795_000_000).unwrap());
    both(&ExpiryDay::from_number(20_819).unwrap());
    both(&Kind::PersonalAccessToken);
    both(&KeyId::parse("01").unwrap());
    both(&CredentialId::parse("AAAABBBBCCCC").unwrap());
    for scopes in [Scopes::all(), Scopes::of(["b", "a"]).unwrap(), Scopes::none()] {
        both(&scopes);
        // Among other values: what was written ends where the next one begins.
        both(&(scopes, 7_u64));
    }
    both(&Code::Revoked);
    both(&Denial::NoGrant);
    both(&PolicyDigest::from_hex(&"0a".repeat(32)).unwrap());
    for value in records("records") {
        let Ok(record) = Record::from_json(value.to_string().as_bytes()) else { continue };
        both(&record);
    }
    let stars = postcard::to_allocvec(&["*", "a"].as_slice()).unwrap();
    assert!(postcard::from_bytes::<Scopes>(&stars).is_err());
}

#[test]
fn a_handle_is_written_and_a_token_is_not() {
    let text = "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    let handle: Handle = Token::parse(text.as_bytes()).unwrap().handle();
    assert_eq!(serde_json::to_value(handle).unwrap(), json!("cog_1s015PnAAAABBBBCCCC"));
}

#[test]
fn decisions_and_routes_are_written_as_they_are_answered() {
    let policy = Policy::builtin();
    let request = policy
        .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
        .build();
    let decision = request.decide();
    let explanation = decision.explain();
    let answer: Value = serde_json::from_str(&explanation.to_json()).unwrap();
    assert_eq!(serde_json::to_string(&explanation).unwrap(), explanation.to_json());
    assert_eq!(serde_json::to_value(decision).unwrap(), answer);
    assert_eq!(serde_json::to_value(explanation.reasons()).unwrap(), answer["context"]["reasons"]);
    let route = policy.route("POST", "/v3/organizations/org-a/sessions").unwrap();
    assert_eq!(
        serde_json::to_value(&route).unwrap(),
        json!({ "action": "UseDevinSessions", "organization": "org-a",
                "undecided": ["ImpersonateOrgSessions"] })
    );
    let named = policy.route("GET", "/v3/enterprise/members/users/user_01").unwrap();
    assert_eq!(
        serde_json::to_value(&named).unwrap()["resource"],
        json!({ "type": "user", "id": "user_01" })
    );
    let error = KeyId::parse("00").unwrap_err();
    let written = serde_json::to_value(&error).unwrap();
    assert_eq!((&written["code"], &written["name"]), (&json!(107), &json!("reserved_key_id")));
}
