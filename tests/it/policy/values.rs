//! What a policy, its digest and its answers say and show of themselves.

use cog_auth::policy::{ImageDigest, Policy, PolicyDigest, Source};

/// SHA-256 of nothing (FIPS 180-4).
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// SHA-256 of `abc` (FIPS 180-4, appendix B.1 of its first edition).
const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn policy() -> Policy {
    let mut source = Source::new();
    source.add(
        "p.json",
        r#"{ "v": 1, "schema": { "actions": { "View": {}, "Edit": {} } },
             "rules": [ { "id": "r", "effect": "permit", "actions": ["View"], "when": { "all": [] } } ] }"#,
    );
    source.check().unwrap().into_policy()
}

/// Both digests are made, written and read alike.
macro_rules! digest_goes_to_hexadecimal_digits_and_back {
    ($test:ident, $digest:ident) => {
        #[test]
        fn $test() {
            for (bytes, hex) in [(&b""[..], OF_NOTHING), (b"abc", OF_ABC)] {
                let digest = $digest::of(bytes);
                assert_eq!(digest.to_hex(), hex);
                assert_eq!(digest.to_string(), hex);
                assert_eq!(format!("{digest:?}"), format!("{}({hex})", stringify!($digest)));
                assert_eq!($digest::from_hex(hex), Some(digest));
                assert_eq!($digest::from_bytes(*digest.as_bytes()), digest);
            }
            assert_eq!($digest::of(b"").as_bytes()[..2], [0xe3, 0xb0]);
            let (short, upper) = (&OF_ABC[1..], OF_ABC.to_uppercase());
            let long = format!("{OF_ABC}0");
            let other = |c: &str| format!("{c}{}", &OF_ABC[1..]);
            for refused in
                ["", short, &upper, &long, &other("g"), &other("`"), &other("/"), &other(":")]
            {
                assert_eq!($digest::from_hex(refused), None, "{refused}");
            }
        }
    };
}

digest_goes_to_hexadecimal_digits_and_back!(a_policy_digest_is_64_digits, PolicyDigest);
digest_goes_to_hexadecimal_digits_and_back!(an_image_digest_is_64_digits, ImageDigest);

#[test]
fn a_policy_names_its_actions() {
    let policy = policy();
    let mut actions: Vec<_> = policy.actions().collect();
    actions.sort_unstable();
    assert_eq!(actions, ["Edit", "View"]);
}

#[test]
fn a_policy_and_what_is_decided_show_no_more_than_they_should() {
    let policy = policy();
    let digest = policy.digest().to_hex();
    assert_eq!(format!("{policy:?}"), format!("Policy({digest})"));
    for (action, decision) in [("View", "allowed: true"), ("Edit", "allowed: false")] {
        let text = format!(
            r#"{{ "subject": {{ "type": "user", "id": "cog_secret" }}, "action": {{ "name": "{action}" }}, "resource": {{ "type": "t", "id": "i" }} }}"#
        );
        let request = policy.request(text.as_bytes()).unwrap();
        let shown = format!("{request:?}");
        assert!(shown.contains("Request") && shown.contains(&digest), "{shown}");
        assert!(!shown.contains("cog_secret"), "{shown}");
        let shown = format!("{:?}", request.decide());
        assert!(shown.contains("Decision") && shown.contains(decision), "{shown}");
    }
}
