//! The API that tokens open: three of the built-in policy's routes, behind the guard.

use crate::audit::Queue;
use crate::database::Database;
use crate::uses::{self, Uses};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{any, get};
use axum::{Json, Router, middleware};
use cog_auth::gate::Gate;
use cog_auth_tower::{Allowed, ClientAddress, Guard, GuardLayer, Principal};
use serde_json::{Value, json};
use std::sync::Arc;

/// Every path below `/v3/` that the guard lets through.
pub(crate) fn router(gate: Gate, database: &Database) -> Router {
    let guard = Guard::new(gate, database.clone(), database.clone())
        .with_audit(Arc::new(Queue::to(database.clone())));
    let guard = GuardLayer::new(guard).with_client_address(ClientAddress::Connection);
    let uses = Uses::noted_in(database.clone());
    Router::new()
        .route("/v3/organizations/{organization}/sessions", get(sessions).post(start_session))
        .route("/v3/enterprise/self", get(who_am_i))
        .route("/v3/{*others}", any(StatusCode::NOT_IMPLEMENTED))
        .layer(middleware::from_fn_with_state(uses, uses::note))
        .layer(guard)
}

async fn sessions(Path(organization): Path<String>) -> Json<Value> {
    Json(json!({ "items": [{ "session_id": "devin-1", "organization": organization }] }))
}

/// What acts for whom is the guard's word, never the body's: here, nobody is impersonated.
async fn start_session(Path(organization): Path<String>, principal: Principal) -> Json<Value> {
    Json(json!({
        "session_id": "devin-2",
        "organization": organization,
        "started_by": principal.id(),
    }))
}

async fn who_am_i(allowed: Allowed) -> Json<Value> {
    Json(json!({
        "type": allowed.principal_type(),
        "id": allowed.principal(),
        "credential": allowed.handle().as_str(),
        "valid_until": allowed.valid_until().map(cog_auth::Time::seconds),
    }))
}
