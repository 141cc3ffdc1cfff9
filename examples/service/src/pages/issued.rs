//! The page that shows a token, once.

use super::layout::Page;
use crate::sign_in::SignedIn;
use cog_auth::token::{Record, Token};
use maud::html;

/// Shows a token and how it is used. It is in this answer alone: the service keeps digests of it.
pub(crate) fn page(signed_in: &SignedIn, token: &Token, record: &Record) -> Page {
    let content = html! {
        p.notice role="status" {
            "Copy this token now. It is shown once, and cannot be shown again."
        }
        h2 #token-heading { "The token" }
        output.token aria-labelledby="token-heading" { (token.expose()) }
        h2 { "How it is used" }
        p { "Programs send it in the " code { "Authorization" } " header:" }
        pre { code {
            "curl -H 'Authorization: Bearer " em { "token" } "' \\\n  http://127.0.0.1:8080/v3/organizations/org-research/sessions"
        } }
        p { a href={ "/credentials/" (record.id()) } { "Go to its page" } ", to replace or revoke it." }
    };
    Page::new("Your new token", Some(signed_in), &content)
}
