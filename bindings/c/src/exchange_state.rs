//! Where an exchange stands, which one call at a time has.

use crate::exchanges::{
    COGAUTH_STEP_ALLOWED, COGAUTH_STEP_FACTS, COGAUTH_STEP_PASS_ON, COGAUTH_STEP_PREFLIGHT,
    COGAUTH_STEP_RECORD, COGAUTH_STEP_REFUSED, cogauth_exchange,
};
use crate::failure::Failure;
use crate::handle;
use crate::request::OwnedRequest;
use alloc::sync::Arc;
use cog_auth::gate::{Allowed, Gate, Outcome, Refused, Step};
use cog_auth::policy::RouteResource;
use cog_auth::token::{CredentialId, Handle};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

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

/// The step borrows from what stands below it, and is dropped before it: fields are dropped from
/// the first to the last.
pub(crate) struct State {
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

impl Exchange {
    /// An exchange at its first step, which borrows from the gate and the request.
    pub(crate) fn begun(step: Step<'static>, gate: Arc<Gate>, request: OwnedRequest) -> Self {
        let shown = Shown::default().after(&step);
        let state = State { step: Some(step), shown, _gate: gate, _request: request };
        Self { busy: AtomicBool::new(false), state: UnsafeCell::new(state) }
    }

    /// Takes the turn for good, so that nobody uses it any more. False where another thread does at
    /// this moment.
    pub(crate) fn close(&self) -> bool {
        !self.busy.swap(true, Ordering::Acquire)
    }
}

const BUSY: Failure = Failure::Argument("an exchange is used by two threads at once");

/// Looks at the state of an exchange, which no other call changes meanwhile. What was lent of it
/// stays good: a shared reference takes nothing from it.
pub(crate) fn with<T>(
    exchange: *const cogauth_exchange,
    run: impl FnOnce(&State) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let exchange = handle::borrow(exchange)?;
    let _turn = Turn::of(&exchange.busy)?;
    // SAFETY: the turn is this call's, so that nobody changes the state.
    run(unsafe { &*exchange.state.get() })
}

/// Changes the state of an exchange.
pub(crate) fn with_turn<T>(
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

pub(crate) fn number_of(step: Option<&Step<'_>>) -> i32 {
    match step {
        None | Some(Step::Done(Outcome::Refused(_))) => COGAUTH_STEP_REFUSED,
        Some(Step::Record(_)) => COGAUTH_STEP_RECORD,
        Some(Step::Facts(_)) => COGAUTH_STEP_FACTS,
        Some(Step::Done(Outcome::Allowed(_))) => COGAUTH_STEP_ALLOWED,
        Some(Step::Done(Outcome::PassOn)) => COGAUTH_STEP_PASS_ON,
        Some(Step::Done(Outcome::Preflight)) => COGAUTH_STEP_PREFLIGHT,
    }
}

impl State {
    /// Goes on to the next step, if this question is open.
    pub(crate) fn answer(
        &mut self,
        answered: i32,
        next: impl FnOnce(Step<'static>) -> Step<'static>,
    ) -> Result<(), Failure> {
        let asked = number_of(self.step.as_ref());
        let is_question = matches!(asked, COGAUTH_STEP_RECORD | COGAUTH_STEP_FACTS);
        let step = self.step.take_if(|_| is_question && asked == answered);
        let step = next(step.ok_or(Failure::WRONG_STEP)?);
        self.shown = self.shown.after(&step);
        self.step = Some(step);
        Ok(())
    }

    /// Why there is no outcome: a question is open, or an answer to it ended in a fault.
    pub(crate) fn nothing_decided(&self) -> Failure {
        if self.step.is_some() { Failure::WRONG_STEP } else { Failure::FAULT }
    }

    pub(crate) fn step(&self) -> Option<&Step<'static>> {
        self.step.as_ref()
    }

    /// The id of the credential.
    pub(crate) fn id(&self) -> Option<&str> {
        self.shown.id.as_ref().map(CredentialId::as_str)
    }

    /// The part of the token that may be shown.
    pub(crate) fn handle(&self) -> Option<&str> {
        self.shown.handle.as_ref().map(Handle::as_str)
    }

    pub(crate) fn resource(&self) -> Option<RouteResource<'_>> {
        match &self.step {
            Some(Step::Facts(needed)) => needed.resource(),
            _ => self.allowed().and_then(Allowed::resource),
        }
    }

    pub(crate) fn allowed(&self) -> Option<&Allowed> {
        match &self.step {
            Some(Step::Done(Outcome::Allowed(allowed))) => Some(allowed),
            _ => None,
        }
    }

    pub(crate) fn refused(&self) -> Option<&Refused> {
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
