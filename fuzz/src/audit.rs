//! What of a method and a target stands in the audit record.

use crate::base::{BASE, NOW, time};
use crate::path::method_and_target;
use crate::spelling::{decoded, redacted};
use cog_auth::gate::{HttpRequest, Outcome, Step};
use serde_json::Value;

/// A method, a space and a target, which may be any bytes, tokens filled in.
pub fn check(data: &[u8]) {
    let (method, target) = method_and_target(data);
    let header = BASE.filled("Bearer {key}");
    let bodies: [&[&[u8]]; 2] = [&[], &[header.as_bytes()]];
    for authorization in bodies {
        let request = HttpRequest {
            method: &method,
            target: &target,
            authorization,
            context: None,
            client_address: None,
        };
        let [gate, _] = BASE.places();
        let outcome = match gate.begin(&request, time(NOW)).unwrap() {
            Step::Done(outcome) => outcome,
            Step::Record(needed) => match needed.absent() {
                Step::Done(outcome) => outcome,
                step => panic!("{step:?}"),
            },
            step => panic!("{step:?}"),
        };
        let Outcome::Refused(refused) = outcome else { panic!("{outcome:?}") };
        let audit: Value = serde_json::from_str(refused.audit()).unwrap();
        let path = target.split(|byte| *byte == b'?').next().unwrap();
        assert_eq!(audit["method"], shown(method.as_bytes()));
        assert_eq!(audit["target"], shown(path));
    }
}

/// What is shown of bytes that a client sent: docs/policy-language.md, section 15, *Audit record*.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(8_192)];
    let plain = decoded(bytes);
    let text = redacted(&plain, true);
    let text = if text == plain { redacted(bytes, true) } else { text };
    let piece = text.windows(7).position(|window| window == "cog_…".as_bytes());
    let text = piece.map_or(text.as_slice(), |place| &text[..place + 7]);
    let text = String::from_utf8_lossy(text).replace(char::is_control, "\u{fffd}");
    if text.chars().count() <= 256 { text } else { text.chars().take(256).chain(['…']).collect() }
}
