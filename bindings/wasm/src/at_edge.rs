//! What an edge does with a token beside verifying it: the header, the record, the log.

use crate::answer::Answer;
use crate::failure::Failure;
use crate::state::Call;
use crate::tokens::genuine;
use alloc::string::String;
use cog_auth::Time;
use cog_auth::token::{Authorization, Record};

type Answered = Result<u32, Failure>;

/// Arguments: the list of header values. Answers the credential, if there is one for bearers.
pub(crate) fn authorization(call: &mut Call<'_>) -> Answered {
    let values = call.arguments.list()?;
    let read = cog_auth::token::authorization(values.iter().copied())?;
    call.answer.object(|answer| match read {
        Authorization::Nothing => answer.name("scheme").string("nothing"),
        Authorization::OtherScheme => answer.name("scheme").string("other"),
        Authorization::Bearer(credential) => {
            answer.name("scheme").string("bearer");
            // What is no text is no token either, and stays none when it is shown.
            let text = String::from_utf8_lossy(credential);
            answer.name("credential").string(&text);
        }
    });
    Ok(call.answer.length())
}

/// Arguments: a text.
pub(crate) fn redact(call: &mut Call<'_>) -> Answered {
    let text = cog_auth::token::redact(call.arguments.text()?);
    call.answer.raw(text.as_bytes());
    Ok(call.answer.length())
}

/// Arguments: the token, the time, the record or none if the store has none.
pub(crate) fn accept_at_edge(call: &mut Call<'_>) -> Answered {
    let genuine = genuine(call)?;
    let record = call.arguments.optional_bytes()?.map(Record::from_json).transpose()?;
    let now = call.arguments.time()?;
    let accepted = genuine.accept_at_edge(record, now)?;
    accept(call.answer, accepted.record(), accepted.valid_until());
    Ok(call.answer.length())
}

pub(crate) fn accept(answer: &mut Answer, record: &Record, valid_until: Option<Time>) {
    answer.object(|answer| {
        answer.name("principal").string(record.principal());
        if let Some(until) = valid_until {
            answer.name("validUntil").number(until.seconds());
        }
        answer.name("record").raw(record.to_json().as_bytes());
    });
}
