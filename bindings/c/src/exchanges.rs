//! Exchanges: one request on its way through a gate, from its beginning to its end.

use crate::error::cogauth_error;
use crate::exchange_state::{Exchange, number_of, with, with_turn};
use crate::failure::Failure;
use crate::gates::cogauth_gate;
use crate::guard::{guard_secret, guarded};
use crate::handle::{self, Kind, Place};
use crate::memory::{self, SizedStruct, cogauth_slice};
use crate::request::OwnedRequest;
use alloc::sync::Arc;
use cog_auth::Time;
use cog_auth::gate::{Gate, Step};
use core::ffi::c_char;

/// One request on its way through a gate. It has one owner: one thread at a time uses it.
pub struct cogauth_exchange {
    _opaque: [u8; 0],
}

impl Kind for cogauth_exchange {
    type Value = Exchange;
    const MARK: u32 = 0x6578_6331;
}

/// The request is refused: send the status, the headers and the body. Also what a function answers
/// that is given no exchange.
pub const COGAUTH_STEP_REFUSED: i32 = 0;
/// A question: fetch the record of `COGAUTH_TEXT_CREDENTIAL_ID`.
pub const COGAUTH_STEP_RECORD: i32 = 1;
/// A question: fetch the facts about `COGAUTH_TEXT_PRINCIPAL`, `COGAUTH_TEXT_ORGANIZATION` and
/// `COGAUTH_TEXT_RESOURCE_ID`.
pub const COGAUTH_STEP_FACTS: i32 = 2;
/// The request is allowed: let it through.
pub const COGAUTH_STEP_ALLOWED: i32 = 3;
/// An older opaque credential: pass the request on to what knows it.
pub const COGAUTH_STEP_PASS_ON: i32 = 4;
/// A CORS preflight: answer it.
pub const COGAUTH_STEP_PREFLIGHT: i32 = 5;

/// A request, as the gate looks at it. Zero it, then set `struct_size` and the rest.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_request {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// The method, such as `GET`, at most 256 bytes. Upper and lower case differ.
    pub method: cogauth_slice,
    /// The request target as the client sent it: path and query, at most 65,536 bytes, not decoded,
    /// nothing tidied up. In nginx it is `$request_uri`, in CGI and its kin `REQUEST_URI`.
    pub target: cogauth_slice,
    /// All lines of the `Authorization` header, each a value without the name. Some servers show
    /// only the first of two, such as Node in `req.headers.authorization`; `req.headersDistinct`
    /// has all.
    pub authorization: *const cogauth_slice,
    /// How many lines there are.
    pub authorization_count: usize,
    /// What the caller itself knows of the request, as a JSON object, and never what a client says
    /// of it; NULL for nothing.
    pub context: cogauth_slice,
    /// The IP address of the client, as text without a port: what the connection or a proxy of the
    /// caller's own says, and never a header by itself. NULL if it is not known, which a policy
    /// with address lists denies. Since the minor version 1.
    pub client_address: cogauth_slice,
}

// SAFETY: numbers and pointers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_request {
    const FIRST: usize = core::mem::offset_of!(Self, client_address);
}

/// Begins with a request: reads the `Authorization` header and verifies the token, at `now` in
/// seconds since the epoch. `exchange` is where it stands; the caller releases it. Nothing of the
/// request is needed after the call.
///
/// Whatever a client sends leads to an outcome, never to an error: a method that is no text is one
/// that no route has. Errors: 602 `reserved_context`, 603 `invalid_context`, 135
/// `time_out_of_range`.
///
/// # Safety
///
/// `gate` is a handle that was not freed; `request` is a sized struct whose slices are there;
/// `exchange` points to room for a pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_begin(
    gate: *const cogauth_gate,
    request: *const cogauth_request,
    now: u64,
    exchange: *mut *mut cogauth_exchange,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let exchange = Place::of(exchange)?;
        let gate = handle::borrow(gate)?.clone();
        let told = memory::read_sized(request)?;
        memory::check_reserved(told.reserved)?;
        let now = Time::from_seconds(now)?;
        let request = OwnedRequest::copy(&told)?;
        // SAFETY: the `Arc` keeps the gate where it is, and the state drops the step before it.
        let borrowed: &'static Gate = unsafe { &*Arc::as_ptr(&gate) };
        let lines = memory::lists(told.authorization, told.authorization_count)?;
        // SAFETY: the state keeps the request where it is, and drops the step before it. A step
        // does not keep the lines: `tests/rust/calls` frees them after this call, under Miri.
        let step = borrowed.begin(&unsafe { request.borrowed(&lines) }, now)?;
        exchange.make(Exchange::begun(step, gate, request))
    })
}

