//! What clients send who mean no good, or whose proxies mean well: each with what must come of it, and why.
//!
//! The stores answer everything here as if all were well, so whatever is not refused is allowed.
#![cfg(test)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

mod common;
#[path = "common/gate.rs"]
mod gate_base;

use cog_auth::gate::{HttpRequest, Outcome};
use gate_base::{Answer, Base, drive, now, word};

const SESSIONS: &str = "/v3/organizations/org-a/sessions";
const TAGS: &str = "/v3/organizations/org-a/tags/";

const NOTHING: &str = "401 missing_credential";
const SEVERAL: &str = "400 several_credentials";
const MALFORMED: &str = "400 malformed_header";
const PREFIX: &str = "401 missing_prefix";
const LENGTH: &str = "401 wrong_length";
const PATH: &str = "400 invalid_path";
const ROUTE: &str = "403 denied";
const METHOD: &str = "405 method_not_allowed";
const VIEW: &str = "allowed ViewOrgSessions";
const TAG: &str = "allowed ManageOrgTags";
/// The organization is another than the one that the facts are about.
const OTHER: &str = "503 invalid_facts";

/// What comes out where the stores say the best of the token `key`.
fn outcome(base: &Base, method: &str, target: &[u8], authorization: &[&[u8]]) -> String {
    let (record, facts) = (base.record("key"), base.facts("service_user"));
    let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
    let request = HttpRequest { method, target, authorization, context: None };
    let edge = drive(&base.edge(), &request, now(), answers, |_| ());
    let origin = drive(&base.origin(), &request, now(), answers, |_| ());
    assert_eq!(edge, origin);
    check_bytes(&edge);
    word(&edge)
}

/// Nothing that was sent breaks out of a header, a body or a line of a log, or floods it.
fn check_bytes(outcome: &Outcome) {
    let mut texts = Vec::new();
    match outcome {
        Outcome::Allowed(allowed) => texts.push(allowed.audit()),
        Outcome::Refused(refused) => {
            texts.extend([refused.body(), refused.audit()]);
            for (name, value) in refused.headers() {
                assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
                assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value:?}");
            }
        }
        _ => {}
    }
    for text in texts {
        assert!(serde_json::from_str::<serde_json::Value>(text).unwrap().is_object());
        assert!(text.len() < 4_096 && !text.chars().any(char::is_control), "{text:?}");
    }
}

