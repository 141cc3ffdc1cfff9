//! Batches: what is malformed in them, and what bounds their work and their answers.

use crate::common::simple::{base, numbers};
use cog_auth::Code;
use cog_auth::policy::{Limits, MAX_BATCH_BYTES};
use serde_json::{Value as Json, json};

#[test]
fn batches_are_malformed_as_a_whole_or_in_an_item() {
    let policy = numbers();
    for (name, values) in [
        ("evaluations", vec![json!(null), json!({}), json!("x"), json!(0)]),
        (
            "options",
            vec![
                json!(null),
                json!([]),
                json!("x"),
                json!({ "evaluations_semantic": null }),
                json!({ "evaluations_semantic": "all" }),
            ],
        ),
    ] {
        for value in values {
            let mut request = base();
            request[name] = value;
            assert_eq!(
                policy.evaluate(request.to_string().as_bytes()).unwrap_err().code(),
                Code::MalformedRequest,
                "{request}"
            );
            assert!(
                policy.request(request.to_string().as_bytes()).is_ok(),
                "a single evaluation ignores it: {request}"
            );
        }
    }
    let twice = base().to_string().replacen('{', r#"{"options":{"x":1,"x":1},"#, 1);
    assert!(policy.evaluate(twice.as_bytes()).is_err());
    let malformed = format!(
        r#"{{"decision":false,"context":{{"class":"malformed","policy":"{}"}}}}"#,
        policy.digest()
    );
    let fine = policy.evaluate(base().to_string().as_bytes()).unwrap();
    for (item, expected) in [
        ("{}", &fine),
        ("null", &malformed),
        ("[]", &malformed),
        (r#"{"x":1,"x":1}"#, &malformed),
        (r#"{"context":null}"#, &malformed),
        (r#"{"subject":{"type":"user"}}"#, &malformed),
        (r#"{"x":{"a":1,"a":1},"evaluations":7,"options":7}"#, &fine),
    ] {
        let batch =
            base().to_string().replacen('{', &format!(r#"{{"evaluations":[{item},{{}}],"#), 1);
        assert_eq!(
            policy.evaluate(batch.as_bytes()).unwrap(),
            format!(r#"{{"evaluations":[{expected},{fine}]}}"#)
        );
        let stop =
            batch.replacen('{', r#"{"options":{"evaluations_semantic":"deny_on_first_deny"},"#, 1);
        let first = if *expected == fine { format!("{fine},{fine}") } else { malformed.clone() };
        assert_eq!(
            policy.evaluate(stop.as_bytes()).unwrap(),
            format!(r#"{{"evaluations":[{first}]}}"#)
        );
    }
    // A malformed default is felt by the items that use it.
    let own = json!({ "context": {} });
    let mut request = base();
    request["context"] = json!(null);
    request["evaluations"] = json!([own, {}]);
    let answer: Json =
        serde_json::from_str(&policy.evaluate(request.to_string().as_bytes()).unwrap()).unwrap();
    assert_eq!(answer["evaluations"][0]["context"]["class"], "indeterminate");
    assert_eq!(answer["evaluations"][1]["context"]["class"], "malformed");
    for (count, fits) in [(1_000, true), (1_001, false)] {
        let mut request = base();
        request["evaluations"] = json!(vec![json!({}); count]);
        assert_eq!(policy.evaluate(request.to_string().as_bytes()).is_ok(), fits);
    }
}

/// The bytes that items use: from behind the colon to the end of each part, a default once for
/// every item.
#[test]
fn the_work_of_a_batch_is_bounded() {
    let policy = numbers();
    for (used, fits) in [(65_536, true), (65_537, false)] {
        let mut request = base();
        let parts = ["subject", "action", "resource", "context"];
        let bytes: usize = parts.iter().map(|part| request[part].to_string().len()).sum();
        request["context"]["pad"] = json!("x".repeat(used - bytes - ",\"pad\":\"\"".len()));
        request["evaluations"] = json!(vec![json!({}); 64]);
        assert_eq!(64 * used <= MAX_BATCH_BYTES, fits);
        assert_eq!(policy.evaluate(request.to_string().as_bytes()).is_ok(), fits, "{used}");
        // Items that are malformed themselves use nothing, and own parts stand in for defaults.
        let mut items = vec![json!({}); 63];
        items.extend([json!(null), json!({ "context": {} })]);
        request["evaluations"] = json!(items);
        assert!(policy.evaluate(request.to_string().as_bytes()).is_ok());
    }
}

/// The answer of one item is measured by itself, and then the limit is set to what `count` of them
/// come to, with the text around them and the commas between them.
#[test]
fn the_answer_to_a_batch_is_bounded() {
    let policy = numbers();
    let batch = |count| {
        let mut request = base();
        request["context"] = json!({});
        request["evaluations"] = json!(vec![json!({}); count]);
        request.to_string()
    };
    let one = policy.evaluate(batch(1).as_bytes()).unwrap().len() - r#"{"evaluations":[]}"#.len();
    for count in [1, 2, 10] {
        let exact = r#"{"evaluations":[]}"#.len() + count * one + (count - 1);
        for (answer_bytes, fits) in [(exact, true), (exact - 1, false), (0, false)] {
            let policy = policy.clone().with_limits(Limits { answer_bytes, ..Limits::default() });
            let answer = policy.evaluate(batch(count).as_bytes());
            assert_eq!(answer.as_ref().is_ok(), fits, "{count} items in {answer_bytes} bytes");
            match answer {
                Ok(answer) => assert_eq!(answer.len(), exact),
                Err(error) => assert_eq!(error.code(), Code::MalformedRequest),
            }
        }
    }
    // A single evaluation is no larger than the policy makes it.
    let policy = policy.with_limits(Limits { answer_bytes: 0, ..Limits::default() });
    assert!(policy.evaluate(base().to_string().as_bytes()).is_ok());
}
