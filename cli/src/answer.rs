//! `AuthZEN` answers, read back to be shown.

use crate::style::{BAD, DIM, GOOD, STRONG, WARN, paint};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An answer to one evaluation.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) decision: bool,
    #[serde(default)]
    pub(crate) context: Context,
}

/// What an answer says beside yes or no.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Context {
    pub(crate) class: Option<String>,
    pub(crate) rules: Vec<String>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) possible: Vec<String>,
    pub(crate) missing: Vec<String>,
    pub(crate) unusable: Vec<Unusable>,
    pub(crate) advice: Vec<Reason>,
    pub(crate) policy: String,
}

#[derive(Deserialize)]
pub(crate) struct Reason {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) link: Option<String>,
}

/// A place at which something stands that cannot be used.
#[derive(Deserialize)]
pub(crate) struct Unusable {
    pub(crate) pointer: String,
    pub(crate) needs: String,
}

/// A batch's answers.
#[derive(Deserialize)]
pub(crate) struct Answers {
    pub(crate) evaluations: Vec<Answer>,
}

impl Reason {
    /// `code: message`, or the code alone, and then the link.
    pub(crate) fn shown(&self) -> String {
        let mut shown = self.code.clone();
        if let Some(message) = &self.message {
            shown.push_str(&format!(": {message}"));
        }
        if let Some(link) = &self.link {
            shown.push_str(&format!(" ({link})"));
        }
        shown
    }

    /// The message, or the code where there is none.
    pub(crate) fn words(&self) -> &str {
        self.message.as_deref().unwrap_or(&self.code)
    }
}

impl Unusable {
    /// `pointer needs …`.
    pub(crate) fn shown(&self) -> String {
        format!("{} needs {}", self.pointer, self.needs)
    }
}

impl Answer {
    /// `allowed`, or the class of the denial.
    pub(crate) fn verdict(&self) -> &str {
        match &self.context.class {
            _ if self.decision => "allowed",
            Some(class) => class,
            None => "denied",
        }
    }

    /// All that the answer says, in lines.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let class = self.context.class.as_deref().unwrap_or_default();
        let head = if self.decision { paint(GOOD, "allowed") } else { paint(BAD, "denied") };
        out.push_str(&head);
        if !self.decision && !class.is_empty() {
            out.push_str(&format!(": {}", paint(STRONG, &plain(class))));
        }
        out.push('\n');
        out.push_str(&self.context.text());
        out
    }
}

impl Context {
    /// The codes of the reasons, those that may be true, what is missing, what cannot be used and
    /// the codes of advice, a line each.
    pub(crate) fn why(&self) -> Vec<String> {
        let codes = self.reasons.iter().map(|reason| reason.code.clone());
        let possible = self.possible.iter().map(|code| format!("  perhaps {code}"));
        let missing = self.missing.iter().map(|pointer| format!("  missing {pointer}"));
        let unusable = self.unusable.iter().map(|unusable| format!("  {}", unusable.shown()));
        let advice = self.advice.iter().map(|advice| format!("  advice {}", advice.code));
        codes.chain(possible).chain(missing).chain(unusable).chain(advice).collect()
    }

    /// Reasons, rules, what is missing or cannot be used, advice and the policy, in lines.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        lines(&mut out, "reason", self.reasons.iter().map(Reason::shown));
        lines(&mut out, "rule", self.rules.iter().cloned());
        lines(&mut out, "perhaps", self.possible.iter().cloned());
        lines(&mut out, "missing", self.missing.iter().cloned());
        lines(&mut out, "unusable", self.unusable.iter().map(Unusable::shown));
        for advice in &self.advice {
            let text = plain(&advice.shown());
            out.push_str(&format!("  {} {text}\n", paint(WARN, "advice  ")));
        }
        lines(&mut out, "policy", Some(self.policy.clone()));
        out
    }
}

/// What the codes of reasons mean, each once, under a table that shows the codes alone.
#[derive(Default)]
pub(crate) struct Legend {
    messages: BTreeMap<String, String>,
}

impl Legend {
    pub(crate) fn add(&mut self, reasons: &[Reason]) {
        for reason in reasons {
            if let Some(message) = &reason.message {
                self.messages.insert(reason.code.clone(), message.clone());
            }
        }
    }

    pub(crate) fn text(&self, width: usize) -> String {
        let mut table = Table::new(["", ""]);
        for (code, message) in &self.messages {
            table.row([Cell::new(STRONG, code), Cell::new(DIM, message)]);
        }
        if self.messages.is_empty() { String::new() } else { format!("\n{}", table.render(width)) }
    }
}

/// A line for each, under one name.
fn lines(out: &mut String, name: &str, texts: impl IntoIterator<Item = String>) {
    for text in texts {
        let name = format!("{name:8}");
        out.push_str(&format!("  {} {}\n", paint(DIM, &name), plain(&text)));
    }
}
