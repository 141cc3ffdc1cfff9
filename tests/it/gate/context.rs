//! The context that the caller adds: what it may say, and where it ends up.

use crate::common::gate::{Answer, Base, drive, now, time, word};
use cog_auth::Code;
use cog_auth::gate::{HttpRequest, Outcome};

const GOOD: Option<Code> = None;
const RESERVED: Option<Code> = Some(Code::ReservedContext);
const INVALID: Option<Code> = Some(Code::InvalidContext);

/// The code of the error for this context; none where the gate begins.
fn code(base: &Base, context: &[u8]) -> Option<Code> {
    let request = request(&[], Some(context));
    let edge = base.edge().begin(&request, now()).err();
    let origin = base.origin().begin(&request, now()).err();
    assert_eq!(edge, origin);
    edge.map(|error| {
        assert!(error.offset().unwrap() <= context.len());
        let named = format!("({}, {},", error.code().name(), error.code().number());
        assert!(error.to_string().contains(&named), "{error}");
        error.code()
    })
}

fn request<'r>(authorization: &'r [&'r [u8]], context: Option<&'r [u8]>) -> HttpRequest<'r> {
    HttpRequest {
        method: "GET",
        target: b"/v3/organizations/org-a/sessions",
        authorization,
        context,
        client_address: None,
    }
}

#[test]
fn codes_are_those_of_the_documentation() {
    let numbers = [Code::ReservedContext, Code::InvalidContext].map(|code| code.number());
    assert_eq!(numbers, [602, 603]);
    assert_eq!(Code::ReservedContext.name(), "reserved_context");
    assert_eq!(Code::InvalidContext.name(), "invalid_context");
}

