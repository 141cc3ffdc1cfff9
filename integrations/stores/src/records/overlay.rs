//! What stores keep beside the text of a record, so that it can be written on its own: when the
//! credential was revoked, and when it was last used. Both are laid over the text as it is read.

use cog_auth::token::{MAX_RECORD_BYTES, Record};
use cog_auth::{Error, Time};
use std::borrow::Cow;

/// Times that count beside those in a record's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overlay {
    pub(crate) revoked_at: Option<Time>,
    pub(crate) last_used_at: Option<Time>,
}

impl Overlay {
    /// What a record says itself.
    pub(crate) fn of(record: &Record) -> Self {
        Self { revoked_at: record.revoked_at(), last_used_at: record.last_used_at() }
    }

    /// The text of the record with these times.
    ///
    /// A revocation is never dropped. A use is, if the record would be too long with it.
    pub(crate) fn over(self, text: &str) -> Result<Cow<'_, str>, Error> {
        if self == Self::default() {
            return Ok(Cow::Borrowed(text));
        }
        let mut record = Record::from_json(text.as_bytes())?;
        let says = Self::of(&record);
        if says.last_used_at >= self.last_used_at
            && (says.revoked_at.is_some() || self.revoked_at.is_none())
        {
            return Ok(Cow::Borrowed(text));
        }
        if let Some(at) = self.revoked_at {
            record = record.revoke(at);
        }
        if let Some(at) = self.last_used_at {
            let used = record.used(at).to_json();
            if used.len() <= MAX_RECORD_BYTES {
                return Ok(Cow::Owned(used));
            }
        }
        Ok(Cow::Owned(record.to_json()))
    }
}

#[cfg(test)]
mod tests {
    use super::Overlay;
    use cog_auth::Time;
    use cog_auth::token::{MAX_RECORD_BYTES, Record};

    fn text(more: &str) -> String {
        format!(
            r#"{{"v":1,"id":"AAAABBBBCCCC","kind":"service_user_key","principal":"a","edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE","scopes":[],"created_at":1798756600{more}}}"#
        )
    }

    fn at(seconds: u64) -> Option<Time> {
        Time::from_seconds(seconds).ok()
    }

    #[test]
    fn times_are_laid_over_the_text() {
        let overlay = Overlay { revoked_at: at(7), last_used_at: at(5) };
        let record = Record::from_json(overlay.over(&text("")).unwrap().as_bytes()).unwrap();
        assert_eq!((record.revoked_at(), record.last_used_at()), (at(7), at(5)));
    }

    #[test]
    fn the_first_revocation_and_the_last_use_stay() {
        let text = text(r#","last_used_at":9,"revoked_at":3"#);
        let overlay = Overlay { revoked_at: at(7), last_used_at: at(5) };
        assert_eq!(overlay.over(&text).unwrap(), text);
    }

    #[test]
    fn a_use_that_does_not_fit_is_dropped_and_a_revocation_is_not() {
        let empty = text(r#","metadata":{"a":""}"#).len();
        let filling = "x".repeat(MAX_RECORD_BYTES - empty);
        let full = text(&format!(r#","metadata":{{"a":"{filling}"}}"#));
        assert_eq!(full.len(), MAX_RECORD_BYTES);
        let used = Overlay { revoked_at: None, last_used_at: at(5) };
        assert_eq!(
            Record::from_json(used.over(&full).unwrap().as_bytes()).unwrap().last_used_at(),
            None
        );
        let revoked = Overlay { revoked_at: at(7), last_used_at: at(5) };
        assert!(revoked.over(&full).unwrap().contains(r#""revoked_at":7"#));
    }
}
