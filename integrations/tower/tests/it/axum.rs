//! In axum: extractors, nested routers, and a connection's address.

use crate::base::{Base, Kept};
use crate::server::send;
use axum::body::{Body, to_bytes};
use axum::routing::get;
use axum::{Router, middleware};
use cog_auth_tower::{Allowed, ClientAddress, Credential, GuardLayer, Principal};
use http::{Request, StatusCode, Uri};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

const SESSIONS: &str = "/v3/organizations/org-a/sessions";

async fn who(principal: Principal, credential: Credential, allowed: Allowed) -> String {
    let name = credential.record().principal();
    assert_eq!((principal.type_name(), name), ("service_user", principal.id()));
    assert_eq!((credential.id(), credential.kind()), (allowed.id(), allowed.kind()));
    assert_eq!(credential.handle(), allowed.handle());
    format!("{} {}", principal.id(), allowed.action())
}

async fn perhaps(principal: Option<Principal>, allowed: Option<Allowed>) -> String {
    assert_eq!(principal.is_some(), allowed.is_some());
    principal.map_or_else(|| "nobody".to_owned(), |principal| principal.id().to_owned())
}

async fn ask(app: &Router, target: &str, bearer: &str) -> (StatusCode, String) {
    let request = Request::get(target).header("authorization", bearer).body(Body::empty());
    let response = app.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn handlers_are_told_who_acts() {
    let base = Base::load();
    let layer = GuardLayer::new(base.guard());
    let bearer = base.bearer("key");
    let route = "/v3/organizations/{organization}/sessions";
    let guarded = Router::new().route(route, get(who)).layer(layer.clone());
    let expected = (StatusCode::OK, "su_ci ViewOrgSessions".to_owned());
    assert_eq!(ask(&guarded, SESSIONS, &bearer).await, expected);
    assert_eq!(ask(&guarded, SESSIONS, "").await.0, StatusCode::UNAUTHORIZED);

    let perhaps = Router::new().route(route, get(perhaps));
    assert_eq!(ask(&perhaps, SESSIONS, &bearer).await.1, "nobody");
    assert_eq!(ask(&perhaps.layer(layer), SESSIONS, &bearer).await.1, "su_ci");

    // Without a guard there is nobody: that is the service's fault, and not the client's.
    let forgotten = Router::new().route(route, get(who));
    let expected = (StatusCode::INTERNAL_SERVER_ERROR, String::new());
    assert_eq!(ask(&forgotten, SESSIONS, &bearer).await, expected);
}

#[tokio::test]
async fn the_whole_path_is_judged_wherever_the_guard_is() {
    let base = Base::load();
    let layer = GuardLayer::new(base.guard());
    let bearer = base.bearer("key");
    let sessions = Router::new().route("/sessions", get(who));
    let inside = Router::new().nest(
        "/v3",
        Router::new().nest("/organizations/{organization}", sessions.clone().layer(layer.clone())),
    );
    let around = Router::new()
        .nest("/v3", Router::new().nest("/organizations/{organization}", sessions.clone()))
        .layer(layer.clone());
    let to_the_end = Router::new().nest(
        "/v3/organizations/{organization}/sessions",
        Router::new().route("/", get(who)).layer(layer.clone()),
    );
    for app in [inside, around, to_the_end] {
        for target in [SESSIONS.to_owned(), format!("{SESSIONS}?limit=5&after=%2F")] {
            let expected = (StatusCode::OK, "su_ci ViewOrgSessions".to_owned());
            assert_eq!(ask(&app, &target, &bearer).await, expected);
        }
        // Another organization, of which the principal is no member.
        let other = "/v3/organizations/org-b/sessions";
        assert_ne!(ask(&app, other, &bearer).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_path_that_was_changed_before_the_guard_is_not_served() {
    let base = Base::load();
    let route = "/v3/organizations/{organization}/sessions";
    for (to, status) in [
        (SESSIONS, StatusCode::OK),
        ("/v3/organizations/org-b/sessions", StatusCode::SERVICE_UNAVAILABLE),
        ("/v3/organizations/org-a/sessions?all=1", StatusCode::SERVICE_UNAVAILABLE),
        ("/v3/organizations/org-a/session", StatusCode::SERVICE_UNAVAILABLE),
        // It is the end of what was judged, but not of a segment.
        ("essions", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let rewrite = middleware::from_fn(
            async move |mut request: axum::extract::Request, next: middleware::Next| {
                *request.uri_mut() = to.parse::<Uri>().unwrap();
                next.run(request).await
            },
        );
        let app = Router::new()
            .route(route, get(who))
            .layer(GuardLayer::new(base.guard()))
            .layer(rewrite);
        assert_eq!(ask(&app, SESSIONS, &base.bearer("key")).await.0, status, "{to}");
    }
}

#[tokio::test]
async fn the_connections_address_is_what_axum_says() {
    let base = Base::load();
    let audit = Arc::new(Kept::default());
    let layer = GuardLayer::new(base.guard().with_audit(audit.clone()))
        .with_client_address(ClientAddress::Connection);
    let app = Router::new().route("/", get(perhaps)).layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(send(address, request).await.status, 401);
    let [record] = audit.take().try_into().unwrap();
    assert_eq!(record["client_address"], "127.0.0.1");
}
