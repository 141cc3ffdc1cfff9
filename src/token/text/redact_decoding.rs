//! Cutting credentials out of text and out of what is encoded in it.

use super::Joins;
use super::encoded::{BEHIND, Encoded};
use super::finding::Finding;
use super::redact::{AHEAD, CUT, Cutter};
use super::stream::whole_characters;
use super::tail::Tail;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;
use zeroize::Zeroizing;

/// How much is gone over at once at most. What stands in place of something that is cut is shorter.
const STEP: usize = 1 << 12;

/// As [`redact`](super::redact), and in what is encoded.
///
/// All that [`redact`](super::redact) cuts is cut. Each token that stands in the text in an
/// encoding, as [`scan_decoding`](super::scan_decoding) finds it, is cut too, with every byte that
/// holds a part of it: its handle and `…` stand in its place. What is encoded must parse, so the
/// half of an encoded token stays. Section "Tokens in encodings" of `docs/token-format.md` has it
/// in full.
///
/// ```
/// use cog_auth::token::redact_decoding;
///
/// let query =
///     "t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy&";
/// assert_eq!(redact_decoding(query), "t=cog_1s015PnAAAABBBBCCCC…&");
///
/// // `me:` and the example token, as HTTP Basic sends them.
/// let header =
///     "Basic bWU6Y29nXzFzMDE1UG5BQUFBQkJCQkNDQ0NERERERUVFRUZGRkZHR0dHSEhISElJSUlKSkpKS0s1ODZnZ2Jl\
///     YTJxajFCczVpSGpZZ1czMGpBeGl5";
/// assert_eq!(redact_decoding(header), "Basic bWU6cog_1s015PnAAAABBBBCCCC…");
/// ```
#[must_use]
pub fn redact_decoding(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    DecodingCutter::new().cut(text.as_bytes(), 0, text.len(), usize::MAX, &mut out);
    // What is cut out begins and ends with ASCII, so the rest is still UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// [`redact_decoding`] for a text that arrives in pieces, such as a log.
///
/// What comes out is, joined, what [`redact_decoding`] makes of the joined pieces, however the text
/// was broken up. A tail is held back, for a token may begin in it: at most
/// [`DecodingRedactor::MAX_HELD`] bytes. [`DecodingRedactor::finish`] gives the rest.
///
/// The pieces are bytes and may be cut anywhere. If the text is UTF-8, each piece that comes out
/// is.
///
/// ```
/// use cog_auth::token::DecodingRedactor;
///
/// let mut redactor = DecodingRedactor::new();
/// let mut out = redactor.push(b"t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586g");
/// out.extend(redactor.push(b"gbea2qj1Bs5iHjYgW30jAxiy;"));
/// out.extend(redactor.finish());
/// assert_eq!(String::from_utf8(out).unwrap(), "t=cog_1s015PnAAAABBBBCCCC…;");
/// ```
pub struct DecodingRedactor {
    cutter: DecodingCutter,
    tail: Tail,
}

impl DecodingRedactor {
    /// How many bytes are held back at most: those behind a place that decide what is there and
    /// those before it that are looked at again, twice, so that they are not moved for every small
    /// piece.
    pub const MAX_HELD: usize = AHEAD.saturating_add(BEHIND).saturating_mul(2);

    /// A redactor at the beginning of a text.
    #[must_use]
    pub fn new() -> Self {
        Self { cutter: DecodingCutter::new(), tail: Tail::default() }
    }

    /// Takes the next piece, and gives what of the text is sure, which may be nothing.
    #[must_use = "this is the next part of the text"]
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.tail.push(piece);
        let (text, start) = (self.tail.bytes(), self.tail.start());
        if text.len() > Self::MAX_HELD {
            let limit = text.len().saturating_sub(AHEAD);
            let sure = start.saturating_add(whole_characters(text, limit.saturating_sub(BEHIND)));
            self.cutter.cut(text, start, limit, sure, &mut out);
            self.tail.forget_before(self.cutter.needed());
        }
        out
    }

    /// Gives the rest of the text.
    #[must_use = "this is the end of the text"]
    pub fn finish(mut self) -> Vec<u8> {
        let (text, start) = (self.tail.bytes(), self.tail.start());
        let mut out = Vec::with_capacity(text.len());
        self.cutter.cut(text, start, text.len(), usize::MAX, &mut out);
        out
    }
}

