//! The gate, from the beginning to as far as the answers reach: it holds nothing between two calls.

use crate::answer::Answer;
use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::state::Call;
use cog_auth::Time;
use cog_auth::gate::{Allowed, Gate, HttpRequest, Outcome, Refused, Step};

/// What the caller says of a record or of facts.
enum Told<'a> {
    Nothing,
    Absent,
    Unavailable,
    Found(&'a [u8]),
}

/// In the slot: the policy. Arguments: the slot of the edge keys, that of the peppers if at an origin, realm, seconds to retry
/// after, most age of a record, whether to pass on, whether to answer preflights (each perhaps absent); the time, method,
/// target, context, headers; the record with the time at which it was fetched; the facts.
pub(crate) fn run(call: &mut Call<'_>) -> Result<u32, Failure> {
    let Call { slot, arguments, loaded, answer } = call;
    let policy = loaded.policy(*slot)?;
    let keys = loaded.edge_keys(slot_of(arguments.number()?))?;
    let mut gate = match arguments.optional_number()? {
        None => Gate::at_edge(policy.clone(), keys.clone()),
        #[cfg(feature = "full")]
        Some(peppers) => {
            let peppers = loaded.peppers(slot_of(peppers))?;
            Gate::at_origin(policy.clone(), keys.clone(), peppers.clone())
        }
        #[cfg(not(feature = "full"))]
        Some(_) => return Err(NO_ORIGIN),
    };
    if let Some(realm) = arguments.optional_text()? {
        gate = gate.with_realm(realm);
    }
    if let Some(seconds) = arguments.optional_number()? {
        gate = gate.with_retry_after(seconds);
    }
    if let Some(seconds) = arguments.optional_number()? {
        gate = gate.with_max_record_age(seconds);
    }
    if arguments.flag()? {
        gate = gate.with_pass_on();
    }
    if arguments.flag()? {
        gate = gate.with_preflight();
    }
    let now = arguments.time()?;
    let (method, target) = (arguments.text()?, arguments.bytes()?);
    let context = arguments.optional_bytes()?;
    let headers = arguments.list()?;
    let (record, fetched_at) = (told(arguments)?, arguments.optional_time()?);
    let facts = told(arguments)?;
    let request = HttpRequest { method, target, authorization: &headers, context };
    let step = gate.begin(&request, now)?;
    write(&advance(step, &record, fetched_at, &facts), answer);
    Ok(answer.length())
}

#[cfg(not(feature = "full"))]
const NO_ORIGIN: Failure =
    Failure::Call(&crate::failure::Wrong::argument("a gate at an origin needs the full package"));

fn slot_of(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Absent: not asked yet; 0: absent; 1: unavailable; bytes or text: found.
fn told<'a>(arguments: &mut Arguments<'a>) -> Result<Told<'a>, Failure> {
    Ok(match arguments.optional_number()? {
        None => Told::Nothing,
        Some(0) => Told::Absent,
        Some(1) => Told::Unavailable,
        Some(_) => Told::Found(arguments.bytes()?),
    })
}

fn advance<'s>(
    mut step: Step<'s>,
    record: &Told<'_>,
    fetched_at: Option<Time>,
    facts: &Told<'_>,
) -> Step<'s> {
    if let Step::Record(needed) = step {
        step = match record {
            Told::Nothing => return Step::Record(needed),
            Told::Absent => needed.absent(),
            Told::Unavailable => needed.unavailable(),
            Told::Found(record) => needed.found(record, fetched_at),
        };
    }
    if let Step::Facts(needed) = step {
        step = match facts {
            Told::Nothing => return Step::Facts(needed),
            Told::Absent => needed.absent(),
            Told::Unavailable => needed.unavailable(),
            Told::Found(facts) => needed.found(facts),
        };
    }
    step
}

fn write(step: &Step<'_>, answer: &mut Answer) {
    answer.object(|answer| match step {
        Step::Record(needed) => {
            answer.name("step").string("record");
            answer.name("id").string(needed.id().as_str());
        }
        Step::Facts(needed) => {
            answer.name("step").string("facts");
            answer.name("principal").string(needed.principal());
            if let Some(organization) = needed.organization() {
                answer.name("organization").string(organization);
            }
        }
        Step::Done(Outcome::PassOn) => answer.name("step").string("pass_on"),
        Step::Done(Outcome::Preflight) => answer.name("step").string("preflight"),
        Step::Done(Outcome::Allowed(allowed)) => write_allowed(allowed, answer),
        Step::Done(Outcome::Refused(refused)) => write_refused(refused, answer),
    });
}

fn write_allowed(allowed: &Allowed, answer: &mut Answer) {
    answer.name("step").string("allowed");
    answer.name("principal").object(|answer| {
        answer.name("type").string(allowed.principal_type());
        answer.name("id").string(allowed.principal());
    });
    answer.name("credential").object(|answer| {
        answer.name("kind").string(allowed.kind().name());
        answer.name("id").string(allowed.id().as_str());
        answer.name("handle").string(allowed.handle().as_str());
    });
    answer.name("action").string(allowed.action());
    if let Some(organization) = allowed.organization() {
        answer.name("organization").string(organization);
    }
    answer.name("undecided").strings(allowed.undecided().iter().map(|action| &**action));
    answer.name("advice").strings(allowed.advice().iter().map(|code| &**code));
    if let Some(until) = allowed.valid_until() {
        answer.name("validUntil").number(until.seconds());
    }
    answer.name("audit").string(allowed.audit());
}

fn write_refused(refused: &Refused, answer: &mut Answer) {
    answer.name("step").string("refused");
    answer.name("status").number(u64::from(refused.status()));
    answer.name("code").string(refused.name());
    answer.name("headers").object(|answer| {
        for (name, value) in refused.headers() {
            answer.name(name).string(value);
        }
    });
    answer.name("body").string(refused.body());
    answer.name("audit").string(refused.audit());
}
