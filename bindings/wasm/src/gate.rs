//! The gate, from the beginning to as far as the answers reach: it holds nothing between two calls.

use crate::arguments::Arguments;
use crate::failure::{Answered, Failure};
use crate::state::Call;
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};

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
/// headers; the record
/// with the time at which it was fetched; the facts.
pub(crate) fn run(call: &mut Call<'_>) -> Answered {
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
    let client_address = arguments.optional_text()?;
    let headers = arguments.list()?;
    let (record, fetched_at) = (store_answer(arguments)?, arguments.optional_time()?);
    let facts = store_answer(arguments)?;
    let request = HttpRequest { method, target, authorization: &headers, context, client_address };
    let step = gate.begin(&request, now)?;
    let step = advance(step, &record, fetched_at, &facts);
    Ok(answer.object(|w| {
        cog_auth_answers::step(&step, w);
        if let Step::Done(Outcome::Refused(refused)) = &step
            && let Some(cause) = refused.cause()
        {
            w.name("cause").object(|w| cog_auth_answers::error(cause, w));
        }
    }))
}

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

fn advance<'s>(
    mut step: Step<'s>,
    record: &StoreAnswer<'_>,
    fetched_at: Option<Time>,
    facts: &StoreAnswer<'_>,
) -> Step<'s> {
    if let Step::Record(needed) = step {
        step = match record {
            StoreAnswer::NotAskedYet => return Step::Record(needed),
            StoreAnswer::Absent => needed.absent(),
            StoreAnswer::Unavailable => needed.unavailable(),
            StoreAnswer::Found(record) => needed.found(record, fetched_at),
        };
    }
    if let Step::Facts(needed) = step {
        step = match facts {
            StoreAnswer::NotAskedYet => return Step::Facts(needed),
            StoreAnswer::Absent => needed.absent(),
            StoreAnswer::Unavailable => needed.unavailable(),
            StoreAnswer::Found(facts) => needed.found(facts),
        };
    }
    step
}
