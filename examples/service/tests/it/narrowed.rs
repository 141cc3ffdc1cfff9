//! Credentials that are narrowed to organizations, and to the addresses of clients.

use crate::visitor::{Answer, Running, Visitor, id};

const RESEARCH: &str = "/v3/organizations/org-research/sessions";
const SUPPORT: &str = "/v3/organizations/org-support/sessions";
const ACCOUNT: &str = "/v3/enterprise/self";

const SOME: (&str, &str) = ("organizations", "some");
const ALL: (&str, &str) = ("organizations", "all");

/// Asks for a credential with these fields beside the usual ones.
fn make(visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Answer {
    let usual = [("name", "narrow"), ("scopes", "all"), ("days", "1")];
    visitor.submit(path, &[&usual, fields].concat())
}

/// What the API answers about one organization, about another, and about the account.
fn statuses(visitor: &Visitor, token: &str) -> [u16; 3] {
    [RESEARCH, SUPPORT, ACCOUNT].map(|path| visitor.call(token, path).status)
}

#[test]
fn a_token_for_one_organization_is_refused_by_the_other() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let all = make(&ben, "/tokens", &[ALL]).token();
    assert_eq!(statuses(&ben, &all), [200, 200, 200]);
    ben.get(&format!("/credentials/{}", id(&all))).shows("all of its owner's").shows("everywhere");

    let support = make(&ben, "/tokens", &[SOME, ("organization", "org-support")]).token();
    assert_eq!(statuses(&ben, &support), [403, 200, 403]);
    ben.call(&support, RESEARCH).shows("organization_not_covered");
    let both = [SOME, ("organization", "org-support"), ("organization", "org-research")];
    let both = make(&ben, "/tokens", &both).token();
    assert_eq!(statuses(&ben, &both), [200, 200, 403]);

    let list = ben.get("/tokens");
    list.shows("<td>all of its owner's</td>").shows("<td>org-support</td>");
    list.shows("<td>org-research, org-support</td>");
    ben.get(&format!("/credentials/{}", id(&support))).shows("<td>org-support</td>");
}

#[test]
fn a_key_of_a_service_user_can_be_for_its_organization_alone() {
    let service = Running::start();
    let ada = service.sign_in("user_ada");
    let path = "/service-users/su_nightly";
    ada.get(path).shows("value=\"org-research\"").hides("org-support");
    let all = make(&ada, path, &[ALL]).token();
    assert_eq!(statuses(&ada, &all), [200, 403, 200]);
    let own = make(&ada, path, &[SOME, ("organization", "org-research")]).token();
    assert_eq!(statuses(&ada, &own), [200, 403, 403]);
    ada.get(path).shows("<td>org-research</td>");
    // Ada belongs to this one. The service user does not, and it is the key's owner.
    let other = make(&ada, path, &[SOME, ("organization", "org-support")]);
    assert_eq!(other.status, 422);
    other.shows("The owner does not belong to “org-support”.");
}

#[test]
fn a_choice_of_organizations_that_is_not_clear_is_never_all() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let nothing = "Choose at least one organization, or all of them.";
    let both = "Choose all organizations or only some of them, not both.";
    let foreign = "The owner does not belong to “org-globex”.";
    for (fields, why) in [
        (&[SOME][..], nothing),
        (&[], nothing),
        (&[("organizations", "")], nothing),
        (&[("organizations", "ALL")], nothing),
        (&[ALL, ("organization", "org-research")], both),
        (&[SOME, ("organization", "org-globex")], foreign),
        (&[SOME, ("organization", "org-research"), ("organization", "org-globex")], foreign),
        (&[SOME, ("organization", "*")], "The owner does not belong to “*”."),
        (&[SOME, ("organization", "")], "The owner does not belong to “”."),
    ] {
        let refused = make(&ben, "/tokens", fields);
        assert_eq!(refused.status, 422, "{fields:?}");
        refused.shows(why).hides("cog_1");
    }
    ben.get("/tokens").shows("There are none yet.");
}

