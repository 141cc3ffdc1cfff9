//! `decide`: one request or a batch, as `AuthZEN` or through the gate.

use crate::answer::{Answer, Answers, Legend};
use crate::args::DecideArgs;
use crate::clock;
use crate::failure::{Failure, json};
use crate::gate;
use crate::input::{Bytes, Inputs};
use crate::load;
use crate::place::Place;
use crate::report::{Exit, Report};
use crate::style::{self, BAD, GOOD, NORMAL};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use cog_auth::Code;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Refused};
use cog_auth::policy::Policy;
use serde_json::Value;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Decides what the arguments say.
pub(crate) fn run(args: &DecideArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let policy = load::policy(&args.policy, inputs)?;
    if let Some(place) = &args.request {
        return authzen(&policy, place, inputs);
    }
    let credential = &args.credential;
    let (Some(method), Some(path), Some(edge_keys)) =
        (&args.method, &args.path, &credential.edge_keys)
    else {
        return Err(Failure::usage(
            "say what to decide: --request FILE, or METHOD PATH --edge-keys FILE",
        ));
    };
    let token = inputs.token(&credential.token)?;
    let edge_keys = inputs.edge_keys(edge_keys)?;
    let peppers = credential.peppers.as_ref().map(|place| inputs.peppers(place)).transpose()?;
    let files = Files {
        record: credential.record.as_ref().map(|place| inputs.record(place)).transpose()?,
        facts: credential.facts.as_ref().map(|place| inputs.facts(place)).transpose()?,
    };
    let now = clock::now(credential.now.time)?;
    let gate = match peppers {
        Some(peppers) => Gate::at_origin(policy, edge_keys, peppers),
        None => Gate::at_edge(policy, edge_keys),
    };
    let mut header = Zeroizing::new(b"Bearer ".to_vec());
    header.reserve_exact(token.len());
    header.extend_from_slice(&token);
    let request = HttpRequest {
        method,
        target: path.as_bytes(),
        authorization: &[&header],
        context: credential.context.as_deref().map(str::as_bytes),
        client_address: credential.client_address.as_deref(),
    };
    let outcome = gate::drive(&gate, &request, now, &files)
        .map_err(|error| Failure::invalid("--context", &error))?;
    Ok(gate::report(&outcome).with_notes(note(args, &outcome)))
}

/// A note for the person at the command line, who may know more than a client.
fn note(args: &DecideArgs, outcome: &Outcome) -> String {
    let Outcome::Refused(refused) = outcome else { return String::new() };
    let note = match refused.code() {
        Code::UnknownCredential if args.credential.record.is_none() => {
            "Without --record FILE there is no record of any credential.".to_owned()
        }
        Code::UnknownPrincipal => "Without --facts FILE there is no such principal.".to_owned(),
        Code::InvalidRecord => file_and_cause(&args.credential.record, refused),
        Code::InvalidFacts => file_and_cause(&args.credential.facts, refused),
        _ => return String::new(),
    };
    format!("{} {}\n", style::paint(style::WARN, "note:"), plain(&note))
}

/// Which file cannot be used, and what is wrong with it.
fn file_and_cause(place: &Option<Place>, refused: &Refused) -> String {
    let file = place.as_ref().map_or_else(String::new, Place::name);
    refused.cause().map_or_else(String::new, |cause| format!("{file}: {cause}"))
}

/// The files that stand for a worker's store. They hold one record and the facts about one
/// principal, which they give whatever the gate asks for.
struct Files {
    record: Option<Bytes>,
    facts: Option<Bytes>,
}

impl gate::Store for Files {
    fn record(&self, _: &str) -> Option<&[u8]> {
        self.record.as_ref().map(|text| text.as_slice())
    }

    fn facts(&self, _: &str, _: Option<&str>) -> Option<&[u8]> {
        self.facts.as_ref().map(|text| text.as_slice())
    }
}

fn authzen(policy: &Policy, place: &Place, inputs: &mut Inputs) -> Result<Report, Failure> {
    let request = inputs.request(place)?;
    let json =
        policy.evaluate(&request).map_err(|error| Failure::invalid(&place.name(), &error))?;
    if let Ok(batch) = serde_json::from_str::<Answers>(&json) {
        let allowed = batch.evaluations.iter().all(|answer| answer.decision);
        let exit = if allowed { Exit::Yes } else { Exit::No };
        let asked: Value = serde_json::from_slice(&request).unwrap_or_default();
        let text = batch_text(&batch, &asked, &|number| malformed_item(policy, &asked, number));
        return Ok(Report::new(exit, text, json));
    }
    let answer: Answer = serde_json::from_str(&json)
        .map_err(|error| Failure::invalid_because(&place.name(), error))?;
    let exit = if answer.decision { Exit::Yes } else { Exit::No };
    Ok(Report::new(exit, answer.text(), json))
}

/// What is wrong with a malformed item of a batch, which the answer does not say. The item is put
/// together once more, with what it inherits, and read alone.
fn malformed_item(policy: &Policy, batch: &Value, number: usize) -> String {
    let item = batch.get("evaluations").and_then(|items| items.get(number));
    let Some(own) = item.and_then(Value::as_object) else {
        return "an item is an object".to_owned();
    };
    let parts = ["subject", "action", "resource", "context"];
    let parts =
        parts.into_iter().filter_map(|part| Some((part, own.get(part).or(batch.get(part))?)));
    let whole: BTreeMap<&str, &Value> = parts.collect();
    match policy.request(json(&whole).as_bytes()) {
        Err(error) => error.message().to_owned(),
        // Nothing else is lost when it is put together.
        Ok(_) => "a member name stands twice in one object".to_owned(),
    }
}

fn batch_text(batch: &Answers, asked: &Value, why: &dyn Fn(usize) -> String) -> String {
    let mut legend = Legend::default();
    let mut table = Table::new(["#", "DECISION", "WHY"]);
    for (index, answer) in batch.evaluations.iter().enumerate() {
        let number = index.saturating_add(1);
        let mut reasons = answer.context.why();
        if answer.context.class.as_deref() == Some("malformed") {
            reasons.push(why(index));
        }
        let style = if answer.decision { GOOD } else { BAD };
        legend.add(&answer.context.reasons);
        legend.add(&answer.context.advice);
        table.row([
            Cell::new(NORMAL, number.to_string()),
            Cell::new(style, answer.verdict()),
            Cell::lines(NORMAL, reasons),
        ]);
    }
    let width = style::width();
    let mut text = table.render(width);
    let count = asked.get("evaluations").and_then(Value::as_array).map_or(0, Vec::len);
    if count > batch.evaluations.len() {
        text.push_str(&format!(
            "{} of {count} items are decided: the batch stops there, as its \
             evaluations_semantic says\n",
            batch.evaluations.len()
        ));
    }
    text.push_str(&legend.text(width));
    text
}
