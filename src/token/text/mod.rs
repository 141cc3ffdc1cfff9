//! Tokens in any text: finding them, and cutting them out. The rules are those of section "Finding
//! tokens in text" of `docs/token-format.md`.

// In reading order: where a prefix stands, what breaks a word, then what uses these.
mod breaks;
mod prefix;
mod redact;
mod scan;
mod stream;

pub use redact::redact;
pub use scan::{Finding, scan, scan_from};
pub use stream::{RedactingWriter, Redactor, Scanner};

pub(crate) use breaks::Joins;
pub(crate) use redact::redacted;
