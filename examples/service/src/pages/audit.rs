//! The audit trail: what the visitor did, and what became of the credentials that the visitor
//! manages.

use super::layout::Page;
use super::refused;
use crate::clock::shown;
use crate::desk::{Desk, NotDone};
use crate::people::SERVICE_USERS;
use crate::sign_in::SignedIn;
use axum::extract::State;
use cog_auth::Time;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many records are shown.
const MOST: usize = 100;

pub(crate) async fn show(State(desk): State<Arc<Desk>>, by: SignedIn) -> Page {
    match lines(&desk, &by).await {
        Ok(lines) => Page::new("Audit trail", Some(&by), &content(&lines)),
        Err(not_done) => refused::page(&by, &not_done),
    }
}

/// The latest records first, each once.
async fn lines(desk: &Desk, by: &SignedIn) -> Result<Vec<String>, NotDone> {
    let mut lines = BTreeSet::new();
    lines.extend(desk.database.audit_of(by.person.id).await?);
    for user in &SERVICE_USERS {
        match desk.list(by.visitor(), user.owner()).await {
            Ok(_) => lines.extend(desk.database.audit_of(user.id).await?),
            Err(NotDone::Refused(_)) => {}
            Err(not_done) => return Err(not_done),
        }
    }
    Ok(lines.into_iter().rev().take(MOST).map(|(_, line)| line).collect())
}

fn content(lines: &[String]) -> Markup {
    html! {
        table {
            caption { "What you did, and what was done with credentials that you manage; the latest first" }
            thead {
                tr {
                    th scope="col" { "Time" }
                    th scope="col" { "Who" }
                    th scope="col" { "Action" }
                    th scope="col" { "Credential" }
                    th scope="col" { "Outcome" }
                }
            }
            tbody { @for line in lines { (row(line)) } }
        }
    }
}

fn row(line: &str) -> Markup {
    let record: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |pointer| record.pointer(pointer).and_then(Value::as_str);
    let time = record.pointer("/time").and_then(Value::as_u64);
    let time = time.and_then(|seconds| Time::from_seconds(seconds).ok());
    let credential = text("/credential/id").or_else(|| text("/resource/id"));
    let reasons = record.pointer("/reasons").and_then(Value::as_array);
    let reasons = reasons.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    html! {
        tr {
            td { (time.map_or_else(String::new, shown)) }
            td { (text("/principal/id").unwrap_or("nobody")) }
            td { (text("/action").unwrap_or_default()) }
            td { code { (credential.unwrap_or_default()) } }
            td {
                (text("/outcome").unwrap_or_default())
                @for reason in reasons { " " code { (reason) } }
            }
        }
    }
}
