//! What a policy says: decisions, actions, routes.

use crate::failure::Answered;
use crate::state::Call;
use cog_auth::json_writer::Writer;

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
    Ok(call.answer.object(|w| cog_auth_answers::route(&route, w)))
}

/// No arguments. Answers a list of names.
pub(crate) fn actions(call: &mut Call<'_>) -> Answered {
    let mut writer = Writer::new();
    writer.strings(call.loaded.policy(call.slot)?.actions());
    Ok(call.answer.written(writer))
}
