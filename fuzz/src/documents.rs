//! Documents: which compile, and that a policy stays the same in every form.

use crate::base::source;
use crate::decider::Decider;
use crate::json::{Json, Reading, read};
use crate::weight::weight;
use crate::{canonical, sample};
use cog_auth::policy::{Checked, Policy, PolicyDigest};
use serde_json::Value;

/// What is too much for an evaluator that knows nothing but the text of the specification.
const MAX_WEIGHT: usize = 20_000;

/// Documents, a zero byte between them; and behind a byte 1, a request.
pub fn check(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 1);
    let texts: Vec<&[u8]> = parts.next().unwrap().split(|byte| *byte == 0).collect();
    compile(&texts, parts.next().unwrap_or_default());
}

/// Compiles documents, and where that succeeds, sees that it means the same in every form. The
/// digest, then.
pub(crate) fn compile(texts: &[&[u8]], request: &[u8]) -> Option<PolicyDigest> {
    let readings: Vec<Reading> = texts.iter().map(|text| read(text, 1_048_576, 32)).collect();
    let checked = match source(texts).check() {
        Err(errors) => {
            assert_eq!(errors.iter().count(), errors.len());
            assert!(errors.len() <= 100, "{errors}");
            for error in &errors {
                assert!(!error.message().is_empty());
                let at = error.document().and_then(|name| name.strip_suffix(".json")?.parse().ok());
                let text: Option<&&[u8]> = at.and_then(|at: usize| texts.get(at));
                let Some((text, start)) = text.zip(error.offset()) else { continue };
                // The place behind the end has the length 1, too.
                assert!(start + error.length() <= text.len().max(start + 1), "{error}");
                assert!(start <= text.len(), "{error}");
            }
            return None;
        }
        Ok(checked) => checked,
    };
    drop(checked.test());
    let policy = checked.policy();
    if readings.contains(&Reading::Unsure) {
        return Some(policy.digest());
    }
    let trees: Vec<&Json> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Json(json) => json,
            other => panic!("what serde_json says of a document that compiles: {other:?}"),
        })
        .collect();
    assert!(!trees.iter().any(|tree| tree.has_twins_anywhere()));
    let values: Vec<Value> = trees.iter().map(|tree| tree.value()).collect();
    stays_itself(&checked, texts, &canonical::bundle(&values), request);
    // The library's own answers were asked for above, however heavy it is.
    if weight(&values) <= MAX_WEIGHT {
        Decider::new(policy.clone(), &values).agrees(request);
    }
    Some(policy.digest())
}

/// The bundle is canonical, and bundle, image and documents in another order are the same policy.
fn stays_itself(checked: &Checked, texts: &[&[u8]], canonical: &str, request: &[u8]) {
    let (policy, bundle) = (checked.policy(), checked.bundle());
    assert_eq!(bundle, canonical);
    assert_eq!(PolicyDigest::of(bundle.as_bytes()), policy.digest());
    let again = source([bundle]).check_expecting(policy.digest()).unwrap();
    assert_eq!(again.bundle(), bundle);
    assert_eq!(again.policy().image(), policy.image());
    let reversed = source(texts.iter().rev()).check().unwrap().into_policy();
    assert_eq!((reversed.digest(), reversed.image()), (policy.digest(), policy.image()));
    let image = policy.image().to_vec();
    let loaded = Policy::from_image_expecting(image, policy.image_digest()).unwrap();
    assert_eq!(loaded.digest(), policy.digest());
    let answers = sample::answers(policy, request);
    assert_eq!(sample::answers(&loaded, request), answers);
    assert_eq!(sample::answers(again.policy(), request), answers);
}
