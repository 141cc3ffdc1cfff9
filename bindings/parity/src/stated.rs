//! What cases state of native calls is so. `bindings/wasm/test/parity.js` checks the others.

use crate::{Value, all};

#[test]
fn native_calls_answer_what_their_cases_state() {
    let file: Value = serde_json::from_str(&all().json()).unwrap();
    let mut checked = 0;
    for call in file["calls"].as_array().unwrap() {
        let Some(states) = call["states"].as_object().filter(|_| call["entry"] == "native") else {
            continue;
        };
        for (kind, stated) in states {
            let is_so = match kind.as_str() {
                "answer" => call["answer"] == *stated,
                "code" => call["error"]["codeName"] == *stated,
                "record" => call["answer"]
                    .as_str()
                    .and_then(|text| serde_json::from_str::<Value>(text).ok())
                    .is_some_and(|record| record == *stated),
                "ok" => call.get("error").is_none(),
                other => panic!("{other} of {}", call["name"]),
            };
            assert!(is_so, "{} {}: {stated}", call["operation"], call["name"]);
            checked += 1;
        }
    }
    assert!(checked >= 100, "only {checked}");
}
