//! Signing in and out, and forms that come from elsewhere.

use crate::visitor::Running;

const FIELDS: [(&str, &str); 4] =
    [("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "1")];

#[test]
fn whoever_is_not_signed_in_is_asked_to() {
    let service = Running::start();
    let nobody = service.visitor();
    for path in ["/tokens", "/service-users", "/service-users/su_nightly", "/audit"] {
        assert_eq!(nobody.get(path).location(), "/sign-in", "{path}");
    }
    assert_eq!(nobody.post("/tokens", &FIELDS).location(), "/sign-in");
    assert_eq!(nobody.get("/").location(), "/tokens");
    nobody.get("/sign-in").shows("As whom");
    assert_eq!(nobody.post("/sign-in", &[("person", "user_eve")]).status, 422);
}

#[test]
fn a_session_ends_with_signing_out() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    ben.get("/tokens").shows("Signed in as Ben");
    assert_eq!(ben.submit("/sign-out", &[]).location(), "/sign-in");
    assert_eq!(ben.get("/tokens").location(), "/sign-in");
}

#[test]
fn the_cookie_is_for_this_site_alone_and_for_no_script() {
    let service = Running::start();
    let answer = service.visitor().post("/sign-in", &[("person", "user_ben")]);
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{cookie}");
    }
}

#[test]
fn forms_from_elsewhere_are_refused() {
    let service = Running::start();
    let (ben, ada) = (service.sign_in("user_ben"), service.sign_in("user_ada"));
    fn with(secret: &str) -> Vec<(&str, &str)> {
        [[("form_secret", secret)].as_slice(), &FIELDS].concat()
    }
    assert_eq!(ben.post("/tokens", &FIELDS).status, 403);
    assert_eq!(ben.post("/tokens", &with("")).status, 403);
    assert_eq!(ben.post("/tokens", &with(&ada.form_secret)).status, 403);
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(ben.post_from(site, "/tokens", &with(&ben.form_secret)).status, 403);
        let signed_in = ben.post_from(site, "/sign-in", &[("person", "user_ada")]);
        assert_eq!(signed_in.status, 403);
    }
    ben.get("/tokens").shows("There are none yet.");
    assert_eq!(ben.post("/tokens", &with(&ben.form_secret)).status, 200);
}

#[test]
fn nothing_foreign_is_loaded_and_nothing_is_kept() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    for path in ["/sign-in", "/tokens", "/service-users", "/audit", "/style.css"] {
        let page = ben.get(path);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        page.hides("<script").hides(" style=");
    }
}

#[test]
fn a_session_opens_no_api() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let refused = ben.get("/v3/organizations/org-research/sessions");
    assert_eq!(refused.status, 401);
    refused.shows("missing_credential");
    // And what is no route of the API is refused by the guard, not answered.
    assert_eq!(ben.get("/v3/others").status, 401);
}