#[test]
fn headers() {
    let base = Base::load();
    let table: &[(&[&str], &str, &str)] = &[
        (&["Bearer {key}"], VIEW, "as it should be"),
        (&["bearer {key}"], VIEW, "the scheme has no case"),
        (&["bEaReR {key}"], VIEW, "the scheme has no case"),
        (&["Bearer     {key}"], VIEW, "several spaces are one or more spaces"),
        (&[" \t Bearer {key} \t "], VIEW, "spaces and tabs around the value are stripped"),
        (&["Bearer {key}", "Bearer {key}"], SEVERAL, "two fields, though equal"),
        (&["Bearer {key}", ""], SEVERAL, "two fields, one empty"),
        (&["", "Bearer {key}"], SEVERAL, "the second one must not be taken for the only one"),
        (&["Basic x", "Bearer {key}"], SEVERAL, "fields are counted before schemes are read"),
        (&["Bearer {key}", "Basic x", "Bearer"], SEVERAL, "three fields"),
        (&["Bearer {key}, Bearer {key}"], SEVERAL, "how a proxy joins two fields"),
        (&["Bearer {key}, Basic x"], SEVERAL, "how a proxy joins two fields"),
        (&["Bearer {key},"], SEVERAL, "a comma anywhere"),
        (&["Bearer ,{key}"], SEVERAL, "a comma anywhere"),
        (&["Bearer,{key}"], SEVERAL, "the comma comes before the missing space"),
        (&["Bearer \"a,b\""], SEVERAL, "in quotation marks too"),
        (&["Basic x, Bearer {key}"], NOTHING, "after another scheme nothing else is looked at"),
        (&[",Bearer {key}"], NOTHING, "a scheme of no characters is another scheme"),
        (&["{key}"], NOTHING, "the token is taken for a scheme"),
        (&["Token {key}"], NOTHING, "another scheme"),
        (&["DPoP {key}"], NOTHING, "another scheme"),
        (&["Bearer{key}"], NOTHING, "the scheme is the longest run of its characters"),
        (&["Bearer-{key}"], NOTHING, "a hyphen is a character of a scheme"),
        (&["Bearer~ {key}"], NOTHING, "a tilde too"),
        (&["Authorization: Bearer {key}"], NOTHING, "the field's name pasted too"),
        (&["\"Bearer\" {key}"], NOTHING, "a quotation mark is no character of a scheme"),
        (&["\0Bearer {key}"], NOTHING, "NUL is not stripped"),
        (&["\r\nBearer {key}"], NOTHING, "line ends are not stripped"),
        (&["\u{ff22}earer {key}"], NOTHING, "a wide letter is another letter"),
        (&["\u{feff}Bearer {key}"], NOTHING, "a byte order mark is not stripped"),
        (&["\u{a0}Bearer {key}"], NOTHING, "a no-break space is not stripped"),
        (&["Bearer"], MALFORMED, "no space"),
        (&["  bearer \t"], MALFORMED, "no space once the value is stripped"),
        (&["bearer: {key}"], MALFORMED, "a colon"),
        (&["Bearer={key}"], MALFORMED, "an equals sign"),
        (&["Bearer/{key}"], MALFORMED, "a slash"),
        (&["Bearer;{key}"], MALFORMED, "a semicolon"),
        (&["Bearer\t{key}"], MALFORMED, "a tab is no space"),
        (&["Bearer\u{b}{key}"], MALFORMED, "a vertical tab is no space"),
        (&["Bearer\r\n {key}"], MALFORMED, "a folded line is no space"),
        (&["Bearer\0{key}"], MALFORMED, "NUL is no space"),
        (&["Bearer\u{a0}{key}"], MALFORMED, "a no-break space is no space"),
        (&["Bearer \r\n {key}"], PREFIX, "a folded line is part of the credential"),
        (&["Bearer \t{key}"], PREFIX, "only spaces are skipped"),
        (&["Bearer \0{key}"], PREFIX, "NUL is part of the credential"),
        (&["Bearer \u{feff}{key}"], PREFIX, "a byte order mark is part of the credential"),
        (&["Bearer \"{key}\""], PREFIX, "quotation marks are part of the credential"),
        (&["Bearer '{key}'"], PREFIX, "quotation marks are part of the credential"),
        (&["Bearer <{key}>"], PREFIX, "what a documentation has around it"),
        (&["Bearer token={key}"], PREFIX, "a parameter"),
        (&["Bearer Bearer {key}"], PREFIX, "the scheme twice"),
        (&["Bearer cog%5f1"], PREFIX, "nothing is decoded"),
        (&["Bearer ="], PREFIX, "no credential"),
        (&["Bearer {key}{key}"], LENGTH, "pasted twice"),
        (&["Bearer {key} {key}"], LENGTH, "pasted twice"),
        (&["Bearer {key} realm=x"], LENGTH, "a parameter"),
        (&["Bearer {key};q=1"], LENGTH, "a parameter"),
        (&["Bearer {key}="], LENGTH, "padding"),
        (&["Bearer {key}\0"], LENGTH, "NUL at the end"),
        (&["Bearer {key}\r\n"], LENGTH, "line ends are not stripped"),
        (&["Bearer {key}\nX-Admin: 1"], LENGTH, "a field smuggled in"),
        (&["Bearer {key}\u{e9}"], LENGTH, "a letter outside ASCII"),
        (&["Bearer {key_a0}"], "401 unknown_key_id", "a key that is not held"),
        (&["Bearer {pat}"], "401 record_mismatch", "the store answers with another record"),
        (&["Bearer {stolen}"], "401 digest_mismatch", "the tag is right, the secret is not"),
    ];
    for (values, expected, why) in table {
        let values: Vec<String> = values.iter().map(|value| base.fill(value)).collect();
        let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
        let found = outcome(&base, "GET", SESSIONS.as_bytes(), &values);
        assert_eq!(found, *expected, "{}: {why}", String::from_utf8_lossy(&values.concat()));
    }
}

