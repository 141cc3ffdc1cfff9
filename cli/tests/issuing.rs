//! What `token new` refuses, and when what it makes ends.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{World, repository};

const NEW: &str = "token new --root root.json --principal a --kind";

#[test]
fn a_scope_is_an_action_that_the_policy_declares() {
    let world = World::new();
    let new = |scopes: &str| {
        let args = format!("{NEW} service-user-key {scopes}");
        world.run(args.split(' '))
    };
    for scopes in ["--scope *", "--scope ViewOrgSessions --scope ManageOrgSecrets"] {
        assert_eq!(new(scopes).code, 0, "{scopes}");
    }
    let help = "; correct it, give the policy that does with --policy, or accept it with \
                --undeclared-scopes\n";
    for (scopes, said) in [
        ("--scope ViewOrgSession", "`ViewOrgSession` (did you mean `ViewOrgSessions`?)"),
        ("--scope vieworgsessions", "`vieworgsessions`"),
        ("--scope ViewOrgSessions --scope Q --scope 7", "`7`, `Q`"),
    ] {
        let ran = new(scopes);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{scopes}");
        let said = format!("error: the built-in policy declares no action {said}");
        assert!(ran.err.starts_with(&said) && ran.err.ends_with(help), "{}", ran.err);
        assert_eq!(new(&format!("{scopes} --undeclared-scopes")).code, 0, "{scopes}");
    }
    // Another policy declares others.
    let other = repository().join("cli/tests/diagnostics/unknown_value-hidden-characters/policy");
    let other = other.join("schema.json");
    let other = other.to_str().unwrap();
    assert_eq!(new(&format!("--policy {other} --scope ViewOrgSessions")).code, 0);
    let ran = new(&format!("--policy {other} --scope ReadOrgMeta"));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("schema.json declares no action `ReadOrgMeta`;"), "{}", ran.err);
}

#[test]
fn nothing_is_made_that_would_never_be_good() {
    let world = World::new();
    let passed = "has passed, so the token would never be good";
    let never = "the token would end before";
    for (expiry, said) in [
        ("--expires-at 2026-05-31", passed),
        ("--expires-at 2026-06-01T12:00:00Z", passed),
        ("--expires-at 0", passed),
        ("--hard-expiry 2026-05-31", passed),
        ("--not-before 2026-06-03 --expires-at 2026-06-02", never),
        ("--not-before 2026-06-03 --expires-at 2026-06-03", never),
        ("--not-before 2026-06-03 --hard-expiry 2026-06-02", never),
        ("--no-expiry --expires-at 2027-01-01", "cannot be used with"),
        ("--no-expiry --hard-expiry 2027-01-01", "cannot be used with"),
    ] {
        for kind in ["service-user-key", "personal-access-token", "sample"] {
            let args = format!("{NEW} {kind} --scope * --now 2026-06-01T12:00:00Z {expiry}");
            let ran = world.run(args.split(' '));
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args}");
            assert!(ran.err.contains(said), "{}", ran.err);
        }
    }
    // The clock is the computer's if none is given.
    let ran = world.run(format!("{NEW} sample --hard-expiry 2020-01-01").split(' '));
    assert_eq!(ran.code, 2);
    for expiry in [
        "--expires-at 2026-06-01T12:00:01Z",
        "--hard-expiry 2026-06-01",
        "--not-before 2026-06-03 --hard-expiry 2026-06-03",
        "--not-before 2020-01-01 --expires-at 2026-06-02",
    ] {
        let args = format!("{NEW} service-user-key --scope * --now 2026-06-01T12:00:00Z {expiry}");
        world.ok(args.split(' '));
    }
}

#[test]
fn a_token_expires_unless_told() {
    let world = World::new();
    // 2026-06-01, and 90 and 365 days later.
    const NOW: u64 = 1_780_272_000;
    for (kind, expiry, expected) in [
        ("personal-access-token", "", Some(NOW + 90 * 86_400)),
        ("service-user-key", "", Some(NOW + 365 * 86_400)),
        ("personal-access-token", " --not-before 2026-06-11", Some(NOW + 100 * 86_400)),
        ("personal-access-token", " --not-before 2020-01-01", Some(NOW + 90 * 86_400)),
        ("personal-access-token", " --expires-at 2026-06-02", Some(NOW + 86_400)),
        ("personal-access-token", " --no-expiry", None),
        // The token itself says when it ends.
        ("personal-access-token", " --hard-expiry 2026-06-02", None),
    ] {
        let args = format!("{NEW} {kind} --scope * --now 2026-06-01{expiry}");
        let json = world.ok(format!("{args} --json").split(' ')).json();
        assert_eq!(json["record"]["created_at"], NOW);
        assert_eq!(json["record"]["expires_at"].as_u64(), expected, "{args}");
    }
    let args = format!("{NEW} personal-access-token --scope * --now 2026-06-01");
    let said = world.ok(args.split(' ')).err;
    let by_default = "It expires at 2026-08-30T00:00:00Z, since no expiry was given.\n";
    assert!(said.ends_with(by_default), "{said}");
    let said = world.ok(format!("{args} --expires-at 2026-06-02").split(' ')).err;
    assert!(said.ends_with("It expires at 2026-06-02T00:00:00Z.\n"), "{said}");
}
