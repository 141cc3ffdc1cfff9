//! What time it is, and how that is shown.

use cog_auth::Time;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) const DAY: u64 = 86_400;

/// The present second. A clock from before 1970 says 0, at which no credential is good.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_seconds(since.as_secs()).unwrap_or(Time::MAX)
}

/// As people read it: `Mon, 30 Nov 2026 11:06:40 GMT`. Times that no calendar has are `never`.
pub(crate) fn shown(time: Time) -> String {
    let last_of_calendar = 253_402_300_799;
    if time.seconds() > last_of_calendar {
        return "never".to_owned();
    }
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(time.seconds()));
    time.map_or_else(|| "never".to_owned(), httpdate::fmt_http_date)
}
