//! The present time: stores do I/O, so they may read a clock.

use cog_auth::Time;
use std::time::{SystemTime, UNIX_EPOCH};

/// The present second. A clock from before 1970 says 0, which no limit takes for fresh.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_seconds(since.as_secs()).unwrap_or(Time::MAX)
}
