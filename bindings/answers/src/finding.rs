//! Tokens that were found in texts.

use crate::number;
use cog_auth::json_writer::Writer;
use cog_auth::token::{EdgeKeys, Encoding, Finding};
use cog_auth::{Code, Time};

/// `start` and `end` (byte offsets), `certainty`, `handle` for a token, and `encodings` (from the
/// outside to the inside).
pub fn finding(finding: &Finding, w: &mut Writer) {
    place(finding, w);
    w.name("certainty").string(finding.certainty().name());
    handle(finding, w);
    w.name("encodings").strings(finding.encodings().map(Encoding::name));
}

/// `start` and `end`.
pub fn place(finding: &Finding, w: &mut Writer) {
    let range = finding.range();
    w.name("start").natural(number(range.start));
    w.name("end").natural(number(range.end));
}

/// `handle`, for a token.
pub fn handle(finding: &Finding, w: &mut Writer) {
    if let Some(handle) = finding.handle() {
        w.name("handle").string(handle.as_str());
    }
}

/// `genuine`, for a token, if there are edge keys: whether it was minted with a root key of these,
/// also if it has expired since.
///
/// `text` is the one in which it was found.
pub fn genuine(finding: &Finding, text: &[u8], keys: Option<&EdgeKeys>, w: &mut Writer) {
    if let Some(genuine) = keys.and_then(|keys| is_genuine(finding, text, keys)) {
        w.name("genuine").boolean(genuine);
    }
}

/// None where there is no token.
fn is_genuine(finding: &Finding, text: &[u8], keys: &EdgeKeys) -> Option<bool> {
    let token = finding.token(text)?;
    // An expired token was minted by the issuer all the same, so any time serves.
    let refused = keys.verify(token, Time::MAX).err();
    Some(matches!(refused.map(|error| error.code()), None | Some(Code::Expired)))
}
