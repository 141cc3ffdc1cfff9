//! Finding tokens in files of any size, with a bounded amount of memory.

use crate::input::Bytes;
use cog_auth::token::{DecodingScanner, Encoding, Finding, Handle, Token};
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

impl Found {
    /// What was found on a line.
    pub(crate) fn on_line(line: u64, finding: &Finding) -> Self {
        let range = finding.range();
        Self {
            offset: as_u64(range.start),
            length: as_u64(range.len()),
            line,
            certainty: finding.certainty().name(),
            handle: finding.handle(),
            encodings: finding.encodings().map(Encoding::name).collect(),
        }
    }
}

/// How much of a file is read in one go.
const READ: usize = 1 << 18;

/// How much of that is searched in one go, so that it is at hand for all that looks at it.
const PIECE: usize = 1 << 14;

/// How much of what was searched is kept: a token that is found late stands in it.
const KEPT: usize = DecodingScanner::MAX_HELD;

/// Room for a part of a file. Most files are small: to make it for each would take longer than to
/// look into them.
pub(crate) struct Buffer(Bytes);

impl Default for Buffer {
    fn default() -> Self {
        Self(Zeroizing::new(vec![0; KEPT.saturating_add(READ)]))
    }
}

/// Finds tokens in what can be read, from front to back, and gives each with what was decoded. The
/// answer is how many bytes were read.
pub(crate) fn find(
    mut from: impl Read,
    Buffer(buffer): &mut Buffer,
    mut found: impl FnMut(Found, Option<Token>),
) -> io::Result<u64> {
    let mut scanner = DecodingScanner::new();
    let mut lines = Lines { line: 1, counted: 0 };
    // What is kept of what was read before, and where it begins in the file.
    let (mut kept, mut start) = (0_usize, 0_usize);
    loop {
        let read = fill(&mut from, buffer.get_mut(kept..).unwrap_or_default())?;
        let length = kept.saturating_add(read);
        let end = start.checked_add(length).ok_or(io::ErrorKind::FileTooLarge)?;
        let part = buffer.get(..length).unwrap_or_default();
        let mut note = |finding: Finding| {
            let line = lines.up_to(finding.range().start, part, start);
            found(Found::on_line(line, &finding), finding.token_in_part(part, start));
        };
        for piece in part.get(kept..).unwrap_or_default().chunks(PIECE) {
            scanner.push(piece).into_iter().for_each(&mut note);
        }
        if length < buffer.len() {
            scanner.finish().into_iter().for_each(note);
            return Ok(as_u64(end));
        }
        let keep_from = length.saturating_sub(KEPT);
        lines.up_to(start.saturating_add(keep_from), part, start);
        buffer.copy_within(keep_from..length, 0);
        (kept, start) = (KEPT.min(length), start.saturating_add(keep_from));
    }
}

/// The lines of a file, counted as far as it was needed.
struct Lines {
    line: u64,
    counted: usize,
}

impl Lines {
    /// The line of a place in a file, of which the part from `start` on is at hand. No place may be
    /// before the last one. What begins before the part is one long word, which has no end of a
    /// line in it.
    fn up_to(&mut self, place: usize, part: &[u8], start: usize) -> u64 {
        if let Some(passed) =
            part.get(self.counted.saturating_sub(start)..place.saturating_sub(start))
        {
            let ends = passed.iter().filter(|byte| **byte == b'\n').count();
            self.line = self.line.saturating_add(as_u64(ends));
            self.counted = place;
        }
        self.line
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

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
