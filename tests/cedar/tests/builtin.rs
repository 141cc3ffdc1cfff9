//! The built-in policy: Cedar answers its cases as the library does, and as the cases say.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::cases::{Case, requests};
use common::{Guarded, ask_library, compile, documents, root, with_stack};

#[test]
fn cedar_answers_the_cases_of_the_built_in_policy() {
    with_stack(|| {
        let built_in = documents(&root().join("policies"));
        let library = compile(&built_in);
        let guarded = Guarded::new(&built_in).unwrap();
        for Case { name, request, expect } in requests() {
            let answer = guarded.ask(&request);
            assert_eq!(answer, ask_library(&library, &request), "{name}");
            assert_eq!(answer.is_null(), expect["malformed"] == true, "{name}");
            for (member, expected) in expect.as_object().unwrap() {
                if !["malformed", "missing", "unusable"].contains(&member.as_str()) {
                    assert_eq!(&answer[member], expected, "{member} of {name}");
                }
            }
        }
    });
}