#[test]
fn what_a_context_may_be() {
    let base = Base::load();
    let table: &[(&str, Option<Code>, &str)] = &[
        ("{}", GOOD, "nothing"),
        (" \t\r\n{ } \n", GOOD, "white space around it"),
        (r#"{"ci":true}"#, GOOD, "an attribute that the policy declares"),
        (r#"{"ci":"no bool"}"#, GOOD, "of another type it is unknown, not an error"),
        (r#"{"ci":null}"#, GOOD, "null"),
        (r#"{"a":1e999,"b":-0.5,"c":"\u0000\ud83d\ude00","d":[[],{}]}"#, GOOD, "any JSON"),
        (r#"{"":1," ":2}"#, GOOD, "any names"),
        (
            r#"{"request":{"time":1,"credential":{"kind":"session"}}}"#,
            GOOD,
            "reserved below is fine",
        ),
        (r#"{"a":["time","credential",{"time":1}]}"#, GOOD, "reserved in an array is fine"),
        (r#"{"Time":1,"CREDENTIAL":{}}"#, GOOD, "names have case"),
        (r#"{"time ":1,"credentials":{},"credential.kind":"session"}"#, GOOD, "other names"),
        (r#"{"/context/time":1,"context":{"time":1}}"#, GOOD, "no pointers"),
        (r#"{"ti\u006de2":1}"#, GOOD, "another name, escaped"),
        (r#"{"a":{"b":1,"b":2}}"#, GOOD, "a name twice where no pointer passes"),
        (r#"{"time":1}"#, RESERVED, "the gate's place"),
        (r#"{"time":null}"#, RESERVED, "null too"),
        (r#"{"credential":{}}"#, RESERVED, "the gate's place"),
        (r#"{"credential":null}"#, RESERVED, "null too"),
        (r#"{"credential":{"expires_in":9}}"#, RESERVED, "below it too"),
        (r#"{"ci":true,"a":[1,{"b":2}],"time":1}"#, RESERVED, "behind others"),
        (r#"{"ti\u006de":1}"#, RESERVED, "escaped"),
        (r#"{"\u0074\u0069\u006D\u0065":1}"#, RESERVED, "escaped wholly"),
        (r#"{"\u0063redential":{}}"#, RESERVED, "escaped"),
        ("", INVALID, "no JSON"),
        (" ", INVALID, "no JSON"),
        ("ci", INVALID, "no JSON"),
        ("{", INVALID, "no JSON"),
        ("{]", INVALID, "no JSON"),
        (r#"{"ci":true"#, INVALID, "cut"),
        (r#"{"ci":tru}"#, INVALID, "no JSON within"),
        (r#"{"ci":true,}"#, INVALID, "a comma too many"),
        (r#"{"ci"}"#, INVALID, "no value"),
        (r#"{ci:true}"#, INVALID, "a name without quotation marks"),
        (r#"{'ci':true}"#, INVALID, "other quotation marks"),
        ("{} {}", INVALID, "something behind"),
        ("{}x", INVALID, "something behind"),
        ("{} // x", INVALID, "a comment"),
        ("\u{feff}{}", INVALID, "a byte order mark"),
        ("null", INVALID, "no object"),
        ("true", INVALID, "no object"),
        ("7", INVALID, "no object"),
        (r#""{}""#, INVALID, "no object"),
        ("[]", INVALID, "no object"),
        (r#"[{"ci":true}]"#, INVALID, "no object"),
        (r#"{"ci":true,"ci":true}"#, INVALID, "a name twice"),
        (r#"{"a":1,"b":2,"a":3}"#, INVALID, "a name twice that nothing declares"),
        (r#"{"ci":true,"c\u0069":true}"#, INVALID, "a name twice, after unescaping"),
        (r#"{"":1,"":2}"#, INVALID, "the empty name twice"),
        (r#"{"a":"\ud800"}"#, INVALID, "a lone surrogate"),
        (r#"{"\udc00":1}"#, INVALID, "a lone surrogate in a name"),
        ("{\"a\":\"\n\"}", INVALID, "a control character in a string"),
        (r#"{"a":"\x41"}"#, INVALID, "no escape of JSON"),
        (r#"{"a":01}"#, INVALID, "no number of JSON"),
        (r#"{"a":NaN}"#, INVALID, "no number of JSON"),
        ("{\u{a0}}", INVALID, "no white space of JSON"),
    ];
    for (context, expected, why) in table {
        assert_eq!(code(&base, context.as_bytes()), *expected, "{context}: {why}");
    }
    for bytes in
        [b"{\"a\":\"\xff\"}".as_slice(), b"{\"\xc0\xae\":1}", b"\xff", b"{}\0", b"\xef\xbb\xbf{}"]
    {
        assert_eq!(code(&base, bytes), INVALID, "{bytes:?}");
    }
}

#[test]
fn limits() {
    let base = Base::load();
    let padded = |length: usize| {
        let mut text = String::from(r#"{"a":""#);
        text.push_str(&"x".repeat(length.saturating_sub(text.len().saturating_add(2))));
        text.push_str(r#""}"#);
        text
    };
    assert_eq!(padded(262_144).len(), 262_144);
    assert_eq!(code(&base, padded(262_144).as_bytes()), GOOD);
    assert_eq!(code(&base, padded(262_145).as_bytes()), INVALID);
    let spaces = format!("{{}}{}", " ".repeat(262_143));
    assert_eq!(code(&base, spaces.as_bytes()), INVALID, "white space counts");
    // The outer object is level 1.
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = |levels: usize| {
            let below = levels.saturating_sub(2);
            let inner = if open == "[" { "[]" } else { "{}" };
            format!(r#"{{"a":{}{inner}{}}}"#, open.repeat(below), close.repeat(below))
        };
        assert_eq!(code(&base, nested(32).as_bytes()), GOOD);
        assert_eq!(code(&base, nested(33).as_bytes()), INVALID);
        assert_eq!(code(&base, nested(60_000).as_bytes()), INVALID);
    }
    let many: Vec<String> = (0..20_000).map(|name| format!(r#""n{name}":0"#)).collect();
    let many = many.join(",");
    assert_eq!(code(&base, format!("{{{many}}}").as_bytes()), GOOD);
    assert_eq!(code(&base, format!(r#"{{{many},"n0":0}}"#).as_bytes()), INVALID);
    assert_eq!(code(&base, format!(r#"{{{many},"time":0}}"#).as_bytes()), RESERVED);
}

/// The caller's mistake is found whatever the client sent, before anything else and also where it
/// would not matter.
#[test]
fn it_is_checked_first() {
    let base = Base::load();
    let good = base.fill("Bearer {key}");
    for authorization in [&[][..], &[good.as_bytes()], &[b"Bearer"], &[b"Bearer cog_old"]] {
        for method in ["GET", "OPTIONS"] {
            for now in [0, 1_795_000_000, 32_503_680_000] {
                let request =
                    HttpRequest { method, ..request(authorization, Some(b"{\"time\":1}")) };
                let gate = base.edge().with_preflight().with_pass_on();
                let error = gate.begin(&request, time(now)).unwrap_err();
                assert_eq!(error.code(), Code::ReservedContext);
            }
        }
    }
}

fn decided(base: &Base, context: Option<&str>) -> Outcome {
    let (record, facts) = (base.record("pat"), base.facts("user"));
    let header = base.fill("Bearer {pat}");
    let authorization: &[&[u8]] = &[header.as_bytes()];
    let request = request(authorization, context.map(str::as_bytes));
    let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
    drive(&base.origin(), &request, now(), answers, |_| ())
}

/// The context reaches the decision, and nothing else of the outcome.
#[test]
fn it_is_what_the_policy_sees() {
    let base = Base::load();
    let advice = |context: &str| match decided(&base, Some(context)) {
        Outcome::Allowed(allowed) => allowed.advice().to_vec(),
        other => panic!("{}", word(&other)),
    };
    let ci = ["prefer_service_user_key"];
    assert_eq!(advice(r#"{"ci":true}"#), ci);
    assert_eq!(advice(r#"{"a":{"ci":false},"\u0063i":true}"#), ci);
    for context in [
        "{}",
        r#"{"ci":false}"#,
        r#"{"ci":null}"#,
        r#"{"ci":1}"#,
        r#"{"ci":"true"}"#,
        r#"{"ci":[true]}"#,
        r#"{"context":{"ci":true}}"#,
        r#"{"CI":true}"#,
    ] {
        assert!(advice(context).is_empty(), "{context}");
        assert_eq!(decided(&base, Some(context)), decided(&base, None), "{context}");
    }
}
