//! Keys of service users: administrators make, replace and revoke them, and nobody else does.

use crate::visitor::{Running, id, soon};

const SESSIONS: &str = "/v3/organizations/org-research/sessions";
const FIELDS: [(&str, &str); 4] =
    [("name", "ci"), ("scopes", "all"), ("organizations", "all"), ("days", "365")];

#[test]
fn an_administrator_manages_the_keys_of_a_service_user() {
    let service = Running::start();
    let ada = service.sign_in("user_ada");
    ada.get("/service-users").shows("Nightly build").hides("Reports");
    let key = ada.submit("/service-users/su_nightly", &FIELDS).token();
    assert!(key.starts_with("cog_1s"));
    assert_eq!(ada.call(&key, SESSIONS).status, 200);
    ada.call(&key, "/v3/enterprise/self").shows(r#""id":"su_nightly""#);

    let path = format!("/credentials/{}", id(&key));
    ada.get("/service-users/su_nightly").shows(&path);
    let fields = [("days", "365"), ("grace", "0")];
    let next = ada.submit(&format!("{path}/rotate"), &fields).token();
    assert_eq!(ada.call(&key, SESSIONS).status, 401);
    assert_eq!(ada.call(&next, SESSIONS).status, 200);
    ada.submit(&format!("/credentials/{}/revoke", id(&next)), &[]).location();
    assert_eq!(ada.call(&next, SESSIONS).status, 401);

    let long = ada.submit(
        "/service-users/su_nightly",
        &[("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "366")],
    );
    assert_eq!(long.status, 403);
    long.shows("key_lifetime_too_long");
    soon(|| ada.get("/audit").text.contains("ViewOrgSessions"));
    ada.get("/audit").shows("RotateServiceUserKey").shows("su_nightly");
}

#[test]
fn members_and_administrators_of_other_accounts_do_not() {
    let service = Running::start();
    let ada = service.sign_in("user_ada");
    let key = ada.submit("/service-users/su_nightly", &FIELDS).token();
    let path = format!("/credentials/{}", id(&key));
    for person in ["user_ben", "user_dan"] {
        let visitor = service.sign_in(person);
        visitor.get("/service-users").hides("Nightly build");
        for refused in [
            visitor.get("/service-users/su_nightly"),
            visitor.submit("/service-users/su_nightly", &FIELDS),
            visitor.get(&path),
            visitor.submit(&format!("{path}/revoke"), &[]),
            visitor.submit(&format!("{path}/rotate"), &[("days", "1"), ("grace", "0")]),
        ] {
            assert_eq!(refused.status, 403, "{person}");
            refused.shows("no_grant").hides("cog_1");
        }
        visitor.get("/audit").hides(id(&key));
    }
    assert_eq!(ada.call(&key, SESSIONS).status, 200);
    // An account with single sign-on has no personal access tokens, and has service-user keys.
    let dan = service.sign_in("user_dan");
    dan.submit("/service-users/su_reports", &FIELDS).token();
    assert_eq!(ada.get("/service-users/su_nobody").status, 404);
}
