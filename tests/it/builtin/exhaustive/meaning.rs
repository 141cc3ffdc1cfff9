//! What the built-in policy means, said again by hand: from the design, and not from the rules.

use super::point::Point;

const PATS: [&str; 4] = [
    "CreatePersonalAccessToken",
    "ListPersonalAccessTokens",
    "RevokePersonalAccessToken",
    "RotatePersonalAccessToken",
];
const KEYS: [&str; 4] =
    ["CreateServiceUserKey", "ListServiceUserKeys", "RevokeServiceUserKey", "RotateServiceUserKey"];

const MEMBERS: [&str; 4] = [
    "ManageAccountMembers",
    "ManageAccountServiceUsers",
    "ManageOrgMembers",
    "ManageOrgServiceUsers",
];

/// Whether a request is allowed.
pub fn allowed(point: &Point<'_>) -> bool {
    let action = point.action.name.as_str();
    let given_up = action == "RevokePresentedCredential";
    let makes = action.starts_with("Create") || action.starts_with("Rotate");
    let (pat, key) = (point.kind.0 == "personal_access_token", point.kind.0 == "service_user_key");
    let (token, about_pats) = (pat || key, PATS.contains(&action));
    let manages = about_pats
        || KEYS.contains(&action)
        || ["ManageAccountServiceUsers", "ManageOrgServiceUsers"].contains(&action);

    fits(point)
        && granted(point)
        && (!token || given_up || (in_scope(point) && in_organization(point) && in_use(point)))
        && (given_up || listed(point, token))
        && !(pat && manages)
        && !(token && MEMBERS.contains(&action) && point.value("member") == "self")
        && (!(pat && !given_up || about_pats && makes) || pats_are_for(point))
        && (!makes || stated(point) && lives(point) && (!token || no_wider(point)))
}

/// The address is in every list that there is.
fn listed(point: &Point<'_>, token: bool) -> bool {
    let known = ["within", "mapped"].contains(&point.value("address"));
    let allows = |list: &str| match point.value(list) {
        "missing" | "null" => true,
        "prefix" => known,
        _ => false,
    };
    allows("account addresses")
        && allows("resource addresses")
        && (!token || allows("token addresses"))
}

/// The token was used in time, or there is nothing to hold it to.
fn in_use(point: &Point<'_>) -> bool {
    let none = ["null", "missing"];
    none.contains(&point.value("idle"))
        || none.contains(&point.value("idle limit"))
        || (point.value("idle"), point.value("idle limit")) == ("3600", "3600")
}

/// What is made lives no longer than it may.
fn lives(point: &Point<'_>) -> bool {
    let (token, rotates) = (point.kind.0 != "session", point.action.name.starts_with("Rotate"));
    let Ok(lifetime) = point.value("lifetime").parse::<u64>() else { return false };
    // None: there is no such limit. An unreadable one allows nothing.
    let limit = |input: &str| match point.value(input) {
        "null" => None,
        "missing" if input.ends_with("limit") => None,
        text => Some(text.parse::<u64>().unwrap_or(0)),
    };
    let within = |limit: Option<u64>| limit.is_none_or(|most| lifetime <= most);
    let own = if PATS.contains(&point.action.name.as_str()) {
        lifetime <= 90 * 86_400 && within(limit("token limit"))
    } else {
        lifetime <= limit("key limit").unwrap_or(365 * 86_400)
    };
    own && (!token || within(limit("expires in")) && (!rotates || within(limit("remaining"))))
}

/// A service user acts with its key, a human with a session or a token.
fn fits(point: &Point<'_>) -> bool {
    match point.kind.0 {
        "session" | "personal_access_token" => point.subject == "user",
        "service_user_key" => point.subject == "service_user",
        _ => false,
    }
}

fn granted(point: &Point<'_>) -> bool {
    let action = point.action.name.as_str();
    let is_credential = point.value("type") == "credential";
    if action == "RevokePresentedCredential" {
        let token = point.kind.0.contains('_');
        let presented = point.value("id") == "presented" && point.value("member") == "another";
        return token && is_credential && presented;
    }
    let fitting = is_credential && point.value("kind") == "fitting";
    if PATS.contains(&action) {
        let home = point.value("organization") == "null" && point.value("account") == "same";
        let fresh = action.starts_with("Create") || action.starts_with("Rotate");
        return fitting
            && point.value("owner") == "self"
            && point.kind.0 == "session"
            && (home || !fresh);
    }
    if KEYS.contains(&action) {
        let named = ["self", "another"].contains(&point.value("owner"));
        let at_account = holds_at_account(point) && point.value("organization") == "null";
        return fitting && named && (at_account || holds_in_organization(point));
    }
    if point.action.account_permission.as_deref() == Some(action) {
        return holds_at_account(point);
    }
    holds_in_organization(point)
}

/// The principal surely has the permission at the account, and the account is the resource's.
fn holds_at_account(point: &Point<'_>) -> bool {
    let everyone = point.action.name == "ReadAccountMeta" && point.subject == "service_user";
    let granted = ["everywhere", "account"].contains(&point.value("held"));
    point.value("account") == "same"
        && (everyone || point.action.account_permission.is_some() && granted)
}

/// The principal surely has the permission in the organization, or one at the account that implies
/// it.
fn holds_in_organization(point: &Point<'_>) -> bool {
    point.value("organization") == "org-a"
        && (["everywhere", "here"].contains(&point.value("held")) || holds_at_account(point))
}

fn in_scope(point: &Point<'_>) -> bool {
    let listed = point.action.name == "ViewOrgTags" && point.value("scopes") == "another";
    ["all", "action"].contains(&point.value("scopes")) || listed
}

fn in_organization(point: &Point<'_>) -> bool {
    match point.value("organizations") {
        "all" => true,
        "org-a" => point.value("organization") == "org-a",
        _ => false,
    }
}

/// Known to be in the beta, and known to be of no enterprise and without single sign-on, the
/// resource's account too.
fn pats_are_for(point: &Point<'_>) -> bool {
    let small = ["free", "core", "team"];
    point.value("features").starts_with("beta")
        && point.value("sso") == "false"
        && small.contains(&point.value("plan"))
        && point.value("resource sso") == "false"
        && small.contains(&point.value("resource plan"))
}

fn stated(point: &Point<'_>) -> bool {
    !["null", "missing"].contains(&point.value("new scopes"))
}

/// What is made is good for nothing that the maker's token is not good for.
fn no_wider(point: &Point<'_>) -> bool {
    let scopes = matches!(
        (point.value("scopes"), point.value("new scopes")),
        ("all", _) | (_, "none") | ("action" | "another", "narrow")
    );
    let organizations = matches!(
        (point.value("organizations"), point.value("new organizations")),
        ("all", _) | ("org-a" | "org-b" | "none", "none") | ("org-a", "org-a")
    );
    // Addresses are compared as they are written.
    let addresses = matches!(
        (point.value("token addresses"), point.value("new addresses")),
        ("missing" | "null", _) | ("prefix" | "none", "none") | ("prefix", "prefix")
    );
    scopes && organizations && addresses
}
