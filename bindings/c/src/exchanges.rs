//! Exchanges: one request on its way through a gate.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::gates::cogauth_gate;
use crate::guard::{guard, guard_secret, guarded};
use crate::handle::{self, Kind, Place};
use crate::memory::{self, SizedStruct, cogauth_slice};
use crate::request::OwnedRequest;
use crate::text::slice_of;
use alloc::string::String;
use alloc::sync::Arc;
use cog_auth::Time;
use cog_auth::gate::{Allowed, Gate, Outcome, Refused, Step};
use cog_auth::json_writer::Writer;
use cog_auth::policy::RouteResource;
use cog_auth::token::{CredentialId, Handle};
use core::cell::UnsafeCell;
use core::ffi::c_char;
use core::sync::atomic::{AtomicBool, Ordering};

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

/// The id of the credential, once its token is known to be genuine, unless the request is refused.
pub const COGAUTH_TEXT_CREDENTIAL_ID: i32 = 1;
/// The part of the token that may be shown, when the request is allowed.
pub const COGAUTH_TEXT_CREDENTIAL_HANDLE: i32 = 2;
/// The name of the credential's kind, when the request is allowed.
pub const COGAUTH_TEXT_CREDENTIAL_KIND: i32 = 3;
/// The id of the principal: of whom facts are asked, or who is allowed.
pub const COGAUTH_TEXT_PRINCIPAL: i32 = 4;
/// The type of the principal, when the request is allowed.
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
    /// What the caller itself knows of the request, as a JSON object, and never what a client says of
    /// it; NULL for nothing.
    pub context: cogauth_slice,
    /// The IP address of the client, as text without a port: what the connection or a proxy of the
    /// caller's own says, and never a header by itself. NULL if it is not known, which a policy with
    /// address lists denies. Since the minor version 1.
    pub client_address: cogauth_slice,
}

// SAFETY: numbers and pointers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_request {
    const FIRST: usize = core::mem::offset_of!(Self, client_address);
}

pub(crate) struct Exchange {
    /// Whether a call is at work on the state.
    busy: AtomicBool,
    state: UnsafeCell<State>,
}

// SAFETY: the state is reached through `with` alone, which lets one call at a time have it, and all
// that it holds is `Send`.
unsafe impl Sync for Exchange {}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Step<'static>>();
    is_send::<Arc<Gate>>();
    is_send::<OwnedRequest>();
};

/// The step borrows from what stands below it, and is dropped before it: fields are dropped from the
/// first to the last.
struct State {
    /// None while an answer is worked on. It stays none if that panicked.
    step: Option<Step<'static>>,
    shown: Shown,
    _gate: Arc<Gate>,
    _request: OwnedRequest,
}

/// Copies of what the library answers by value, so that a caller can be shown where they are.
#[derive(Default)]
struct Shown {
    id: Option<CredentialId>,
    handle: Option<Handle>,
}

const BUSY: Failure = Failure::Argument("an exchange is used by two threads at once");

/// Begins with a request: reads the `Authorization` header and verifies the token, at `now` in seconds
/// since the epoch. `exchange` is where it stands; the caller releases it. Nothing of the request is
/// needed after the call.
///
/// Whatever a client sends leads to an outcome, never to an error: a method that is no text is one that
/// no route has. Errors: 602 `reserved_context`, 603 `invalid_context`, 135 `time_out_of_range`.
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
        // SAFETY: the state keeps the request where it is, and drops the step before it. A step does
        // not keep the lines: `tests/rust/calls.rs` frees them after this call, under Miri.
        let step = borrowed.begin(&unsafe { request.borrowed(&lines) }, now)?;
        let shown = Shown::default().after(&step);
        let state = State { step: Some(step), shown, _gate: gate, _request: request };
        let begun = Exchange { busy: AtomicBool::new(false), state: UnsafeCell::new(state) };
        exchange.make(begun)
    })
}

/// Ends an exchange, at whatever step it is. What it holds of the token is wiped. NULL does nothing.
///
/// # Safety
///
/// `exchange` is NULL or a handle that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_exchange_release(exchange: *mut cogauth_exchange) {
    guarded((), || {
        // An exchange that another thread uses at this moment is not freed under its hands: it leaks.
        if let Ok(in_use) = handle::borrow(exchange)
            && !in_use.busy.swap(true, Ordering::Acquire)
        {
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
        with(exchange, |state| Ok(number_of(state.step.as_ref()))).unwrap_or(COGAUTH_STEP_REFUSED)
    })
}

fn number_of(step: Option<&Step<'_>>) -> i32 {
    match step {
        None | Some(Step::Done(Outcome::Refused(_))) => COGAUTH_STEP_REFUSED,
        Some(Step::Record(_)) => COGAUTH_STEP_RECORD,
        Some(Step::Facts(_)) => COGAUTH_STEP_FACTS,
        Some(Step::Done(Outcome::Allowed(_))) => COGAUTH_STEP_ALLOWED,
        Some(Step::Done(Outcome::PassOn)) => COGAUTH_STEP_PASS_ON,
        Some(Step::Done(Outcome::Preflight)) => COGAUTH_STEP_PREFLIGHT,
    }
}

