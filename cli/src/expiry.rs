//! When a new token ends: as the arguments say, and by default before long.

use crate::args::ExpiryFrom;
use crate::clock;
use crate::failure::Failure;
use cog_auth::Time;
use cog_auth::token::Kind;

const DAY: u64 = 86_400;

/// How many days a token is good if nothing was said. People make personal access tokens often and
/// forget them; what a service uses is replaced by those who run it.
const fn default_days(kind: Kind) -> u64 {
    match kind {
        Kind::PersonalAccessToken => 90,
        Kind::ServiceUserKey | Kind::Sample => 365,
    }
}

/// Refuses what would never be good.
pub(crate) fn check(from: &ExpiryFrom, not_before: Option<Time>, now: Time) -> Result<(), Failure> {
    if let Some(day) = from.hard_expiry.filter(|day| day.last_second() < now) {
        let day = clock::shown_day(day);
        return Err(Failure::usage(format!(
            "the hard expiry {day} has passed, so the token would never be good; give a later day"
        )));
    }
    if let Some(time) = from.expires_at.filter(|time| *time <= now) {
        let time = clock::shown(time);
        return Err(Failure::usage(format!(
            "the expiry {time} has passed, so the token would never be good; give a later time"
        )));
    }
    let Some(begin) = not_before else { return Ok(()) };
    let ends_before = from.expires_at.is_some_and(|end| end <= begin)
        || from.hard_expiry.is_some_and(|day| day.last_second() < begin);
    if ends_before {
        let begin = clock::shown(begin);
        return Err(Failure::usage(format!(
            "the token would end before {begin}, when it begins, and never be good; give a later \
             expiry or an earlier beginning"
        )));
    }
    Ok(())
}

/// What the record says of the expiry. A hard expiry is one, too, so nothing is added to it.
pub(crate) fn of_record(
    from: &ExpiryFrom,
    kind: Kind,
    not_before: Option<Time>,
    now: Time,
) -> Result<Option<Time>, Failure> {
    if !is_default(from) {
        return Ok(from.expires_at);
    }
    let begin = not_before.map_or(now, |begin| begin.max(now));
    let seconds = begin.seconds().saturating_add(default_days(kind).saturating_mul(DAY));
    Time::from_seconds(seconds).map(Some).map_err(|error| Failure::usage(error.to_string()))
}

/// What to say of it, with a space before.
pub(crate) fn sentence(expires_at: Option<Time>, from: &ExpiryFrom) -> String {
    let Some(time) = expires_at else { return String::new() };
    let why = if is_default(from) { ", since no expiry was given" } else { "" };
    format!(" It expires at {}{why}.", clock::shown(time))
}

const fn is_default(from: &ExpiryFrom) -> bool {
    from.expires_at.is_none() && from.hard_expiry.is_none() && !from.no_expiry
}
