//! What the gate says with its options set, and paths that hide a credential where others would
//! allow them.

use crate::common::gate::{Answer, Base, drive, now, word};
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};

const TAGS: &str = "/v3/organizations/org-a/tags/";

fn challenge(gate: &Gate) -> String {
    let request = HttpRequest {
        method: "GET",
        target: b"/",
        authorization: &[],
        context: None,
        client_address: None,
    };
    let Step::Done(Outcome::Refused(refused)) = gate.begin(&request, now()).unwrap() else {
        panic!()
    };
    let found = refused.headers().find(|(name, _)| *name == "www-authenticate");
    found.unwrap().1.to_owned()
}

#[test]
fn a_realm_keeps_what_may_stand_in_quotes() {
    let base = Base::load();
    assert_eq!(challenge(&base.edge()), r#"Bearer realm="cog""#);
    for (realm, kept) in [
        ("Sessions beta", "Sessions beta"),
        (" !#[]^~", " !#[]^~"),
        ("a\"b\\c", "abc"),
        ("a\r\nb\u{7f}c\u{0}é", "abc"),
        ("", ""),
    ] {
        let gate = base.edge().with_realm(realm);
        assert_eq!(challenge(&gate), format!("Bearer realm=\"{kept}\""));
    }
}

#[test]
fn no_credential_passes_in_an_encoded_segment() {
    let base = Base::load();
    let token = base.token("key");
    let (start, end) = token.split_at(30);
    let header = format!("Bearer {token}");
    let (record, facts) = (base.record("key"), base.facts("service_user"));
    let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
    for (tag, expected) in [
        // Allowed but for the credential in it.
        (String::from("p%20q"), "allowed ManageOrgTags"),
        (format!("%7c{}", &end[1..]), "allowed ManageOrgTags"),
        (token.to_owned(), "400 invalid_path"),
        // Decoded, the escape would take the first letter with it.
        (format!("%7{token}"), "400 invalid_path"),
        (format!("{start}%20{end}"), "400 invalid_path"),
        // Too little stands together before it is joined.
        (format!("{}%20{}", &token[..10], &token[10..]), "400 invalid_path"),
        (format!("{}%E2%80%A8{}", &token[..10], &token[10..]), "400 invalid_path"),
        (format!("%63{}", &token[1..]), "400 invalid_path"),
        (format!("%2563{}", &token[1..]), "400 invalid_path"),
    ] {
        let target = format!("{TAGS}{tag}");
        let request = HttpRequest {
            method: "DELETE",
            target: target.as_bytes(),
            authorization: &[header.as_bytes()],
            context: None,
            client_address: None,
        };
        let outcome = drive(&base.edge(), &request, now(), answers, |_| ());
        assert_eq!(word(&outcome), expected, "{tag}");
    }
}

#[test]
fn what_is_allowed_shows_its_audit_record() {
    let base = Base::load();
    let header = format!("Bearer {}", base.token("key"));
    let (record, facts) = (base.record("key"), base.facts("service_user"));
    let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
    let request = HttpRequest {
        method: "GET",
        target: b"/v3/organizations/org-a/sessions",
        authorization: &[header.as_bytes()],
        context: None,
        client_address: None,
    };
    let outcome = drive(&base.edge(), &request, now(), answers, |_| ());
    let Outcome::Allowed(allowed) = outcome else { panic!("{outcome:?}") };
    let shown = format!("{allowed:?}");
    assert!(shown.contains("Allowed") && shown.contains(allowed.audit()), "{shown}");
    assert!(!shown.contains(&header[20..]), "{shown}");
}

/// Any number of seconds stands in `Retry-After` as it is, in digits.
#[cfg(feature = "builtin")]
#[test]
fn any_number_of_seconds_is_told_to_retry_after() {
    use cog_auth::token::{KeyId, RootKey};
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let request = HttpRequest {
        method: "GET",
        target: b"/",
        authorization: &[],
        client_address: None,
        context: None,
    };
    // The year 3000 is not plausible, so the gate answers 503.
    let now = cog_auth::Time::from_seconds(32_503_680_000).unwrap();
    for seconds in [0, 5, 1 << 63, u64::MAX] {
        let policy = cog_auth::policy::Policy::builtin();
        let gate = Gate::at_edge(policy, root.edge_keys()).with_retry_after(seconds);
        let Step::Done(Outcome::Refused(refused)) = gate.begin(&request, now).unwrap() else {
            panic!()
        };
        let header = refused.headers().find(|(name, _)| *name == "retry-after");
        assert_eq!(header, Some(("retry-after", seconds.to_string().as_str())));
    }
}
