//! What all pages have in common.

use crate::sign_in::SignedIn;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// A page that is ready to be sent.
pub(crate) struct Page {
    status: StatusCode,
    markup: Markup,
}

impl Page {
    /// A page with this heading, for somebody who is signed in, or for nobody.
    pub(crate) fn new(heading: &str, signed_in: Option<&SignedIn>, content: &Markup) -> Self {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (heading) " · cog-auth example" }
                    link rel="stylesheet" href="/style.css";
                    link rel="icon" href="/icon.svg";
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    header {
                        p { strong { "cog-auth example" } }
                        @if let Some(signed_in) = signed_in { (navigation(signed_in)) }
                    }
                    main #content {
                        h1 { (heading) }
                        (content)
                    }
                }
            }
        };
        Self { status: StatusCode::OK, markup }
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.status, Html(self.markup.into_string())).into_response()
    }
}

fn navigation(signed_in: &SignedIn) -> Markup {
    html! {
        nav aria-label="Main" {
            ul {
                li { a href="/tokens" { "Account settings" } }
                li { a href="/service-users" { "Service users" } }
                li { a href="/audit" { "Audit trail" } }
            }
        }
        form method="post" action="/sign-out" {
            (form_secret(signed_in))
            "Signed in as " (signed_in.person.name) " "
            button.plain { "Sign out" }
        }
    }
}

/// The field by which a form shows that it is from this session.
pub(crate) fn form_secret(signed_in: &SignedIn) -> Markup {
    html! { input type="hidden" name="form_secret" value=(signed_in.form_secret); }
}
