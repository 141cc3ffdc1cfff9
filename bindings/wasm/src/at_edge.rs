//! What an edge does with a token beside verifying it: the header, the record.

use crate::answer::Answer;
use crate::failure::Answered;
use crate::state::Call;
use crate::tokens::genuine;
use alloc::string::String;
use cog_auth::Time;
use cog_auth::json_writer::Writer;
use cog_auth::token::{Authorization, Record};

/// Arguments: the list of header values. Answers the credential, if there is one for bearers.
pub(crate) fn authorization(call: &mut Call<'_>) -> Answered {
    let values = call.arguments.list()?;
    let read = cog_auth::token::authorization(values.iter().copied())?;
    let (scheme, credential) = match read {
        Authorization::Nothing => ("nothing", None),
        Authorization::OtherScheme => ("other", None),
        // What is not text is not a token either, and stays none when it is shown.
        Authorization::Bearer(credential) => ("bearer", Some(String::from_utf8_lossy(credential))),
    };
    // With room for all of it, every byte of the credential being escaped, so that it never moves.
    let most = credential.as_ref().map_or(0, |text| text.len().saturating_mul(6));
    let mut writer = Writer::with_room(most.saturating_add(64));
    writer.object(|w| {
        w.name("scheme").string(scheme);
        if let Some(credential) = &credential {
            w.name("credential").string(credential);
        }
    });
    Ok(call.answer.written(writer))
}

/// Arguments: the token, the time, the record or none if the store has none.
pub(crate) fn accept_at_edge(call: &mut Call<'_>) -> Answered {
    let genuine = genuine(call)?;
    let record = call.arguments.optional_bytes()?.map(Record::from_json).transpose()?;
    let now = call.arguments.time()?;
    let accepted = genuine.accept_at_edge(record, now)?;
    Ok(accept(call.answer, accepted.record(), accepted.valid_until()))
}

pub(crate) fn accept(answer: &mut Answer, record: &Record, valid_until: Option<Time>) -> u32 {
    answer.object(|w| cog_auth_answers::accepted(record, valid_until, w))
}
