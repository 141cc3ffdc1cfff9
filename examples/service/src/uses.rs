//! When credentials were last used. It is written in batches, and no request waits for it.

use crate::clock::now;
use crate::database::Database;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use cog_auth::Time;
use cog_auth::token::CredentialId;
use cog_auth_stores::RecordWriter;
use cog_auth_tower::Credential;
use std::time::Duration;
use tokio::sync::mpsc::{self, Sender};
use tokio::time::sleep;

/// How many uses a batch has at most.
const BATCH: usize = 256;

/// How long uses are collected.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Clone)]
pub(crate) struct Uses(Sender<(CredentialId, Time)>);

impl Uses {
    pub(crate) fn noted_in(database: Database) -> Self {
        let (sender, mut waiting) = mpsc::channel(BATCH);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while waiting.recv_many(&mut batch, BATCH).await > 0 {
                if let Err(error) = database.used(&batch).await {
                    tracing::warn!("uses of credentials are not noted: {error:?}");
                }
                batch.clear();
                sleep(PAUSE).await;
            }
        });
        Self(sender)
    }
}

/// Notes the use of the credential that the guard let through. If too many wait, another use will
/// tell as much.
pub(crate) async fn note(
    State(Uses(sender)): State<Uses>,
    credential: Credential,
    request: Request,
    next: Next,
) -> Response {
    sender.try_send((credential.id(), now())).ok();
    next.run(request).await
}
