//! Cutting credentials out of text.

use super::break_parts::MAX_BREAK;
use super::breaks::{Break, Characters, Joins};
use super::prefix::is_word;
use crate::token::layout::{PREFIX_TEXT, SECRET, VERSION_1};
use crate::token::{Handle, Kind, Token};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// How many characters of a token follow the prefix.
const CHARACTERS: usize = Token::LEN - PREFIX_TEXT.len();

/// How many of them the handle has.
const OF_HANDLE: usize = Handle::LEN - PREFIX_TEXT.len();

/// How many characters are as long as a secret.
const OF_SECRET: usize = SECRET.len();

/// How many bytes behind a place decide what is there: the characters of what looks like a
/// credential, with the longest breaks, and those of a token that begins at the last of them. A
/// part of a break that is too long is read to its end.
pub(super) const AHEAD: usize = CHARACTERS
    .saturating_mul(MAX_BREAK.saturating_add(1))
    .saturating_add(MAX_BREAK.saturating_mul(2))
    .saturating_mul(2)
    .saturating_add(PREFIX_TEXT.len());

/// What stands in place of what is cut.
pub(super) const CUT: &[u8] = "…".as_bytes();

/// The text with every credential in it cut to what may be shown.
///
/// A token keeps its handle, and `…` stands for the rest. This holds wherever it stands, without
/// its prefix too, and where its characters are broken by the ends of lines, by what is not seen,
/// by marks, or by quotes that a program puts together.
///
/// What does not parse is cut to `cog_…` if more than 19 of `0-9A-Za-z` follow the prefix; within a
/// word, if as many follow as a secret has, which is 30. If it begins as a token does, it goes on
/// over breaks that stand within words. A handle on its own stays as it is. Section "Finding tokens
/// in text" of `docs/token-format.md` has it in full, and says what is out of reach.
///
/// ```
/// use cog_auth::token::redact;
///
/// let query =
///     "t=cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// assert_eq!(redact(query), "t=cog_1s015PnAAAABBBBCCCC…");
/// let mail =
///     "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGG=\nHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
/// assert_eq!(redact(mail), "cog_1s015PnAAAABBBBCCCC…");
/// assert_eq!(redact("cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2"), "cog_…");
/// assert_eq!(redact("face_recog_20261125T101112Z000017"), "face_recog_20261125T101112Z000017");
/// assert_eq!(redact("cog_1s015PnAAAABBBBCCCC"), "cog_1s015PnAAAABBBBCCCC");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    redacted_text(text).into_owned()
}

/// As [`redact`], without a copy where there is nothing to cut.
pub(crate) fn redacted_text(text: &str) -> Cow<'_, str> {
    match redacted(text.as_bytes(), Joins::Known) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        // What is cut out begins and ends with ASCII, so the rest is still UTF-8.
        Cow::Owned(cut) => Cow::Owned(String::from_utf8(cut).unwrap_or_default()),
    }
}

/// As [`redact`], for any bytes, and with these breaks. What comes back without a copy has no
/// prefix in it.
pub(crate) fn redacted(text: &[u8], joins: Joins) -> Cow<'_, [u8]> {
    if has_nothing_to_cut(text) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    Cutter::new(joins).cut(text, text.len(), &mut out);
    Cow::Owned(out)
}

/// Whether one look over a text shows that nothing is cut from it: there is no prefix, and for a
/// token without one there are too few characters.
fn has_nothing_to_cut(text: &[u8]) -> bool {
    let [version] = VERSION_1;
    let from = text.iter().position(|byte| *byte == version).unwrap_or(text.len());
    let rest = text.get(from..).unwrap_or_default();
    let characters = rest.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    characters < CHARACTERS && !text.windows(PREFIX_TEXT.len()).any(|word| word == PREFIX_TEXT)
}

/// Goes through a text, of which it may see one piece after the other, and cuts credentials.
pub(super) struct Cutter {
    joins: Joins,
    place: Place,
}

/// What stands before the next byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// No part of a word, or a token that was cut.
    Outside,
    Word,
    /// A prefix that stays.
    Prefix,
    /// Something that was cut because of its length, to which the word's other characters belong.
    InCut,
}

impl Cutter {
    pub(super) const fn new(joins: Joins) -> Self {
        Self { joins, place: Place::Outside }
    }

    /// Cuts what begins within the first `limit` bytes of a text, and says how many bytes it is
    /// done with. Behind the limit the text has [`AHEAD`] bytes more, or ends.
    pub(super) fn cut(&mut self, text: &[u8], limit: usize, out: &mut Vec<u8>) -> usize {
        let mut at = 0_usize;
        while at < limit {
            let rest = text.get(at..).unwrap_or_default();
            let length = self.step(rest, limit.saturating_sub(at), out);
            at = at.saturating_add(length);
        }
        at
    }

