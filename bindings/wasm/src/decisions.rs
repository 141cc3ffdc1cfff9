//! What a policy says: decisions, actions, routes.

use crate::failure::Failure;
use crate::state::Call;
use cog_auth::policy::RouteError;

type Answered = Result<u32, Failure>;

/// Arguments: the request. Answers the response.
pub(crate) fn decide(call: &mut Call<'_>) -> Answered {
    let policy = call.loaded.policy(call.slot)?;
    let request = policy.request(call.arguments.bytes()?)?;
    call.answer.raw(request.decide().explain().to_json().as_bytes());
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
            answer.name("reason").string(error.name());
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
