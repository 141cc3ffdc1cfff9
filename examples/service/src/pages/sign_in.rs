//! Signing in as somebody, and out.

use super::layout::Page;
use crate::forms::{Fields, Submitted};
use crate::people::{PEOPLE, person};
use crate::sign_in::Sessions;
use axum::Extension;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

pub(crate) async fn show() -> Page {
    let content = html! {
        p { "This is an example, so there are no passwords. As whom do you want to look around?" }
        form method="post" {
            fieldset.choice {
                legend { "Person" }
                @for (index, person) in PEOPLE.iter().enumerate() {
                    p {
                        input id=(person.id) type="radio" name="person" value=(person.id)
                            checked[index == 0];
                        label for=(person.id) { " " (person.name) ", " (person.about) }
                    }
                }
            }
            button { "Sign in" }
        }
    };
    Page::new("Sign in", None, &content)
}

pub(crate) async fn sign_in(
    Extension(sessions): Extension<Sessions>,
    fields: Fields,
) -> Result<Response, StatusCode> {
    let person = person(fields.text("person")).ok_or(StatusCode::UNPROCESSABLE_ENTITY)?;
    let cookie = sessions.begin(person)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/tokens")).into_response())
}

pub(crate) async fn sign_out(
    Extension(sessions): Extension<Sessions>,
    headers: HeaderMap,
    _: Submitted,
) -> Redirect {
    sessions.end(&headers);
    Redirect::to("/sign-in")
}
