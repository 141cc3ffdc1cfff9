//! The third level of certainty: a record vouches for the token.

use super::{CredentialId, ExpiryDay, Handle, Kind, Record};
use crate::time::Time;

/// A token and the record that vouches for it, wherever it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    handle: Handle,
    record: Record,
}

impl Accepted {
    pub(super) const fn new(handle: Handle, record: Record) -> Self {
        Self { handle, record }
    }

    pub(crate) const fn handle(&self) -> Handle {
        self.handle
    }

    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// The first second at which it is no longer good, as far as it has an end.
    pub(crate) fn valid_until(&self) -> Option<Time> {
        let hard_expiry = self.handle.hard_expiry().map(ExpiryDay::end);
        let mut first = hard_expiry;
        for time in [self.record.expires_at(), self.record.grace_until()] {
            if first.is_none_or(|first| time.is_some_and(|time| time < first)) {
                first = time;
            }
        }
        first
    }
}

/// Declares a type of accepted tokens. Its methods are the same wherever a token is accepted.
macro_rules! accepted {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $type {
            accepted: Accepted,
        }

        impl $type {
            pub(super) const fn of(accepted: Accepted) -> Self {
                Self { accepted }
            }

            /// The part of the token that may be shown.
            #[must_use]
            pub const fn handle(&self) -> Handle {
                self.accepted.handle
            }

            /// The kind of credential: never a sample.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                self.accepted.handle.kind()
            }

            /// The credential's id.
            #[must_use]
            pub const fn id(&self) -> CredentialId {
                self.accepted.handle.id()
            }

            /// The id of the service user or user that it authenticates as.
            #[must_use]
            pub fn principal(&self) -> &str {
                self.accepted.record.principal()
            }

            /// The record that vouches for it.
            #[must_use]
            pub const fn record(&self) -> &Record {
                &self.accepted.record
            }

            /// The first second at which it is no longer good, as far as is known now: the earliest
            /// of the end of its hard expiry, the record's `expires_at` and, once it is rotated,
            /// `grace_until`. None if it has no end.
            #[must_use]
            pub fn valid_until(&self) -> Option<Time> {
                self.accepted.valid_until()
            }
        }
    };
}

accepted! {
    /// A token that was accepted at an edge: the third level of certainty, on the word of the
    /// record store.
    ///
    /// Whoever can write the edge's records could have given the token another owner or wider
    /// scopes. The secret is wiped by now; what is left is the handle and the record.
    ///
    /// ```
    /// use cog_auth::{Time, token::{AcceptedAtEdge, KeyId, RootKey, Record, Token}};
    ///
    /// // The fixed keys, token and record of docs/token-format.md.
    /// let root = RootKey::new(KeyId::parse("01")?, &std::array::from_fn(|index| index as u8));
    /// let token = Token::parse(
    ///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// )?;
    /// let record = Record::from_json(br#"{
    ///     "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "a",
    ///     "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
    ///     "scopes": ["*"], "created_at": 1798756600
    /// }"#)?;
    /// let now = Time::from_seconds(1_798_800_000)?;
    /// let genuine = root.edge_keys().verify(token, now)?;
    /// let accepted: AcceptedAtEdge = genuine.accept_at_edge(Some(record), now)?;
    /// assert_eq!(accepted.principal(), "a");
    /// assert!(accepted.record().scopes().are_all());
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    AcceptedAtEdge
}

accepted! {
    /// A token that was accepted at an origin: the third level of certainty, on the word of the
    /// issuer, who alone can make the digest in the record.
    ///
    /// The secret is wiped by now; what is left is the handle and the record.
    ///
    /// ```
    /// use cog_auth::{Time, token::{AcceptedAtOrigin, KeyId, RootKey, Record, Token}};
    ///
    /// // The fixed keys, token and record of docs/token-format.md.
    /// let root = RootKey::new(KeyId::parse("01")?, &std::array::from_fn(|index| index as u8));
    /// let token = Token::parse(
    ///     b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
    /// )?;
    /// let record = Record::from_json(br#"{
    ///     "v": 1, "id": "AAAABBBBCCCC", "kind": "service_user_key", "principal": "a",
    ///     "digest": "$cog1$01$aV7_MStgHbaH3zc7w3BX_C3Si-9x_XfUi5mdqTGA_F4",
    ///     "scopes": ["*"], "created_at": 1798756600
    /// }"#)?;
    /// let now = Time::from_seconds(1_798_800_000)?;
    /// let genuine = root.edge_keys().verify(token, now)?;
    /// let accepted: AcceptedAtOrigin =
    ///     genuine.accept_at_origin(Some(record), &root.peppers(), now)?;
    /// assert_eq!(accepted.principal(), "a");
    /// assert!(accepted.record().scopes().are_all());
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    AcceptedAtOrigin
}
