//! What was found, as SARIF 2.1.0 (OASIS), the form in which code hosts and editors take it.

use super::show::words;
use super::{Finding, Scanned};
use serde_json::{Value, json};

/// The rules, in the order in which results count them.
const RULES: [(&str, &str); 2] = [
    ("cog-auth/token", "A cog_ token: its form and its checksum are right."),
    ("cog-auth/looks-like-token", "Text that looks like a cog_ token: an older or a damaged one."),
];

pub(super) fn log(scanned: &Scanned) -> Value {
    let rules = RULES.map(|(id, text)| json!({"id": id, "shortDescription": {"text": text}}));
    let notifications: Vec<Value> = scanned
        .errors
        .iter()
        .map(|error| {
            let file = error.file.as_deref().unwrap_or_default();
            json!({
                "level": "error",
                "message": {"text": error.message},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(file)}}}]
            })
        })
        .collect();
    let results: Vec<Value> = scanned.findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cog-auth",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules
            }},
            "invocations": [{
                "executionSuccessful": scanned.errors.is_empty(),
                "toolExecutionNotifications": notifications
            }],
            "results": results
        }]
    })
}

fn result(finding: &Finding) -> Value {
    let rule = usize::from(finding.handle.is_none());
    let (id, _) = RULES.get(rule).copied().unwrap_or_default();
    let level = match &finding.handle {
        Some(_) if finding.verdict.is_harmless() => "note",
        Some(_) => "error",
        None => "warning",
    };
    let shown = finding.handle.as_deref().unwrap_or("cog_");
    let text = match words(finding) {
        words if words.is_empty() => format!("Token {shown}…"),
        words => format!("Token {shown}… ({words})"),
    };
    let mut result = json!({
        "ruleId": id,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(finding.folder.as_ref().unwrap_or(&finding.file))},
            "region": region(finding)
        }}],
        "properties": finding
    });
    if let (Some(handle), Some(members)) = (&finding.handle, result.as_object_mut()) {
        // The same token in another place is the same leak.
        members.insert("partialFingerprints".to_owned(), json!({"handle/v1": handle}));
    }
    result
}

/// Where it is in the file. What is in a name or in a message is nowhere in it, and stands at the
/// beginning.
fn region(finding: &Finding) -> Value {
    if finding.in_name || finding.folder.is_some() {
        return json!({"startLine": finding.line});
    }
    json!({
        "startLine": finding.line,
        "byteOffset": finding.offset,
        "byteLength": finding.length
    })
}

/// A path as a relative or absolute URI reference.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
