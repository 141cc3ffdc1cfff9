//! Finding tokens in files of any size, with a bounded amount of memory.

use crate::input::Bytes;
use cog_auth::token::{Encoding, Finding, Handle, Token, scan_decoding};
use std::io::{self, Read};
use zeroize::Zeroizing;

/// What looks like a token, and where it is in its file.
pub(crate) struct Found {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    /// Counted from 1, where a line ends with a line feed.
    pub(crate) line: u64,
    pub(crate) certainty: &'static str,
    pub(crate) handle: Option<Handle>,
    /// From the outside to the inside.
    pub(crate) encodings: Vec<&'static str>,
}

/// How much of a file is looked at in one go.
const CHUNK: usize = 1 << 20;

/// How much of that is looked at again with what follows: more than a token takes in any encoding.
const OVERLAP: usize = 1 << 13;

/// How much of what was looked at is kept before that: it tells whether a word goes on, and where
/// lines of something encoded begin.
const BEFORE: usize = 1 << 10;

/// Room for a piece of a file. Most files are small: to make it for each would take longer than to
/// look into them.
pub(crate) struct Buffer(Bytes);

impl Default for Buffer {
    fn default() -> Self {
        Self(Zeroizing::new(vec![0; CHUNK]))
    }
}

/// Finds tokens in what can be read, from front to back, and gives each with what was decoded. The
/// answer is how many bytes were read.
pub(crate) fn find(
    mut from: impl Read,
    Buffer(buffer): &mut Buffer,
    mut found: impl FnMut(Found, Option<Token>),
) -> io::Result<u64> {
    // What is kept of the last chunk, and where it begins in the file and in its lines.
    let (mut kept, mut start, mut line) = (0, 0_u64, 1_u64);
    let mut looked_at = 0;
    loop {
        let read = fill(&mut from, buffer.get_mut(kept..).unwrap_or_default())?;
        let length = kept.saturating_add(read);
        let chunk = buffer.get(..length).unwrap_or_default();
        let last = length < buffer.len();
        let until = if last { length } else { length.saturating_sub(OVERLAP) };
        let mut counted = 0;
        // All that this command finds, it finds here.
        for finding in scan_decoding(chunk) {
            let range = finding.range();
            if (looked_at..until).contains(&range.start) {
                line = line.saturating_add(lines(chunk.get(counted..range.start)));
                counted = range.start;
                let found_there = Found {
                    offset: start.saturating_add(as_u64(range.start)),
                    length: as_u64(range.len()),
                    line,
                    certainty: finding.certainty().name(),
                    handle: finding.handle(),
                    encodings: finding.encodings().map(Encoding::name).collect(),
                };
                found(found_there, Finding::token(&finding, chunk));
            }
        }
        if last {
            return Ok(start.saturating_add(as_u64(length)));
        }
        let keep_from = until.saturating_sub(BEFORE);
        if keep_from >= counted {
            line = line.saturating_add(lines(chunk.get(counted..keep_from)));
        } else {
            line = line.saturating_sub(lines(chunk.get(keep_from..counted)));
        }
        start = start.saturating_add(as_u64(keep_from));
        buffer.copy_within(keep_from..length, 0);
        kept = length.saturating_sub(keep_from);
        looked_at = until.saturating_sub(keep_from);
    }
}

/// Reads until the buffer is full or there is no more.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(read) => filled = filled.saturating_add(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn lines(text: Option<&[u8]>) -> u64 {
    as_u64(text.unwrap_or_default().iter().filter(|byte| **byte == b'\n').count())
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
