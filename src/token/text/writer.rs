//! A writer that cuts credentials out of what is written.

use super::redact_decoding::DecodingRedactor;
use super::stream::Redactor;
use alloc::vec::Vec;
use core::fmt;

/// A writer of text before another one, which cuts credentials as [`Redactor`] does, or as
/// [`DecodingRedactor`] does.
///
/// ```
/// use cog_auth::token::RedactingWriter;
/// use std::fmt::Write;
///
/// let mut log = RedactingWriter::new(String::new());
/// write!(log, "refused: {}", "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7")?;
/// assert_eq!(log.finish()?, "refused: cog_…");
///
/// let mut log = RedactingWriter::decoding(String::new());
/// log.write_str("t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj")?;
/// log.write_str("1Bs5iHjYgW30jAxiy;")?;
/// assert_eq!(log.finish()?, "t=cog_1s015PnAAAABBBBCCCC…;");
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Debug)]
pub struct RedactingWriter<W> {
    cuts: Cuts,
    writer: W,
}

/// What is cut.
#[derive(Debug)]
enum Cuts {
    /// Credentials that stand in the text as they are.
    Plain(Redactor),
    /// Those that are encoded, too.
    Decoding(DecodingRedactor),
}

impl<W: fmt::Write> RedactingWriter<W> {
    /// A writer before this one, which cuts as [`redact`](super::redact) does.
    #[must_use]
    pub fn new(writer: W) -> Self {
        Self { cuts: Cuts::Plain(Redactor::new()), writer }
    }

    /// A writer before this one, which cuts as [`redact_decoding`](super::redact_decoding) does.
    #[must_use]
    pub fn decoding(writer: W) -> Self {
        Self { cuts: Cuts::Decoding(DecodingRedactor::new()), writer }
    }

    /// Writes the rest of the text, and gives the other writer back.
    ///
    /// # Errors
    ///
    /// Those of the other writer.
    pub fn finish(mut self) -> Result<W, fmt::Error> {
        let rest = match self.cuts {
            Cuts::Plain(redactor) => redactor.finish(),
            Cuts::Decoding(redactor) => redactor.finish(),
        };
        write(&mut self.writer, &rest)?;
        Ok(self.writer)
    }
}

impl<W: fmt::Write> fmt::Write for RedactingWriter<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let sure: Vec<u8> = match &mut self.cuts {
            Cuts::Plain(redactor) => redactor.push(text.as_bytes()),
            Cuts::Decoding(redactor) => redactor.push(text.as_bytes()),
        };
        write(&mut self.writer, &sure)
    }
}

fn write(writer: &mut impl fmt::Write, bytes: &[u8]) -> fmt::Result {
    writer.write_str(core::str::from_utf8(bytes).map_err(|_| fmt::Error)?)
}
