//! Service users and their keys, for administrators.

use super::layout::Page;
use super::{issued, parts, refused};
use crate::desk::{Desk, NotDone};
use crate::forms::{Fields, Submitted};
use crate::people::{SERVICE_USERS, service_user};
use crate::sign_in::SignedIn;
use axum::extract::{Path, State};
use cog_auth::management::Issued;
use maud::{Markup, html};
use std::sync::Arc;

/// Lists the service users whose keys the visitor may manage.
pub(crate) async fn show(State(desk): State<Arc<Desk>>, by: SignedIn) -> Page {
    let mut managed = Vec::new();
    let mut refusal = None;
    for user in &SERVICE_USERS {
        match desk.list(by.visitor(), user.owner()).await {
            Ok(keys) => managed.push((user, keys.len())),
            Err(NotDone::Refused(why)) => refusal = Some(why),
            Err(not_done) => return refused::page(&by, &not_done),
        }
    }
    let content = html! {
        p { "A service user is an account for a program. Its keys are managed by administrators." }
        @match (&*managed, &refusal) {
            ([], Some(refusal)) => {
                p { "You manage no service users:" }
                (refused::reasons(refusal))
            }
            _ => {
                ul {
                    @for (user, keys) in &managed {
                        li {
                            a href={ "/service-users/" (user.id) } { (user.name) }
                            " in " (user.organization) ", keys: " (keys)
                        }
                    }
                }
            }
        }
    };
    Page::new("Service users", Some(&by), &content)
}

pub(crate) async fn show_one(
    State(desk): State<Arc<Desk>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Page {
    match content(&desk, &by, &id).await {
        Ok((name, content)) => Page::new(name, Some(&by), &content),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

async fn content(desk: &Desk, by: &SignedIn, id: &str) -> Result<(&'static str, Markup), NotDone> {
    let user = service_user(id).ok_or(NotDone::Unknown)?;
    let keys = desk.list(by.visitor(), user.owner()).await?;
    let content = html! {
        p { "A service user in " (user.organization) "." }
        h2 { "Keys" }
        (parts::list("Keys of this service user", &keys))
        h2 { "Make a key" }
        (parts::create_form(by, &format!("/service-users/{id}"), user.owner()))
    };
    Ok((user.name, content))
}

pub(crate) async fn create(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Submitted { by, fields }: Submitted,
) -> Page {
    match make(&desk, &by, &id, &fields).await {
        Ok(issued) => issued::page(&by, &issued.token, &issued.record),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

async fn make(desk: &Desk, by: &SignedIn, id: &str, fields: &Fields) -> Result<Issued, NotDone> {
    let owner = service_user(id).ok_or(NotDone::Unknown)?.owner();
    desk.create(by.visitor(), owner, &parts::wanted(fields, owner)?).await
}
