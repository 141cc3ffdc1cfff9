//! What people see. Each page has what it does in its own file.

mod addresses;
mod audit;
mod credential;
mod issued;
mod layout;
mod organizations;
mod parts;
mod refused;
mod service_users;
mod sign_in;
mod tokens;

use crate::desk::Desk;
use crate::sign_in::Sessions;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use std::sync::Arc;

/// All pages.
pub(crate) fn router(desk: Arc<Desk>, sessions: Sessions) -> Router {
    Router::new()
        .route("/", get(Redirect::to("/tokens")))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/tokens", get(tokens::show).post(tokens::create))
        .route("/credentials/{id}", get(credential::show))
        .route("/credentials/{id}/rotate", post(credential::rotate))
        .route("/credentials/{id}/revoke", post(credential::revoke))
        .route("/service-users", get(service_users::show))
        .route("/service-users/{id}", get(service_users::show_one).post(service_users::create))
        .route("/audit", get(audit::show))
        .route("/style.css", get(style))
        .route("/icon.svg", get(icon))
        .layer(Extension(sessions))
        .layer(middleware::from_fn(with_headers))
        .with_state(desk)
}

/// Nothing but this server's style and icon is loaded, nothing runs, and nothing is kept.
async fn with_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}

async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml")], include_str!("icon.svg"))
}
