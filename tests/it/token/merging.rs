//! Records that are brought together (section "Writing records" of `docs/token-format.md`).

use cog_auth::token::{CredentialId, KeyId, Kind, Record, RootKey, Scopes, Token};
use cog_auth::{Code, Time};
use serde_json::{Value, json};

/// The record of the base with these members in place of its own.
fn record(base: &Value, members: &Value) -> Record {
    let mut record = base.clone();
    for (name, value) in members.as_object().unwrap() {
        record[name] = value.clone();
    }
    Record::from_json(record.to_string().as_bytes()).unwrap()
}

/// A record without what is the first one's own.
fn unnamed(record: &Record) -> Record {
    let mut record: Value = serde_json::from_str(&record.to_json()).unwrap();
    record["name"] = Value::Null;
    record["metadata"] = Value::Null;
    Record::from_json(record.to_string().as_bytes()).unwrap()
}

#[test]
fn the_cases_hold_in_either_order() {
    let text = include_str!("../../vectors/record-merge.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 30, "{}", cases.len());
    for case in cases {
        let of = |name: &str| record(&vectors["base"], &case[name]);
        let (first, second, why) = (of("first"), of("second"), &case["why"]);
        let (merged, back) = (first.merge(&second), second.merge(&first));
        if case["refused"].is_null() {
            let merged = merged.unwrap();
            assert_eq!(merged.to_json(), of("merged").to_json(), "{why}");
            assert_eq!(unnamed(&back.unwrap()), unnamed(&merged), "{why}");
            assert_eq!(merged.merge(&merged).unwrap(), merged, "{why}");
            assert_eq!(merged.merge(&first).unwrap(), merged, "{why}");
        } else {
            assert_eq!(case["refused"], Code::RecordMismatch.name(), "{why}");
            for refused in [merged, back] {
                assert_eq!(refused.unwrap_err().code(), Code::RecordMismatch, "{why}");
            }
        }
    }
}

/// Records of one token that differ in all that ends or narrows it.
fn variants(token: &Token) -> Vec<Record> {
    let base = json!({
        "v": 1, "id": token.id().as_str(), "kind": token.kind().name(), "principal": "su",
        "edge_digest": token.edge_digest("su").unwrap(), "scopes": ["*"], "created_at": 1
    });
    let mut variants = Vec::new();
    for expires_at in [json!(null), json!(5), json!(7)] {
        for revoked_at in [json!(null), json!(3)] {
            for (rotated_to, grace_until) in
                [(None, None), (Some("D"), None), (Some("D"), Some(6)), (Some("E"), Some(4))]
            {
                for not_before in [json!(null), json!(2)] {
                    let rotated_to = rotated_to.map(|letter| letter.repeat(12));
                    variants.push(record(
                        &base,
                        &json!({
                            "expires_at": expires_at, "revoked_at": revoked_at,
                            "rotated_to": rotated_to, "grace_until": grace_until,
                            "not_before": not_before
                        }),
                    ));
                }
            }
        }
    }
    variants
}

#[test]
fn a_merged_record_is_good_only_when_both_are() {
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let token = || root.mint(Kind::ServiceUserKey, None, &[1; 64]).unwrap();
    let keys = root.edge_keys();
    let variants = variants(&token());
    let good = |record: &Record| -> Vec<bool> {
        let at = |second| {
            let now = Time::from_seconds(second).unwrap();
            let genuine = keys.verify(token(), now).unwrap();
            let refused = genuine.accept_at_edge(Some(record.clone()), now).err();
            // The record on its own says the same.
            assert_eq!(record.inactive_because(now), refused.as_ref().map(cog_auth::Error::code));
            refused.is_none()
        };
        (0..9).map(at).collect()
    };
    let times: Vec<Vec<bool>> = variants.iter().map(good).collect();
    assert!(times.iter().any(|times| times.contains(&true)));
    for (first, first_times) in variants.iter().zip(&times) {
        for (second, second_times) in variants.iter().zip(&times) {
            let merged = first.merge(second).unwrap();
            let both =
                first_times.iter().zip(second_times).map(|(first, second)| *first && *second);
            assert_eq!(good(&merged), both.collect::<Vec<_>>(), "{first:?} {second:?}");
            assert_eq!(second.merge(first).unwrap(), merged);
            for third in variants.iter().step_by(5) {
                let one = merged.merge(third).unwrap();
                assert_eq!(first.merge(&second.merge(third).unwrap()).unwrap(), one);
            }
        }
    }
}

#[test]
fn a_revocation_is_not_lost_for_length() {
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let token = root.mint(Kind::ServiceUserKey, None, &[1; 64]).unwrap();
    let draft = |metadata: &str| {
        let now = Time::from_seconds(1).unwrap();
        let draft = cog_auth::token::RecordDraft::new(&token, "su", Scopes::all(), now);
        draft.for_edges().metadata(metadata).issue()
    };
    let length = draft(r#"{"a":""}"#).unwrap().to_json().len();
    let filling = "x".repeat(cog_auth::token::MAX_RECORD_BYTES - length);
    let longest = draft(&format!(r#"{{"a":"{filling}"}}"#)).unwrap();
    let revoked = draft("{}").unwrap().revoke(Time::from_seconds(2).unwrap());
    let merged = longest.merge(&revoked).unwrap();
    assert_eq!(merged.revoked_at(), revoked.revoked_at());
    // Nobody can read it, so nobody accepts anything with it.
    let unread = Record::from_json(merged.to_json().as_bytes()).unwrap_err();
    assert_eq!(unread.code(), Code::InvalidRecord);
    assert_eq!(merged.id(), CredentialId::parse(token.id().as_str()).unwrap());
}
