//! Policies: loading.

use crate::failure::{Answered, Failure, Wrong};
use crate::state::{Call, Item};
use cog_auth::policy::{ImageDigest, Policy};

/// For a text that is no digest.
pub(crate) const DIGEST: Failure =
    Failure::Call(&Wrong::argument("a digest is 64 lower-case hexadecimal digits"));

/// Arguments: the image, the digest that it must have, if any.
pub(crate) fn load_image(call: &mut Call<'_>) -> Answered {
    let size = call.arguments.len();
    let image = call.arguments.bytes()?.to_vec();
    let policy = match call.arguments.optional_text()? {
        Some(digest) => {
            let expected = ImageDigest::from_hex(digest).ok_or(DIGEST)?;
            Policy::from_image_expecting(image, expected)
        }
        None => Policy::from_image(image),
    }?;
    call.loaded.put(call.slot, Item::Policy(policy), size)
}

/// No arguments.
pub(crate) fn digest(call: &mut Call<'_>) -> Answered {
    let digest = call.loaded.policy(call.slot)?.digest().to_hex();
    Ok(call.answer.text(digest))
}
