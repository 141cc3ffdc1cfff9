//! What a policy says: decisions, actions, routes.

use crate::failure::Answered;
use crate::state::Call;
use cog_auth::json_writer::Writer;
use cog_auth::policy::RouteError;

/// Arguments: the request. Answers the response.
pub(crate) fn decide(call: &mut Call<'_>) -> Answered {
    let policy = call.loaded.policy(call.slot)?;
    let request = policy.request(call.arguments.bytes()?)?;
    Ok(call.answer.text(request.decide().explain().to_json()))
}

/// Arguments: the request. Answers the response.
pub(crate) fn evaluate(call: &mut Call<'_>) -> Answered {
    let answer = call.loaded.policy(call.slot)?.evaluate(call.arguments.bytes()?)?;
    Ok(call.answer.text(answer))
}

/// Arguments: the request. Answers the response.
pub(crate) fn search_actions(call: &mut Call<'_>) -> Answered {
    let answer = call.loaded.policy(call.slot)?.search_actions(call.arguments.bytes()?)?;
    Ok(call.answer.text(answer))
}

/// Arguments: the method, the target.
pub(crate) fn route(call: &mut Call<'_>) -> Answered {
    let policy = call.loaded.policy(call.slot)?;
    let (method, target) = (call.arguments.text()?, call.arguments.text()?);
    let route = policy.route(method, target);
    Ok(call.answer.object(|w| {
        w.name("found").boolean(route.is_ok());
        match &route {
            Ok(route) => {
                w.name("action").string(route.action);
                if let Some(organization) = route.organization {
                    w.name("organization").string(organization);
                }
                w.name("undecided").strings(&route.undecided);
            }
            Err(error) => {
                w.name("reason").string(error.name());
                if let RouteError::MethodNotAllowed(methods) = error {
                    w.name("methods").strings(methods);
                }
            }
        }
    }))
}

/// No arguments. Answers a list of names.
pub(crate) fn actions(call: &mut Call<'_>) -> Answered {
    let mut writer = Writer::new();
    writer.strings(call.loaded.policy(call.slot)?.actions());
    Ok(call.answer.written(writer))
}