impl Default for DecodingRedactor {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for DecodingRedactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodingRedactor").finish_non_exhaustive()
    }
}

/// A search for what is encoded, and one that cuts what stands there as it is. All places are those
/// of the whole text.
struct DecodingCutter {
    encoded: Encoded,
    plain: Cutter,
    /// How far the plain cutter is.
    at: usize,
    /// What is encoded and not cut yet, in the order in which it begins.
    found: Vec<Finding>,
    /// Up to where all is cut.
    cut_to: usize,
}

impl DecodingCutter {
    const fn new() -> Self {
        Self {
            encoded: Encoded::START,
            plain: Cutter::new(Joins::Known),
            at: 0,
            found: Vec::new(),
            cut_to: 0,
        }
    }

    /// Cuts what begins before a sure place. The text begins at a place of the whole. It is
    /// searched up to a limit in it, behind which it has [`AHEAD`] bytes more, or ends; what is
    /// encoded is known up to [`BEHIND`] bytes before that.
    fn cut(&mut self, text: &[u8], start: usize, limit: usize, sure: usize, out: &mut Vec<u8>) {
        self.encoded.find(text, start, limit, &mut self.found);
        // Of what begins together, the longest holds the others.
        self.found.sort_by_key(|found| (found.range().start, Reverse(found.range().end)));
        let sure = sure.min(start.saturating_add(text.len()));
        let mut passed = 0;
        // It may have what is cut in the end, so it is wiped, and never grows.
        let mut shown = Zeroizing::new(Vec::with_capacity(STEP));
        while self.at < sure {
            let begin = self.at;
            let rest = text.get(begin.saturating_sub(start)..).unwrap_or_default();
            shown.clear();
            let limit = sure.saturating_sub(begin).min(STEP);
            let length = self.plain.step(rest, limit, &mut shown);
            self.at = begin.saturating_add(length);
            let bytes = rest.get(..length).unwrap_or_default();
            let step = Step { begin, bytes, is_cut: *shown != bytes };
            passed = self.merge(&step, &shown, passed, out);
        }
        self.found.drain(..passed);
    }

    /// Writes what stays of a step, and the mark of everything encoded that begins before its end,
    /// unless it lies within what was cut already. Of what was found, so many are passed; how many
    /// are passed then comes back.
    fn merge(&mut self, step: &Step<'_>, shown: &[u8], passed: usize, out: &mut Vec<u8>) -> usize {
        let end = step.end();
        let begun = self.found.iter().skip(passed).take_while(|found| found.range().start < end);
        let mut count = passed;
        // Characters that belong to something that was cut before have no mark, and may come in
        // several steps.
        let mut is_marked = !step.is_cut || shown.is_empty();
        for found in begun {
            count = count.saturating_add(1);
            let range = found.range();
            let covers = range.start <= step.begin && range.end >= end;
            if !is_marked && !covers && range.start >= step.begin && end > self.cut_to {
                out.extend_from_slice(shown);
                is_marked = true;
                self.cut_to = end;
            }
            if range.end <= self.cut_to {
                continue;
            }
            out.extend_from_slice(step.part(self.cut_to, range.start));
            if let Some(handle) = found.handle() {
                out.extend_from_slice(handle.as_str().as_bytes());
            }
            out.extend_from_slice(CUT);
            self.cut_to = range.end;
        }
        if !is_marked && end > self.cut_to {
            out.extend_from_slice(shown);
            self.cut_to = end;
        }
        out.extend_from_slice(step.part(self.cut_to, end));
        count
    }

    /// From where on the text is still needed.
    fn needed(&self) -> usize {
        self.at.min(self.encoded.at.saturating_sub(BEHIND))
    }
}

/// What the cutter went over at once.
struct Step<'t> {
    begin: usize,
    bytes: &'t [u8],
    /// Whether it cut that. What it shows stands in its place.
    is_cut: bool,
}

impl<'t> Step<'t> {
    const fn end(&self) -> usize {
        self.begin.saturating_add(self.bytes.len())
    }

    /// What of it stays between two places of the text.
    fn part(&self, from: usize, to: usize) -> &'t [u8] {
        if self.is_cut {
            return &[];
        }
        let within = |place: usize| place.saturating_sub(self.begin).min(self.bytes.len());
        self.bytes.get(within(from)..within(to)).unwrap_or_default()
    }
}
