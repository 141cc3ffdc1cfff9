//! Rotations within limits: how long the grace may be, and whether a successor may live longer.

use crate::Value;
use crate::calls::{Calls, Entry};
use cog_auth::token::{Record, RotationLimits};
use cog_auth::{Error, Time};
use serde_json::json;

const AT: u64 = 1_795_000_000;
const DAY: u64 = 86_400;

pub(crate) fn add(calls: &mut Calls) {
    let ends = |seconds: u64| json!({"expires_at": AT + seconds});
    let (plain, none) = (json!({}), Value::Null);
    let wider = "wider_than_predecessor";
    for (name, old, new, grace, later, most, expected) in [
        ("no limit", &plain, &plain, 100, false, None, ""),
        ("30 days", &plain, &plain, 30 * DAY, false, None, ""),
        ("more than 30 days", &plain, &plain, 30 * DAY + 1, false, None, "not_rotatable"),
        ("more than 30 days, which may be", &plain, &plain, 31 * DAY, false, Some(31 * DAY), ""),
        ("no grace", &plain, &plain, 0, false, Some(0), ""),
        ("a second too long", &plain, &plain, 61, false, Some(60), "not_rotatable"),
        ("a successor that ends with it", &ends(100), &ends(100), 9, false, None, ""),
        ("a successor that ends later", &ends(100), &ends(101), 9, false, None, wider),
        ("a successor without end", &ends(100), &plain, 9, false, None, wider),
        ("a later end, which may be", &ends(100), &ends(101), 9, true, None, ""),
        ("no end, which may be", &ends(100), &plain, 9, true, Some(9), ""),
        ("a later end and too long", &ends(100), &plain, 10, true, Some(9), "not_rotatable"),
        ("a revoked one", &json!({"revoked_at": 1}), &plain, 9, true, None, "not_rotatable"),
        ("more scopes", &plain, &json!({"scopes": ["*"]}), 9, true, None, wider),
        ("no record", &none, &plain, 9, true, Some(9), "invalid_record"),
        ("no successor", &plain, &none, 9, true, Some(9), "invalid_record"),
    ] {
        let arguments = json!({
            "record": record("AAAABBBBCCCC", old), "successor": record("DDDDEEEEFFFF", new),
            "until": AT + grace, "at": AT, "laterExpiry": later, "maxGrace": most,
        });
        let states = match expected {
            "" => json!({"ok": true}),
            code => json!({"code": code}),
        };
        let found = rotated(&arguments);
        let call = (Entry::Native, format!("rotate_within, {name}"), "rotate_within");
        calls.add(call, arguments, found, states);
    }
}

/// The text of a record with some members more, or what is none.
fn record(id: &str, more: &Value) -> String {
    let mut record = json!({
        "v": 1, "id": id, "kind": "service_user_key", "principal": "su_ci", "scopes": ["ReadOrgMeta"],
        "created_at": 1, "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
    });
    match more {
        Value::Object(more) => record.as_object_mut().unwrap().extend(more.clone()),
        _ => return "{}".into(),
    }
    record.to_string()
}

fn rotated(arguments: &Value) -> Result<Value, Error> {
    let read = |name: &str| Record::from_json(arguments[name].as_str().unwrap().as_bytes());
    let time = |name: &str| Time::from_seconds(arguments[name].as_u64().unwrap());
    let mut limits = RotationLimits::new();
    if arguments["laterExpiry"] == true {
        limits = limits.with_later_expiry();
    }
    if let Some(most) = arguments["maxGrace"].as_u64() {
        limits = limits.with_max_grace(most);
    }
    let (record, successor) = (read("record")?, read("successor")?);
    Ok(record.rotate_within(&successor, time("until")?, time("at")?, limits)?.to_json().into())
}
