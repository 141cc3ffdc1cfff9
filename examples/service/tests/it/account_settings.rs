//! Personal access tokens: made in account settings, shown once, used, replaced, revoked.

use crate::visitor::{Running, id, soon};
use std::thread;

const SESSIONS: &str = "/v3/organizations/org-research/sessions";

const EVERYTHING: [(&str, &str); 4] =
    [("name", "laptop"), ("scopes", "all"), ("organizations", "all"), ("days", "30")];

#[test]
fn a_token_is_made_shown_once_and_acts_as_its_owner_until_it_is_revoked() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let made = ben.submit("/tokens", &EVERYTHING);
    let token = made.token();
    made.shows("It is shown once");
    assert_eq!(made.header("cache-control"), "no-store");

    let page = ben.get("/tokens");
    page.shows("laptop").shows("active until").hides(&token[23..]);
    ben.get(&format!("/credentials/{}", id(&token))).shows("laptop").hides(&token[23..]);

    assert_eq!(ben.call(&token, SESSIONS).status, 200);
    let me = ben.call(&token, "/v3/enterprise/self");
    me.shows(r#""id":"user_ben""#).shows(r#""type":"user""#);
    // Ben is no administrator, and so his token is none.
    let denied = ben.call(&token, "/v3/organizations/org-research/secrets");
    assert_eq!(denied.status, 403);
    denied.shows("no_grant");

    // That it was used is noted a little later.
    soon(|| !ben.get("/tokens").text.contains("<td>never</td>"));

    let revoke = format!("/credentials/{}/revoke", id(&token));
    assert!(ben.submit(&revoke, &[]).location().ends_with(id(&token)));
    assert_eq!(ben.call(&token, SESSIONS).status, 401);
    ben.get("/tokens").shows("revoked");
}

#[test]
fn scopes_narrow_a_token() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let fields = [
        ("name", "reader"),
        ("scopes", "some"),
        ("organizations", "all"),
        ("scope", "ViewOrgSessions"),
        ("days", "1"),
    ];
    let token = ben.submit("/tokens", &fields).token();
    assert_eq!(ben.call(&token, SESSIONS).status, 200);
    let denied = ben.call(&token, "/v3/enterprise/self");
    assert_eq!(denied.status, 403);
    denied.shows("scope_missing");
    ben.get("/tokens").shows("ViewOrgSessions");

    // Where nothing was chosen, nothing is given.
    let none = ben.submit(
        "/tokens",
        &[("name", "none"), ("scopes", "some"), ("organizations", "all"), ("days", "1")],
    );
    assert_eq!(ben.call(&none.token(), SESSIONS).status, 403);
}

