//! Tokens in texts that arrive in pieces: in what stands there as it is, and in what is encoded
//! too.

use crate::failure::Answered;
use crate::state::{Call, Item};
use alloc::boxed::Box;
use alloc::vec::Vec;
use cog_auth::json_writer::Writer;
use cog_auth::token::{self, DecodingRedactor, DecodingScanner, Finding};

/// One that goes through a text and cuts tokens.
pub(crate) enum Redactor {
    Plain(token::Redactor),
    Decoding(Box<DecodingRedactor>),
}

impl Redactor {
    fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain(redactor) => redactor.push(piece),
            Self::Decoding(redactor) => redactor.push(piece),
        }
    }

    /// The rest. A new text begins.
    fn finish(&mut self) -> Vec<u8> {
        match self {
            Self::Plain(redactor) => core::mem::take(redactor).finish(),
            Self::Decoding(redactor) => core::mem::take(&mut **redactor).finish(),
        }
    }
}

/// One that goes through a text and finds tokens.
pub(crate) enum Scanner {
    Plain(token::Scanner),
    Decoding(Box<DecodingScanner>),
}

impl Scanner {
    fn push(&mut self, piece: &[u8]) -> Writer {
        match self {
            Self::Plain(scanner) => list(&scanner.push(piece), write),
            Self::Decoding(scanner) => list(&scanner.push(piece), write_decoded),
        }
    }

    /// What is in the rest. A new text begins.
    fn finish(&mut self) -> Writer {
        match self {
            Self::Plain(scanner) => list(&core::mem::take(scanner).finish(), write),
            Self::Decoding(scanner) => {
                list(&core::mem::take(&mut **scanner).finish(), write_decoded)
            }
        }
    }
}

/// No arguments.
pub(crate) fn load_redactor(call: &mut Call<'_>) -> Answered {
    let redactor = Redactor::Plain(token::Redactor::new());
    call.loaded.put(call.slot, Item::Redactor(redactor), token::Redactor::MAX_HELD)
}

/// No arguments.
pub(crate) fn load_decoding_redactor(call: &mut Call<'_>) -> Answered {
    let redactor = Redactor::Decoding(Box::default());
    call.loaded.put(call.slot, Item::Redactor(redactor), DecodingRedactor::MAX_HELD)
}

/// Arguments: the next piece of the text. Answers the next piece of the text without tokens.
pub(crate) fn redactor_push(call: &mut Call<'_>) -> Answered {
    let redactor = call.loaded.redactor(call.slot)?;
    Ok(call.answer.bytes(redactor.push(call.arguments.bytes()?)))
}

/// No arguments. Answers the rest, and begins a new text.
pub(crate) fn redactor_finish(call: &mut Call<'_>) -> Answered {
    Ok(call.answer.bytes(call.loaded.redactor(call.slot)?.finish()))
}

/// No arguments.
pub(crate) fn load_scanner(call: &mut Call<'_>) -> Answered {
    let scanner = Scanner::Plain(token::Scanner::new());
    call.loaded.put(call.slot, Item::Scanner(scanner), token::Scanner::MAX_HELD)
}

/// No arguments.
pub(crate) fn load_decoding_scanner(call: &mut Call<'_>) -> Answered {
    let scanner = Scanner::Decoding(Box::default());
    call.loaded.put(call.slot, Item::Scanner(scanner), DecodingScanner::MAX_HELD)
}

/// Arguments: the next piece of the text. Answers a list of what was found.
pub(crate) fn scanner_push(call: &mut Call<'_>) -> Answered {
    let found = call.loaded.scanner(call.slot)?.push(call.arguments.bytes()?);
    Ok(call.answer.written(found))
}

/// No arguments. Answers a list of what was found in the rest, and begins a new text.
pub(crate) fn scanner_finish(call: &mut Call<'_>) -> Answered {
    let found = call.loaded.scanner(call.slot)?.finish();
    Ok(call.answer.written(found))
}

fn list(found: &[Finding], write: fn(&Finding, &mut Writer)) -> Writer {
    let mut writer = Writer::new();
    writer.array(|w| {
        for finding in found {
            w.object(|w| write(finding, w));
        }
    });
    writer
}

/// `start` and `end` in bytes from the beginning of the text, and the handle of what is a token.
fn write(finding: &Finding, w: &mut Writer) {
    cog_auth_answers::place(finding, w);
    cog_auth_answers::handle(finding, w);
}

/// As the packages of other languages answer it.
fn write_decoded(finding: &Finding, w: &mut Writer) {
    cog_auth_answers::finding(finding, w);
}
