//! Account settings: one's own personal access tokens.

use super::layout::Page;
use super::{issued, parts, refused};
use crate::desk::{Desk, NotDone};
use crate::forms::Submitted;
use crate::sign_in::SignedIn;
use axum::extract::State;
use cog_auth::management::Owner;
use maud::{Markup, html};
use std::sync::Arc;

pub(crate) async fn show(State(desk): State<Arc<Desk>>, by: SignedIn) -> Page {
    match content(&desk, &by).await {
        Ok(content) => Page::new("Account settings", Some(&by), &content),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

async fn content(desk: &Desk, by: &SignedIn) -> Result<Markup, NotDone> {
    let owner = Owner::User(by.person.id);
    let records = desk.list(by.visitor(), owner).await?;
    let refusal = desk.why_not_create(by.visitor(), owner).await?;
    Ok(html! {
        h2 { "Personal access tokens" }
        p { "A token acts as you: it may do what you may do at that moment, and no more." }
        (parts::list("Your tokens", &records))
        h2 { "Make a token" }
        @match &refusal {
            None => (parts::create_form(by, "/tokens", owner)),
            Some(refusal) => {
                p { "You cannot make one:" }
                (refused::reasons(refusal))
            }
        }
    })
}

pub(crate) async fn create(
    State(desk): State<Arc<Desk>>,
    Submitted { by, fields }: Submitted,
) -> Page {
    let owner = Owner::User(by.person.id);
    let issued = match parts::wanted(&fields, owner) {
        Ok(wanted) => desk.create(by.visitor(), owner, &wanted).await,
        Err(not_done) => Err(not_done),
    };
    match issued {
        Ok(issued) => issued::page(&by, &issued.token, &issued.record),
        Err(not_done) => refused::page(&by, &not_done),
    }
}
