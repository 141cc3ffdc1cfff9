//! `permissions`: every action, whether the credential may do it, and why not.

use crate::answer::{Answer, Legend};
use crate::args::PermissionsArgs;
use crate::credential;
use crate::failure::{Failure, json};
use crate::input::{self, Bytes, Inputs};
use crate::output::{self, BAD, Exit, GOOD, NORMAL, Report, STRONG, paint};
use crate::table::{Cell, Table};
use cog_auth::policy::Policy;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Permissions {
    policy: String,
    actions: Vec<Permission>,
}

#[derive(Serialize)]
struct Permission {
    name: String,
    answer: Box<RawValue>,
}

/// Asks about every declared action.
pub(crate) fn run(args: &PermissionsArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let policy = input::policy(&args.policy)?;
    let (name, request) = match &args.request {
        Some(place) => (place.name(), inputs.request(place)?),
        None => match credential::request(args, &policy, inputs)? {
            Ok(request) => request,
            Err(refused) => return Ok(refused),
        },
    };
    list(&policy, &name, &request)
}

fn list(policy: &Policy, name: &str, request: &Bytes) -> Result<Report, Failure> {
    let invalid = |error: cog_auth::Error| Failure::invalid(name, &error);
    // What is malformed is refused as a search, and so in the library's words.
    policy.search_actions(request).map_err(invalid)?;
    let mut members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(request).map_err(|error| Failure::invalid_because(name, error))?;
    members.remove("evaluations");
    members.remove("options");
    let mut actions = Vec::new();
    let mut table = Table::new(["ACTION", "MAY", "CLASS", "WHY"]);
    let mut legend = Legend::default();
    let mut allowed = 0_usize;
    for action in policy.actions() {
        let entity = json(&BTreeMap::from([("name", action)]));
        let entity =
            RawValue::from_string(entity).map_err(|error| Failure::invalid_because(name, error))?;
        members.insert("action".to_owned(), entity);
        let request = json(&members);
        let answer = policy.request(request.as_bytes()).map_err(invalid)?.decide().to_json();
        let shown: Answer =
            serde_json::from_str(&answer).map_err(|error| Failure::invalid_because(name, error))?;
        allowed = allowed.saturating_add(usize::from(shown.decision));
        table.row(row(action, &shown));
        if !shown.decision {
            legend.add(&shown.context.reasons);
        }
        let answer =
            RawValue::from_string(answer).map_err(|error| Failure::invalid_because(name, error))?;
        actions.push(Permission { name: action.to_owned(), answer });
    }
    let total = format!("{allowed} of {} actions allowed", actions.len());
    let width = output::width();
    let (table, legend) = (table.render(width), legend.text(width));
    let text = format!("{table}{legend}\n{}\n", paint(STRONG, &total));
    let permissions = Permissions { policy: policy.digest().to_hex(), actions };
    Ok(Report::new(Exit::Yes, text, json(&permissions)))
}

fn row(action: &str, answer: &Answer) -> [Cell; 4] {
    let (may, style) = if answer.decision { ("yes", GOOD) } else { ("no", BAD) };
    [
        Cell::new(NORMAL, action),
        Cell::new(style, may),
        Cell::new(NORMAL, answer.context.class.as_deref().unwrap_or_default()),
        Cell::new(NORMAL, if answer.decision { String::new() } else { answer.context.why() }),
    ]
}
