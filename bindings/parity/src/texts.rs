//! Tokens in texts: found, and cut out.

use crate::calls::{Calls, Entry, filled};
use crate::cases::bytes;
use crate::{Value, read};
use cog_auth::token::{redact, redact_decoding, scan};
use serde_json::json;

/// The fixed token of `docs/token-format.md`.
pub(crate) const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

pub(crate) fn add(calls: &mut Calls) {
    beside(calls);
    broken(calls);
    let (cut, damaged) = (&TOKEN[..80], TOKEN.replace("30jAxiy", "30jAxiz"));
    let characters = |count: usize| format!("a cog_{}.", "k7".repeat(count)[..count].to_owned());
    for (name, text) in [
        ("no text", json!("")),
        ("a prefix alone", json!("cog_")),
        ("two tokens", json!(format!("{TOKEN},{TOKEN}"))),
        ("two tokens and nothing between", json!(format!("{TOKEN}{TOKEN}"))),
        ("two prefixes", json!(format!("cog_{TOKEN}"))),
        ("a token cut", json!(format!("é {cut}"))),
        ("a token cut, and a whole one", json!(format!("é {cut} 日本 {TOKEN}"))),
        ("a damaged token", json!(format!("é {damaged} é"))),
        ("29 characters", json!(characters(29))),
        ("30 characters", json!(characters(30))),
        ("in capitals", json!(TOKEN.to_uppercase())),
        ("in JSON", json!(json!({"é": TOKEN}).to_string())),
        ("bytes that are no text", json!([{"hex": "fffe"}, TOKEN, {"hex": "c3"}])),
        ("far behind", json!([{"repeat": ["日本語 ", 700]}, TOKEN])),
    ] {
        found(calls, name, text, Value::Null);
    }
    let vectors = read("tests/vectors/token-v1.json");
    for (index, case) in vectors["refused_by_parse"].as_array().unwrap().iter().enumerate() {
        let text = json!(["é=", case["text"], " é"]);
        found(calls, &format!("refused_by_parse {index}"), text, Value::Null);
    }
    headers(calls);
}

/// A token with something before it and behind it: where it is follows from the text's parts.
fn beside(calls: &mut Calls) {
    let words = ["_", "a", "0", "Z", "MY_", "\\n", "\\u003d", "%3D", "\u{1b}[32m"];
    let texts = ["", "t=", "é", "日本語: ", "\u{1f469}\u{200d}\u{1f4bb}", "\u{feff}", "a-", "a\n"];
    for before in words.iter().chain(&texts) {
        for after in ["", ";", "é", "_", "0", "aé"] {
            let place = json!({
                "start": before.len(), "end": before.len() + TOKEN.len(), "handle": TOKEN[..23],
            });
            let text = format!("{before}{TOKEN}{after}");
            let name = format!("between {before:?} and {after:?}");
            found(calls, &name, text.into(), json!({"answer": [place]}));
        }
    }
    let looks = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
    for before in words {
        let (name, text) =
            (format!("like one in a word after {before}"), format!("{before}{looks}"));
        found(calls, &name, text.into(), json!({"answer": []}));
    }
}

/// A token that is broken by what stands in words or between them, whole and with another last
/// character, and words that stay.
fn broken(calls: &mut Calls) {
    let (start, end) = TOKEN.split_at(40);
    for broken_by in [
        "\n",
        "\r\n\t",
        "=\r\n",
        "\\\n",
        "\\n",
        "\u{200b}",
        "\u{ad}",
        "\" + \"",
        "' . '",
        "<wbr>",
        "&shy;",
        "&#8203;",
        "\u{1b}[0m",
        "%0A",
        " ",
        ".",
        "/",
        "…",
        "日本",
    ] {
        for last in ["", "z"] {
            let end = &end[..end.len() - last.len()];
            let name = format!("broken by {broken_by:?}, {last:?} at the end");
            found(calls, &name, format!("a {start}{broken_by}{end}{last}.").into(), Value::Null);
        }
    }
    for word in [
        "face_recog_20261125T101112Z000017",
        "libcog_StaticAnalysisModule20",
        "recog_0123456789abcdefghij0123456789",
        "cog_1s015PnAAAABBBBCCCC\nis revoked",
    ] {
        found(calls, word, word.into(), Value::Null);
    }
    for prefix in ["", "og_", "COG_", "cog-", "cog\\_"] {
        let text = format!("{prefix}{}", &TOKEN[4..]);
        found(calls, &format!("with the prefix {prefix:?}"), text.into(), Value::Null);
    }
}

/// What is found in a text, and what is left of it.
fn found(calls: &mut Calls, name: &str, text: Value, states: Value) {
    let sent = bytes(&text, &str::to_owned);
    let places = scan(&sent).map(|finding| {
        let (range, handle) = (finding.range(), finding.handle());
        let handle = handle.as_ref().map(|handle| handle.as_str());
        json!({"start": range.start, "end": range.end, "handle": handle})
    });
    let answer = places.collect();
    let call = (Entry::Native, name.to_owned(), "scan");
    calls.add(call, json!({"text": text}), Ok(answer), states);
    if let Ok(text) = String::from_utf8(sent) {
        let call = (Entry::Index, name.to_owned(), "redact");
        calls.add(call, json!({"text": text}), Ok(redact(&text).into()), Value::Null);
        let call = (Entry::Index, name.to_owned(), "redact_decoding");
        calls.add(call, json!({"text": text}), Ok(redact_decoding(&text).into()), Value::Null);
    }
}

/// The headers of the cases of HTTP, as a log may have them.
fn headers(calls: &mut Calls) {
    let base = read("tests/cases/gate/base.json");
    let fill = |text: &str| crate::gate::fill(&base, text);
    for case in read("tests/cases/http/headers.json")["cases"].as_array().unwrap() {
        let values = filled(&case["authorization"], &fill);
        let text = json!({"repeat": [values, case["times"].as_u64().unwrap_or(1)]});
        // The largest would be as large in the answer.
        if bytes(&text, &str::to_owned).len() <= 10_000 {
            found(calls, case["name"].as_str().unwrap(), text, Value::Null);
        }
    }
}
