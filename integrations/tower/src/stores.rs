//! Asking a store: in time, and whatever it does.

use crate::telemetry;
use cog_auth_stores::Unavailable;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// Which store is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreName {
    Records,
    Facts,
}

impl StoreName {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Facts => "facts",
        }
    }
}

/// What a store answered.
#[derive(Clone, Debug)]
pub(crate) enum Found<T> {
    Text(T),
    Absent,
    Unavailable,
}

/// Asks a store. One that fails, panics or takes too long is unavailable, and the log says why.
///
/// `asked` does nothing before it is polled, so that no panic of the store comes before that.
pub(crate) async fn ask<T>(
    name: StoreName,
    timeout: Duration,
    asked: impl Future<Output = Result<Option<T>, Unavailable>> + Send,
) -> Found<T> {
    let started = telemetry::Started::now();
    let in_time = async { tokio::time::timeout(timeout, asked).await };
    let found = match AssertUnwindSafe(in_time).catch_unwind().await {
        Ok(Ok(Ok(Some(text)))) => Found::Text(text),
        Ok(Ok(Ok(None))) => Found::Absent,
        Ok(Ok(Err(error))) => unavailable(name, &error),
        Ok(Err(_elapsed)) => {
            tracing::error!(store = name.name(), ?timeout, "a store took too long");
            Found::Unavailable
        }
        // The panic's own message was printed by the panic hook, and may hold anything.
        Err(_panic) => {
            tracing::error!(store = name.name(), "a store panicked");
            Found::Unavailable
        }
    };
    let answer = match &found {
        Found::Text(_) => "found",
        Found::Absent => "absent",
        Found::Unavailable => "unavailable",
    };
    telemetry::asked(name.name(), answer, &started);
    found
}

fn unavailable<T>(name: StoreName, error: &Unavailable) -> Found<T> {
    tracing::error!(store = name.name(), cause = telemetry::causes(error), "{error}");
    Found::Unavailable
}
