//! What one instance of the module holds between two calls.

use crate::answer::{Answer, wipe};
use crate::arguments::Arguments;
#[cfg(feature = "edge")]
use crate::exchange::Exchanges;
use crate::failure::{Answered, Failure, Wrong};
#[cfg(feature = "text")]
use crate::text::{Redactor, Scanner};
#[cfg(feature = "keys")]
use alloc::sync::Arc;
use alloc::vec::Vec;
#[cfg(feature = "edge")]
use cog_auth::policy::Policy;
#[cfg(feature = "keys")]
use cog_auth::token::EdgeKeys;
#[cfg(feature = "full")]
use cog_auth::token::{Peppers, RootKeys};
use spin::Mutex;

/// Bytes of arguments that are taken at most: above every limit of the library, below what an
/// isolate has.
const MAX_INPUT: u32 = 16 * 1024 * 1024;

/// Bytes of room that are kept for the arguments of the next call; more is given back.
const KEPT: usize = 64 * 1024;

static STATE: Mutex<State> = Mutex::new(State {
    input: Vec::new(),
    answer: Answer::new(),
    loaded: Loaded(Vec::new()),
    #[cfg(feature = "edge")]
    exchanges: Exchanges::new(),
});

struct State {
    input: Vec<u8>,
    answer: Answer,
    loaded: Loaded,
    #[cfg(feature = "edge")]
    exchanges: Exchanges,
}

/// What was loaded, by slot, with the bytes that it takes.
pub(crate) struct Loaded(Vec<Option<(Item, usize)>>);

pub(crate) enum Item {
    #[cfg(feature = "keys")]
    EdgeKeys(Arc<EdgeKeys>),
    #[cfg(feature = "edge")]
    Policy(Policy),
    #[cfg(feature = "full")]
    RootKeys(RootKeys),
    #[cfg(feature = "full")]
    Peppers(Arc<Peppers>),
    #[cfg(feature = "text")]
    Redactor(Redactor),
    #[cfg(feature = "text")]
    Scanner(Scanner),
}

/// What an operation works on.
pub(crate) struct Call<'c> {
    pub(crate) slot: u32,
    pub(crate) arguments: Arguments<'c>,
    pub(crate) loaded: &'c mut Loaded,
    #[cfg(feature = "edge")]
    pub(crate) exchanges: &'c mut Exchanges,
    #[cfg(any(feature = "edge", feature = "text"))]
    pub(crate) answer: &'c mut Answer,
}

pub(crate) fn input(length: u32) -> u32 {
    let mut state = STATE.lock();
    if length > MAX_INPUT {
        return 0;
    }
    let length = usize::try_from(length).unwrap_or(0);
    if state.input.len() < length {
        state.input = alloc::vec![0; length.max(1_024)];
    }
    address(state.input.as_mut_ptr().expose_provenance())
}

pub(crate) fn output() -> u32 {
    address(STATE.lock().answer.address())
}

pub(crate) fn unload(slot: u32) {
    let mut state = STATE.lock();
    if let Some(item) = state.loaded.slot(slot) {
        *item = None;
    }
    // They hold keys and policies too.
    #[cfg(feature = "edge")]
    state.exchanges.forget_all();
}

