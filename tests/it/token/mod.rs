//! Tokens: the format, keys, records, headers and scanning.
//!
//! Only what reads the gate's cases or makes a policy needs a feature.

mod crypto;
mod docs;
mod encodings;
mod merging;
mod properties;
mod records;
mod redacting;
mod rotation;
#[cfg(feature = "documents")]
mod secrets;
mod streams;
mod text;
#[cfg(feature = "documents")]
mod values;
mod vectors;