#[test]
fn headers_that_are_no_text_or_huge() {
    const MEGABYTE: usize = 1 << 20;
    let base = Base::load();
    let good = base.fill("Bearer {key}").into_bytes();
    let huge = |before: &[u8], byte: u8, after: &[u8]| {
        [before, [byte].repeat(MEGABYTE).as_slice(), after].concat()
    };
    let mut last = good.clone();
    *last.last_mut().unwrap() = 0xff;
    let table: Vec<(Vec<u8>, &str)> = vec![
        (b"\xffBearer x".into(), NOTHING),
        (b"Bearer\xff x".into(), MALFORMED),
        (b"Bearer \xff\xfe".into(), PREFIX),
        (b"Bearer cog_\xff".into(), "401 unknown_version"),
        (b"Bearer cog_1\x80".into(), LENGTH),
        (last, "401 invalid_character"),
        (huge(b"", b' ', b""), NOTHING),
        (huge(b"", b'x', b""), NOTHING),
        (huge(b"Basic ", b',', b""), NOTHING),
        (huge(b"Bearer", b'x', b""), NOTHING),
        (huge(b"Bearer", b',', b""), SEVERAL),
        (huge(b"Bearer", b'\t', b"x"), MALFORMED),
        (huge(b"Bearer ", b'x', b""), PREFIX),
        (huge(b"Bearer cog_", b'x', b""), "401 unknown_version"),
        (huge(b"Bearer cog_1", b's', b""), LENGTH),
        (huge(&good, b'0', b""), LENGTH),
        (huge(&good, b' ', b"0"), LENGTH),
        (huge(&good, b' ', b""), VIEW),
        (huge(b"", b'\t', &good), VIEW),
        (huge(b"Bearer", b' ', good.get(7..).unwrap()), VIEW),
    ];
    for (value, expected) in table {
        let found = outcome(&base, "GET", SESSIONS.as_bytes(), &[&value]);
        let start = String::from_utf8_lossy(value.get(..value.len().min(20)).unwrap());
        assert_eq!(found, expected, "{start:?}, {} bytes", value.len());
    }
    let fields = vec![good.as_slice(); 10_000];
    assert_eq!(outcome(&base, "GET", SESSIONS.as_bytes(), &fields), SEVERAL);
}

/// What comes of a target with a good token.
fn target(base: &Base, method: &str, target: &[u8]) -> String {
    outcome(base, method, target, &[base.fill("Bearer {key}").as_bytes()])
}

