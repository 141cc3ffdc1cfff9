//! Policies from their JSON documents.

use crate::failure::{Failure, write_all};
use crate::policies::policy_digest;
use crate::state::Call;
use cog_auth::policy::Source;

type Answered = Result<u32, Failure>;

/// Arguments: the digest that the policy must have, if any; the list of names and texts, alternately. Answers the image.
pub(crate) fn compile_documents(call: &mut Call<'_>) -> Answered {
    let expected = call.arguments.optional_text()?.map(policy_digest).transpose()?;
    let source = source(call)?;
    let checked = match expected {
        Some(expected) => source.check_expecting(expected)?,
        None => source.check()?,
    };
    call.answer.raw(checked.policy().image());
    Ok(call.answer.length())
}

/// Arguments: the list of names and texts, alternately. Answers a list of errors.
pub(crate) fn check_documents(call: &mut Call<'_>) -> Answered {
    let errors = source(call)?.check().err();
    write_all(errors.into_iter().flatten(), call.answer);
    Ok(call.answer.length())
}

/// Arguments: the list of names and texts, alternately. Answers the canonical bundle.
pub(crate) fn bundle_documents(call: &mut Call<'_>) -> Answered {
    let checked = source(call)?.check()?;
    call.answer.raw(checked.bundle().as_bytes());
    Ok(call.answer.length())
}

fn source(call: &mut Call<'_>) -> Result<Source, Failure> {
    let documents = call.arguments.list()?;
    let mut source = Source::new();
    for document in documents.chunks_exact(2) {
        if let [name, text] = document {
            let name = core::str::from_utf8(name).map_err(|_| Failure::UNICODE)?;
            source.add(name, text);
        }
    }
    Ok(source)
}
