//! JSON as requests are written in: numbers, escapes, limits, hostile input; with `serde_json` as a
//! second opinion.

use crate::common::simple::{base, numbers, with};
use crate::common::{root, source};
use cog_auth::Code;
use cog_auth::policy::MAX_REQUEST_BYTES;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value as Json;

#[test]
fn integers_are_written_in_digits() {
    let policy = numbers();
    for (number, n, t) in [
        ("0", true, true),
        ("-0", false, false),
        ("1.0", false, false),
        ("1e3", false, false),
        ("1E0", false, false),
        ("-1", true, false),
        ("32503679999", true, true),
        ("32503680000", true, false),
        ("9007199254740991", true, false),
        ("9007199254740992", false, false),
        ("-9007199254740991", true, false),
        ("-9007199254740992", false, false),
        ("9223372036854775808", false, false),
        ("18446744073709551616", false, false),
        ("1000000000000000000000000000000", false, false),
        ("-1000000000000000000000000000000", false, false),
        ("1e400", false, false),
        ("0.0", false, false),
        ("-0.0", false, false),
        ("0e0", false, false),
        ("\"1\"", false, false),
        ("[1]", false, false),
    ] {
        for (name, usable) in [("n", n), ("t", t)] {
            let text = base().to_string().replace(r#""n":1"#, &format!(r#""{name}":{number}"#));
            let request = policy.request(text.as_bytes()).unwrap();
            assert_eq!(request.decide().is_allowed(), usable, "{name}: {number}");
            let explanation = request.decide().explain();
            let place = format!("/context/{name}");
            assert_eq!(explanation.unusable().any(|it| it.pointer() == place), !usable);
            assert!(!explanation.missing().contains(&place));
        }
    }
}

#[test]
fn escapes_mean_their_characters() {
    let policy = numbers();
    for (name, id) in [
        ("id", "a\\\"é😀"),
        ("\\u0069d", "\\u0061\\u0022\\u00e9\\ud83d\\ude00"),
        ("\\u0069\\u0064", "a\\u0022\\u00E9\\uD83D\\uDE00"),
    ] {
        let text = with("/context", &format!(r#""{name}":"{id}""#)).replace(r#""n":1"#, r#""m":1"#);
        assert!(policy.request(text.as_bytes()).unwrap().decide().is_allowed(), "{text}");
    }
    for id in ["a\\\"é", "a\\\\\\\"é😀", "a\\\"é\\ud83d\\ude01", "A\\\"é😀", "a\\\"e\\u0301😀"]
    {
        let text = with("/context", &format!(r#""id":"{id}""#)).replace(r#""n":1"#, r#""m":1"#);
        assert!(!policy.request(text.as_bytes()).unwrap().decide().is_allowed(), "{text}");
    }
    let spelt = base()
        .to_string()
        .replace("context", "\\u0063ontext")
        .replace("\"Do\"", "\"\\u0044o\"")
        .replace("subject", "s\\u0075bject");
    assert!(policy.request(spelt.as_bytes()).unwrap().decide().is_allowed());
}

#[test]
fn limits_are_exact() {
    let policy = numbers();
    for (levels, fits) in [(31, true), (32, false)] {
        // The outer object is level 1.
        for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
            let value = if open == "[" {
                "[".repeat(levels)
            } else {
                format!("{}{{", open.repeat(levels - 1))
            };
            let end = close.repeat(levels);
            let text = with("", &format!(r#""x":{value}{end}"#));
            assert_eq!(policy.request(text.as_bytes()).is_ok(), fits, "{text}");
            assert_eq!(policy.evaluate(text.as_bytes()).is_ok(), fits);
            assert_eq!(policy.search_actions(text.as_bytes()).is_ok(), fits);
        }
    }
    assert_eq!(MAX_REQUEST_BYTES, 262_144);
    for (bytes, fits) in [(MAX_REQUEST_BYTES, true), (MAX_REQUEST_BYTES + 1, false)] {
        let text = base().to_string();
        let text = text.clone() + &" ".repeat(bytes - text.len());
        for ok in [
            policy.request(text.as_bytes()).is_ok(),
            policy.evaluate(text.as_bytes()).is_ok(),
            policy.search_actions(text.as_bytes()).is_ok(),
        ] {
            assert_eq!(ok, fits);
        }
    }
}

#[test]
fn ignored_parts_are_valid_unicode_too() {
    let policy = numbers();
    for value in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800x""#,
        r#""\ud800\n""#,
        r#""\udc00\ud800""#,
        r#"{"\ud800":1}"#,
        r#"[["\udfff"]]"#,
        "\"\u{0}\"",
        "\"\u{1f}\"",
        "\"\n\"",
        "\u{0}",
        "\u{feff}1",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "--1",
        "0x1",
        "NaN",
        "Infinity",
        "True",
        "'x'",
        "[1,]",
        "{,}",
        "[,]",
        "{\"a\"}",
        "{\"a\":}",
        "{1:1}",
        "//x\n1",
        "\u{a0}1",
        "\"",
        "tru",
        "nulll",
    ] {
        let text = with("", &format!(r#""x":{value}"#));
        assert_eq!(
            policy.request(text.as_bytes()).unwrap_err().code(),
            Code::MalformedRequest,
            "{text}"
        );
        assert!(
            policy.search_actions(text.as_bytes()).is_err()
                && policy.evaluate(text.as_bytes()).is_err(),
            "{text}"
        );
    }
    for bytes in
        [&b"\xff"[..], b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"]
    {
        let mut text = with("", r#""x":"MARK""#).into_bytes();
        let at = text.windows(4).position(|part| part == b"MARK").unwrap();
        text.splice(at..at + 4, bytes.iter().copied());
        assert!(policy.request(&text).is_err() && policy.evaluate(&text).is_err(), "{bytes:?}");
    }
    for tail in ["\u{0}", "x", "{}", ",", "\u{feff}"] {
        assert!(policy.request((base().to_string() + tail).as_bytes()).is_err());
    }
    assert!(policy.request(format!("\u{feff}{}", base()).as_bytes()).is_err());
    for value in [
        r#""\ud83d\ude00""#,
        r#""\u0000""#,
        "\"\u{7f}\u{ffff}\u{10ffff}\"",
        "1e-999",
        "-0.0E+00",
        "\"\\/\\b\\f\"",
        " \t\r\n1 ",
    ] {
        assert!(policy.request(with("", &format!(r#""x":{value}"#)).as_bytes()).is_ok(), "{value}");
    }
}

/// Whether `\u` escapes of a valid JSON text leave a surrogate alone.
fn has_lone_surrogate(text: &str) -> bool {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let is_unit = rest[at..].starts_with("\\u");
        let end = at + if is_unit { 6 } else { 2 };
        units.push((
            text.len() - rest.len() + at,
            is_unit.then(|| u32::from_str_radix(&rest[at + 2..end], 16).unwrap()),
        ));
        rest = &rest[end..];
    }
    let unit = |index: usize, at: usize| {
        units.get(index).filter(|unit| unit.0 == at).and_then(|unit| unit.1)
    };
    let mut paired = None;
    units.iter().enumerate().any(|(index, (at, unit_here))| match unit_here {
        Some(0xd800..=0xdbff) => {
            paired = Some(index + 1);
            !matches!(unit(index + 1, at + 6), Some(0xdc00..=0xdfff))
        }
        Some(0xdc00..=0xdfff) => paired != Some(index),
        _ => false,
    })
}

fn depth(text: &str) -> usize {
    let (mut depth, mut most, mut inside, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'{' | b'[' if !inside => depth += 1,
            b'}' | b']' if !inside => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

const FRAGMENTS: &[&str] = &[
    r#"{"a":[1,-2.5e+10,0.1,-0],"b\n":"\u00e9\ud83d\ude00\\\"","c":{"d":null,"e":[true,false,[]]},"":{}}"#,
    r#"["\\u12","\ud800\udc00",1E-3, 0 ,{"x" : [ ] , "x":"y"}]"#,
    "-12.25e-7",
    r#""\b\f\n\r\t\/\"\\ plain ü \u0000""#,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn json_is_what_serde_json_takes_for_it(
        fragment in select(FRAGMENTS),
        changes in prop::collection::vec((any::<Index>(), 0..3_u8, select(r#"{}[]",:\u0189dDeE+-.tfn "#.chars().chain(['\t', '\u{b}', 'é']).collect::<Vec<_>>())), 0..4),
    ) {
        let mut text: Vec<char> = fragment.chars().collect();
        for (at, kind, character) in changes {
            let at = at.index(text.len());
            match kind {
                0 => text[at] = character,
                1 => text.insert(at, character),
                _ if text.len() > 1 => drop(text.remove(at)),
                _ => {}
            }
        }
        let text: String = text.into_iter().collect();
        let whole = with("", &format!(r#""x":{text}"#));
        let policy = numbers();
        let accepted = policy.request(whole.as_bytes()).is_ok();
        if accepted {
            prop_assert!(is_json(&whole), "accepted: {}", whole);
        }
        if is_json(&text) {
            let within = !has_lone_surrogate(&text) && depth(&text) <= 31;
            prop_assert_eq!(accepted, within, "{}", text);
        }
    }

    #[test]
    fn mutated_requests_are_read_as_serde_json_reads_them(at in any::<Index>(), length in 0..4_usize, put in "[{}\\[\\]\",:0n\\\\]{0,2}") {
        let text = base().to_string();
        let at = at.index(text.len());
        let mutated = format!("{}{put}{}", &text[..at], &text[(at + length).min(text.len())..]);
        let policy = numbers();
        if policy.request(mutated.as_bytes()).is_ok() {
            prop_assert!(is_json(&mutated), "{}", mutated);
        } else if let Ok(value) = serde_json::from_str::<Json>(&mutated) && value == base() {
            prop_assert!(false, "refused: {}", mutated);
        }
    }
}

/// Fills a text with numbered parts up to the limit.
fn filled(begin: &str, part: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = begin.to_owned();
    for index in 0.. {
        let next = part(index);
        if text.len() + next.len() + end.len() + 1 > MAX_REQUEST_BYTES {
            break;
        }
        text += if index == 0 { "" } else { "," };
        text += &next;
    }
    text + end
}

#[test]
fn hostile_input_comes_to_an_end() {
    let policy = source(&root().join("policies")).check().unwrap().into_policy();
    let entities = r#""action":{"name":"ViewOrgSessions"},"resource":{"type":"organization","id":"o","properties":{"organization":"o"}}"#;
    let subject = |properties: &str| {
        format!(r#"{{{entities},"subject":{{"type":"user","id":"u","properties":{{{properties}"#)
    };
    let plain = subject("}}");
    let member = |index| format!(r#""{index}":0"#);
    let escaped = |index| format!(r#""\u0061\u0061\u0061\u0061{index}":0"#);
    let texts = [
        filled(&format!("{plain},"), member, "}"),
        filled(&format!("{plain},"), escaped, "}"),
        filled(&format!("{plain},\"context\":{{"), escaped, "}}"),
        filled(&subject(r#""memberships":["#), |_| "{}".into(), "]}}}"),
        filled(&subject(r#""memberships":["#), |_| "0".into(), "]}}}"),
        filled(
            &subject(r#""memberships":["#),
            |_| r#"{"organization":"o","roles":["org_admin"]}"#.into(),
            "]}}}",
        ),
        filled(&subject(r#""memberships":[{"#), escaped, "}]}}}"),
        filled(
            &subject(r#""memberships":[{"roles":["#),
            |_| r#""\u006frg_admin""#.into(),
            "]}]}}}",
        ),
        filled(&subject(r#""roles":["#), |index| format!(r#""{index}""#), "]}}}"),
        filled(&subject(r#""account":{"features":["#), |_| r#""""#.into(), "]}}}}"),
        filled(
            &format!("{plain},\"context\":{{\"credential\":{{\"organizations\":["),
            |index| format!(r#""{}""#, index * 7 % 10_007),
            "]}}}",
        ),
        filled(
            &format!("{plain},\"context\":{{\"credential\":{{\"scopes\":["),
            |_| r#""*""#.into(),
            "]}}}",
        ),
        filled(
            &format!("{plain},\"x\":["),
            |_| "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]".into(),
            "]}",
        ),
        format!(r#"{plain},"x":"{}"}}"#, "\\n".repeat(130_000)),
        format!("{plain},\"x\":{}", "[".repeat(260_000)),
        format!("{plain},\"x\":{}", "{\"\":".repeat(50_000)),
        format!("{plain},\"x\":{}}}", "9".repeat(260_000)),
    ];
    for text in texts {
        assert!(text.len() > 200_000 && text.len() <= MAX_REQUEST_BYTES);
        let answers = (policy.evaluate(text.as_bytes()), policy.search_actions(text.as_bytes()));
        assert_eq!(answers.0.is_ok(), answers.1.is_ok());
    }
}
