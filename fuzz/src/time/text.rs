//! Text that holds credentials: tokens, headers, what is redacted and scanned.

use super::{POLICY, Shape, joined, shape};
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest};
use cog_auth::token::{KeyId, Record, RootKey, Token, authorization, redact, scan, scan_decoding};
use std::hint::black_box;

fn audit(text: &str) {
    let keys = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]).edge_keys();
    let gate = Gate::at_edge(POLICY.clone(), keys);
    let request = HttpRequest {
        method: "GET",
        target: text.as_bytes(),
        authorization: &[],
        context: None,
        client_address: None,
    };
    let _ = black_box(gate.begin(&request, Time::from_seconds(1_795_000_000).unwrap()));
}

fn decode(text: &str) {
    black_box(scan_decoding(text.as_bytes()).count());
}

/// What a decoder is led astray by: each part begins as a token in some encoding does.
const LURES: [&str; 6] = [
    "Y29nXzFzMDE1UG4",
    "636f675f31733031",
    "%63%6f%67%5f1s01",
    "cog&lowbar;1s01",
    "c\0o\0g\0_\0",
    "99,111,103,95,",
];

pub(super) const SHAPES: &[Shape] = &[
    shape(
        "a token",
        4_000,
        |n| "cog_1s01".repeat(n),
        |text| drop(black_box(Token::parse(text.as_bytes()))),
    ),
    shape("prefixes", 4_000, |n| "cog_".repeat(n), |text| drop(black_box(redact(text)))),
    shape(
        "runs",
        1_000,
        |n| format!("cog_{}", "a".repeat(30)).repeat(n),
        |text| drop(black_box(redact(text))),
    ),
    shape(
        "a long run",
        40_000,
        |n| format!("cog_{}", "a".repeat(n)),
        |text| drop(black_box(redact(text))),
    ),
    shape(
        "scanned prefixes",
        4_000,
        |n| " cog_".repeat(n),
        |text| {
            black_box(scan(text.as_bytes()).count());
        },
    ),
    shape("decoding: base64 without an end", 20_000, |n| "Y29n".repeat(n), decode),
    shape("decoding: hexadecimal without an end", 20_000, |n| "636f".repeat(n), decode),
    shape("decoding: short lines of base64", 2_000, |n| "Y29nXzFzMDE1\r\n".repeat(n), decode),
    shape("decoding: escapes", 4_000, |n| "%63%6f%67%5f".repeat(n), decode),
    shape("decoding: escapes of escapes", 4_000, |n| "%255f%25%35%66".repeat(n), decode),
    shape("decoding: low lines", 10_000, |n| "5f95_1g_".repeat(n), decode),
    shape("decoding: numbers", 4_000, |n| "99, 111, 103, 95, ".repeat(n), decode),
    shape("decoding: zeros", 10_000, |n| "c\0o\0g\0_\0".repeat(n), decode),
    shape("decoding: all of these", 1_000, |n| LURES.concat().repeat(n), decode),
    shape(
        "spaces of a header",
        40_000,
        |n| format!("{}Bearer{}x", " ".repeat(n), " ".repeat(n)),
        |text| {
            let _ = black_box(authorization([text.as_bytes()]));
        },
    ),
    shape("escaped escapes", 1_000, |n| format!("/%{}63og_", "25".repeat(n)), audit),
    shape("escapes of escapes", 1_000, |n| format!("/{}", "%%32%35".repeat(n)), audit),
    shape(
        "broken credentials",
        200,
        |n| format!("/{}", "cog_0123456789%0Aabcdefghijkl".repeat(n)),
        audit,
    ),
    shape(
        "metadata",
        100,
        |n| format!(r#"{{"metadata":{{{}}}}}"#, joined(n, |i| format!(r#""{i}":[]"#))),
        |text| {
            let _ = black_box(Record::from_json(text.as_bytes()));
        },
    ),
];
