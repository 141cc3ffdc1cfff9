//! What an exchange tells: the question that is open, or the outcome.

use crate::error::cogauth_error;
use crate::exchange_state::with;
use crate::exchanges::cogauth_exchange;
use crate::failure::Failure;
use crate::guard::{guard, guarded};
use crate::memory::{self, cogauth_slice};
use crate::text::slice_of;
use alloc::string::String;
use cog_auth::Time;
use cog_auth::gate::{Allowed, Refused, Step};
use cog_auth::json_writer::Writer;
use core::ffi::c_char;

/// The id of the credential, once its token is known to be genuine, unless the request is refused.
pub const COGAUTH_TEXT_CREDENTIAL_ID: i32 = 1;
/// The part of the token that may be shown, when the request is allowed.
pub const COGAUTH_TEXT_CREDENTIAL_HANDLE: i32 = 2;
/// The name of the credential's kind: where facts are asked, since the minor version 3, or the
/// request is allowed.
pub const COGAUTH_TEXT_CREDENTIAL_KIND: i32 = 3;
/// The id of the principal: of whom facts are asked, or who is allowed.
pub const COGAUTH_TEXT_PRINCIPAL: i32 = 4;
/// The type of the principal, `user` or `service_user`: of whom facts are asked, since the minor
/// version 3, or who is allowed. Ids alone do not tell a user from a service user.
pub const COGAUTH_TEXT_PRINCIPAL_TYPE: i32 = 5;
/// The id of the organization that the path names, if it does.
pub const COGAUTH_TEXT_ORGANIZATION: i32 = 6;
/// The action of the route, when the request is allowed.
pub const COGAUTH_TEXT_ACTION: i32 = 7;
/// The name of the code of a refusal.
pub const COGAUTH_TEXT_CODE: i32 = 8;
/// The body of a refusal, as JSON (RFC 9457).
pub const COGAUTH_TEXT_BODY: i32 = 9;
/// The audit record of an allowed or a refused request, as JSON.
pub const COGAUTH_TEXT_AUDIT: i32 = 10;
/// The type of the resource that the route names, if it does: where facts are asked, or the request
/// is allowed. Since the minor version 1.
pub const COGAUTH_TEXT_RESOURCE_TYPE: i32 = 11;
/// The id of that resource, as it stands in the path. Since the minor version 1.
pub const COGAUTH_TEXT_RESOURCE_ID: i32 = 12;

/// The headers of a refusal, with names and values.
pub const COGAUTH_LIST_HEADERS: i32 = 1;
/// What the policy could not decide about an allowed request, and left to the service.
pub const COGAUTH_LIST_UNDECIDED: i32 = 2;
/// The codes of what the policy advises about an allowed request.
pub const COGAUTH_LIST_ADVICE: i32 = 3;
/// The parameters of the route of an allowed request, with names and what was sent in their places.
/// Since the minor version 1.
pub const COGAUTH_LIST_PARAMETERS: i32 = 4;

/// A text of where an exchange stands: `which` is a `COGAUTH_TEXT_…`. It becomes NULL with 0 where
/// this step has no such text. It stays where it is until the next answer or the release.
///
/// Errors: 701 if there is no text of this number.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `text` points to room for a slice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_text(
    exchange: *const cogauth_exchange,
    which: i32,
    text: *mut cogauth_slice,
) -> i32 {
    const WHICH: Failure = Failure::Argument("there is no text of this number");
    guard(core::ptr::null_mut(), || {
        with(exchange, |state| {
            let found = match which {
                COGAUTH_TEXT_CREDENTIAL_ID => state.id(),
                COGAUTH_TEXT_CREDENTIAL_HANDLE => state.handle(),
                COGAUTH_TEXT_CREDENTIAL_KIND => match state.step() {
                    Some(Step::Facts(needed)) => Some(needed.kind().name()),
                    _ => state.allowed().map(|it| it.kind().name()),
                },
                COGAUTH_TEXT_PRINCIPAL => match state.step() {
                    Some(Step::Facts(needed)) => Some(needed.principal()),
                    _ => state.allowed().map(Allowed::principal),
                },
                COGAUTH_TEXT_PRINCIPAL_TYPE => match state.step() {
                    Some(Step::Facts(needed)) => Some(needed.principal_type()),
                    _ => state.allowed().map(Allowed::principal_type),
                },
                COGAUTH_TEXT_ORGANIZATION => match state.step() {
                    Some(Step::Facts(needed)) => needed.organization(),
                    _ => state.allowed().and_then(Allowed::organization),
                },
                COGAUTH_TEXT_RESOURCE_TYPE => state.resource().map(|it| it.type_name),
                COGAUTH_TEXT_RESOURCE_ID => state.resource().map(|it| it.id),
                COGAUTH_TEXT_ACTION => state.allowed().map(Allowed::action),
                COGAUTH_TEXT_CODE => state.refused().map(Refused::name),
                COGAUTH_TEXT_BODY => state.refused().map(Refused::body),
                COGAUTH_TEXT_AUDIT => {
                    let audit = state.refused().map(Refused::audit);
                    audit.or_else(|| state.allowed().map(Allowed::audit))
                }
                _ => return Err(WHICH),
            };
            memory::write(text, slice_of(found.map(str::as_bytes)))
        })
    })
}

