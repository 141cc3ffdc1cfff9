//! Policies for commands: the built-in one, an image, or documents.

use crate::args::PolicyFrom;
use crate::diagnostics;
use crate::documents::{Documents, Held, held};
use crate::failure::Failure;
use crate::input::Inputs;
use cog_auth::Code;
use cog_auth::policy::{Checked, ImageDigest, Policy};

/// The policy that the arguments name, or the built-in one. Requests are read up to its limits from
/// then on.
pub(crate) fn policy(from: &PolicyFrom, inputs: &mut Inputs) -> Result<Policy, Failure> {
    let limits = from.limits.limits();
    inputs.limit_requests(limits.request_bytes);
    let Some(place) = &from.policy else { return Ok(Policy::builtin().with_limits(limits)) };
    let name = place.name();
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
    match held(place, limits, inputs)? {
        Held::Image(bytes) => {
            check(ImageDigest::of(&bytes).to_hex(), &|| {
                let policy = Policy::from_image(bytes.clone()).ok()?;
                let what = "the digest of the policy in the image and not that of the image itself";
                Some((policy.digest().to_hex(), what))
            })?;
            let policy = Policy::from_image(bytes).map_err(|error| Failure::invalid(&name, &error));
            policy.map(|policy| policy.with_limits(limits))
        }
        Held::Documents(documents) => {
            let policy = checked(&documents)?.into_policy();
            check(policy.digest().to_hex(), &|| {
                let what =
                    "the digest of the image that these documents compile to and not the policy's";
                Some((policy.image_digest().to_hex(), what))
            })?;
            inputs.note(&documents.notes());
            Ok(policy)
        }
    }
}

/// Checks and compiles documents. A failure shows in them what is wrong.
pub(crate) fn checked(documents: &Documents) -> Result<Checked, Failure> {
    documents.source().check().map_err(|errors| diagnostics::failure(documents, &errors))
}
