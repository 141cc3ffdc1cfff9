//! The gate at an edge, from the request's header to its outcome.

use crate::{Work, token};
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use std::hint::black_box;

pub(crate) fn allowed() -> Work {
    gate(token::input("facts"), true)
}

pub(crate) fn denied() -> Work {
    gate(token::input("facts").replace("[\"org_admin\"]", "[]"), false)
}

/// The gate with these facts, whose outcome is known.
fn gate(facts: String, expected: bool) -> Work {
    let gate = Gate::at_edge(Policy::builtin(), token::keys());
    let [method, target, header] = ["method", "target", "authorization"].map(token::input);
    let (record, now) = (token::input("record"), token::now());
    Box::new(move || {
        let request = HttpRequest {
            method: &method,
            target: target.as_bytes(),
            authorization: &[black_box(header.as_bytes())],
            context: None,
            client_address: None,
        };
        let mut step = gate.begin(&request, now).unwrap();
        loop {
            step = match step {
                Step::Record(needed) => needed.found(record.as_bytes(), Some(now)),
                Step::Facts(needed) => needed.found(facts.as_bytes()),
                Step::Done(outcome) => {
                    assert_eq!(matches!(outcome, Outcome::Allowed(_)), expected);
                    black_box(&outcome);
                    return 1;
                }
            };
        }
    })
}