#[test]
fn a_token_for_other_addresses_is_refused_and_one_for_this_address_is_not() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    for (written, status, shown) in [
        ("", 200, "<td>everywhere</td>"),
        (" \r\n\t\r\n", 200, "<td>everywhere</td>"),
        ("127.0.0.1", 200, "<td>127.0.0.1</td>"),
        ("192.0.2.0/24\r\n\r\n  127.0.0.0/8 \r\n", 200, "<td>127.0.0.0/8, 192.0.2.0/24</td>"),
        ("::ffff:127.0.0.0/104", 200, "<td>::ffff:127.0.0.0/104</td>"),
        ("0.0.0.0/0", 200, "<td>0.0.0.0/0</td>"),
        ("192.0.2.7", 403, "<td>192.0.2.7</td>"),
        ("127.0.0.2\n127.0.0.128/25", 403, "<td>127.0.0.128/25, 127.0.0.2</td>"),
        ("::/0", 403, "<td>::/0</td>"),
    ] {
        let token = make(&ben, "/tokens", &[ALL, ("addresses", written)]).token();
        let answer = ben.call(&token, RESEARCH);
        assert_eq!(answer.status, status, "{written:?}");
        if status == 403 {
            answer.shows("address_not_for_token");
        }
        ben.get(&format!("/credentials/{}", id(&token))).shows(shown);
    }
    ben.get("/tokens").shows("<td>127.0.0.0/8 and 1 more</td>").shows("<td>everywhere</td>");
}

#[test]
fn every_wrong_address_is_told_with_what_is_wrong() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let form = "write one such as 192.0.2.7 or 2001:db8::7, and one a line.";
    let most = "the number behind the slash is 0 to";
    for (line, why) in [
        ("here", form.to_owned()),
        ("192.0.2.7, 192.0.2.8", form.to_owned()),
        ("192.0.2.7:8080", form.to_owned()),
        ("192.0.2", form.to_owned()),
        ("192.0.2.07", form.to_owned()),
        ("[2001:db8::7]", form.to_owned()),
        ("fe80::1%eth0", form.to_owned()),
        ("/8", form.to_owned()),
        ("10.0.0.0/", format!("{most} 32.")),
        ("10.0.0.0/33", format!("{most} 32.")),
        ("10.0.0.0/08", format!("{most} 32.")),
        ("10.0.0.0/+8", format!("{most} 32.")),
        ("10.0.0.0/8/8", format!("{most} 32.")),
        ("10.0.0.0/255.0.0.0", format!("{most} 32.")),
        ("2001:db8::/129", format!("{most} 128.")),
        ("10.1.2.3/8", "are zero, as in 10.0.0.0/8.".to_owned()),
        ("10.1.2.3/0", "are zero, as in 0.0.0.0/0.".to_owned()),
        ("10.1.2.3/31", "are zero, as in 10.1.2.2/31.".to_owned()),
        ("2001:db8::7/32", "are zero, as in 2001:db8::/32.".to_owned()),
        ("::1/0", "are zero, as in ::/0.".to_owned()),
    ] {
        // What is right beside it does not help.
        let refused = make(&ben, "/tokens", &[ALL, ("addresses", &format!("127.0.0.1\n{line}"))]);
        assert_eq!(refused.status, 422, "{line}");
        refused.shows(&format!("“{line}” is no address and no prefix: ")).shows(&why);
        refused.hides("“127.0.0.1”").hides("cog_1");
    }
    let two = make(&ben, "/tokens", &[ALL, ("addresses", "here\n127.0.0.1\n<b>there</b>")]);
    two.shows("“here”").shows("“&lt;b&gt;there&lt;/b&gt;”").hides("<b>");

    let lines = |count: usize| (0..count).map(|it| format!("10.0.{it}.1\n")).collect::<String>();
    let many = make(&ben, "/tokens", &[ALL, ("addresses", &format!("{}127.0.0.1", lines(256)))]);
    assert_eq!(many.status, 422);
    many.shows("A credential has at most 256 addresses and prefixes.");
    ben.get("/tokens").shows("There are none yet.");
    let most = make(&ben, "/tokens", &[ALL, ("addresses", &format!("{}127.0.0.1", lines(255)))]);
    assert_eq!(ben.call(&most.token(), RESEARCH).status, 200);
    ben.get("/tokens").shows("<td>10.0.0.1 and 255 more</td>");
}

#[test]
fn what_takes_the_place_of_a_token_is_as_narrow() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let rotate = |token: &str| {
        let path = format!("/credentials/{}/rotate", id(token));
        ben.submit(&path, &[("days", "1"), ("grace", "0")]).token()
    };
    let support = make(&ben, "/tokens", &[SOME, ("organization", "org-support")]).token();
    assert_eq!(statuses(&ben, &rotate(&support)), [403, 200, 403]);
    let elsewhere = make(&ben, "/tokens", &[ALL, ("addresses", "192.0.2.7")]).token();
    assert_eq!(statuses(&ben, &rotate(&elsewhere)), [403, 403, 403]);
}