/// Runs an operation, and leaves nothing of its arguments, which may hold a token or keys.
///
/// The library wipes what it drops, but what is moved leaves a copy where it was, on the stack.
pub(crate) fn call(slot: u32, length: u32, operation: fn(&mut Call<'_>) -> Answered) -> i32 {
    let returned = run(slot, length, operation);
    wipe_stack();
    returned
}

/// How many bytes of the stack are wiped. `test/behaviour/wiped.test.js` shows that it is enough.
const USED: usize = 8 * 1024;

/// Behind the black box the compiler does not see that nobody reads the zeros.
#[inline(never)]
fn wipe_stack() {
    core::hint::black_box(&mut [0_u64; USED / 8]);
}

/// In a frame of its own, which is gone when the stack below is wiped. The arguments are wiped
/// after the operation; the last answer is wiped before.
#[inline(never)]
fn run(slot: u32, length: u32, operation: fn(&mut Call<'_>) -> Answered) -> i32 {
    let mut state = STATE.lock();
    let State {
        input,
        answer,
        loaded,
        #[cfg(feature = "edge")]
        exchanges,
    } = &mut *state;
    answer.wipe();
    let room = input.len();
    let used = usize::try_from(length).unwrap_or(room).min(room);
    let arguments = Arguments::new(input.get(..used).unwrap_or_default());
    let outcome = operation(&mut Call {
        slot,
        arguments,
        loaded,
        #[cfg(feature = "edge")]
        exchanges,
        #[cfg(any(feature = "edge", feature = "text"))]
        answer,
    });
    let returned = match outcome {
        Ok(number) => i32::try_from(number).unwrap_or(i32::MAX),
        Err(failure) => i32::try_from(failure.answer(answer)).unwrap_or(i32::MAX).saturating_neg(),
    };
    if let Some(used) = input.get_mut(..used) {
        wipe(used);
    }
    if room > KEPT {
        *input = Vec::new();
    }
    returned
}

impl Loaded {
    fn slot(&mut self, slot: u32) -> Option<&mut Option<(Item, usize)>> {
        self.0.get_mut(usize::try_from(slot).ok()?)
    }

    /// Puts an item that takes this many bytes into a slot, in the place of what was there.
    pub(crate) fn put(&mut self, slot: u32, item: Item, size: usize) -> Answered {
        let index = usize::try_from(slot).unwrap_or(usize::MAX);
        let held = self.0.iter().flatten().fold(size, |sum, (_, size)| sum.saturating_add(*size));
        if index > MOST_SLOTS || held > MOST_HELD {
            return Err(TOO_MANY);
        }
        while self.0.len() <= index {
            self.0.push(None);
        }
        if let Some(place) = self.0.get_mut(index) {
            *place = Some((item, size));
        }
        Ok(0)
    }

    #[cfg(feature = "keys")]
    fn item(&self, slot: u32) -> Result<&Item, Failure> {
        let slot = usize::try_from(slot).unwrap_or(usize::MAX);
        Ok(&self.0.get(slot).and_then(Option::as_ref).ok_or(NOT_LOADED)?.0)
    }

    #[cfg(feature = "keys")]
    pub(crate) fn edge_keys(&self, slot: u32) -> Result<&Arc<EdgeKeys>, Failure> {
        match self.item(slot)? {
            Item::EdgeKeys(keys) => Ok(keys),
            #[cfg(feature = "edge")]
            _ => Err(NOT_LOADED),
        }
    }

    #[cfg(feature = "edge")]
    pub(crate) fn policy(&self, slot: u32) -> Result<&Policy, Failure> {
        match self.item(slot)? {
            Item::Policy(policy) => Ok(policy),
            _ => Err(NOT_LOADED),
        }
    }

    #[cfg(feature = "text")]
    pub(crate) fn redactor(&mut self, slot: u32) -> Result<&mut Redactor, Failure> {
        match self.slot(slot) {
            Some(Some((Item::Redactor(redactor), _))) => Ok(redactor),
            _ => Err(NOT_LOADED),
        }
    }

    #[cfg(feature = "text")]
    pub(crate) fn scanner(&mut self, slot: u32) -> Result<&mut Scanner, Failure> {
        match self.slot(slot) {
            Some(Some((Item::Scanner(scanner), _))) => Ok(scanner),
            _ => Err(NOT_LOADED),
        }
    }

    #[cfg(feature = "full")]
    pub(crate) fn root_keys(&self, slot: u32) -> Result<&RootKeys, Failure> {
        match self.item(slot)? {
            Item::RootKeys(keys) => Ok(keys),
            _ => Err(NOT_LOADED),
        }
    }

    #[cfg(feature = "full")]
    pub(crate) fn peppers(&self, slot: u32) -> Result<&Arc<Peppers>, Failure> {
        match self.item(slot)? {
            Item::Peppers(keys) => Ok(keys),
            _ => Err(NOT_LOADED),
        }
    }
}

/// Slots are small numbers, given out again when they are free.
const MOST_SLOTS: usize = 10_000;

/// Bytes that all of them take at most. A quarter of the memory, so that a policy at all limits is
/// compiled in the rest, and whatever is loaded ends in an error and not in a trap.
const MOST_HELD: usize = 16 * 1024 * 1024;

/// How much larger keys are than their key set, which is base64url, with the states of their
/// hashes. It was measured as 2.5.
#[cfg(feature = "keys")]
pub(crate) const KEYS: usize = 3;

const TOO_MANY: Failure =
    Failure::Call(&Wrong::argument("too many key sets and policies are loaded; free some"));

const NOT_LOADED: Failure =
    Failure::Call(&Wrong::argument("this was freed, or is of another kind than is needed here"));

fn address(pointer: usize) -> u32 {
    u32::try_from(pointer).unwrap_or(0)
}