#[test]
fn the_limits_of_the_policy_hold_and_are_told() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let long = ben.submit(
        "/tokens",
        &[("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "91")],
    );
    assert_eq!(long.status, 403);
    long.shows("A personal access token lives at most 90 days.").shows("lifetime_too_long");
    let no_days = ben.submit(
        "/tokens",
        &[("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "soon")],
    );
    assert_eq!(no_days.status, 403);
    let two_lines = ben.submit(
        "/tokens",
        &[("name", "a\u{7}b"), ("scopes", "all"), ("organizations", "all"), ("days", "1")],
    );
    assert_eq!(two_lines.status, 422);
    two_lines.shows("no control characters");
    let scope = [
        ("name", "x"),
        ("scopes", "some"),
        ("organizations", "all"),
        ("scope", "two words"),
        ("days", "1"),
    ];
    assert_eq!(ben.submit("/tokens", &scope).status, 422);
    ben.get("/tokens").shows("There are none yet.");
}

#[test]
fn who_is_not_in_the_beta_or_has_single_sign_on_is_told_so() {
    let service = Running::start();
    for (person, message, code) in [
        ("user_cleo", "Personal access tokens are in closed beta.", "pat_beta_required"),
        (
            "user_dan",
            "Personal access tokens are not for accounts with single sign-on nor for enterprises.",
            "pat_excluded_for_sso",
        ),
    ] {
        let visitor = service.sign_in(person);
        visitor.get("/tokens").shows("You cannot make one:").shows(message).shows(code);
        let refused = visitor.submit("/tokens", &EVERYTHING);
        assert_eq!(refused.status, 403);
        refused.shows(message).hides("cog_1");
    }
}

#[test]
fn a_replaced_token_is_good_as_long_as_it_was_said() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let rotate = |token: &str, grace: &str| {
        let path = format!("/credentials/{}/rotate", id(token));
        ben.submit(&path, &[("days", "30"), ("grace", grace)])
    };
    let first = ben.submit("/tokens", &EVERYTHING).token();
    let second = rotate(&first, "10").token();
    assert_ne!(first, second);
    assert_eq!(ben.call(&first, SESSIONS).status, 200);
    assert_eq!(ben.call(&second, SESSIONS).status, 200);
    let third = rotate(&second, "0").token();
    assert_eq!(ben.call(&second, SESSIONS).status, 401);
    assert_eq!(ben.call(&third, SESSIONS).status, 200);

    let again = rotate(&first, "10");
    assert_eq!(again.status, 409);
    again.shows("rotated before");
    let month = rotate(&third, "43201");
    assert_eq!(month.status, 409);
    month.shows("grace");
    ben.get(&format!("/credentials/{}", id(&second))).shows("Replaced by").shows(id(&third));
}

/// Whoever revokes a token while it is being replaced ends it, and a successor that nobody was
/// shown is not left behind.
#[test]
fn a_replacement_beside_a_revocation_leaves_no_token_that_nobody_has() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    for _ in 0..20 {
        let token = ben.submit("/tokens", &EVERYTHING).token();
        let act = |task: &str, fields: &[(&str, &str)]| {
            ben.submit(&format!("/credentials/{}/{task}", id(&token)), fields)
        };
        let (rotated, revoked) = thread::scope(|scope| {
            let rotated = scope.spawn(|| act("rotate", &[("days", "30"), ("grace", "60")]));
            let revoked = scope.spawn(|| act("revoke", &[]));
            (rotated.join().unwrap(), revoked.join().unwrap())
        });
        revoked.location();
        assert_eq!(ben.call(&token, SESSIONS).status, 401);
        if rotated.status == 200 {
            let next = rotated.token();
            ben.submit(&format!("/credentials/{}/revoke", id(&next)), &[]).location();
        } else {
            assert_eq!(rotated.status, 409, "{}", rotated.text);
        }
        ben.get("/tokens").hides("active until");
    }
}

#[test]
fn nobody_else_sees_or_ends_a_token() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let token = ben.submit("/tokens", &EVERYTHING).token();
    // An administrator neither, and it is not even said that there is one.
    let ada = service.sign_in("user_ada");
    ada.get("/tokens").hides(id(&token));
    let path = format!("/credentials/{}", id(&token));
    assert_eq!(ada.get(&path).status, 404);
    assert_eq!(ada.submit(&format!("{path}/revoke"), &[]).status, 404);
    let fields = [("days", "1"), ("grace", "0")];
    assert_eq!(ada.submit(&format!("{path}/rotate"), &fields).status, 404);
    assert_eq!(ada.get("/credentials/AAAABBBBCCCC").status, 404);
    assert_eq!(ada.get("/credentials/nonsense").status, 404);
    assert_eq!(ben.call(&token, SESSIONS).status, 200);
}

#[test]
fn what_people_write_is_text_and_nothing_else() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let name = "<script>alert(1)</script>\"'";
    let made = ben.submit(
        "/tokens",
        &[("name", name), ("scopes", "all"), ("organizations", "all"), ("days", "1")],
    );
    assert_eq!(made.status, 200);
    ben.get("/tokens").shows("&lt;script&gt;alert(1)&lt;/script&gt;").hides("<script");
    ben.get("/audit").hides("<script");
}

#[test]
fn the_audit_trail_says_what_was_done_and_what_was_not() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let token = ben.submit("/tokens", &EVERYTHING).token();
    ben.submit(
        "/tokens",
        &[("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "91")],
    );
    assert_eq!(ben.call(&token, SESSIONS).status, 200);
    soon(|| ben.get("/audit").text.contains("ViewOrgSessions"));
    let trail = ben.get("/audit");
    trail.shows("CreatePersonalAccessToken").shows(id(&token)).shows("lifetime_too_long");
    trail.hides(&token[23..]);
    service.sign_in("user_cleo").get("/audit").hides(id(&token));
}
