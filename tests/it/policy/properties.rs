//! What holds for every policy and every request.

use crate::common::documents;
use crate::common::rich::{ACTIONS, Draft, draft, rule, schema};
use crate::common::rich_facts::{Facts, facts, memberships, places, usable};
use cog_auth::policy::Policy;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn requests() -> impl Strategy<Value = Vec<Facts>> {
    prop::collection::vec(facts(), 6)
}

fn answer(policy: &Policy, facts: &Facts) -> Value {
    let text = facts.text();
    serde_json::from_str(&policy.request(text.as_bytes()).unwrap().decide().explain().to_json())
        .unwrap()
}

fn allows(policy: &Policy, facts: &Facts) -> bool {
    policy.request(facts.text().as_bytes()).unwrap().decide().is_allowed()
}

/// The answer without the policy's digest.
fn apart(mut answer: Value) -> Value {
    answer["context"].as_object_mut().unwrap().remove("policy");
    answer
}

/// Fisher and Yates's shuffle by some random numbers.
fn shuffle<T>(items: &mut [T], by: &[Index]) {
    for at in (1..items.len()).rev() {
        items.swap(at, by[at % by.len()].index(at + 1));
    }
}

fn dice() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 17)
}

/// A value as JSON with the members of its objects, and the items of all arrays but `keep` (`*`: of
/// none), in another order.
fn shuffled(value: &Value, by: &[Index], keep: &str) -> String {
    match value {
        Value::Object(members) => {
            let mut parts: Vec<String> = members
                .iter()
                .map(|(name, value)| {
                    let written = match value {
                        Value::Array(items) if name == keep || keep == "*" => {
                            let items: Vec<_> =
                                items.iter().map(|item| shuffled(item, by, keep)).collect();
                            format!("[{}]", items.join(","))
                        }
                        value => shuffled(value, by, keep),
                    };
                    format!("{}: {written}", json!(name))
                })
                .collect();
            shuffle(&mut parts, by);
            format!("{{{}}}", parts.join(" ,\n"))
        }
        Value::Array(items) => {
            let mut parts: Vec<_> = items.iter().map(|item| shuffled(item, by, keep)).collect();
            shuffle(&mut parts, by);
            format!("[\t{} ]", parts.join(","))
        }
        other => other.to_string(),
    }
}

/// A parsed answer written by hand in the order of section 10.
fn documented(answer: &Value) -> String {
    let objects = |list: &Value, names: &[&str]| {
        let one = |object: &Value| {
            let object = object.as_object().unwrap();
            let members =
                names.iter().filter_map(|name| Some(format!("\"{name}\":{}", object.get(*name)?)));
            let members: Vec<String> = members.collect();
            assert_eq!(members.len(), object.len(), "{list}");
            format!("{{{}}}", members.join(","))
        };
        format!("[{}]", list.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(","))
    };
    let context = answer["context"].as_object().unwrap();
    let names =
        ["class", "rules", "reasons", "possible", "missing", "unusable", "advice", "policy"];
    let members: Vec<String> = names
        .into_iter()
        .filter_map(|name| {
            let value = context.get(name)?;
            let text = match name {
                "reasons" | "advice" => objects(value, &["code", "message", "link"]),
                "unusable" => objects(value, &["pointer", "needs"]),
                _ => value.to_string(),
            };
            Some(format!("\"{name}\":{text}"))
        })
        .collect();
    assert_eq!(members.len(), context.len(), "{answer}");
    format!("{{\"decision\":{},\"context\":{{{}}}}}", answer["decision"], members.join(","))
}

/// The same facts with one thing more that was absent before, if the place was free.
fn grown(facts: &Facts, pointer: &str, value: &Value) -> Option<Facts> {
    let level = ["/subject/properties/roles", "/subject/properties/permissions"];
    // Both lists of a level are one attribute.
    let free = |pointer: &str| !facts.0.contains_key(pointer);
    let is_free =
        if level.contains(&pointer) { level.into_iter().all(free) } else { free(pointer) };
    // What lies below something that is no object cannot be learnt.
    is_free.then(|| {
        let mut more = facts.clone();
        more.0.insert(pointer.to_owned(), value.clone());
        more
    })
}

