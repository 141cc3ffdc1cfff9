//! Cutting tokens out of text.

use crate::base::BASE;
use crate::spelling::redacted;
use cog_auth::token::{redact, scan};

/// What is cut is what docs/token-format.md says, and nothing is left to be cut.
pub fn check(data: &[u8]) {
    let text = BASE.filled(&String::from_utf8_lossy(data));
    let cut = redact(&text);
    assert_eq!(cut, redacted(&text));
    assert_eq!(redact(&cut), cut);
    assert_eq!(scan(cut.as_bytes()).count(), 0);
    for (name, token) in BASE.json["tokens"].as_object().unwrap() {
        assert!(!cut.contains(&token["token"].as_str().unwrap()[..24]), "{name}");
    }
}