/// How many entries a list has: `list` is a `COGAUTH_LIST_…`. 0 where this step has no such list.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_count(
    exchange: *const cogauth_exchange,
    list: i32,
) -> usize {
    guarded(0, || {
        with(exchange, |state| {
            Ok(match list {
                COGAUTH_LIST_HEADERS => state.refused().map_or(0, |it| it.headers().count()),
                COGAUTH_LIST_UNDECIDED => state.allowed().map_or(0, |it| it.undecided().len()),
                COGAUTH_LIST_ADVICE => state.allowed().map_or(0, |it| it.advice().len()),
                COGAUTH_LIST_PARAMETERS => state.allowed().map_or(0, |it| it.parameters().count()),
                _ => 0,
            })
        })
        .unwrap_or(0)
    })
}

/// An entry of a list, counted from 0. `name` is that of a header or a parameter, NULL with 0 in
/// other lists, and may itself be NULL if it does not matter. It stays where it is until the next
/// answer or the release.
///
/// Errors: 701 if there is no such entry.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `name` is NULL or points to room for a slice, `value`
/// points to room for a slice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_entry(
    exchange: *const cogauth_exchange,
    list: i32,
    index: usize,
    name: *mut cogauth_slice,
    value: *mut cogauth_slice,
) -> i32 {
    const NO_ENTRY: Failure = Failure::Argument("there is no entry of this number");
    guard(core::ptr::null_mut(), || {
        memory::check(value)?;
        with(exchange, |state| {
            let of = |list: &[String]| {
                list.get(index).map(|text| (None, slice_of(Some(text.as_bytes()))))
            };
            let found = match list {
                COGAUTH_LIST_HEADERS => state
                    .refused()
                    .and_then(|it| it.headers().nth(index))
                    .map(|(name, value)| (Some(name.as_bytes()), slice_of(Some(value.as_bytes())))),
                COGAUTH_LIST_UNDECIDED => state.allowed().and_then(|it| of(it.undecided())),
                COGAUTH_LIST_ADVICE => state.allowed().and_then(|it| of(it.advice())),
                COGAUTH_LIST_PARAMETERS => state
                    .allowed()
                    .and_then(|it| it.parameters().nth(index))
                    .map(|it| (Some(it.name.as_bytes()), slice_of(Some(it.value.as_bytes())))),
                _ => None,
            };
            let (name_found, value_found) = found.ok_or(NO_ENTRY)?;
            if !name.is_null() {
                memory::write(name, slice_of(name_found))?;
            }
            memory::write(value, value_found)
        })
    })
}

/// The HTTP status of a refusal. 0 if the request is allowed, and in no other case: 503 while a
/// question is open, without an exchange, and where a request is passed on or is a preflight.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_status(exchange: *const cogauth_exchange) -> i32 {
    const NOTHING_DECIDED: i32 = 503;
    guarded(NOTHING_DECIDED, || {
        with(exchange, |state| {
            Ok(match (state.allowed(), state.refused()) {
                (Some(_), _) => 0,
                (None, Some(refused)) => i32::from(refused.status()),
                (None, None) => NOTHING_DECIDED,
            })
        })
        .unwrap_or(NOTHING_DECIDED)
    })
}

/// The number of the code of a refusal. 0 if the request is allowed, and in no other case: 706
/// while a question is open, and where a request is passed on or is a preflight; 701 without an
/// exchange.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_code(exchange: *const cogauth_exchange) -> i32 {
    guarded(crate::failure::FAULT, || {
        let code = with(exchange, |state| match (state.allowed(), state.refused()) {
            (Some(_), _) => Ok(0),
            (None, Some(refused)) => Ok(i32::from(refused.code().number())),
            (None, None) => Err(state.nothing_decided()),
        });
        code.unwrap_or_else(|failure| i32::from(failure.code().number()))
    })
}

/// Until when an allowed credential is good, in seconds since the epoch; `COGAUTH_NONE` if it has
/// no end, and 0 if the request is not allowed.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_valid_until(exchange: *const cogauth_exchange) -> u64 {
    guarded(0, || {
        let until = with(exchange, |state| {
            let until = state.allowed().map(Allowed::valid_until);
            Ok(until.map_or(0, |until| until.map_or(crate::COGAUTH_NONE, Time::seconds)))
        });
        until.unwrap_or(0)
    })
}

/// Writes where an exchange stands as one JSON object. Its `step` is `record`, `facts`, `allowed`,
/// `refused`, `pass_on` or `preflight`; the other members are those of the step.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `answer` has `answer_capacity` bytes; `answer_length`
/// points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_json(
    exchange: *const cogauth_exchange,
    answer: *mut c_char,
    answer_capacity: usize,
    answer_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        with(exchange, |state| {
            let step = state.step().ok_or_else(|| state.nothing_decided())?;
            let mut writer = Writer::new();
            writer.object(|w| cog_auth_answers::step(step, w));
            memory::write_text(answer, answer_capacity, answer_length, &writer.into_bytes())
        })
    })
}

/// Writes what people and services may see of an allowed credential's record, as JSON: its scopes,
/// organizations, name and times, no digests, no metadata.
///
/// Errors: 706 `wrong_step` unless the request is allowed, 705 `buffer_too_small`.
///
/// # Safety
///
/// As for `cogauth_exchange_json`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_record(
    exchange: *const cogauth_exchange,
    record: *mut c_char,
    record_capacity: usize,
    record_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        with(exchange, |state| {
            let text = state.allowed().ok_or(Failure::WRONG_STEP)?.record().to_display_json();
            memory::write_text(record, record_capacity, record_length, text.as_bytes())
        })
    })
}