    /// Goes on by what is at the beginning of a text, and says how many bytes that is.
    pub(super) fn step(&mut self, text: &[u8], limit: usize, out: &mut Vec<u8>) -> usize {
        if let Some((handle, length)) = token_at(text) {
            // A prefix right before it is its own, and stands there already.
            let shown = if self.place == Place::Prefix { PREFIX_TEXT.len() } else { 0 };
            out.extend_from_slice(handle.as_str().as_bytes().get(shown..).unwrap_or_default());
            out.extend_from_slice(CUT);
            self.place = Place::Outside;
            return length;
        }
        if text.starts_with(&PREFIX_TEXT) {
            let Some((shown, length)) = self.credential_at(text) else {
                out.extend_from_slice(&PREFIX_TEXT);
                self.place = Place::Prefix;
                return PREFIX_TEXT.len();
            };
            out.extend_from_slice(text.get(..shown).unwrap_or_default());
            out.extend_from_slice(CUT);
            self.place = Place::InCut;
            return length;
        }
        // Up to the next byte that a token without its prefix, or a prefix begins with.
        let in_cut = self.place == Place::InCut;
        let stops =
            |byte: &u8| matches!(byte, b'1' | b'c') || in_cut && !byte.is_ascii_alphanumeric();
        let plain = text.get(1..limit).unwrap_or_default();
        let length = plain.iter().position(stops).unwrap_or(plain.len()).saturating_add(1);
        let bytes = text.get(..length).unwrap_or_default();
        if in_cut && bytes.first().is_some_and(u8::is_ascii_alphanumeric) {
            return length;
        }
        out.extend_from_slice(bytes);
        let in_word = bytes.last().is_some_and(|byte| is_word(*byte));
        self.place = if in_word { Place::Word } else { Place::Outside };
        length
    }

    /// How much may be shown of what looks like a credential at the beginning of a text, which is a
    /// prefix, and how long it is.
    fn credential_at(&self, text: &[u8]) -> Option<(usize, usize)> {
        let (mut count, mut end) = (0_usize, PREFIX_TEXT.len());
        // How many stand together, and what there is before the first break that is seen.
        let (mut together, mut unbroken) = (0_usize, None);
        let mut start = [0; 2];
        for character in Characters::new(text, end, self.joins).take(CHARACTERS) {
            let rest = text.get(character.at..).unwrap_or_default();
            if rest.starts_with(&PREFIX_TEXT) || token_at(rest).is_some() {
                break;
            }
            if character.after == Some(Break::Other) {
                unbroken = unbroken.or(Some((count, end)));
            }
            if let Some(first) = start.get_mut(count) {
                *first = character.byte;
            }
            count = count.saturating_add(1);
            end = character.at.saturating_add(1);
            if end == count.saturating_add(PREFIX_TEXT.len()) {
                together = count;
            }
        }
        let [version, kind] = start;
        let begins_as_token = [version] == VERSION_1 && Kind::from_character(&[kind]).is_some();
        let (shown, needed) = match (together, self.place) {
            // A handle may be shown, and what follows it is most often no part of a token.
            (OF_HANDLE, _) if begins_as_token => (Handle::LEN, OF_HANDLE.saturating_mul(2)),
            (_, Place::Word | Place::Prefix) => (PREFIX_TEXT.len(), OF_SECRET.saturating_sub(1)),
            (_, Place::Outside | Place::InCut) => (PREFIX_TEXT.len(), OF_HANDLE),
        };
        if !begins_as_token {
            (count, end) = unbroken.unwrap_or((count, end));
        }
        (count > needed).then_some((shown, end))
    }
}

/// The handle of the token that begins, without its prefix, at the beginning of a text, and how
/// long it is there. Its characters may be broken by anything that is no longer than a break.
fn token_at(text: &[u8]) -> Option<(Handle, usize)> {
    if !text.starts_with(&VERSION_1) {
        return None;
    }
    let characters = || Characters::new(text, 0, Joins::Any);
    Kind::from_character(&[characters().nth(1)?.byte])?;
    let mut bytes = Zeroizing::new([0; Token::LEN]);
    *bytes.first_chunk_mut()? = PREFIX_TEXT;
    let mut characters = characters();
    let mut end = 0;
    for byte in bytes.iter_mut().skip(PREFIX_TEXT.len()) {
        let character = characters.next()?;
        *byte = character.byte;
        end = character.at.saturating_add(1);
    }
    // By reference, for a token that is moved leaves its bytes behind.
    Token::parse(bytes.as_slice()).as_ref().ok().map(|token| (token.handle(), end))
}
