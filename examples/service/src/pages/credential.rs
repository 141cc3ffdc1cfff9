//! One credential: what it is, replacing it, ending it.

use super::layout::{Page, form_secret};
use super::{addresses, issued, organizations, parts, refused};
use crate::clock::{now, shown};
use crate::desk::{Desk, Held, NotDone};
use crate::forms::Submitted;
use crate::sign_in::SignedIn;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use cog_auth::management::Replacement;
use cog_auth::token::{CredentialId, Record};
use maud::{Markup, html};
use std::sync::Arc;

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Page {
    match held(&desk, &by, &id).await {
        Ok(held) => Page::new(&parts::name(&held.record), Some(&by), &content(&by, &held)),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

async fn held(desk: &Desk, by: &SignedIn, id: &str) -> Result<Held, NotDone> {
    let id = CredentialId::parse(id).map_err(|_| NotDone::Unknown)?;
    desk.held(by.visitor(), id).await
}

fn content(by: &SignedIn, held: &Held) -> Markup {
    let record = &held.record;
    let is_active = record.inactive_because(now()).is_none();
    html! {
        (facts(record))
        @if is_active && record.rotated_to().is_none() {
            h2 { "Replace it" }
            p {
                "A new token takes its place, with the same name, scopes, organizations and "
                "addresses."
            }
            form method="post" action={ "/credentials/" (record.id()) "/rotate" } {
                (form_secret(by))
                (parts::days_field(held.owner))
                p {
                    label for="grace" { "Minutes for which the old token stays good" }
                    input #grace name="grace" type="number" min="0" required value="60";
                }
                button { "Replace" }
            }
        }
        @if record.revoked_at().is_none() {
            h2 { "Revoke it" }
            p { "It ends at once, and for good." }
            form method="post" action={ "/credentials/" (record.id()) "/revoke" } {
                (form_secret(by))
                button.ends { "Revoke" }
            }
        }
    }
}

fn facts(record: &Record) -> Markup {
    html! {
        table {
            caption { "What is known of it" }
            tbody {
                tr { th scope="row" { "Id" } td { code { (record.id()) } } }
                tr { th scope="row" { "State" } td { (parts::state(record)) } }
                tr { th scope="row" { "Scopes" } td { (parts::scopes(record)) } }
                tr { th scope="row" { "Organizations" } td { (organizations::shown(record)) } }
                tr { th scope="row" { "Client addresses" } td { (addresses::shown(record)) } }
                tr { th scope="row" { "Made" } td { (shown(record.created_at())) } }
                @if let Some(successor) = record.rotated_to() {
                    tr {
                        th scope="row" { "Replaced by" }
                        td { a href={ "/credentials/" (successor) } { (successor) } }
                    }
                }
            }
        }
    }
}

pub(crate) async fn rotate(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Submitted { by, fields }: Submitted,
) -> Page {
    let grace = fields.number("grace").unwrap_or(0).saturating_mul(60);
    let replacement = Replacement { lifetime: parts::lifetime(&fields), grace };
    let rotated = match held(&desk, &by, &id).await {
        Ok(held) => desk.rotate(by.visitor(), &held, replacement).await,
        Err(not_done) => Err(not_done),
    };
    match rotated {
        Ok(rotated) => issued::page(&by, &rotated.token, &rotated.record),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

pub(crate) async fn revoke(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Submitted { by, .. }: Submitted,
) -> Response {
    let revoked = match held(&desk, &by, &id).await {
        Ok(held) => desk.revoke(by.visitor(), &held).await.map(|()| held),
        Err(not_done) => Err(not_done),
    };
    match revoked {
        Ok(held) => Redirect::to(&format!("/credentials/{}", held.record.id())).into_response(),
        Err(not_done) => refused::page(&by, &not_done).into_response(),
    }
}
