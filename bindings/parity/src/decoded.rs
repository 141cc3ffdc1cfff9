//! Tokens in encodings: which are found, and which are genuine.

use crate::calls::{Calls, Entry};
use crate::cases::bytes;
use crate::texts::TOKEN;
use crate::tokens::roots;
use crate::{Value, read, root};
use cog_auth::token::{EdgeKeys, Encoding, Finding, redact_decoding, scan_decoding};
use cog_auth::{Code, Time};
use serde_json::json;
use std::fs;

const LOOKS_LIKE_ONE: &str = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";

pub(crate) fn add(calls: &mut Calls) {
    let vectors = read("tests/vectors/token-v1.json");
    let ours = roots(&vectors, None).edge_keys().expose_json(str::to_owned);
    let others = read("tests/cases/gate/base.json")["edge_keys"].to_string();
    specified(calls, &ours);
    for keys in [None, Some(ours.as_str()), Some(others.as_str())] {
        for (name, text) in texts() {
            found(calls, &name, text, keys, Value::Null);
        }
        for (index, case) in vectors["valid"].as_array().unwrap().iter().enumerate() {
            let text = case["token"].as_str().unwrap().replacen('_', "%255F", 1);
            found(calls, &format!("valid {index}"), format!("é{text}").into(), keys, Value::Null);
        }
    }
    found(calls, "no key set", TOKEN.into(), Some("{}"), json!({"code": "invalid_key_set"}));
}

/// The table of the specification, which says where a token is found and in what.
fn specified(calls: &mut Calls, keys: &str) {
    let text = fs::read_to_string(root().join("docs/token-format.md")).unwrap();
    let table = text.split_once("| text | found with decoding |").unwrap().1;
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    let mut count = 0;
    for row in rows {
        let row = row.trim_matches(['|', ' ']);
        let (text, told) = row.strip_prefix('`').unwrap().split_once("` | ").unwrap();
        let answer = match told.trim_start_matches("at ").split_once(" to ") {
            None => json!([]),
            Some((before, end)) => {
                let (encoding, start) = before.split_once(" at ").unwrap_or(("", before));
                json!([{
                    "start": start.parse::<usize>().unwrap(), "end": end.parse::<usize>().unwrap(),
                    "certainty": "parsed", "handle": TOKEN[..23], "genuine": true,
                    "encodings": if encoding.is_empty() { vec![] } else { vec![encoding] },
                }])
            }
        };
        found(calls, row, text.into(), Some(keys), json!({"answer": answer}));
        count += 1;
    }
    assert_eq!(count, 8);
}

fn texts() -> Vec<(String, Value)> {
    let digits: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    let numbers: Vec<String> = TOKEN.bytes().map(|byte| byte.to_string()).collect();
    let wide = |order: fn(u16) -> [u8; 2]| -> Value {
        crate::calls::hex(&TOKEN.encode_utf16().flat_map(order).collect::<Vec<u8>>())
    };
    let basic = "YTpjb2dfMXMwMTVQbkFBQUFCQkJCQ0NDQ0RERERFRUVFRkZGRkdHR0dISEhISUlJSUpKSkpLSzU4NmdnYm\
                 VhMnFqMUJzNWlIallnVzMwakF4aXk=";
    let mut texts = vec![
        ("no text".to_owned(), json!("")),
        ("one that looks like one".to_owned(), LOOKS_LIKE_ONE.into()),
        ("hexadecimal digits in text".to_owned(), format!("é 0x{digits}\n").into()),
        ("a list of numbers".to_owned(), format!("[{}]", numbers.join(", ")).into()),
        ("UTF-16, little-endian".to_owned(), json!([{"hex": "fffe"}, wide(u16::to_le_bytes)])),
        ("UTF-16, big-endian".to_owned(), json!(["日", wide(u16::to_be_bytes), {"hex": "00"}])),
        ("a base64 credential".to_owned(), format!("Basic {basic}\r\n").into()),
        ("escapes in base64".to_owned(), format!("{basic},{}", TOKEN.replace('_', "=5F")).into()),
        ("two in a row".to_owned(), format!("{TOKEN}COG_{}", &TOKEN[4..]).into()),
        ("far behind".to_owned(), json!([{"repeat": ["日本語 ", 7_000]}, digits])),
        ("many".to_owned(), json!({"repeat": [[TOKEN, " ", LOOKS_LIKE_ONE, {"hex": "ff"}], 100]})),
    ];
    // A token whose last character is another: nothing is found by chance in what is encoded.
    let damaged: String =
        TOKEN.replace("30jAxiy", "30jAxiz").bytes().map(|byte| format!("{byte:02x}")).collect();
    texts.push(("a damaged token in hexadecimal digits".to_owned(), damaged.into()));
    texts
}

fn found(calls: &mut Calls, name: &str, text: Value, keys: Option<&str>, states: Value) {
    let sent = bytes(&text, &str::to_owned);
    let keys_read = keys.map(|keys| EdgeKeys::from_json(keys.as_bytes())).transpose();
    let answer = keys_read.map(|keys| {
        scan_decoding(&sent).map(|finding| answered(&finding, &sent, keys.as_ref())).collect()
    });
    let call = (Entry::Index, name.to_owned(), "scan_decoding");
    calls.add(call, json!({"text": text, "keys": keys}), answer, states);
    if keys.is_none()
        && let Ok(sent) = String::from_utf8(sent)
    {
        let call = (Entry::Index, name.to_owned(), "redact_decoding");
        calls.add(call, json!({"text": sent}), Ok(redact_decoding(&sent).into()), Value::Null);
    }
}

fn answered(finding: &Finding, text: &[u8], keys: Option<&EdgeKeys>) -> Value {
    let range = finding.range();
    let mut told = json!({
        "start": range.start, "end": range.end, "certainty": finding.certainty().name(),
        "encodings": finding.encodings().map(Encoding::name).collect::<Vec<_>>(),
    });
    if let Some(handle) = finding.handle() {
        told["handle"] = handle.as_str().into();
    }
    if let (Some(token), Some(keys)) = (finding.token(text), keys) {
        // At the epoch no token has expired.
        let refused = keys.verify(token, Time::from_seconds(0).unwrap()).err();
        let codes = [Code::SampleToken, Code::UnknownKeyId, Code::TagMismatch];
        told["genuine"] = refused.is_none_or(|error| !codes.contains(&error.code())).into();
    }
    told
}