/// Answers a question with what was found: the JSON text of the record or of the facts. The exchange
/// is at its next step then.
///
/// `step` is the question that is answered, `COGAUTH_STEP_RECORD` or `COGAUTH_STEP_FACTS`.
/// `fetched_at` is when a record was read from the issuer's store, in seconds since the epoch, which
/// matters for `max_record_age` alone; `COGAUTH_NONE` if it is not known.
///
/// Text that is no record or no facts is no error: the request is refused. Errors: 706 `wrong_step` if
/// this is not asked, or was answered already; 135 `time_out_of_range`.
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

/// Answers a question with: the store has no such record or principal. See `cogauth_exchange_found`.
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
    with_turn(exchange, |state| {
        let asked = number_of(state.step.as_ref());
        let is_question = matches!(asked, COGAUTH_STEP_RECORD | COGAUTH_STEP_FACTS);
        let step = state.step.take_if(|_| is_question && asked == answered);
        let step = next(step.ok_or(Failure::WRONG_STEP)?);
        state.shown = state.shown.after(&step);
        state.step = Some(step);
        Ok(())
    })
}

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
                COGAUTH_TEXT_CREDENTIAL_ID => state.shown.id.as_ref().map(CredentialId::as_str),
                COGAUTH_TEXT_CREDENTIAL_HANDLE => state.shown.handle.as_ref().map(Handle::as_str),
                COGAUTH_TEXT_CREDENTIAL_KIND => state.allowed().map(|it| it.kind().name()),
                COGAUTH_TEXT_PRINCIPAL => match &state.step {
                    Some(Step::Facts(needed)) => Some(needed.principal()),
                    _ => state.allowed().map(Allowed::principal),
                },
                COGAUTH_TEXT_PRINCIPAL_TYPE => state.allowed().map(Allowed::principal_type),
                COGAUTH_TEXT_ORGANIZATION => match &state.step {
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

/// An entry of a list, counted from 0. `name` is that of a header or a parameter, NULL with 0 in other
/// lists, and may itself be NULL if it does not matter. It stays where it is until the next answer or the release.
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

/// The number of the code of a refusal. 0 if the request is allowed, and in no other case: 706 while a
/// question is open, and where a request is passed on or is a preflight; 701 without an exchange.
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

/// Until when an allowed credential is good, in seconds since the epoch; `COGAUTH_NONE` if it has no
/// end, and 0 if the request is not allowed.
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
            let step = state.step.as_ref().ok_or_else(|| state.nothing_decided())?;
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

/// Looks at the state of an exchange, which no other call changes meanwhile. What was lent of it stays
/// good: a shared reference takes nothing from it.
fn with<T>(
    exchange: *const cogauth_exchange,
    run: impl FnOnce(&State) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let exchange = handle::borrow(exchange)?;
    let _turn = Turn::of(&exchange.busy)?;
    // SAFETY: the turn is this call's, so that nobody changes the state.
    run(unsafe { &*exchange.state.get() })
}

/// Changes the state of an exchange.
fn with_turn<T>(
    exchange: *const cogauth_exchange,
    run: impl FnOnce(&mut State) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let exchange = handle::borrow(exchange)?;
    let _turn = Turn::of(&exchange.busy)?;
    // SAFETY: the turn is this call's, so that there is no other reference to the state.
    run(unsafe { &mut *exchange.state.get() })
}

/// The right to use an exchange, given back when it is dropped, after a panic too.
struct Turn<'e>(&'e AtomicBool);

impl<'e> Turn<'e> {
    fn of(busy: &'e AtomicBool) -> Result<Self, Failure> {
        if busy.swap(true, Ordering::Acquire) { Err(BUSY) } else { Ok(Self(busy)) }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl State {
    /// Why there is no outcome: a question is open, or an answer to it ended in a fault.
    fn nothing_decided(&self) -> Failure {
        if self.step.is_some() { Failure::WRONG_STEP } else { Failure::FAULT }
    }

    fn resource(&self) -> Option<RouteResource<'_>> {
        match &self.step {
            Some(Step::Facts(needed)) => needed.resource(),
            _ => self.allowed().and_then(Allowed::resource),
        }
    }

    fn allowed(&self) -> Option<&Allowed> {
        match &self.step {
            Some(Step::Done(Outcome::Allowed(allowed))) => Some(allowed),
            _ => None,
        }
    }

    fn refused(&self) -> Option<&Refused> {
        match &self.step {
            Some(Step::Done(Outcome::Refused(refused))) => Some(refused),
            _ => None,
        }
    }
}

impl Shown {
    /// What is shown at the next step.
    fn after(&self, step: &Step<'_>) -> Self {
        match step {
            Step::Record(needed) => Self { id: Some(needed.id()), handle: None },
            Step::Facts(_) => Self { id: self.id, handle: None },
            Step::Done(Outcome::Allowed(allowed)) => {
                Self { id: Some(allowed.id()), handle: Some(allowed.handle()) }
            }
            Step::Done(Outcome::Refused(_) | Outcome::PassOn | Outcome::Preflight) => {
                Self::default()
            }
        }
    }
}
