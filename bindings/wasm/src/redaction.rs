//! Cutting tokens out of a text.

use crate::failure::Answered;
use crate::state::Call;
use cog_auth::token;

/// Arguments: a text.
pub(crate) fn redact(call: &mut Call<'_>) -> Answered {
    Ok(call.answer.text(token::redact(call.arguments.text()?)))
}

/// Arguments: a text.
pub(crate) fn redact_decoding(call: &mut Call<'_>) -> Answered {
    Ok(call.answer.text(token::redact_decoding(call.arguments.text()?)))
}
