//! The page about what is not done, and why.

use super::layout::Page;
use crate::desk::NotDone;
use crate::sign_in::SignedIn;
use axum::http::StatusCode;
use cog_auth::management::Refusal;
use maud::{Markup, html};

/// Tells somebody why something is not done.
pub(crate) fn page(signed_in: &SignedIn, not_done: &NotDone) -> Page {
    let (status, heading, content) = match not_done {
        NotDone::Refused(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or_default();
            (status, "This was not done", reasons(refusal))
        }
        NotDone::Unknown => (
            StatusCode::NOT_FOUND,
            "There is no such credential",
            html! { p { "Perhaps its address was copied in part." } },
        ),
        NotDone::Unfit(sentences) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "This was not done",
            html! { div.notice.no role="note" { @for sentence in sentences { p { (sentence) } } } },
        ),
        NotDone::Changed => (
            StatusCode::CONFLICT,
            "Somebody else changed this credential",
            html! { p { "Nothing was done. Look at it again, and decide anew." } },
        ),
        NotDone::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This cannot be done now",
            html! { p { "Nothing is known to be done. Look at your credentials, and try again." } },
        ),
    };
    let back = html! { (content) p { a href="/tokens" { "Back to account settings" } } };
    Page::new(heading, Some(signed_in), &back).with_status(status)
}

/// The reasons of a refusal, as the policy gives them.
pub(crate) fn reasons(refusal: &Refusal) -> Markup {
    html! {
        div.notice.no role="note" {
            @if let Some(cause) = refusal.cause().filter(|_| refusal.status() != 503) {
                p { (cause.message()) }
            }
            @for reason in refusal.reasons() {
                p { (reason.message.unwrap_or("The policy does not allow it.")) " " code { (reason.code) } }
            }
            @if refusal.status() == 503 {
                p { "This could not be decided. Try again later." }
            }
        }
    }
}
