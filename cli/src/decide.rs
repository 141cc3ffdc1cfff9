//! `decide`: one request or a batch, as AuthZEN or through the gate.

use crate::answer::{Answer, Answers};
use crate::args::DecideArgs;
use crate::failure::Failure;
use crate::input::{self, Inputs, Place};
use crate::output::{self, BAD, Exit, GOOD, NORMAL, Report};
use crate::table::{Cell, Table};
use cog_auth::policy::Policy;

/// Decides what the arguments say.
pub(crate) fn run(args: &DecideArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let policy = input::policy(&args.policy)?;
    if let Some(place) = &args.request {
        return authzen(&policy, place, inputs);
    }
    Err(Failure::usage("not yet"))
}

fn authzen(policy: &Policy, place: &Place, inputs: &mut Inputs) -> Result<Report, Failure> {
    let request = inputs.request(place)?;
    let json =
        policy.evaluate(&request).map_err(|error| Failure::invalid(&place.name(), &error))?;
    if let Ok(batch) = serde_json::from_str::<Answers>(&json) {
        let allowed = batch.evaluations.iter().all(|answer| answer.decision);
        let exit = if allowed { Exit::Yes } else { Exit::No };
        return Ok(Report::new(exit, batch_text(&batch), json));
    }
    let answer: Answer = serde_json::from_str(&json)
        .map_err(|error| Failure::invalid_because(&place.name(), error))?;
    let exit = if answer.decision { Exit::Yes } else { Exit::No };
    Ok(Report::new(exit, answer.text(), json))
}

fn batch_text(batch: &Answers) -> String {
    let mut table = Table::new(["#", "DECISION", "WHY"]);
    for (number, answer) in (1_usize..).zip(&batch.evaluations) {
        let style = if answer.decision { GOOD } else { BAD };
        table.row([
            Cell::new(NORMAL, number.to_string()),
            Cell::new(style, answer.verdict()),
            Cell::new(NORMAL, answer.context.why()),
        ]);
    }
    table.render(output::width())
}