#[test]
fn targets() {
    let base = Base::load();
    let table: &[(&str, &str, &str)] = &[
        ("/v3/organizations/org-a/sessions?", VIEW, "an empty query"),
        ("/v3/organizations/org-a/sessions?a=/../b//%zz#\\\0", VIEW, "the query is not looked at"),
        ("/v3/organizations/org-a/sessions?_method=PUT", VIEW, "no method comes from the query"),
        ("/v3/organizations/org-a/sessions?t={pat}", VIEW, "nor does a token"),
        ("/v3/organizations/org-a/sessions/?", PATH, "a slash at the end is an empty segment"),
        ("/v3/organizations/org-a/sessions/", PATH, "a slash at the end is an empty segment"),
        ("//v3/organizations/org-a/sessions", PATH, "an empty segment: to some, a host"),
        ("/v3//organizations/org-a/sessions", PATH, "an empty segment"),
        ("/v3/organizations//sessions", PATH, "an empty organization"),
        ("/v3/organizations/org-b/../org-a/sessions", PATH, "a dot segment"),
        ("/v3/./organizations/org-a/sessions", PATH, "a dot segment"),
        ("/v3/organizations/org-a/sessions/..", PATH, "a dot segment"),
        ("/v3/organizations/org-b/%2e%2e/org-a/sessions", PATH, "a dot segment, escaped"),
        ("/v3/organizations/.%2E/sessions", PATH, "a dot segment, half escaped"),
        ("/v3/organizations/%252e%252e/sessions", PATH, "no escape stands in an organization"),
        ("/v3/organizations/org-a%2fsessions", PATH, "no shape, but an escape"),
        ("/v3/organizations/org%2da/sessions", PATH, "org-a must not be spelt in two ways"),
        ("/v3/organizations/org-a%00/sessions", PATH, "no escape stands in an organization"),
        ("/v3/organizations/org-a/sessions/a%2fb", PATH, "an id is not declared as encoded"),
        ("/v3/organizations/org-a/sessions/..;/x", PATH, "some origins cut at the semicolon"),
        ("/v3/organizations/..;x=y/sessions", PATH, "some origins cut at the semicolon"),
        ("/v3/organizations/org-a\\sessions", PATH, "a backslash is a slash to some"),
        ("\\v3\\organizations\\org-a\\sessions", PATH, "no slash"),
        ("/v3/organizations/org-a/sessions#", PATH, "a fragment is never sent"),
        ("/v3/organizations/org-a/sess\u{69}\u{307}ons", PATH, "only ASCII"),
        ("/v3/organizations/org-a/sessions ", PATH, "a space"),
        ("https://api.example/v3/organizations/org-a/sessions", PATH, "absolute form"),
        ("api.example:443", PATH, "authority form"),
        ("*", PATH, "asterisk form"),
        ("", PATH, "no path"),
        ("?", PATH, "no path before the query"),
        ("v3/organizations/org-a/sessions", PATH, "no slash"),
        ("/", ROUTE, "nothing is there"),
        ("/v3", ROUTE, "nothing is there"),
        ("/V3/organizations/org-a/sessions", ROUTE, "paths have case"),
        ("/v3/organizations/org-a/Sessions", ROUTE, "paths have case"),
        ("/v3/organizations/org-a/sessions.", ROUTE, "a dot at the end is a part of the name"),
        ("/v3/organizations/org-a/sessions;a=b", PATH, "an origin may cut the parameter off"),
        ("/v3;/organizations/org-a/sessions", PATH, "an origin may cut the parameter off"),
        ("/v3/organizations/ORG-A/sessions", OTHER, "ids have case"),
        ("/v3/organizations/org-a./sessions", OTHER, "a dot at the end is a part of the id"),
        ("/v3/organizations/org-a;b/sessions", OTHER, "a parameter is a part of the id"),
        ("/v3/organizations/*/sessions", OTHER, "no id stands for all"),
        ("/v3/organizations/.../sessions", OTHER, "three dots are a name like others"),
        ("/v3/organizations/org-a/sessions/...", VIEW, "three dots are a name like others"),
        ("/v3/organizations/org-a/sessions/;x", VIEW, "nothing before the semicolon"),
        ("/v3/organizations/org-a/sessions/-._~!$&'()*+,;=:@", VIEW, "all characters of a segment"),
        ("/v3/organizations/org-a/sessions/{pat}", PATH, "a token pasted where an id belongs"),
        ("/v3/organizations/{pat}/sessions", PATH, "a token pasted where an id belongs"),
        ("/{pat}", PATH, "a token where no route is"),
        ("/v3/organizations/org-a/sessions/x{pat}y", PATH, "within a word"),
        (
            "/v3/organizations/org-a/sessions/cog_0123456789abcdefghij",
            PATH,
            "20 characters after cog_",
        ),
        ("/v3/organizations/org-a/sessions/cog_0123456789abcdefghi", VIEW, "a handle has 19"),
        ("/v3/organizations/org-a/sessions/COG_0123456789abcdefghij", VIEW, "the prefix has case"),
    ];
    for (path, expected, why) in table {
        let path = base.fill(path);
        assert_eq!(target(&base, "GET", path.as_bytes()), *expected, "{path:?}: {why}");
    }
}

