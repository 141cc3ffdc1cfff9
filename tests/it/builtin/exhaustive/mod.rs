//! The built-in policy over the whole finite space of what its guards look at.
//!
//! A decision is: some permit applies, no forbid does, no require is violated. For one action, type
//! of subject and kind of credential, the rules fall into *parts* that read no input in common (all
//! permits are in one part). A request is allowed when every part is satisfied, so it is enough to
//! go through each part's inputs whole while the others hinder nothing: this says what happens in
//! the product of all parts. The parts are computed from the documents, and random points of the
//! product are tried too.

mod inputs;
mod meaning;
mod parts;
mod point;

use cog_auth::policy::{Denial, Policy};
use inputs::{INPUTS, KINDS, SUBJECTS};
use parts::Rules;
use point::{Action, Point};
use proptest::prelude::*;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(Policy::builtin);
static RULES: LazyLock<Rules> = LazyLock::new(Rules::load);

#[test]
fn decisions_are_what_the_policy_means_at_every_point() {
    let (mut space, mut decided, mut allowed) = (0_u128, 0, 0);
    for (action, subject, kind) in corners(&RULES) {
        let best = Point { action, subject, kind, choices: best(action) };
        let parts = RULES.parts(&action.name);
        let values = |input: &usize| INPUTS[*input].values.len() as u128;
        space += parts.iter().flatten().map(values).product::<u128>();
        if !is_open(&best) {
            continue;
        }
        for point in parts.iter().flat_map(|part| points(&best, part)) {
            decided += 1;
            allowed += usize::from(check(&point));
        }
    }
    println!("{decided} requests decided, {allowed} allowed, for a space of {space}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn decisions_are_what_the_policy_means_at_random_points(
        corner in any::<prop::sample::Index>(),
        choices in any::<[prop::sample::Index; INPUTS.len()]>(),
        // Mostly what hinders least, or almost nothing would be allowed.
        spoiled in prop::collection::vec(0..INPUTS.len(), 0..4),
    ) {
        let corners = corners(&RULES);
        let (action, subject, kind) = *corner.get(&corners);
        let mut point = Point { action, subject, kind, choices: best(action) };
        for input in spoiled {
            point.choices[input] = choices[input].index(INPUTS[input].values.len());
        }
        check(&point);
    }
}

/// Whether the point is allowed, which must be what the policy means and against none of the
/// promises.
fn check(point: &Point<'_>) -> bool {
    let text = point.json();
    let allowed = POLICY.request(text.as_bytes()).unwrap().decide().is_allowed();
    assert_eq!(allowed, meaning::allowed(point), "{text}");
    for (promise, breaks) in PROMISES {
        assert!(!(allowed && breaks(point)), "{promise}: {text}");
    }
    allowed
}

/// What is promised, and whether a point would break it by being allowed.
type Promise = (&'static str, fn(&Point<'_>) -> bool);

const PROMISES: [Promise; 10] = [
    ("no token of an account with single sign-on or of an enterprise", |point| {
        pat_at_work(point) && (point.value("sso") == "true" || point.value("plan") == "enterprise")
    }),
    ("no token on the resources of such an account", |point| {
        let guarded =
            point.value("resource sso") == "true" || point.value("resource plan") == "enterprise";
        pat_at_work(point) && guarded
    }),
    ("no token outside the beta", |point| {
        pat_at_work(point) && !point.value("features").starts_with("beta")
    }),
    ("no account-level permission in another account", |point| {
        let by_account = of_account(point) || point.value("held") == "account";
        uses_permission(point) && by_account && point.value("account") != "same"
    }),
    ("no credential exceeds its principal", |point| {
        let everyone = point.action.name == "ReadAccountMeta" && point.subject == "service_user";
        uses_permission(point) && !everyone && ["nothing", "missing"].contains(&point.value("held"))
    }),
    ("an empty list of scopes allows nothing", |point| {
        token_at_work(point) && point.value("scopes") == "none"
    }),
    ("a personal access token manages no credentials", |point| {
        let about =
            point.action.name.ends_with("Key") || point.action.name.contains("PersonalAccessToken");
        point.kind.0 == "personal_access_token"
            && (about || point.action.name.ends_with("ServiceUsers"))
    }),
    ("no token changes what its own principal may do", |point| {
        let about_members =
            point.action.name.starts_with("Manage") && point.action.name.ends_with("Members");
        token_at_work(point) && about_members && point.value("member") == "self"
    }),
    ("a personal access token lives 90 days", |point| {
        let long = ["7776001", "31536000", "31536001"].contains(&point.value("lifetime"));
        let makes =
            point.action.name.starts_with("Create") || point.action.name.starts_with("Rotate");
        makes && point.action.name.ends_with("PersonalAccessToken") && long
    }),
    ("nobody outside the organization gets anything there", |point| {
        let outside = point.value("held") == "elsewhere" && point.value("organization") == "org-a";
        uses_permission(point) && !of_account(point) && outside
    }),
];

fn token_at_work(point: &Point<'_>) -> bool {
    point.kind.0 != "session" && point.action.name != "RevokePresentedCredential"
}

fn pat_at_work(point: &Point<'_>) -> bool {
    point.kind.0 == "personal_access_token" && token_at_work(point)
}

/// All actions but those on one's own tokens and on the presented one.
fn uses_permission(point: &Point<'_>) -> bool {
    !point.action.name.contains("PersonalAccessToken")
        && point.action.name != "RevokePresentedCredential"
}

/// Whether the action is itself a permission at the account.
fn of_account(point: &Point<'_>) -> bool {
    point.action.account_permission.as_deref() == Some(point.action.name.as_str())
}

type Corner<'a> = (&'a Action, &'static str, (&'static str, &'static str));

fn corners(rules: &Rules) -> Vec<Corner<'_>> {
    let mut corners = Vec::new();
    for action in &rules.actions {
        for subject in SUBJECTS {
            corners.extend(KINDS.map(|kind| (action, subject, kind)));
        }
    }
    corners
}

/// What hinders least: the first value of each input, but one's own tokens are in no organization.
fn best(action: &Action) -> [usize; INPUTS.len()] {
    let mut choices = [0; INPUTS.len()];
    if action.name.contains("PersonalAccessToken") {
        let organization = inputs::place("organization");
        let null = INPUTS[organization].values.iter().position(|value| value.0 == "null");
        choices[organization] = null.unwrap();
    }
    choices
}

/// All points that differ from the best in the inputs of one part.
fn points<'a>(best: &Point<'a>, part: &[usize]) -> Vec<Point<'a>> {
    let mut points = vec![best.clone()];
    for input in part {
        let vary = |point: Point<'a>| {
            (0..INPUTS[*input].values.len()).map(move |choice| {
                let mut point = point.clone();
                point.choices[*input] = choice;
                point
            })
        };
        points = points.into_iter().flat_map(vary).collect();
    }
    points
}

/// Whether the parts have to be gone through: not where a rule that reads no input denies every
/// point. Otherwise the best point must be allowed, or no permit must apply, which is the part of
/// the permits alone.
fn is_open(best: &Point<'_>) -> bool {
    let text = best.json();
    let request = POLICY.request(text.as_bytes()).unwrap();
    let decision = request.decide();
    let closed = decision.explain().rules().iter().any(|rule| RULES.inputs(rule).is_empty());
    let plain = decision.is_allowed() || decision.denial() == Some(Denial::NoGrant);
    assert!(closed || plain, "{text}");
    !closed
}
