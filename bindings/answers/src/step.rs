//! Steps of the gate.

use crate::route;
use cog_auth::gate::{Allowed, Outcome, Refused, Step};
use cog_auth::json_writer::Writer;

/// `step`, and what belongs to it: `record` and `facts` are questions, `allowed`, `refused`,
/// `pass_on` and `preflight` are outcomes.
pub fn step(step: &Step<'_>, w: &mut Writer) {
    step_without_texts(step, w);
    for (name, text) in texts(step) {
        if let Some(text) = text {
            w.name(name).string(text);
        }
    }
}

/// The members of a step that are JSON themselves, as they are: `body` and `audit`.
#[must_use]
pub fn texts<'s>(step: &'s Step<'_>) -> [(&'static str, Option<&'s str>); 2] {
    let (body, audit) = match step {
        Step::Done(Outcome::Allowed(allowed)) => (None, Some(allowed.audit())),
        Step::Done(Outcome::Refused(refused)) => (Some(refused.body()), Some(refused.audit())),
        Step::Done(Outcome::PassOn | Outcome::Preflight) | Step::Record(_) | Step::Facts(_) => {
            (None, None)
        }
    };
    [("body", body), ("audit", audit)]
}

/// As [`step`], without what [`texts`] gives.
pub fn step_without_texts(step: &Step<'_>, w: &mut Writer) {
    match step {
        Step::Record(needed) => {
            w.name("step").string("record");
            w.name("id").string(needed.id().as_str());
        }
        Step::Facts(needed) => {
            w.name("step").string("facts");
            w.name("principal").string(needed.principal());
            w.name("principalType").string(needed.principal_type());
            if let Some(organization) = needed.organization() {
                w.name("organization").string(organization);
            }
            route::resource(needed.resource(), w);
        }
        Step::Done(Outcome::PassOn) => {
            w.name("step").string("pass_on");
        }
        Step::Done(Outcome::Preflight) => {
            w.name("step").string("preflight");
        }
        Step::Done(Outcome::Allowed(allowed)) => write_allowed(allowed, w),
        Step::Done(Outcome::Refused(refused)) => write_refused(refused, w),
    }
}

fn write_allowed(allowed: &Allowed, w: &mut Writer) {
    w.name("step").string("allowed");
    w.name("principal").object(|w| {
        w.name("type").string(allowed.principal_type());
        w.name("id").string(allowed.principal());
    });
    w.name("credential").object(|w| {
        w.name("kind").string(allowed.kind().name());
        w.name("id").string(allowed.id().as_str());
        w.name("handle").string(allowed.handle().as_str());
    });
    w.name("action").string(allowed.action());
    if let Some(organization) = allowed.organization() {
        w.name("organization").string(organization);
    }
    route::resource(allowed.resource(), w);
    route::parameters(allowed.parameters(), w);
    w.name("undecided").strings(allowed.undecided());
    w.name("advice").strings(allowed.advice());
    if let Some(until) = allowed.valid_until() {
        w.name("validUntil").natural(until.seconds());
    }
}

fn write_refused(refused: &Refused, w: &mut Writer) {
    w.name("step").string("refused");
    w.name("status").natural(refused.status().into());
    w.name("code").string(refused.name());
    w.name("headers").object(|w| {
        for (name, value) in refused.headers() {
            w.name(name).string(value);
        }
    });
}
