//! Finding tokens in files of any size, with a bounded amount of memory.

use crate::input::Bytes;
use cog_auth::token::{Handle, scan};
use std::io::{self, Read};
use zeroize::Zeroizing;

/// What looks like a token, and where it is in its file.
pub(crate) struct Found {
    pub(crate) offset: u64,
    /// Counted from 1, where a line ends with a line feed.
    pub(crate) line: u64,
    pub(crate) handle: Option<Handle>,
}

/// How much of a file is looked at in one go.
const CHUNK: usize = 1 << 20;

/// How much of that is looked at again with what follows. More than any token has.
const OVERLAP: usize = 1 << 12;

/// Room for a piece of a file. Most files are small: to make it for each would take longer than to
/// look into them.
pub(crate) struct Buffer(Bytes);

impl Default for Buffer {
    fn default() -> Self {
        Self(Zeroizing::new(vec![0; CHUNK]))
    }
}

/// Finds tokens in what can be read, from front to back, and gives each with its bytes. The answer
/// is how many bytes were read.
pub(crate) fn find(
    mut from: impl Read,
    Buffer(buffer): &mut Buffer,
    mut found: impl FnMut(Found, &[u8]),
) -> io::Result<u64> {
    // What is kept of the last chunk, and where it begins in the file and in its lines. The byte
    // before what is looked at next is kept, too: it may tell that a word goes on.
    let (mut kept, mut start, mut line) = (0, 0_u64, 1_u64);
    let mut looked_at = 0;
    loop {
        let read = fill(&mut from, buffer.get_mut(kept..).unwrap_or_default())?;
        let length = kept.saturating_add(read);
        let chunk = buffer.get(..length).unwrap_or_default();
        let last = length < buffer.len();
        let until = if last { length } else { length.saturating_sub(OVERLAP) };
        let mut counted = 0;
        for (at, end, handle) in looks_like_tokens(chunk) {
            if (looked_at..until).contains(&at) {
                line = line.saturating_add(lines(chunk.get(counted..at)));
                counted = at;
                let offset = start.saturating_add(as_u64(at));
                let bytes = chunk.get(at..end).unwrap_or_default();
                found(Found { offset, line, handle }, bytes);
            }
        }
        if last {
            return Ok(start.saturating_add(as_u64(length)));
        }
        let keep_from = until.saturating_sub(1);
        line = line.saturating_add(lines(chunk.get(counted..keep_from)));
        start = start.saturating_add(as_u64(keep_from));
        buffer.copy_within(keep_from..length, 0);
        kept = length.saturating_sub(keep_from);
        looked_at = 1;
    }
}

/// The places in a text, with where each ends. All that this command finds, it finds here.
fn looks_like_tokens(text: &[u8]) -> impl Iterator<Item = (usize, usize, Option<Handle>)> {
    scan(text).map(|finding| (finding.range().start, finding.range().end, finding.handle()))
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
