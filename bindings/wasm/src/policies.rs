//! Policies: loading, deciding, routes.

use crate::failure::Failure;
use crate::state::{Call, Item};
use cog_auth::policy::{Digest, Policy, RouteError};

type Answered = Result<u32, Failure>;

const DIGEST: Failure = Failure::argument("a digest is 64 lower-case hexadecimal digits");

/// Arguments: the image, the digest that it must have, if any.
pub(crate) fn load_image(call: &mut Call<'_>) -> Answered {
    let image = call.arguments.bytes()?.to_vec();
    let policy = match digest_of(call.arguments.optional_text()?)? {
        Some(expected) => Policy::from_image_expecting(image, expected)?,
        None => Policy::from_image(image)?,
    };
    call.loaded.put(call.slot, Item::Policy(policy))
}

pub(crate) fn digest_of(text: Option<&str>) -> Result<Option<Digest>, Failure> {
    text.map(|text| Digest::from_hex(text).ok_or(DIGEST)).transpose()
}

/// Arguments: the request. Answers the response.
pub(crate) fn decide(call: &mut Call<'_>) -> Answered {
    let policy = call.loaded.policy(call.slot)?;
    let request = policy.request(call.arguments.bytes()?)?;
    call.answer.raw(request.decide().to_json().as_bytes());
    Ok(call.answer.length())
}

/// Arguments: the request. Answers the response.
pub(crate) fn evaluate(call: &mut Call<'_>) -> Answered {
    let answer = call.loaded.policy(call.slot)?.evaluate(call.arguments.bytes()?)?;
    call.answer.raw(answer.as_bytes());
    Ok(call.answer.length())
}

/// Arguments: the request. Answers the response.
pub(crate) fn search_actions(call: &mut Call<'_>) -> Answered {
    let answer = call.loaded.policy(call.slot)?.search_actions(call.arguments.bytes()?)?;
    call.answer.raw(answer.as_bytes());
    Ok(call.answer.length())
}

/// Arguments: the method, the target.
pub(crate) fn route(call: &mut Call<'_>) -> Answered {
    let policy = call.loaded.policy(call.slot)?;
    let (method, target) = (call.arguments.text()?, call.arguments.text()?);
    let route = policy.route(method, target);
    call.answer.object(|answer| match &route {
        Ok(route) => {
            answer.name("found").raw(b"true");
            answer.name("action").string(route.action);
            if let Some(organization) = route.organization {
                answer.name("organization").string(organization);
            }
            answer.name("undecided").strings(route.undecided.iter().copied());
        }
        Err(error) => {
            answer.name("found").raw(b"false");
            let name = match error {
                RouteError::InvalidPath => "invalid_path",
                RouteError::UnknownRoute => "unknown_route",
                RouteError::MethodNotAllowed(_) => "method_not_allowed",
            };
            answer.name("reason").string(name);
            if let RouteError::MethodNotAllowed(methods) = error {
                answer.name("methods").strings(methods.iter().copied());
            }
        }
    });
    Ok(call.answer.length())
}

/// No arguments. Answers a list of names.
pub(crate) fn actions(call: &mut Call<'_>) -> Answered {
    call.answer.strings(call.loaded.policy(call.slot)?.actions());
    Ok(call.answer.length())
}

/// No arguments.
pub(crate) fn digest(call: &mut Call<'_>) -> Answered {
    let digest = call.loaded.policy(call.slot)?.digest().to_hex();
    call.answer.raw(digest.as_bytes());
    Ok(call.answer.length())
}
