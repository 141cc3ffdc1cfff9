//! Tokens and records.

use crate::Work;
use cog_auth::Time;
use cog_auth::token::{EdgeKeys, Record, Token};
use std::hint::black_box;

const INPUTS: &str = include_str!("../../../bindings/bench/inputs.json");

/// An input that the benchmarks of all languages share.
pub(crate) fn input(name: &str) -> String {
    let inputs: serde_json::Value = serde_json::from_str(INPUTS).unwrap();
    inputs.get(name).and_then(serde_json::Value::as_str).unwrap().to_owned()
}

/// The time at which the shared inputs are valid.
pub(crate) fn now() -> Time {
    let inputs: serde_json::Value = serde_json::from_str(INPUTS).unwrap();
    Time::from_seconds(inputs.get("now").and_then(serde_json::Value::as_u64).unwrap()).unwrap()
}

pub(crate) fn keys() -> EdgeKeys {
    EdgeKeys::from_json(input("edge_keys").as_bytes()).unwrap()
}

pub(crate) fn parse() -> Work {
    let token = input("token");
    Box::new(move || usize::from(black_box(Token::parse(black_box(token.as_bytes()))).is_ok()))
}

pub(crate) fn verify() -> Work {
    let (token, keys, now) = (input("token"), keys(), now());
    Box::new(move || {
        let token = Token::parse(black_box(token.as_bytes())).unwrap();
        usize::from(black_box(keys.verify(token, now)).is_ok())
    })
}

pub(crate) fn record() -> Work {
    let record = input("record");
    Box::new(move || {
        usize::from(black_box(Record::from_json(black_box(record.as_bytes()))).is_ok())
    })
}
