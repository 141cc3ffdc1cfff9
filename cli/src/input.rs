//! Keys, tokens, records, facts and requests: read from files, standard input or the environment,
//! up to a limit.

use crate::args::TokenFrom;
use crate::failure::Failure;
use crate::files::{read, read_file};
use crate::place::Place;
use crate::token_text;
use cog_auth::policy::MAX_REQUEST_BYTES;
use cog_auth::token::{EdgeKeys, MAX_RECORD_BYTES, Peppers, RootKeys};
use std::io;
use zeroize::Zeroizing;

/// Bytes that may be secret, wiped in the end.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// What can be read, standard input once.
pub(crate) struct Inputs {
    stdin_is_taken: Option<&'static str>,
    /// How many bytes a request or facts may have.
    request_bytes: usize,
    /// What a person should know of what was read: whole lines.
    notes: String,
}

impl Default for Inputs {
    fn default() -> Self {
        let notes = String::new();
        Self { stdin_is_taken: None, request_bytes: MAX_REQUEST_BYTES, notes }
    }
}

/// More than any token, header or line that holds one.
const MAX_TOKEN_BYTES: usize = 4_096;

impl Inputs {
    /// The token, from wherever it is, without the white space around it.
    pub(crate) fn token(&mut self, from: &TokenFrom) -> Result<Bytes, Failure> {
        let bytes = match &from.token_file {
            Some(place) => self.bytes("token", place, MAX_TOKEN_BYTES)?,
            None => match std::env::var_os(&from.token_env) {
                Some(value) => Zeroizing::new(value.into_encoded_bytes()),
                None => {
                    return Err(Failure::usage(format!(
                        "there is no token: set the environment variable {}, or give --token-file \
                         FILE (- for standard input)",
                        from.token_env
                    )));
                }
            },
        };
        let token = bytes.trim_ascii();
        let why = match token {
            [] => Some("it is empty, and should hold a token"),
            token => token_text::hidden_in(token),
        };
        if let Some(why) = why {
            let from = from.token_file.as_ref().map_or_else(
                || format!("the environment variable {}", from.token_env),
                Place::name,
            );
            return Err(Failure::file(&from, why));
        }
        Ok(Zeroizing::new(token.to_vec()))
    }

    pub(crate) fn root_keys(&mut self, place: &Place) -> Result<RootKeys, Failure> {
        let text = self.text("root key set", place, MAX_RECORD_BYTES)?;
        RootKeys::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    pub(crate) fn edge_keys(&mut self, place: &Place) -> Result<EdgeKeys, Failure> {
        let text = self.text("edge key set", place, MAX_RECORD_BYTES)?;
        EdgeKeys::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    pub(crate) fn peppers(&mut self, place: &Place) -> Result<Peppers, Failure> {
        let text = self.text("pepper set", place, MAX_RECORD_BYTES)?;
        Peppers::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    /// The text of a record, not yet read.
    pub(crate) fn record(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("record", place, MAX_RECORD_BYTES)
    }

    /// The text of facts, not yet read.
    pub(crate) fn facts(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("facts", place, self.request_bytes)
    }

    /// The text of an `AuthZEN` request, not yet read.
    pub(crate) fn request(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("request", place, self.request_bytes)
    }

    /// From now on requests and facts may have as many bytes.
    pub(crate) const fn limit_requests(&mut self, bytes: usize) {
        self.request_bytes = bytes;
    }

    /// Adds lines that a person should know.
    pub(crate) fn note(&mut self, lines: &str) {
        self.notes.push_str(lines);
    }

    /// What a person should know of what was read.
    pub(crate) fn take_notes(&mut self) -> String {
        std::mem::take(&mut self.notes)
    }

    /// Says what standard input is, which it can be once.
    pub(crate) fn take_stdin(&mut self, what: &'static str) -> Result<(), Failure> {
        match self.stdin_is_taken.replace(what) {
            Some(other) => Err(Failure::usage(format!(
                "standard input can be one thing only: the {other} or the {what}"
            ))),
            None => Ok(()),
        }
    }

    fn text(&mut self, what: &'static str, place: &Place, most: usize) -> Result<Bytes, Failure> {
        let bytes = self.bytes(what, place, most)?;
        if bytes.is_empty() {
            return Err(Failure::file(
                &place.name(),
                format!("it is empty, and should hold the {what}"),
            ));
        }
        if let Err(error) = std::str::from_utf8(&bytes) {
            let offset = error.valid_up_to();
            let why = format!("it is not text in UTF-8, from byte {offset} on");
            return Err(Failure::file(&place.name(), why));
        }
        Ok(bytes)
    }

    fn bytes(&mut self, what: &'static str, place: &Place, most: usize) -> Result<Bytes, Failure> {
        let bytes = Zeroizing::new(match place {
            Place::File(path) => read_file(path, most)?,
            Place::Stdin => {
                self.take_stdin(what)?;
                read(io::stdin().lock(), most)
                    .map_err(|error| Failure::file("standard input", error))?
            }
        });
        if bytes.len() > most {
            let why = format!("it has more than {most} bytes, and should hold the {what}");
            return Err(Failure::file(&place.name(), why));
        }
        Ok(bytes)
    }
}
