//! Driving the library's gate, and showing what comes out of it.

use crate::answer::{Reason, Unusable};
use crate::clock;
use crate::failure::json;
use crate::report::{Exit, Report};
use crate::style::{BAD, DIM, GOOD, STRONG, WARN, paint};
use crate::unseen::plain;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Refused, Step};
use cog_auth::{Error, Time};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// Where records and facts come from. `None` says that there is no such credential, or no such
/// principal.
pub(crate) trait Store {
    /// The record of a credential.
    fn record(&self, id: &str) -> Option<&[u8]>;
    /// The facts about a principal, and about the organization of the request.
    fn facts(&self, principal: &str, organization: Option<&str>) -> Option<&[u8]>;
}

/// Asks the store for what the gate needs, as a worker does, until there is an outcome.
pub(crate) fn drive(
    gate: &Gate,
    request: &HttpRequest<'_>,
    now: Time,
    store: &impl Store,
) -> Result<Outcome, Error> {
    let mut step = gate.begin(request, now)?;
    loop {
        step = match step {
            Step::Record(needed) => match store.record(needed.id().as_str()) {
                Some(record) => needed.found(record, Some(now)),
                None => needed.absent(),
            },
            Step::Facts(needed) => match store.facts(needed.principal(), needed.organization()) {
                Some(facts) => needed.found(facts),
                None => needed.absent(),
            },
            Step::Done(outcome) => return Ok(outcome),
        };
    }
}

/// An outcome, as programs and this command read it.
#[derive(Serialize)]
pub(crate) struct Shown {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    headers: Vec<(&'static str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<Box<RawValue>>,
    /// What is wrong with the record or the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
}

#[derive(Serialize)]
struct Cause {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

/// The audit record, as far as it is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Audit {
    pub(crate) code: Option<String>,
    principal: Option<Principal>,
    credential: Option<Credential>,
    action: Option<String>,
    organization: Option<String>,
    pub(crate) class: Option<String>,
    rules: Vec<String>,
    pub(crate) possible: Vec<String>,
    pub(crate) missing: Vec<String>,
    pub(crate) unusable: Vec<Unusable>,
    pub(crate) advice: Vec<String>,
    pub(crate) undecided: Vec<String>,
    valid_until: Option<u64>,
    policy: String,
}

#[derive(Deserialize)]
struct Principal {
    r#type: String,
    id: String,
}

#[derive(Deserialize)]
struct Credential {
    kind: String,
    handle: String,
    name: Option<String>,
}

/// The problem body of a refusal.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Body {
    title: String,
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) reasons: Vec<Reason>,
    possible: Vec<String>,
}

/// The fields keep their order.
fn as_object<S: Serializer>(
    headers: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name, value)))
}

impl Shown {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).ok();
        let nothing = Self {
            outcome: "",
            status: None,
            headers: Vec::new(),
            body: None,
            audit: None,
            cause: None,
        };
        match outcome {
            Outcome::Allowed(allowed) => {
                Self { outcome: "allowed", audit: raw(allowed.audit()), ..nothing }
            }
            Outcome::Refused(refused) => Self {
                outcome: "refused",
                status: Some(refused.status()),
                headers: refused.headers().map(|(name, value)| (name, value.to_owned())).collect(),
                body: raw(refused.body()),
                audit: raw(refused.audit()),
                cause: refused.cause().map(|cause| Cause {
                    message: cause.message().to_owned(),
                    offset: cause.offset(),
                }),
            },
            Outcome::PassOn => Self { outcome: "pass_on", ..nothing },
            Outcome::Preflight => Self { outcome: "preflight", ..nothing },
        }
    }
}

impl Audit {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let text = match outcome {
            Outcome::Allowed(allowed) => allowed.audit(),
            Outcome::Refused(refused) => refused.audit(),
            Outcome::PassOn | Outcome::Preflight => return Self::default(),
        };
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl Body {
    pub(crate) fn of(refused: &Refused) -> Self {
        serde_json::from_str(refused.body()).unwrap_or_default()
    }
}

/// The report of one request. A 503 says neither yes nor no: what was given could not be used.
pub(crate) fn report(outcome: &Outcome) -> Report {
    let audit = Audit::of(outcome);
    let json = json(&Shown::of(outcome));
    let (exit, mut text) = match outcome {
        Outcome::Allowed(_) => (Exit::Yes, format!("{}\n", paint(GOOD, "allowed"))),
        Outcome::Refused(refused) => {
            let exit = if refused.status() == 503 { Exit::Invalid } else { Exit::No };
            (exit, refusal_text(refused, &audit))
        }
        Outcome::PassOn => (Exit::No, format!("{}\n", paint(WARN, "pass on: an older credential"))),
        Outcome::Preflight => (Exit::No, format!("{}\n", paint(WARN, "preflight"))),
    };
    for (name, value) in audit.lines() {
        let name = format!("{name:12}");
        text.push_str(&format!("  {} {}\n", paint(DIM, &name), plain(&value)));
    }
    Report::new(exit, text, json)
}

/// Status, class, and what the client is told; and the true code, where the client is told another.
fn refusal_text(refused: &Refused, audit: &Audit) -> String {
    let body = Body::of(refused);
    let mut text =
        format!("{} {} {}", paint(BAD, "refused:"), refused.status(), plain(&body.title));
    if let Some(class) = &audit.class {
        text.push_str(&format!(", {}", paint(STRONG, &plain(class))));
    }
    text.push('\n');
    if audit.class.is_none() {
        let code = plain(refused.name());
        let told = if body.code == code {
            plain(&body.detail)
        } else {
            format!("the client is told no more than: {}", plain(&body.detail))
        };
        text.push_str(&format!("  {code}: {told}\n"));
    }
    for reason in &body.reasons {
        text.push_str(&format!("  {}\n", plain(&reason.shown())));
    }
    for code in &body.possible {
        text.push_str(&format!("  perhaps {}\n", plain(code)));
    }
    text
}

impl Audit {
    fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        if let Some(action) = &self.action {
            let place = self.organization.as_ref().map_or_else(
                || "the account itself".to_owned(),
                |organization| format!("organization {organization}"),
            );
            lines.push(("action", format!("{action}, in {place}")));
        }
        if let Some(principal) = &self.principal {
            lines.push(("principal", format!("{} {}", principal.r#type, principal.id)));
        }
        if let Some(credential) = &self.credential {
            let name = credential.name.as_ref().map(|name| format!(" ({name})"));
            let name = name.unwrap_or_default();
            lines.push(("credential", format!("{} {}{name}", credential.kind, credential.handle)));
        }
        lines.extend(self.rules.iter().map(|rule| ("rule", rule.clone())));
        lines.extend(self.missing.iter().map(|pointer| ("missing", pointer.clone())));
        lines.extend(self.unusable.iter().map(|unusable| ("unusable", unusable.shown())));
        lines.extend(self.advice.iter().map(|code| ("advice", code.clone())));
        lines.extend(self.undecided.iter().map(|action| ("undecided", action.clone())));
        if let Some(time) = self.valid_until.and_then(|time| Time::from_seconds(time).ok()) {
            lines.push(("valid until", clock::shown(time)));
        }
        if !self.policy.is_empty() {
            lines.push(("policy", self.policy.clone()));
        }
        lines
    }
}
