//! Accepted tokens.

use cog_auth::Time;
use cog_auth::json_writer::Writer;
use cog_auth::token::Record;

/// `principal`, `validUntil` (in seconds, left out where there is no end), `record`.
pub fn accepted(record: &Record, valid_until: Option<Time>, w: &mut Writer) {
    w.name("principal").string(record.principal());
    if let Some(until) = valid_until {
        w.name("validUntil").natural(until.seconds());
    }
    w.name("record").raw(&record.to_json());
}
