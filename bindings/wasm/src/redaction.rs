//! Cutting tokens out of a text.

use crate::failure::Answered;
use crate::state::Call;

/// Arguments: a text.
pub(crate) fn redact(call: &mut Call<'_>) -> Answered {
    Ok(call.answer.text(cog_auth::token::redact(call.arguments.text()?)))
}
