//! `token inspect` and `token verify`.

use crate::acceptance::{Presented, accepted, refused};
use crate::args::{TokenInspectArgs, TokenVerifyArgs};
use crate::clock;
use crate::failure::{Failure, json};
use crate::input::Inputs;
use crate::report::{Exit, Report};
use crate::style::{DIM, GOOD, WARN, paint};
use crate::unseen::plain;
use cog_auth::Time;
use cog_auth::token::{Handle, Record, Token};
use serde::Serialize;

/// How much is known of a token, and what it is.
#[derive(Default, Serialize)]
struct Known {
    level: &'static str,
    handle: String,
    kind: &'static str,
    key_id: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hard_expiry: Option<HardExpiry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizations: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<u64>,
}

#[derive(Serialize)]
struct HardExpiry {
    day: u32,
    date: String,
}

/// Says what the shape of a token says.
pub(crate) fn inspect(args: &TokenInspectArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let bytes = inputs.token(&args.token)?;
    Ok(match Token::parse(&bytes) {
        Ok(token) => known(
            "parsed",
            "It has the shape of a token. Nothing says yet that it was issued: `token verify` \
             does.",
            Known::of(token.handle()),
        ),
        Err(error) => refused(&error),
    })
}

/// Verifies a token, and accepts it where there is its record.
pub(crate) fn verify(args: &TokenVerifyArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let now = clock::now(args.now.time)?;
    if let Some(record) = &args.record {
        let from = Presented {
            token: &args.token,
            edge_keys: &args.edge_keys,
            record,
            peppers: args.peppers.as_ref(),
        };
        let (level, sentence) = match args.peppers {
            Some(_) => ("accepted_at_origin", "It is active, on the issuer's own word."),
            None => ("accepted_at_edge", "It is active, on the word of whoever keeps the records."),
        };
        return Ok(match accepted(&from, now, inputs)? {
            Ok(accepted) => {
                let of_token = Known::of(accepted.handle);
                known(level, sentence, of_token.with(&accepted.record, accepted.valid_until))
            }
            Err(refused) => refused,
        });
    }
    let bytes = inputs.token(&args.token)?;
    let edge_keys = inputs.edge_keys(&args.edge_keys)?;
    Ok(match Token::parse(&bytes).and_then(|token| edge_keys.verify(token, now)) {
        Ok(genuine) => known(
            "genuine",
            "It was made with this key and not changed. Only its record tells whether it is \
             active: --record FILE.",
            Known::of(genuine.handle()),
        ),
        Err(error) => refused(&error),
    })
}

impl Known {
    fn of(handle: Handle) -> Self {
        Self {
            handle: handle.to_string(),
            kind: handle.kind().name(),
            key_id: handle.key_id().to_string(),
            id: handle.id().to_string(),
            hard_expiry: handle
                .hard_expiry()
                .map(|day| HardExpiry { day: day.number(), date: clock::shown_day(day) }),
            ..Self::default()
        }
    }

    fn with(self, record: &Record, valid_until: Option<Time>) -> Self {
        Self {
            principal: Some(record.principal().to_owned()),
            name: record.name().map(str::to_owned),
            scopes: Some(record.scopes().names().map(str::to_owned).collect()),
            organizations: record.organizations().map(<[String]>::to_vec),
            valid_until: valid_until.map(Time::seconds),
            ..self
        }
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        let list = |names: &Vec<String>| {
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        };
        let expiry = self.hard_expiry.as_ref();
        let all = [
            ("handle", Some(self.handle.clone())),
            ("kind", Some(self.kind.to_owned())),
            ("key id", Some(self.key_id.clone())),
            ("id", Some(self.id.clone())),
            (
                "hard expiry",
                Some(
                    expiry.map_or_else(
                        || "none".to_owned(),
                        |day| format!("through {}, UTC", day.date),
                    ),
                ),
            ),
            ("principal", self.principal.clone()),
            ("name", self.name.clone()),
            ("scopes", self.scopes.as_ref().map(list)),
            ("organizations", self.organizations.as_ref().map(list)),
            (
                "valid until",
                self.valid_until.and_then(|time| Time::from_seconds(time).ok()).map(clock::shown),
            ),
        ];
        all.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
    }
}

fn known(level: &'static str, sentence: &str, known: Known) -> Report {
    let known = Known { level, ..known };
    let style = if level == "parsed" { WARN } else { GOOD };
    let mut text = format!("{}\n{sentence}\n", paint(style, &level.replace('_', " ")));
    for (name, value) in known.lines() {
        let name = format!("{name:13}");
        text.push_str(&format!("  {} {}\n", paint(DIM, &name), plain(&value)));
    }
    Report::new(Exit::Yes, text, json(&known))
}
