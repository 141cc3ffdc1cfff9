//! Whether a record belongs to a token: the check that differs between edges and origins.

use super::{Peppers, Record, Token};
use crate::error::{Code, Error};
use core::fmt;
use core::panic::RefUnwindSafe;

/// Checks a record's digest, as an edge does or as an origin does.
///
/// It is a trait so that a module for edges does not contain what only origins need.
pub(crate) trait DigestCheck: fmt::Debug + Send + Sync + RefUnwindSafe {
    /// Checks that the record has the digest of this place, and that it is the token's.
    fn check(&self, token: &Token, record: &Record) -> Result<(), Error>;
}

/// The check at an edge, which trusts its record store: the edge digest is compared.
#[derive(Debug)]
pub(crate) struct EdgeDigestCheck;

impl DigestCheck for EdgeDigestCheck {
    fn check(&self, token: &Token, record: &Record) -> Result<(), Error> {
        let Some(stored) = &record.fields().edge_digest else {
            return Err(missing("the record has no edge_digest"));
        };
        check_identity(token, record)?;
        stored.is_of(token.bytes(), record.principal())?.then_some(()).ok_or_else(mismatch)
    }
}

/// The check at an origin, which has the peppers: the digest is compared.
impl DigestCheck for Peppers {
    fn check(&self, token: &Token, record: &Record) -> Result<(), Error> {
        let Some(stored) = &record.fields().digest else {
            return Err(missing("the record has no digest"));
        };
        check_identity(token, record)?;
        if stored.key_id() != token.key_id() {
            return Err(Error::new(Code::RecordMismatch));
        }
        stored.is_of(token.bytes(), record.principal(), self)?.then_some(()).ok_or_else(mismatch)
    }
}

fn check_identity(token: &Token, record: &Record) -> Result<(), Error> {
    if record.id() != token.id() || record.kind() != token.kind() {
        return Err(Error::new(Code::RecordMismatch));
    }
    Ok(())
}

fn missing(reason: &'static str) -> Error {
    Error::new(Code::InvalidRecord).because(reason)
}

fn mismatch() -> Error {
    Error::new(Code::DigestMismatch)
}
