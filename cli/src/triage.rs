//! What is known of a token that was found: whether it is ours, and whether it still works.

use cog_auth::token::{CredentialId, EdgeKeys, Kind, Record, Token};
use cog_auth::{Code, Time};
use std::collections::HashMap;

/// By what a token is judged.
pub(crate) struct Triage {
    pub(crate) edge_keys: Option<EdgeKeys>,
    records: Option<HashMap<CredentialId, Vec<Record>>>,
    now: Time,
}

/// What is known.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Verdict {
    /// Whether an edge key has made it. None: there are no edge keys.
    pub(crate) ours: Option<bool>,
    /// The code that it is refused with, as far as that is known.
    pub(crate) code: Option<&'static str>,
    /// Whether its record says that it works. None: there are no records.
    pub(crate) active: Option<bool>,
}

impl Triage {
    pub(crate) fn new(
        edge_keys: Option<EdgeKeys>,
        records: Option<Vec<Record>>,
        now: Time,
    ) -> Self {
        let records = records.map(|records| {
            let mut by_id: HashMap<CredentialId, Vec<Record>> = HashMap::new();
            for record in records {
                by_id.entry(record.id()).or_default().push(record);
            }
            by_id
        });
        Self { edge_keys, records, now }
    }

    /// Judges what was found. Where it is no token, nothing is known of it.
    pub(crate) fn judge(&self, token: Option<&Token>) -> Verdict {
        let mut verdict = Verdict::default();
        let Some(token) = token else { return verdict };
        if let Some(keys) = &self.edge_keys {
            let copy = Token::parse(token.expose().as_bytes());
            let refused = copy.and_then(|token| keys.verify(token, self.now)).err();
            let code = refused.map(|error| error.code());
            verdict.ours = Some(matches!(code, None | Some(Code::Expired)));
            verdict.code = code.map(Code::name);
        }
        if let (Some(records), None | Some(true)) = (&self.records, verdict.ours) {
            let known = records.get(&token.id()).map(Vec::as_slice).unwrap_or_default();
            let of_token = known.iter().find(|record| is_of(record, token));
            let code = match of_token {
                Some(record) => record.inactive_because(self.now),
                None if known.is_empty() => Some(Code::UnknownCredential),
                None if known.iter().all(|record| record.kind() != token.kind()) => {
                    Some(Code::RecordMismatch)
                }
                None => Some(Code::DigestMismatch),
            };
            let code = self.refused_by_itself(token).or(code);
            let code = verdict.code.or(code.map(Code::name));
            verdict.active = Some(code.is_none());
            verdict.code = code;
        }
        verdict
    }

    /// What every verifier refuses, whatever keys and records it has.
    fn refused_by_itself(&self, token: &Token) -> Option<Code> {
        let is_past = token.hard_expiry().is_some_and(|day| self.now >= day.end());
        match token.kind() {
            Kind::Sample => Some(Code::SampleToken),
            Kind::ServiceUserKey | Kind::PersonalAccessToken => is_past.then_some(Code::Expired),
        }
    }
}

/// Whether a record is that of a token, as far as it can be told without peppers.
fn is_of(record: &Record, token: &Token) -> bool {
    let fits = |expected: &str| {
        token.edge_digest(record.principal()).is_ok_and(|digest| digest == expected)
    };
    record.kind() == token.kind() && record.edge_digest().is_none_or(fits)
}

impl Verdict {
    /// Whether nobody can use the token, now or later.
    pub(crate) fn is_harmless(self) -> bool {
        let is_yet_to_come = self.code == Some(Code::NotYetValid.name());
        self.ours == Some(false) || (self.active == Some(false) && !is_yet_to_come)
    }

    /// In words.
    pub(crate) fn words(self) -> String {
        let ours = match self.ours {
            Some(true) => Some("ours".to_owned()),
            Some(false) => Some("not ours".to_owned()),
            None => None,
        };
        let state = match (self.active, self.code) {
            (Some(true), _) => Some("active".to_owned()),
            (_, Some(code)) => Some(code.replace('_', " ")),
            (_, None) => None,
        };
        ours.into_iter().chain(state).collect::<Vec<_>>().join(", ")
    }
}