fn learnt() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    prop::collection::vec(
        select(places()).prop_flat_map(|pointer| (Just(pointer), usable(pointer))),
        12,
    )
}

#[test]
fn the_generators_reach_every_class() {
    let mut runner = TestRunner::deterministic();
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..100 {
        let policy = draft().new_tree(&mut runner).unwrap().current().policy();
        for facts in requests().new_tree(&mut runner).unwrap().current() {
            let class =
                answer(&policy, &facts)["context"]["class"].as_str().unwrap_or("allow").to_owned();
            *classes.entry(class).or_default() += 1;
        }
    }
    let least = *classes.values().min().unwrap();
    assert!(classes.len() == 5 && least >= 20, "{classes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn another_permit_only_widens(draft in draft(), permit in rule("permit"), id in select(vec!["a", "r3x", "z"]), requests in requests()) {
        let (policy, wider) = (draft.policy(), draft.with(permit, id).policy());
        for facts in requests {
            prop_assert!(!allows(&policy, &facts) || allows(&wider, &facts), "{}", facts.text());
        }
    }

    #[test]
    fn another_forbid_or_require_only_narrows(
        draft in draft(),
        more in prop_oneof![rule("forbid"), rule("require")],
        id in select(vec!["a", "r3x", "z"]),
        requests in requests(),
    ) {
        let (policy, narrower) = (draft.policy(), draft.with(more, id).policy());
        for facts in requests {
            prop_assert!(allows(&policy, &facts) || !allows(&narrower, &facts), "{}", facts.text());
        }
    }

    #[test]
    fn advice_touches_nothing_else(draft in draft(), advise in rule("advise"), requests in requests()) {
        let (policy, advised) = (draft.policy(), draft.with(advise, "z").policy());
        for facts in requests {
            let without = |policy| {
                let mut answer = apart(answer(policy, &facts));
                answer["context"].as_object_mut().unwrap().remove("advice");
                answer
            };
            prop_assert_eq!(without(&policy), without(&advised));
        }
    }

    #[test]
    fn order_and_split_of_documents_never_matter(draft in draft(), dice in dice(), cut in any::<Index>(), requests in requests()) {
        let (source, policy) = (draft.source(), draft.policy());
        let mut other = draft;
        shuffle(&mut other.rules, &dice);
        shuffle(&mut other.conditions, &dice);
        let Draft { conditions, rules } = &other;
        let (first, second) = rules.split_at(cut.index(rules.len() + 1));
        let mut texts = vec![
            shuffled(&serde_json::from_str(&schema()).unwrap(), &dice, "none"),
            shuffled(&json!({ "v": 1, "description": "x", "rules": first }), &dice, "*"),
            shuffled(&json!({ "v": 1, "rules": second, "routes": [], "conditions": conditions }), &dice, "*"),
        ];
        shuffle(&mut texts, &dice);
        let split = documents(texts.iter().map(String::as_str));
        let checked = source.check().unwrap();
        let bundled = documents([checked.bundle()]);
        for again in [split.check().unwrap(), bundled.check().unwrap()] {
            prop_assert_eq!(again.bundle(), checked.bundle());
            let again = again.policy();
            prop_assert_eq!(again.digest(), policy.digest());
            prop_assert!(again.image() == policy.image());
            for facts in &requests {
                prop_assert_eq!(answer(again, facts), answer(&policy, facts));
            }
        }
    }

    #[test]
    fn learning_never_turns_a_sure_answer(draft in draft(), requests in requests(), learnt in learnt()) {
        let policy = draft.policy();
        for facts in requests {
            let before = answer(&policy, &facts);
            if before["context"]["class"] == "indeterminate" {
                continue;
            }
            let mut facts = facts;
            for (pointer, value) in &learnt {
                let Some(more) = grown(&facts, pointer, value) else { continue };
                let after = answer(&policy, &more);
                prop_assert_eq!(&after["decision"], &before["decision"], "{} by {}", pointer, value);
                facts = more;
            }
        }
    }

    #[test]
    fn learning_in_a_membership_never_turns_a_sure_answer(
        draft in draft(), facts in facts(), entries in memberships(), organization in usable("/resource/properties/organization"),
        lists in (usable("/subject/properties/roles"), usable("/subject/properties/permissions")),
    ) {
        let policy = draft.policy();
        let mut facts = facts;
        facts.0.insert("/subject/properties/memberships".into(), entries.clone());
        let before = answer(&policy, &facts);
        if before["context"]["class"] == "indeterminate" {
            return Ok(());
        }
        for (index, entry) in entries.as_array().unwrap().iter().enumerate().filter(|(_, entry)| entry.is_object()) {
            let absent = |name: &str| entry.get(name).is_none_or(Value::is_null);
            let mut more = entries.clone();
            if absent("organization") {
                more[index]["organization"] = organization.clone();
            }
            if absent("roles") && absent("permissions") {
                more[index]["roles"] = lists.0.clone();
                more[index]["permissions"] = lists.1.clone();
            }
            facts.0.insert("/subject/properties/memberships".into(), more);
            prop_assert_eq!(&answer(&policy, &facts)["decision"], &before["decision"]);
        }
    }

    #[test]
    fn order_in_a_request_never_matters(draft in draft(), requests in requests(), dice in dice()) {
        let policy = draft.policy();
        for facts in requests {
            // `missing` and `unusable` name memberships by their place, and `unusable` names roles
            // so.
            let without = |text: &str, lists: &[&str]| {
                let mut answer: Value =
                    serde_json::from_str(&policy.request(text.as_bytes()).unwrap().decide().explain().to_json()).unwrap();
                let context = answer["context"].as_object_mut().unwrap();
                for list in lists {
                    context.remove(*list);
                }
                for unusable in context.get_mut("unusable").and_then(Value::as_array_mut).into_iter().flatten() {
                    let pointer = unusable["pointer"].as_str().unwrap();
                    if let Some((list, _)) = pointer.split_once("/roles/") {
                        unusable["pointer"] = json!(format!("{list}/roles/…"));
                    }
                }
                answer
            };
            let kept = shuffled(&facts.json(), &dice, "memberships");
            prop_assert_eq!(without(&kept, &[]), without(&facts.text(), &[]), "{}", kept);
            let all = shuffled(&facts.json(), &dice, "none");
            let lists = ["missing", "unusable"];
            prop_assert_eq!(without(&all, &lists), without(&facts.text(), &lists), "{}", all);
        }
    }

    #[test]
    fn answers_have_the_documented_form(draft in draft(), requests in requests()) {
        let policy = draft.policy();
        for facts in requests {
            let text = facts.text();
            let request = policy.request(text.as_bytes()).unwrap();
            let explanation = request.decide().explain();
            let json = explanation.to_json();
            prop_assert_eq!(&json, &policy.evaluate(text.as_bytes()).unwrap());
            let answer: Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&json, &documented(&answer));
            let context = answer["context"].as_object().unwrap();
            prop_assert!(context.values().all(|value| value.as_array().is_none_or(|list| !list.is_empty())));
            prop_assert_eq!(&context["policy"], &json!(policy.digest().to_hex()));
            let class = context.get("class").and_then(Value::as_str);
            prop_assert_eq!(class.is_none(), answer["decision"] == json!(true));
            let lacks = context.contains_key("missing") || context.contains_key("unusable");
            prop_assert_eq!(lacks, class == Some("indeterminate"));
            prop_assert_eq!(context.contains_key("rules"), class != Some("no_grant"));
            let incomplete = explanation.reasons().iter().map(|reason| reason.code).collect::<Vec<_>>() == ["incomplete_request"];
            prop_assert_eq!(incomplete, class == Some("indeterminate"));
            prop_assert!(incomplete || explanation.possible().is_empty());
            let pairs: Vec<_> = explanation.unusable().map(|it| (it.pointer().as_bytes(), it.needs().as_bytes())).collect();
            prop_assert!(pairs.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", pairs);
            // What is missing is not there, or null; what is unusable is there.
            let request = facts.json();
            let stands = |pointer: &str| request.pointer(pointer).is_some_and(|value| !value.is_null());
            prop_assert!(!explanation.missing().iter().any(|pointer| stands(pointer)), "{} {}", request, json);
            prop_assert!(explanation.unusable().all(|it| stands(it.pointer())), "{} {}", request, json);
            for list in ["rules", "missing"] {
                let list: Vec<&str> = context.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
                prop_assert!(list.windows(2).all(|pair| pair[0].as_bytes() < pair[1].as_bytes()), "{:?}", list);
            }
            for pointer in explanation.missing() {
                let place = pointer.split("/memberships/").next().unwrap();
                prop_assert!(places().contains(&place) || pointer.contains("/memberships") || place.starts_with("/subject/"), "{}", pointer);
            }
            let undeclared = json!([{ "code": "unknown_action", "message": "This action is not declared." }]);
            prop_assert_eq!(context.get("reasons") == Some(&undeclared), facts.0["/action/name"] == json!("Nope"));
        }
    }

    #[test]
    fn a_search_is_its_single_evaluations(draft in draft(), requests in requests()) {
        let policy = draft.policy();
        for facts in requests {
            let mut alone = facts.clone();
            alone.0.retain(|pointer, _| !pointer.starts_with("/action"));
            let allowed: Vec<Value> = ACTIONS
                .iter()
                .filter(|action| {
                    let mut one = alone.clone();
                    one.0.insert("/action/name".into(), json!(action));
                    allows(&policy, &one)
                })
                .map(|action| json!({ "name": action }))
                .collect();
            let expected = json!({ "results": allowed }).to_string();
            prop_assert_eq!(policy.search_actions(alone.text().as_bytes()).unwrap(), expected.clone());
            // A supplied action is ignored, whatever it holds.
            prop_assert_eq!(policy.search_actions(facts.text().as_bytes()).unwrap(), expected.clone());
            let mut odd = facts.json();
            odd["action"] = json!([null]);
            odd["evaluations"] = json!(1);
            odd["options"] = json!("x");
            prop_assert_eq!(policy.search_actions(odd.to_string().as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn a_batch_is_its_single_evaluations(
        draft in draft(), requests in requests(), defaults in facts(), lacking in prop::collection::vec(0..16_usize, 6),
        semantic in select(vec!["execute_all", "deny_on_first_deny", "permit_on_first_permit"]),
    ) {
        const PARTS: [&str; 4] = ["subject", "action", "resource", "context"];
        let policy = draft.policy();
        let mut batch = defaults.json();
        let (mut items, mut expected) = (Vec::new(), Vec::new());
        for (facts, lacking) in requests.iter().zip(lacking) {
            let (mut item, mut whole) = (facts.json(), facts.json());
            for (_, part) in (0..).zip(PARTS).filter(|(bit, _)| lacking >> bit & 1 == 1) {
                item.as_object_mut().unwrap().remove(part);
                match batch.get(part) {
                    Some(default) => whole[part] = default.clone(),
                    None => drop(whole.as_object_mut().unwrap().remove(part)),
                }
            }
            items.push(item);
            expected.push(policy.evaluate(whole.to_string().as_bytes()).unwrap());
        }
        batch["evaluations"] = json!(items);
        batch["options"] = json!({ "evaluations_semantic": semantic, "other": null });
        let stop = |answer: &String| match semantic {
            "deny_on_first_deny" => answer.starts_with("{\"decision\":false"),
            "permit_on_first_permit" => answer.starts_with("{\"decision\":true"),
            _ => false,
        };
        if let Some(last) = expected.iter().position(stop) {
            expected.truncate(last + 1);
        }
        let expected = format!("{{\"evaluations\":[{}]}}", expected.join(","));
        prop_assert_eq!(policy.evaluate(batch.to_string().as_bytes()).unwrap(), expected);
        batch["evaluations"] = json!([]);
        prop_assert_eq!(policy.evaluate(batch.to_string().as_bytes()).unwrap(), policy.evaluate(defaults.text().as_bytes()).unwrap());
    }
}