/// Ends an exchange, at whatever step it is. What it holds of the token is wiped. NULL does
/// nothing.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_release(exchange: *mut cogauth_exchange) {
    guarded((), || {
        // An exchange that another thread uses at this moment is not freed under its hands: it
        // leaks.
        if handle::borrow(exchange).is_ok_and(Exchange::close) {
            handle::release(exchange);
        }
    });
}

/// Where an exchange stands: a `COGAUTH_STEP_…`. Without an exchange, it is `COGAUTH_STEP_REFUSED`.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_step(exchange: *const cogauth_exchange) -> i32 {
    guarded(COGAUTH_STEP_REFUSED, || {
        with(exchange, |state| Ok(number_of(state.step()))).unwrap_or(COGAUTH_STEP_REFUSED)
    })
}

/// Answers a question with what was found: the JSON text of the record or of the facts. The
/// exchange is at its next step then.
///
/// `step` is the question that is answered, `COGAUTH_STEP_RECORD` or `COGAUTH_STEP_FACTS`.
/// `fetched_at` is when a record was read from the issuer's store, in seconds since the epoch,
/// which matters for `max_record_age` alone; `COGAUTH_NONE` if it is not known.
///
/// Text that is no record or no facts is no error: the request is refused. Errors: 706 `wrong_step`
/// if this is not asked, or was answered already; 135 `time_out_of_range`.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `text` has `text_length` bytes; `error` is NULL or a
/// sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_found(
    exchange: *mut cogauth_exchange,
    step: i32,
    text: *const c_char,
    text_length: usize,
    fetched_at: u64,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        let text = memory::bytes(text, text_length)?;
        let fetched_at = match fetched_at {
            crate::COGAUTH_NONE => None,
            seconds => Some(Time::from_seconds(seconds)?),
        };
        answer(exchange, step, |asked| match asked {
            Step::Record(needed) => needed.found(text, fetched_at),
            Step::Facts(needed) => needed.found(text),
            done @ Step::Done(_) => done,
        })
    })
}

/// Answers a question with: the store has no such record or principal. See
/// `cogauth_exchange_found`.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_absent(
    exchange: *mut cogauth_exchange,
    step: i32,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        answer(exchange, step, |asked| match asked {
            Step::Record(needed) => needed.absent(),
            Step::Facts(needed) => needed.absent(),
            done @ Step::Done(_) => done,
        })
    })
}

/// Answers a question with: the store could not be asked. See `cogauth_exchange_found`.
///
/// # Safety
///
/// `exchange` is a handle that was not freed; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_unavailable(
    exchange: *mut cogauth_exchange,
    step: i32,
    error: *mut cogauth_error,
) -> i32 {
    guard_secret(error, || {
        answer(exchange, step, |asked| match asked {
            Step::Record(needed) => needed.unavailable(),
            Step::Facts(needed) => needed.unavailable(),
            done @ Step::Done(_) => done,
        })
    })
}

fn answer(
    exchange: *mut cogauth_exchange,
    answered: i32,
    next: impl FnOnce(Step<'static>) -> Step<'static>,
) -> Result<(), Failure> {
    with_turn(exchange, |state| state.answer(answered, next))
}
