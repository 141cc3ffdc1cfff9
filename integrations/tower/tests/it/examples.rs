//! The programs in `examples/` do what they say.

use ::axum::body::Body;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use http::Request;
use tonic::Code;
use tower::ServiceExt;

#[path = "../../examples/actix.rs"]
#[allow(dead_code, reason = "only the program itself listens")]
mod actix;
#[path = "../../examples/axum.rs"]
#[allow(dead_code, reason = "only the program itself listens")]
mod axum;
#[path = "../../examples/tonic.rs"]
#[allow(dead_code, reason = "only the program itself prints")]
mod tonic_example;

const SESSIONS: &str = "/v3/organizations/org-a/sessions";

#[tokio::test]
async fn axum_lets_the_token_through_and_nobody_else() {
    let (app, token) = axum::app().await.unwrap();
    for (authorization, status) in [(format!("Bearer {token}"), 200), (String::new(), 401)] {
        let request = Request::get(SESSIONS).header("authorization", authorization);
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status);
    }
}

/// Its users write no more than this.
#[test]
fn axum_has_at_most_50_lines() {
    let text = include_str!("../../examples/axum.rs");
    assert!(text.lines().count() <= 50, "{}", text.lines().count());
}

#[tokio::test]
async fn tonic_maps_refusals_to_statuses() {
    let found = tonic_example::run().await.unwrap();
    assert_eq!(found, [("with the token", Code::Ok), ("without it", Code::Unauthenticated)]);
}

#[actix_web::test]
async fn actix_lets_the_token_through_and_nobody_else() {
    let (guard, token) = actix::guard().await.unwrap();
    let app = init_service(actix_web::App::new().configure(actix::configure(guard))).await;
    let request = TestRequest::get().uri(SESSIONS);
    let request = request.insert_header(("authorization", format!("Bearer {token}")));
    let response = call_service(&app, request.to_request()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(read_body(response).await, "the sessions that su_ci may see\n");

    let response = call_service(&app, TestRequest::get().uri(SESSIONS).to_request()).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers().get("www-authenticate").unwrap(), "Bearer realm=\"cog\"");
    let body = read_body(response).await;
    assert!(body.starts_with(b"{\"type\":\"about:blank\",\"title\":\"Unauthorized\""));
}
