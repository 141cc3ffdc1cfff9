//! All that an edge needs in one module: key set, policy image, header, record, facts, outcome.
//!
//! Its inputs are opaque to the compiler, so nothing is optimised away; its answer is a status. It is weighed, never run.
#![no_std]
#![cfg(target_arch = "wasm32")]
#![allow(
    unsafe_code,
    reason = "an export needs the attribute `unsafe(no_mangle)`; there is no unsafe block"
)]

extern crate alloc;

use alloc::vec;
use alloc::vec::Vec;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::{Digest, Policy};
use cog_auth::token::EdgeKeys;
use cog_auth::{Error, Time};
use core::hint::black_box;

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The status of the outcome: 200 for allowed, 0 for passed on and preflight, 500 for what does not load.
#[unsafe(no_mangle)]
pub extern "C" fn decide(size: usize) -> u32 {
    answer(size).unwrap_or(500)
}

fn answer(size: usize) -> Result<u32, Error> {
    let bytes = || bytes(size);
    let keys = EdgeKeys::from_json(&bytes())?;
    let policy = Policy::from_image_expecting(bytes(), Digest::of(&bytes()))?;
    let gate =
        Gate::at_edge(&policy, &keys).with_max_record_age(60).with_pass_on().with_preflight();
    let (method, header, target, context) = (bytes(), bytes(), bytes(), bytes());
    let request = HttpRequest {
        method: core::str::from_utf8(&method).unwrap_or_default(),
        target: &target,
        authorization: &[&header],
        context: Some(&context),
    };
    let now = Time::from_seconds(black_box(1))?;
    let mut step = gate.begin(&request, now)?;
    loop {
        step = match step {
            Step::Record(needed) => {
                black_box(needed.id());
                match black_box(size) {
                    0 => needed.absent(),
                    1 => needed.unavailable(),
                    _ => needed.found(&bytes(), Some(now)),
                }
            }
            Step::Facts(needed) => {
                black_box((needed.principal(), needed.organization()));
                match black_box(size) {
                    0 => needed.absent(),
                    1 => needed.unavailable(),
                    _ => needed.found(&bytes()),
                }
            }
            Step::Done(outcome) => return Ok(status(&outcome)),
        };
    }
}

/// What would come from outside.
#[inline(never)]
fn bytes(size: usize) -> Vec<u8> {
    black_box(vec![0; size])
}

fn status(outcome: &Outcome) -> u32 {
    match outcome {
        Outcome::Allowed(allowed) => {
            black_box((
                allowed.principal(),
                allowed.audit(),
                allowed.undecided(),
                allowed.valid_until(),
            ));
            200
        }
        Outcome::Refused(refused) => {
            black_box((refused.headers().collect::<Vec<_>>(), refused.body(), refused.audit()));
            u32::from(refused.status())
        }
        Outcome::PassOn | Outcome::Preflight => 0,
    }
}
