//! Accepting a token with its record, and saying why one is refused.

use crate::args::TokenFrom;
use crate::failure::{ErrorJson, Failure, json};
use crate::input::Inputs;
use crate::place::Place;
use crate::report::{Exit, Report};
use crate::style::{BAD, paint};
use crate::unseen::plain;
use cog_auth::token::{Handle, Record, Token};
use cog_auth::{Code, Error, Time};
use serde::Serialize;

/// Where a token is, and what it needs to be accepted: as at an origin if there are peppers, else
/// as at an edge.
pub(crate) struct Presented<'a> {
    pub(crate) token: &'a TokenFrom,
    pub(crate) edge_keys: &'a Place,
    pub(crate) record: &'a Place,
    pub(crate) peppers: Option<&'a Place>,
}

/// A token that was accepted, so that it is active.
pub(crate) struct Accepted {
    pub(crate) handle: Handle,
    pub(crate) record: Record,
    pub(crate) valid_until: Option<Time>,
}

/// Verifies a token and accepts it with its record; or gives the report that it is refused.
pub(crate) fn accepted(
    from: &Presented<'_>,
    now: Time,
    inputs: &mut Inputs,
) -> Result<Result<Accepted, Report>, Failure> {
    let bytes = inputs.token(from.token)?;
    let edge_keys = inputs.edge_keys(from.edge_keys)?;
    let peppers = from.peppers.map(|place| inputs.peppers(place)).transpose()?;
    let invalid = |error: &Error| Failure::invalid(&from.record.name(), error);
    let record =
        Record::from_json(&inputs.record(from.record)?).map_err(|error| invalid(&error))?;
    let genuine = match Token::parse(&bytes).and_then(|token| edge_keys.verify(token, now)) {
        Ok(genuine) => genuine,
        Err(error) => return Ok(Err(refused(&error))),
    };
    let handle = genuine.handle();
    let valid_until = match peppers {
        Some(peppers) => genuine
            .accept_at_origin(Some(record.clone()), &peppers, now)
            .map(|accepted| accepted.valid_until()),
        None => {
            genuine.accept_at_edge(Some(record.clone()), now).map(|accepted| accepted.valid_until())
        }
    };
    match valid_until {
        Ok(valid_until) => Ok(Ok(Accepted { handle, record, valid_until })),
        // A record that lacks the digest for this place says nothing against the token.
        Err(error) if error.code() == Code::InvalidRecord => Err(invalid(&error)),
        Err(error) => Ok(Err(refused(&error))),
    }
}

#[derive(Serialize)]
struct Refusal {
    refused: ErrorJson,
}

/// The report that a token is refused.
pub(crate) fn refused(error: &Error) -> Report {
    let text = format!("{} {}\n", paint(BAD, "refused:"), plain(&error.to_string()));
    Report::new(Exit::No, text, json(&Refusal { refused: ErrorJson::from(error) }))
}

/// The report of a refusal for which there is no error, with a sentence for it.
pub(crate) fn refused_because(code: Code, sentence: &str) -> Report {
    let code = code.name();
    let text = format!("{} {sentence} ({code})\n", paint(BAD, "refused:"));
    let refused =
        ErrorJson { code: Some(code), message: sentence.to_owned(), ..ErrorJson::default() };
    Report::new(Exit::No, text, json(&Refusal { refused }))
}