#[test]
fn segments_that_may_have_escapes() {
    let base = Base::load();
    let table: &[(&str, &str, &str)] = &[
        ("a%2Fb", TAG, "a slash stays within its segment"),
        ("a%2f%2Fb", TAG, "nothing between two slashes is no dot segment"),
        ("%2F", TAG, "a slash alone"),
        ("%c3%a9", TAG, "UTF-8"),
        ("%C2%85", TAG, "a control character of two bytes, neither below 0x20 nor 0x7F"),
        ("%252e%252e", TAG, "decoded once, no dot segment"),
        ("a%2F...", TAG, "three dots"),
        ("a..%2Fb", TAG, "dots at the end of a name"),
        ("a;%2e%2e", TAG, "dots behind the semicolon"),
        ("%3F%23", TAG, "a question mark and a number sign, escaped"),
        ("%2e%2e", PATH, "a dot segment"),
        ("%2E", PATH, "a dot segment"),
        ("..%2fa", PATH, "a dot segment in front"),
        ("a%2f..", PATH, "a dot segment at the end"),
        ("a%2F%2e%2E%2fb", PATH, "a dot segment between"),
        ("a%2F.%3Bx", PATH, "a dot segment before a semicolon"),
        ("%2e%2e%3b", PATH, "a dot segment before a semicolon"),
        ("a%5cb", PATH, "a backslash"),
        ("%00", PATH, "NUL"),
        ("%0d%0aX-Admin:1", PATH, "a line end"),
        ("%1f", PATH, "a control byte"),
        ("%7F", PATH, "a control byte"),
        ("%ff", PATH, "no UTF-8"),
        ("%c0%ae%c0%ae", PATH, "dots in overlong UTF-8"),
        ("%ed%a0%80", PATH, "a surrogate"),
        ("%c3", PATH, "half a character"),
        ("%", PATH, "no escape"),
        ("%4", PATH, "half an escape"),
        ("%zz", PATH, "no escape"),
        ("%+4", PATH, "no escape"),
        ("%u0041", PATH, "no escape"),
        ("%4/1", PATH, "half an escape"),
        ("cog%5F0123456789abcdefghij", PATH, "a credential behind an escape"),
        ("%63og_0123456789%61bcdefghij", PATH, "a credential behind escapes"),
        ("%2Fcog_0123456789abcdefghij", PATH, "a credential behind a slash"),
    ];
    for (tag, expected, why) in table {
        let path = [TAGS, tag].concat();
        assert_eq!(target(&base, "DELETE", path.as_bytes()), *expected, "{tag}: {why}");
    }
    let token: String = base.token("pat").bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert_eq!(target(&base, "DELETE", [TAGS, &token].concat().as_bytes()), PATH);
    // The method is looked for first, and the shape before it.
    assert_eq!(target(&base, "PUT", [TAGS, "a%2Fb"].concat().as_bytes()), METHOD);
    assert_eq!(target(&base, "PUT", [TAGS, "a/b%2F"].concat().as_bytes()), PATH);
}

#[test]
fn targets_that_are_no_text_or_huge() {
    let base = Base::load();
    for byte in 0..=u8::MAX {
        let path = [TAGS.as_bytes(), b"a", &[byte], b"b"].concat();
        let good = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@?".contains(&byte);
        let expected = match byte {
            b'/' => ROUTE,
            _ if good => TAG,
            _ => PATH,
        };
        assert_eq!(target(&base, "DELETE", &path), expected, "byte {byte:#04x}");
        let query = [TAGS.as_bytes(), b"a?", &[byte]].concat();
        assert_eq!(target(&base, "DELETE", &query), TAG, "byte {byte:#04x} in the query");
    }
    let long = |length: usize| [TAGS, &"a".repeat(length.saturating_sub(TAGS.len()))].concat();
    assert_eq!(target(&base, "DELETE", long(8_192).as_bytes()), TAG);
    assert_eq!(target(&base, "DELETE", long(8_193).as_bytes()), PATH);
    assert_eq!(target(&base, "DELETE", long(1 << 20).as_bytes()), PATH);
    let query = [SESSIONS, "?", &"%".repeat(1 << 20)].concat();
    assert_eq!(target(&base, "GET", query.as_bytes()), VIEW);
    for (part, count, expected) in [
        ("/a", 17, ROUTE),
        ("/a", 4_096, ROUTE),
        ("/a", 4_097, PATH),
        ("/", 8_192, PATH),
        ("/%2e", 2_000, PATH),
        ("/v3", 1_000, ROUTE),
        ("\u{0}", 1 << 20, PATH),
        ("/cog_0123456789abcdefghij", 40_000, PATH),
    ] {
        assert_eq!(target(&base, "GET", part.repeat(count).as_bytes()), expected, "{part:?}");
    }
}

#[test]
fn methods() {
    let base = Base::load();
    let long = "M".repeat(1 << 20);
    assert_eq!(target(&base, "HEAD", SESSIONS.as_bytes()), VIEW);
    for method in [
        "",
        "get",
        "Get",
        "GET ",
        " GET",
        "GET\0",
        "GET\r\nX: 1",
        "G\u{c9}T",
        "GET,POST",
        "GET?",
        "head",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "*",
        "\u{feff}GET",
        &long,
        base.token("key"),
    ] {
        assert_eq!(target(&base, method, SESSIONS.as_bytes()), METHOD, "{method:.20?}");
        assert_eq!(target(&base, method, b"/nowhere"), ROUTE, "{method:.20?}");
        assert_eq!(target(&base, method, b"/.."), PATH, "{method:.20?}");
    }
}
