//! The library answers AuthZEN 1.0 as `tests/cases/authzen/*.json` say. Every language's package
//! runs them; the files say how they are read.

use crate::common::cases::bytes;
use crate::common::{documents, json_files, root};
use cog_auth::policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn every_case_comes_out_as_written() {
    let policy = policy();
    let loaded = Policy::from_image(policy.image().to_vec()).unwrap();
    let digest = policy.digest().to_hex();
    let (mut names, mut failures) = (BTreeSet::new(), Vec::new());
    for (file, case) in cases() {
        let name = format!("{file}, {}", case["name"].as_str().unwrap());
        assert!(names.insert(name.clone()), "{name} stands twice");
        for member in case.as_object().unwrap().keys() {
            const KNOWN: [&str; 7] =
                ["name", "call", "request", "answer", "error", "why", "departs"];
            assert!(KNOWN.contains(&&**member), "{name}: {member}");
        }
        assert!(case["why"].as_str().is_some_and(|why| !why.is_empty()), "{name}: why?");
        let request = bytes(&case["request"], &str::to_owned);
        let expected = match case.get("answer") {
            Some(answer) => Ok(String::from_utf8(bytes(answer, &str::to_owned))
                .unwrap()
                .replace("{policy}", &digest)),
            None => Err(case["error"].as_u64().unwrap()),
        };
        // Twice of one policy: an answer leaves nothing behind.
        for policy in [&policy, &policy, &loaded] {
            let found = match case["call"].as_str().unwrap() {
                "evaluate" => policy.evaluate(&request),
                "search_actions" => policy.search_actions(&request),
                other => panic!("{name}: no call {other}"),
            };
            let found = found.map_err(|error| {
                assert!(error.offset().is_none_or(|offset| offset <= request.len()), "{name}");
                u64::from(error.code().number())
            });
            if found != expected {
                failures
                    .push(format!("{name}\n  expected {expected:.400?}\n  found    {found:.400?}"));
                break;
            }
        }
    }
    assert!(names.len() >= 350, "only {} cases", names.len());
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// Who serves the single evaluation alone reads it so: `evaluations` and `options` are unknown
/// members to that endpoint.
#[test]
fn single_evaluations_come_out_so_without_batches_too() {
    let policy = policy();
    let (mut single, mut ignored) = (0, 0);
    for (file, case) in cases() {
        let request = bytes(&case["request"], &str::to_owned);
        let alone = policy.request(&request).map(|request| request.decide().explain().to_json());
        let alone = alone.map_err(|error| error.code());
        if file == "single.json" {
            assert_eq!(alone, policy.evaluate(&request).map_err(|error| error.code()), "{case}");
            single += 1;
        } else if file == "batch.json" && alone.is_ok() {
            ignored += 1;
        }
    }
    assert!(single >= 180 && ignored >= 60, "{single} and {ignored}");
}

/// Section 5.5 and 7.2 of the standard: what is an answer at all, whatever it says.
#[test]
fn answers_have_the_form_of_the_standard() {
    let policy = policy();
    let mut decisions = 0;
    for (_, case) in cases() {
        let request = bytes(&case["request"], &str::to_owned);
        let answer = match case["call"].as_str().unwrap() {
            "evaluate" => policy.evaluate(&request),
            _ => policy.search_actions(&request),
        };
        let Ok(answer) = answer else { continue };
        let answer: Value = serde_json::from_str(&answer).unwrap();
        if let Some(results) = answer.get("results") {
            for result in results.as_array().unwrap() {
                assert!(result.as_object().unwrap().len() == 1 && result["name"].is_string());
            }
            continue;
        }
        let batch = answer.get("evaluations").map(|answers| {
            assert_eq!(answer.as_object().unwrap().len(), 1);
            answers.as_array().unwrap().iter()
        });
        for answer in batch.unwrap_or_else(|| std::slice::from_ref(&answer).iter()) {
            assert!(answer["decision"].is_boolean() && answer["context"].is_object(), "{answer}");
            decisions += 1;
        }
    }
    assert!(decisions >= 1_000, "only {decisions}");
}

/// Section 8.1 of the standard: what a search finds is permitted when it is asked for; and here,
/// nothing else is.
#[test]
fn searches_find_what_evaluations_permit() {
    let policy = policy();
    let mut searches = 0;
    for (_, case) in cases() {
        let Some(request) = case["request"].as_str() else { continue };
        if case["call"] != "search_actions" || case.get("error").is_some() {
            continue;
        }
        let found: Value =
            serde_json::from_str(&policy.search_actions(request.as_bytes()).unwrap()).unwrap();
        let permitted = policy.actions().filter(|action| {
            let mut request: Value = serde_json::from_str(request).unwrap();
            let members = request.as_object_mut().unwrap();
            members.retain(|name, _| ["subject", "resource", "context"].contains(&&**name));
            members.insert("action".into(), json!({ "name": action }));
            let answer = policy.evaluate(request.to_string().as_bytes()).unwrap();
            answer.starts_with(r#"{"decision":true"#)
        });
        let permitted: Vec<Value> = permitted.map(|action| json!({ "name": action })).collect();
        assert_eq!(found["results"], Value::from(permitted), "{}", case["name"]);
        searches += 1;
    }
    assert!(searches >= 20, "only {searches}");
}

fn policy() -> Policy {
    let text = std::fs::read_to_string(root().join("tests/cases/authzen/policy.json")).unwrap();
    documents([text.as_str()]).check().unwrap().into_policy()
}

/// All cases, each with the file that it is from.
fn cases() -> Vec<(String, Value)> {
    let files = json_files(&root().join("tests/cases/authzen")).into_iter();
    let files = files.filter(|(file, _)| file != "policy.json");
    let cases = files.flat_map(|(file, text)| {
        let mut json: Value = serde_json::from_str(&text).unwrap();
        let cases = std::mem::take(json["cases"].as_array_mut().unwrap());
        cases.into_iter().map(move |case| (file.clone(), case))
    });
    cases.collect()
}
