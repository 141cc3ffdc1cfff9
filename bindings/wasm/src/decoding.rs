//! Finding tokens in a text and in what is encoded in it, and saying which are genuine.

use crate::failure::Answered;
use crate::state::Call;
use cog_auth::json_writer::Writer;
use cog_auth::token;

/// Arguments: a text; the slot of edge keys, or nothing. Answers a list of what was found.
pub(crate) fn scan_decoding(call: &mut Call<'_>) -> Answered {
    let text = call.arguments.bytes()?;
    let keys = match call.arguments.optional_number()? {
        Some(slot) => Some(&**call.loaded.edge_keys(u32::try_from(slot).unwrap_or(u32::MAX))?),
        None => None,
    };
    let mut writer = Writer::new();
    writer.array(|w| {
        for finding in token::scan_decoding(text) {
            w.object(|w| {
                cog_auth_answers::finding(&finding, w);
                cog_auth_answers::genuine(&finding, text, keys, w);
            });
        }
    });
    Ok(call.answer.written(writer))
}
