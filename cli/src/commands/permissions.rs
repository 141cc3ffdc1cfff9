//! `permissions`: every action, whether the credential may do it, and why not.

use crate::answer::{Answer, Legend};
use crate::args::PermissionsArgs;
use crate::credential::Asked;
use crate::failure::{Failure, json};
use crate::input::Inputs;
use crate::load;
use crate::report::{Exit, Report};
use crate::style::{self, BAD, GOOD, NORMAL, STRONG, paint};
use crate::table::{Cell, Table};
use cog_auth::policy::{Policy, Request};
use serde::Serialize;
use serde_json::value::RawValue;

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
    let policy = load::policy(&args.policy, inputs)?;
    if let Some(place) = &args.request {
        let text = inputs.request(place)?;
        let request =
            policy.action_search(&text).map_err(|error| Failure::invalid(&place.name(), &error))?;
        return list(&policy, &request);
    }
    let asked = match Asked::read(args, inputs)? {
        Ok(asked) => asked,
        Err(refused) => return Ok(refused),
    };
    match asked.request(&policy)? {
        Ok(request) => list(&policy, &request),
        Err(refused) => Ok(refused),
    }
}

fn list(policy: &Policy, request: &Request<'_>) -> Result<Report, Failure> {
    let unread = |error: serde_json::Error| Failure::invalid_because("the answer", error);
    let mut actions = Vec::new();
    let mut table = Table::new(["ACTION", "MAY", "CLASS", "WHY"]);
    let mut legend = Legend::default();
    let mut allowed = 0_usize;
    for action in policy.actions() {
        let answer = request.decide_as(action).explain().to_json();
        let shown: Answer = serde_json::from_str(&answer).map_err(unread)?;
        allowed = allowed.saturating_add(usize::from(shown.decision));
        table.row(row(action, &shown));
        if !shown.decision {
            legend.add(&shown.context.reasons);
        }
        let answer = RawValue::from_string(answer).map_err(unread)?;
        actions.push(Permission { name: action.to_owned(), answer });
    }
    let total = format!("{allowed} of {} actions allowed", actions.len());
    let width = style::width();
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
        Cell::lines(NORMAL, if answer.decision { Vec::new() } else { answer.context.why() }),
    ]
}
