//! Answers (section 10).

use serde_json::Value;

/// An answer but for the digest of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the request is allowed.
    pub decision: bool,
    /// The class of a denial.
    pub class: Option<&'static str>,
    /// The determining rules, sorted.
    pub rules: Vec<String>,
    /// The reasons of the determining rules, or a built-in one.
    pub reasons: Vec<Reason>,
    /// The codes of what may be the reasons, where that is not known.
    pub possible: Vec<String>,
    /// The pointers of places where nothing stands, or null.
    pub missing: Vec<String>,
    /// The places where something stands that cannot be used.
    pub unusable: Vec<Unusable>,
    /// The advice.
    pub advice: Vec<Reason>,
    /// Whether a wider scope would turn the denial into an allow. It is not in the JSON.
    pub curable_by_scope: bool,
}

/// A place where something stands that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Where it stands.
    pub pointer: String,
    /// What should stand there.
    pub needs: String,
}

/// A reason, or an advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its code.
    pub code: String,
    /// Its message, where it has one.
    pub message: Option<String>,
    /// Its link, where it has one.
    pub link: Option<String>,
}

/// No decision: the request breaks section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Reason {
    pub(crate) fn built_in(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: Some(message.to_owned()), link: None }
    }

    fn to_json(&self) -> String {
        let mut members = vec![format!(r#""code":{}"#, text(&self.code))];
        members.extend(self.message.iter().map(|it| format!(r#""message":{}"#, text(it))));
        members.extend(self.link.iter().map(|it| format!(r#""link":{}"#, text(it))));
        format!("{{{}}}", members.join(","))
    }
}

impl Unusable {
    fn to_json(&self) -> String {
        format!(r#"{{"pointer":{},"needs":{}}}"#, text(&self.pointer), text(&self.needs))
    }
}

impl Answer {
    /// The answer in the form of section 10.
    #[must_use]
    pub fn to_json(&self, policy: &str) -> String {
        let mut context = Vec::new();
        let mut list = |name: &str, items: Vec<String>| {
            if !items.is_empty() {
                context.push(format!(r#""{name}":[{}]"#, items.join(",")));
            }
        };
        list("rules", self.rules.iter().map(|it| text(it)).collect());
        list("reasons", self.reasons.iter().map(Reason::to_json).collect());
        list("possible", self.possible.iter().map(|it| text(it)).collect());
        list("missing", self.missing.iter().map(|it| text(it)).collect());
        list("unusable", self.unusable.iter().map(Unusable::to_json).collect());
        list("advice", self.advice.iter().map(Reason::to_json).collect());
        if let Some(class) = self.class {
            context.insert(0, format!(r#""class":"{class}""#));
        }
        context.push(format!(r#""policy":{}"#, text(policy)));
        format!(r#"{{"decision":{},"context":{{{}}}}}"#, self.decision, context.join(","))
    }
}

fn text(string: &str) -> String {
    Value::from(string).to_string()
}
