//! Tokens in texts that arrive in pieces.

use crate::failure::Answered;
use crate::state::{Call, Item};
use cog_auth::json_writer::Writer;
use cog_auth::token::{Finding, Redactor, Scanner};

/// No arguments.
pub(crate) fn load_redactor(call: &mut Call<'_>) -> Answered {
    call.loaded.put(call.slot, Item::Redactor(Redactor::new()), Redactor::MAX_HELD)
}

/// Arguments: the next piece of the text. Answers the next piece of the text without tokens.
pub(crate) fn redactor_push(call: &mut Call<'_>) -> Answered {
    let redactor = call.loaded.redactor(call.slot)?;
    Ok(call.answer.bytes(redactor.push(call.arguments.bytes()?)))
}

/// No arguments. Answers the rest, and begins a new text.
pub(crate) fn redactor_finish(call: &mut Call<'_>) -> Answered {
    let redactor = core::mem::take(call.loaded.redactor(call.slot)?);
    Ok(call.answer.bytes(redactor.finish()))
}

/// No arguments.
pub(crate) fn load_scanner(call: &mut Call<'_>) -> Answered {
    call.loaded.put(call.slot, Item::Scanner(Scanner::new()), Scanner::MAX_HELD)
}

/// Arguments: the next piece of the text. Answers a list of what was found.
pub(crate) fn scanner_push(call: &mut Call<'_>) -> Answered {
    let found = call.loaded.scanner(call.slot)?.push(call.arguments.bytes()?);
    Ok(call.answer.written(list(&found)))
}

/// No arguments. Answers a list of what was found in the rest, and begins a new text.
pub(crate) fn scanner_finish(call: &mut Call<'_>) -> Answered {
    let found = core::mem::take(call.loaded.scanner(call.slot)?).finish();
    Ok(call.answer.written(list(&found)))
}

/// `start` and `end` in bytes from the beginning of the text, and the handle of what is a token.
fn list(found: &[Finding]) -> Writer {
    let mut writer = Writer::new();
    writer.array(|w| {
        for finding in found {
            let range = finding.range();
            w.object(|w| {
                w.name("start").natural(number(range.start));
                w.name("end").natural(number(range.end));
                if let Some(handle) = finding.handle() {
                    w.name("handle").string(handle.as_str());
                }
            });
        }
    });
    writer
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
