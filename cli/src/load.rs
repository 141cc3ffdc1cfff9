//! Policies for commands: the built-in one, an image, or documents.

use crate::args::PolicyFrom;
use crate::diagnostics;
use crate::documents::{Documents, is_image};
use crate::failure::Failure;
use crate::files::read_file;
use cog_auth::Code;
use cog_auth::policy::{Checked, ImageDigest, Policy};

/// Larger than any image within the limits of documents.
const MAX_IMAGE_BYTES: usize = 64 << 20;

/// The policy that the arguments name, or the built-in one.
pub(crate) fn policy(from: &PolicyFrom) -> Result<Policy, Failure> {
    let Some(path) = &from.policy else { return Ok(Policy::builtin()) };
    let name = path.display().to_string();
    // `other` is the digest that people take for this one.
    let check = |found: String, other: &dyn Fn() -> Option<(String, &'static str)>| match &from
        .expect_digest
    {
        Some(expected) if *expected != found => Err(Failure::invalid_because(
            &name,
            format!(
                "the digest is {found}, and {expected} was expected{} ({}, {})",
                match other() {
                    Some((other, what)) if other == *expected => format!(", which is {what}"),
                    _ => String::new(),
                },
                Code::UnexpectedDigest.name(),
                Code::UnexpectedDigest.number()
            ),
        )),
        _ => Ok(()),
    };
    if is_image(path)? {
        let bytes = read_file(path, MAX_IMAGE_BYTES)?;
        check(ImageDigest::of(&bytes).to_hex(), &|| {
            let policy = Policy::from_image(bytes.clone()).ok()?;
            let what = "the digest of the policy in the image and not that of the image itself";
            Some((policy.digest().to_hex(), what))
        })?;
        return Policy::from_image(bytes).map_err(|error| Failure::invalid(&name, &error));
    }
    let policy = checked(&Documents::read(path)?)?.into_policy();
    check(policy.digest().to_hex(), &|| {
        let what = "the digest of the image that these documents compile to and not the policy's";
        Some((policy.image_digest().to_hex(), what))
    })?;
    Ok(policy)
}

/// Checks and compiles documents. A failure shows in them what is wrong.
pub(crate) fn checked(documents: &Documents) -> Result<Checked, Failure> {
    documents.source().check().map_err(|errors| diagnostics::failure(documents, &errors))
}
