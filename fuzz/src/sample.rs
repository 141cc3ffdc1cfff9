//! A few questions to any policy, so that two can be compared by their answers.

use crate::base::BASE;
use crate::path::found;
use cog_auth::policy::{MAX_MISSING, Policy};
use serde_json::Value;
use std::sync::LazyLock;

/// Some requests of the built-in policy's cases, as texts.
pub(crate) static REQUESTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let named =
        BASE.documents.iter().filter_map(|document| document["tests"]["requests"].as_object());
    named.flatten().step_by(2).take(6).map(|(_, request)| request.to_string()).collect()
});

const TARGETS: [(&str, &str); 4] = [
    ("GET", "/v3/organizations/org-a/sessions"),
    ("HEAD", "/v3/enterprise/self"),
    ("DELETE", "/v3/organizations/org-a/tags/a%2Fb"),
    ("PUT", "/"),
];

/// What a policy says to the sample and to one request more. Whatever it says, it keeps to the
/// limits.
pub(crate) fn answers(policy: &Policy, more: &[u8]) -> Vec<String> {
    let mut answers = Vec::new();
    for request in REQUESTS.iter().map(String::as_bytes).chain([more]) {
        let answer = policy.evaluate(request).map_err(|error| error.to_string());
        if let Ok(answer) = &answer {
            serde_json::from_str::<Value>(answer).expect("an answer is JSON");
        }
        answers.push(format!("{answer:?}"));
        answers.push(format!("{:?}", policy.search_actions(request)));
        if let Ok(request) = policy.request(request) {
            let decision = request.decide();
            let explanation = decision.explain();
            let missing = explanation.missing();
            assert!(missing.len() <= MAX_MISSING && missing.is_sorted());
            assert!(explanation.rules().is_sorted());
            assert_eq!(decision.is_allowed(), decision.denial().is_none());
            assert_eq!(decision.is_allowed(), explanation.is_allowed());
            assert_eq!(decision.denial(), explanation.denial());
            answers.push(format!("{:?}", explanation.insufficient_scope()));
        }
    }
    answers.extend(
        TARGETS.iter().map(|(method, target)| format!("{:?}", found(policy.route(method, target)))),
    );
    answers.push(policy.actions().collect::<Vec<_>>().join(" "));
    answers
}
