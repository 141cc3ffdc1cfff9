//! A policy is tried beside the one that decides: it is never obeyed, and what would change is
//! counted.

use crate::base::{Base, now, policy_with};
use cog_auth::gate::Gate;
use cog_auth::policy::{Policy, Source};
use cog_auth_stores::{FactsQuery, FactsStore, MemoryStore, Unavailable};
use cog_auth_tower::{Differences, Guard, GuardLayer, LiveGate};
use http::{Request, Response};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use tower::{Layer, ServiceExt, service_fn};

const SESSIONS: &str = "/v3/organizations/org-a/sessions";

/// Asks `times` times with this shadow, and says what came out and what was counted.
async fn ask(policy: Policy, path: &str, token: &str) -> (u16, Differences) {
    let base = Base::load();
    let (records, facts) = base.stores("key", "service_user");
    let gates = LiveGate::from(base.edge());
    gates.set_shadow(Gate::at_edge(policy, base.edge_keys()));
    let guard = Guard::new(gates.clone(), records, facts).with_clock(now);
    let service = GuardLayer::new(guard).layer(service_fn(async |_: Request<()>| {
        Ok::<_, Infallible>(Response::new(String::new()))
    }));
    let request = Request::get(path).header("authorization", base.bearer(token));
    let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
    let differences = gates.end_shadow();
    assert_eq!(gates.differences(), Differences::default());
    (response.status().as_u16(), differences)
}

fn counted(rule: &str) -> Differences {
    Differences { compared: 1, by_rule: BTreeMap::from([(rule.to_owned(), 1)]) }
}

#[tokio::test]
async fn what_it_says_is_counted_and_not_obeyed() {
    let same = Differences { compared: 1, by_rule: BTreeMap::new() };
    assert_eq!(ask(Policy::builtin(), SESSIONS, "key").await, (200, same.clone()));
    assert_eq!(ask(Policy::builtin(), "/nowhere", "key").await, (403, same.clone()));
    assert_eq!(ask(Policy::builtin(), SESSIONS, "stolen").await, (401, same));

    let frozen = r#"{"id": "frozen", "effect": "forbid", "actions": ["ViewOrgSessions"],
        "reason": {"code": "frozen", "message": "Not now."}}"#;
    assert_eq!(ask(policy_with(frozen), SESSIONS, "key").await, (200, counted("frozen")));
}

/// Where the shadow has no rule, it is the rule that it lacks; or else the code.
#[tokio::test]
async fn a_difference_always_has_a_name() {
    let policy = |route: &str| {
        let mut source = Source::new();
        source.add(
            "policy.json",
            format!(
                r#"{{"v": 1, "schema": {{"actions": {{"ViewOrgSessions": {{"level": "organization"}}}}}},
                "routes": [{route}]}}"#
            ),
        );
        source.check().unwrap().into_policy()
    };
    let route = |path: &str| {
        format!(
            r#"{{"method": "GET", "path": "{path}", "action": "ViewOrgSessions",
            "organization": "org"}}"#
        )
    };
    let without_rules = policy(&route("/v3/organizations/{org}/sessions"));
    let (status, differences) = ask(without_rules, SESSIONS, "key").await;
    assert_eq!((status, differences), (200, counted("inherit.permissions")));

    // The real one has no such route, so that nobody was asked for facts.
    let other = policy(&route("/v4/organizations/{org}/sessions"));
    let (status, differences) = ask(other, "/v4/organizations/org-a/sessions", "key").await;
    assert_eq!((status, differences), (403, counted("other_facts")));
}

#[tokio::test]
async fn it_asks_no_store_and_learns_nothing_from_one_that_fails() {
    struct Down;
    impl FactsStore for Down {
        async fn facts(&self, _: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
            Err(Unavailable::because("down"))
        }
    }
    let base = Base::load();
    let (records, _) = base.stores("key", "service_user");
    let gates = LiveGate::from(base.edge());
    gates.set_shadow(base.edge());
    let bearer = base.bearer("key");
    let request = cog_auth::gate::HttpRequest {
        method: "GET",
        target: SESSIONS.as_bytes(),
        authorization: &[bearer.as_bytes()],
        context: None,
        client_address: None,
    };
    let guard = Guard::new(gates.clone(), records, Down).with_clock(now);
    guard.decide(&request).await.unwrap();
    assert_eq!(gates.differences(), Differences::default());

    // An absent record is an answer.
    let guard = Guard::new(gates.clone(), MemoryStore::new(), Down).with_clock(now);
    guard.decide(&request).await.unwrap();
    assert_eq!(gates.differences().compared, 1);

    // Another gate in its place leaves the shadow.
    gates.replace(base.edge());
    guard.decide(&request).await.unwrap();
    assert_eq!(gates.differences().compared, 2);
}
