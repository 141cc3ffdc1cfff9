//! Tokens in any text: finding them, and cutting them out. The rules are those of section "Finding
//! tokens in text" of `docs/token-format.md`.

// In reading order: what breaks a word, where a prefix stands, what is found, then what uses these.
mod break_parts;
mod breaks;
mod prefix;

mod finding;
mod redact;
mod scan;
mod stream;
mod tail;

// What the smallest builds leave out: they use nothing of it.
mod decoding;
mod encoded;
mod redact_decoding;
mod writer;

pub use decoding::{DecodingScanner, scan_decoding};
pub use finding::{Certainty, Encoding, Finding};
pub use redact::redact;
pub use redact_decoding::{DecodingRedactor, redact_decoding};
pub use scan::{scan, scan_from};
pub use stream::{Redactor, Scanner};
pub use writer::RedactingWriter;

pub(crate) use breaks::Joins;
pub(crate) use redact::{redacted, redacted_text};
