//! What spans, events and metrics say. All of their fields are from closed sets, or from the
//! policy, or of bounded length. None can hold a secret.

use cog_auth::gate::Outcome;
use std::error::Error;
use tracing::Span;
use tracing::field::{Empty, display};

/// How many causes of an error are told.
const MAX_CAUSES: usize = 8;

/// When something began, for the histograms; nothing without them.
pub(crate) struct Started {
    #[cfg(feature = "metrics")]
    at: std::time::Instant,
}

impl Started {
    pub(crate) fn now() -> Self {
        Self {
            #[cfg(feature = "metrics")]
            at: std::time::Instant::now(),
        }
    }
}

/// The span of one decision.
pub(crate) fn decision_span(method: &str) -> Span {
    tracing::debug_span!(
        "cog_auth.decide",
        method = known_method(method),
        outcome = Empty,
        code = Empty,
        action = Empty,
        credential = Empty,
    )
}

/// A method, if it is one that is registered and in use: a client can send any word.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 8] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

pub(crate) const fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed(_) => "allowed",
        Outcome::Refused(_) => "refused",
        Outcome::PassOn => "pass_on",
        Outcome::Preflight => "preflight",
    }
}

/// A request was decided, in this span.
pub(crate) fn decided(span: &Span, decision: &Outcome, started: &Started) {
    let name = outcome(decision);
    span.record("outcome", name);
    let code = match decision {
        Outcome::Allowed(allowed) => {
            span.record("action", allowed.action());
            span.record("credential", display(allowed.handle()));
            tracing::debug!("allowed");
            ""
        }
        Outcome::Refused(refused) => {
            let code = refused.name();
            span.record("code", code);
            match refused.cause() {
                Some(cause) => tracing::error!(code, %cause, "a store gave what cannot be read"),
                None => tracing::debug!(code, status = refused.status(), "refused"),
            }
            code
        }
        Outcome::PassOn | Outcome::Preflight => {
            tracing::debug!("not decided here: {name}");
            ""
        }
    };
    #[cfg(feature = "metrics")]
    {
        metrics::counter!("cog_auth_decisions_total", "outcome" => name, "code" => code)
            .increment(1);
        metrics::histogram!("cog_auth_decision_seconds", "outcome" => name)
            .record(started.at.elapsed());
    }
    #[cfg(not(feature = "metrics"))]
    let (_, _) = (code, started);
}

/// The guard was used in a way that no request can be decided with.
pub(crate) fn not_decided(error: &cog_auth::Error) {
    tracing::error!(%error, "the context of a request cannot be used");
    count_failure();
}

/// A request went to the guard that cannot be let through, whatever the gate says.
pub(crate) fn failed(reason: &'static str) {
    tracing::error!("{reason}");
    count_failure();
}

fn count_failure() {
    #[cfg(feature = "metrics")]
    metrics::counter!("cog_auth_decisions_total", "outcome" => "failed", "code" => "").increment(1);
}

/// A store was asked, and answered with `found`, `absent` or `unavailable`.
pub(crate) fn asked(store: &'static str, answer: &'static str, started: &Started) {
    #[cfg(feature = "metrics")]
    metrics::histogram!("cog_auth_store_seconds", "store" => store, "answer" => answer)
        .record(started.at.elapsed());
    #[cfg(not(feature = "metrics"))]
    let (_, _, _) = (store, answer, started);
}

/// Another gate is in place.
pub(crate) fn reloaded() {
    tracing::info!("another gate decides from now on");
    #[cfg(feature = "metrics")]
    metrics::counter!("cog_auth_reloads_total", "result" => "replaced").increment(1);
}

/// No other gate could be read.
pub(crate) fn not_reloaded(error: &impl Error) {
    tracing::error!(cause = causes(error), "{error}: the old gate goes on deciding");
    #[cfg(feature = "metrics")]
    metrics::counter!("cog_auth_reloads_total", "result" => "kept").increment(1);
}

/// The shadow came to something else by a rule: outcome and code of both.
pub(crate) fn differed(
    rule: &str,
    real: (&'static str, &'static str),
    shadow: (&'static str, &'static str),
) {
    tracing::info!(
        rule,
        outcome = real.0,
        code = real.1,
        shadow_outcome = shadow.0,
        shadow_code = shadow.1,
        "the shadow would have decided otherwise"
    );
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "cog_auth_shadow_differences_total",
        "rule" => rule.to_owned(), "outcome" => real.0, "shadow_outcome" => shadow.0,
    )
    .increment(1);
}

/// Audit records were lost.
pub(crate) fn audit_lost(count: u64) {
    #[cfg(feature = "metrics")]
    metrics::counter!("cog_auth_audit_lost_total").increment(count);
    #[cfg(not(feature = "metrics"))]
    let _ = count;
}

/// What an error says of its causes, from the nearest one on; empty if there is none.
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    for _ in 0..MAX_CAUSES {
        let Some(cause) = next else { break };
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
