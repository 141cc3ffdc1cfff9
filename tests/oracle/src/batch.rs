//! Batches (section 11).

use crate::answer::{Answer, Malformed};
use crate::decide::nested;
use crate::policy::Oracle;
use serde_json::{Value, json};

/// What a request that may be a batch is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a single evaluation.
    Single(Answer),
    /// The answers of the items up to the last one evaluated.
    Batch(Vec<Answer>),
}

/// The most items of a batch.
const ITEMS: usize = 1_000;

impl Outcome {
    /// The answer in the form of sections 10 and 11.
    #[must_use]
    pub fn to_json(&self, policy: &str) -> String {
        match self {
            Self::Single(answer) => answer.to_json(policy),
            Self::Batch(answers) => {
                let answers: Vec<String> = answers.iter().map(|it| it.to_json(policy)).collect();
                format!(r#"{{"evaluations":[{}]}}"#, answers.join(","))
            }
        }
    }
}

impl Oracle {
    /// The answer to a request that may be a batch.
    ///
    /// # Errors
    ///
    /// The request is malformed as a whole.
    pub fn batch(&self, request: &Value) -> Result<Outcome, Malformed> {
        nested(request, 0)?;
        let members = request.as_object().ok_or(Malformed)?;
        let semantic = match members.get("options") {
            None => None,
            Some(options) => options.as_object().ok_or(Malformed)?.get("evaluations_semantic"),
        };
        let stop_on = match semantic.map(|it| it.as_str().ok_or(Malformed)).transpose()? {
            None | Some("execute_all") => None,
            Some("deny_on_first_deny") => Some(false),
            Some("permit_on_first_permit") => Some(true),
            Some(_) => return Err(Malformed),
        };
        let items = match members.get("evaluations") {
            None => &[],
            Some(items) => items.as_array().ok_or(Malformed)?.as_slice(),
        };
        if items.is_empty() {
            return self.answer(request).map(Outcome::Single);
        }
        if items.len() > ITEMS {
            return Err(Malformed);
        }
        let mut answers = Vec::new();
        for item in items {
            let mut single = json!({});
            for name in ["subject", "action", "resource", "context"] {
                if let Some(part) = item.get(name).or_else(|| members.get(name)) {
                    single[name] = part.clone();
                }
            }
            let answer = if item.is_object() { self.answer(&single) } else { Err(Malformed) };
            let answer = answer.unwrap_or(Answer { class: Some("malformed"), ..Answer::default() });
            let decision = answer.decision;
            answers.push(answer);
            if stop_on == Some(decision) {
                break;
            }
        }
        Ok(Outcome::Batch(answers))
    }
}
