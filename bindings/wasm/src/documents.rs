//! Policies from their JSON documents.

use crate::failure::{Answered, Failure};
use crate::policies::DIGEST;
use crate::state::Call;
use cog_auth::Error;
use cog_auth::json_writer::Writer;
use cog_auth::policy::{PolicyDigest, Source};

/// Arguments: the digest that the policy must have, if any; the list of names and texts,
/// alternately. Answers the image.
pub(crate) fn compile_documents(call: &mut Call<'_>) -> Answered {
    let expected = match call.arguments.optional_text()? {
        Some(digest) => Some(PolicyDigest::from_hex(digest).ok_or(DIGEST)?),
        None => None,
    };
    let source = source(call)?;
    let checked = match expected {
        Some(expected) => source.check_expecting(expected)?,
        None => source.check()?,
    };
    Ok(call.answer.copy(checked.policy().image()))
}

/// Arguments: the list of names and texts, alternately. Answers a list of errors.
pub(crate) fn check_documents(call: &mut Call<'_>) -> Answered {
    let errors = source(call)?.check().err();
    Ok(call.answer.written(list(errors.iter().flatten())))
}

/// Arguments: the list of names and texts, alternately. Answers a list of warnings.
pub(crate) fn warn_of_documents(call: &mut Call<'_>) -> Answered {
    let checked = source(call)?.check()?;
    Ok(call.answer.written(list(checked.warnings())))
}

fn list<'e>(errors: impl IntoIterator<Item = &'e Error>) -> Writer {
    let mut writer = Writer::new();
    writer.array(|w| {
        for error in errors {
            w.object(|w| cog_auth_answers::error(error, w));
        }
    });
    writer
}

/// Arguments: the list of names and texts, alternately. Answers the canonical bundle.
pub(crate) fn bundle_documents(call: &mut Call<'_>) -> Answered {
    let checked = source(call)?.check()?;
    Ok(call.answer.copy(checked.bundle().as_bytes()))
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
