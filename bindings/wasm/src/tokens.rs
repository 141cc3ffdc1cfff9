//! Tokens: parsing, verifying, and at an edge the header and the record.

use crate::failure::{Answered, Failure};
use crate::state::{Call, Item, KEYS};
use cog_auth::token::{EdgeKeys, ExpiryDay, Genuine, Token};

/// Arguments: the key set.
#[cfg(feature = "full")]
pub(crate) fn load_edge_keys(call: &mut Call<'_>) -> Answered {
    let size = call.arguments.len().saturating_mul(KEYS);
    let keys = EdgeKeys::from_json(call.arguments.bytes()?)?;
    call.loaded.put(call.slot, Item::EdgeKeys(keys.into()), size)
}

/// Arguments: the key set's use, which is empty if it is none, and of each key the id and the
/// characters. JavaScript has read the JSON.
#[cfg(not(feature = "full"))]
pub(crate) fn load_edge_keys(call: &mut Call<'_>) -> Answered {
    let size = call.arguments.len().saturating_mul(KEYS);
    let purpose = call.arguments.bytes()?;
    if purpose.is_empty() {
        return Err(Failure::KEY_SET);
    }
    let arguments = &mut call.arguments;
    let keys = core::iter::from_fn(|| {
        Some((arguments.bytes().ok()?, arguments.bytes().unwrap_or_default()))
    });
    let keys = EdgeKeys::from_parts(purpose, keys)?;
    call.loaded.put(call.slot, Item::EdgeKeys(keys.into()), size)
}

/// Arguments: the token. Answers its hard expiry.
pub(crate) fn parse(call: &mut Call<'_>) -> Answered {
    let token = Token::parse(call.arguments.bytes()?)?;
    Ok(day(token.hard_expiry()))
}

/// Arguments: the token, the time. Answers its hard expiry.
pub(crate) fn verify(call: &mut Call<'_>) -> Answered {
    Ok(day(genuine(call)?.hard_expiry()))
}

/// Arguments: the token, the time.
pub(crate) fn genuine(call: &mut Call<'_>) -> Result<Genuine, Failure> {
    let keys = call.loaded.edge_keys(call.slot)?;
    let token = Token::parse(call.arguments.bytes()?)?;
    Ok(keys.verify(token, call.arguments.time()?)?)
}

/// A day as its number, 0 for none.
fn day(day: Option<ExpiryDay>) -> u32 {
    day.map_or(0, ExpiryDay::number)
}
