//! The gate, from the beginning to as far as the answers reach. What it found out before it asks
//! for facts is kept for a while, to go on from there.

use crate::arguments::Arguments;
use crate::exchange::{Exchange, KeptRequest};
use crate::failure::{Answered, Failure};
use crate::state::Call;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::json_writer::Writer;

/// What the caller's store answered to one of the gate's questions.
enum StoreAnswer<'a> {
    NotAskedYet,
    Absent,
    Unavailable,
    Found(&'a [u8]),
}

/// In the slot: the policy. Arguments: the slot of the edge keys, that of the peppers if at an
/// origin, realm, seconds to retry after, most age of a record, whether to pass on, whether to
/// answer preflights (each perhaps absent); the time, method, target, context, client's address,
/// headers; the record with the time at which it was fetched; the facts.
///
/// Answers the id of a credential whose record is needed, as it is; or a JSON object, and after
/// each a line feed, what of it is JSON itself, and the number under which the exchange is kept.
pub(crate) fn run(call: &mut Call<'_>) -> Answered {
    let gate = gate(call)?;
    let arguments = &mut call.arguments;
    let now = arguments.time()?;
    let (method, target) = (arguments.text()?, arguments.bytes()?);
    let context = arguments.optional_bytes()?;
    let client_address = arguments.optional_text()?;
    let headers = arguments.list()?;
    let (record, fetched_at) = (store_answer(arguments)?, arguments.optional_time()?);
    let facts = store_answer(arguments)?;
    let request = HttpRequest { method, target, authorization: &headers, context, client_address };
    let step = match gate.begin(&request, now)? {
        Step::Record(needed) => match record {
            StoreAnswer::NotAskedYet => return Ok(call.answer.text(needed.id().as_str().into())),
            StoreAnswer::Absent => needed.absent(),
            StoreAnswer::Unavailable => needed.unavailable(),
            StoreAnswer::Found(record) => needed.found(record, fetched_at),
        },
        step @ (Step::Facts(_) | Step::Done(_)) => step,
    };
    let step = advance(step, &facts);
    let length = write(call, &step);
    let Step::Facts(needed) = step else { return Ok(length) };
    let Some(request) = KeptRequest::of(&request) else { return Ok(length) };
    let credential = needed.hold();
    let number = call.exchanges.keep(Exchange { gate, request, credential });
    let mut writer = Writer::with_room(10);
    writer.natural(number.into());
    Ok(call.answer.add_line(&writer.into_bytes()))
}

/// Arguments: the number under which an exchange is kept; the facts. Answers as [`run`], or nothing
/// if the exchange is not kept any more.
pub(crate) fn go_on(call: &mut Call<'_>) -> Answered {
    let number = slot_of(call.arguments.number()?);
    let Some(exchange) = call.exchanges.take(number) else { return Ok(0) };
    let facts = store_answer(&mut call.arguments)?;
    let Exchange { gate, request, credential } = exchange;
    let step = gate.resume(&request.as_request(), credential)?;
    let step = advance(step, &facts);
    Ok(write(call, &step))
}

fn gate(call: &mut Call<'_>) -> Result<Gate, Failure> {
    let Call { slot, arguments, loaded, .. } = call;
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
    Ok(gate)
}

/// Answers a step, and returns the length of that.
fn write(call: &mut Call<'_>, step: &Step<'_>) -> u32 {
    let mut writer = Writer::with_room(ROOM);
    writer.object(|w| {
        cog_auth_answers::step_without_texts(step, w);
        if let Step::Done(Outcome::Refused(refused)) = step
            && let Some(cause) = refused.cause()
        {
            w.name("cause").object(|w| cog_auth_answers::error(cause, w));
        }
    });
    let mut length = call.answer.written(writer);
    for (_, text) in cog_auth_answers::texts(step) {
        if let Some(text) = text {
            length = call.answer.add_line(text.as_bytes());
        }
    }
    length
}

/// How many bytes most answers have at most.
const ROOM: usize = 1_536;

#[cfg(not(feature = "full"))]
const NO_ORIGIN: Failure =
    Failure::Call(&crate::failure::Wrong::argument("a gate at an origin needs the full package"));

fn slot_of(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Absent: not asked yet; 0: absent; 1: unavailable; bytes or text: found.
fn store_answer<'a>(arguments: &mut Arguments<'a>) -> Result<StoreAnswer<'a>, Failure> {
    Ok(match arguments.optional_number()? {
        None => StoreAnswer::NotAskedYet,
        Some(0) => StoreAnswer::Absent,
        Some(1) => StoreAnswer::Unavailable,
        Some(_) => StoreAnswer::Found(arguments.bytes()?),
    })
}

fn advance<'s>(step: Step<'s>, facts: &StoreAnswer<'_>) -> Step<'s> {
    let Step::Facts(needed) = step else { return step };
    match facts {
        StoreAnswer::NotAskedYet => Step::Facts(needed),
        StoreAnswer::Absent => needed.absent(),
        StoreAnswer::Unavailable => needed.unavailable(),
        StoreAnswer::Found(facts) => needed.found(facts),
    }
}
