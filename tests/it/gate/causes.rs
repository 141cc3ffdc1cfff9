//! What the gate tells logs of a record or of facts that it cannot use (section 15 of
//! `docs/policy-language.md`): a sentence, and the place where a person would look.

use crate::common::gate::{Answer, Base, drive, now};
use cog_auth::Code;
use cog_auth::gate::{HttpRequest, Outcome, Refused};

const ORGANIZATION: &[u8] = b"/v3/organizations/org-a/sessions";
const ACCOUNT: &[u8] = b"/v3/enterprise/members/users";

fn refused(target: &[u8], record: &[u8], facts: &[u8]) -> Refused {
    let base = Base::load();
    let header = format!("Bearer {}", base.token("key"));
    let request = HttpRequest {
        method: "GET",
        target,
        authorization: &[header.as_bytes()],
        client_address: None,
        context: None,
    };
    let answers = (Answer::Found(record), Answer::Found(facts));
    match drive(&base.edge(), &request, now(), answers, |_| ()) {
        Outcome::Refused(refused) => refused,
        other => panic!("{other:?}"),
    }
}

/// The cause of a refusal, which only logs may have.
fn cause(refused: &Refused) -> (Code, &str, Option<usize>) {
    let cause = refused.cause().expect("the store gave something wrong");
    let told = format!("{} {}", refused.body(), refused.audit());
    assert!(!told.contains(cause.message()), "{told}");
    assert_eq!((refused.status(), refused.code()), (503, cause.code()));
    (cause.code(), cause.message(), cause.offset())
}

#[test]
fn facts_say_what_is_wrong_with_them_and_where() {
    const NO_PRINCIPAL: &str = "a principal, or a `type` or `id`, is missing";
    const NOT_ASKED: &str = "the facts are about something else";
    const UNKNOWN: &str = "this member is unknown, or stands twice";
    let record = Base::load().record("key");
    let principal = r#""principal":{"type":"service_user","id":"su_ci"}"#;
    let with = |rest: &str| format!("{{{principal},{rest}}}");
    // The text, the sentence, and what stands at the place; nothing where there is none.
    for (facts, message, place) in [
        ("{}".to_owned(), NO_PRINCIPAL, ""),
        (r#"{"principal":{"id":"su_ci"}}"#.to_owned(), NO_PRINCIPAL, ""),
        (r#"{"principal":{"type":"service_user"}}"#.to_owned(), NO_PRINCIPAL, ""),
        (r#"{"principal": []}"#.to_owned(), "an object is needed here", "[]"),
        ("[1]".to_owned(), "an object is needed here", "[1]"),
        (
            r#"{"principal":{"type":"service_user","id": 7}}"#.to_owned(),
            "a string is needed here",
            "7}",
        ),
        (r#"{"principal":{"type":"service_user","id":"su_2"}}"#.to_owned(), NOT_ASKED, "\"su_2\""),
        (r#"{"principal":{"type":"user","id":"su_ci"}}"#.to_owned(), NOT_ASKED, "\"user\""),
        (
            r#"{"principal":{"type":"service_user","id":"su_ci","disabled":"no"}}"#.to_owned(),
            "true, false or null is needed here",
            "\"no\"",
        ),
        (with(r#""extra":1"#), UNKNOWN, "\"extra\""),
        (
            r#"{"principal":{"type":"service_user","id":"su_ci","id":"su_3"}}"#.to_owned(),
            UNKNOWN,
            "\"id\":\"su_3\"",
        ),
        (with(r#""organization":{"id":"org-b"}"#), NOT_ASKED, "\"org-b\""),
        (with(r#""organization":{}"#), NO_PRINCIPAL, ""),
        (with(r#""organization":{"id":null}"#), "a string is needed here", "null"),
        (with(r#""organization":5"#), "an object is needed here", "5}"),
    ] {
        let refused = refused(ORGANIZATION, record.as_bytes(), facts.as_bytes());
        let offset = if place.is_empty() { None } else { facts.find(place) };
        assert_eq!(cause(&refused), (Code::InvalidFacts, message, offset), "{facts}");
    }
    let facts = with(r#""organization":{"id":"org-a"}"#);
    let refused = refused(ACCOUNT, record.as_bytes(), facts.as_bytes());
    assert_eq!(cause(&refused), (Code::InvalidFacts, NOT_ASKED, facts.find("{\"id\":\"org-a\"")));
}

#[test]
fn a_text_that_is_no_json_says_where_it_breaks_off() {
    let record = Base::load().record("key");
    for (facts, offset) in [(&b"{\"principal\": nul}"[..], 14), (b"", 0), (b"{} {}", 3)] {
        let refused = refused(ORGANIZATION, record.as_bytes(), facts);
        let (code, _, found) = cause(&refused);
        assert_eq!((code, found), (Code::InvalidFacts, Some(offset)), "{facts:?}");
    }
}

#[test]
fn a_record_says_what_is_wrong_with_it_and_where() {
    let record = Base::load().record("key");
    for (from, to, message) in [
        ("\"v\":1", "\"v\":2", "`v` is the number 1"),
        ("\"scopes\":[", "\"scopes\":7,\"x\":[", "`scopes` is a list of names"),
    ] {
        let changed = record.replacen(from, to, 1);
        assert_ne!(changed, record);
        let refused = refused(ORGANIZATION, changed.as_bytes(), b"{}");
        let offset = changed.find(to).map(|at| at + from.len() - 1);
        assert_eq!(cause(&refused), (Code::InvalidRecord, message, offset));
    }
    let without = record.replacen("edge_digest", "digest", 1).replacen("\"digest\"", "\"name\"", 1);
    let refused = refused(ORGANIZATION, without.as_bytes(), b"{}");
    assert_eq!(refused.cause().map(cog_auth::Error::code), Some(refused.code()));
}

#[test]
fn other_refusals_have_no_cause() {
    let record = Base::load().record("key");
    let disabled = br#"{"principal":{"type":"service_user","id":"su_ci","disabled":true}}"#;
    let denied = br#"{"principal":{"type":"service_user","id":"su_ci"}}"#;
    for (facts, code) in [(&disabled[..], Code::DisabledPrincipal), (denied, Code::Denied)] {
        let refused = refused(ORGANIZATION, record.as_bytes(), facts);
        assert_eq!((refused.code(), refused.cause()), (code, None));
    }
}
