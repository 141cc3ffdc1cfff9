//! Reading the arguments of a call.
//!
//! First comes the length of all tags (32 bits), then the tags of all arguments, then the texts and
//! bytes of all. So JavaScript can write all texts at once, which takes it as long as to write one.
//!
//! Tags are 0: absent. 1: text or bytes, with the length (32 bits). 2: 1 for yes, 0 for no (8
//! bits). 3: a number (64 bits), all bits set for one that is no whole number from 0 to 2^53 - 1.
//! Numbers are little-endian. A list is the number of its items, then the items.

use crate::failure::{Failure, Wrong};
#[cfg(feature = "edge")]
use alloc::vec::Vec;
use cog_auth::Code;
#[cfg(feature = "keys")]
use cog_auth::Time;

pub(crate) struct Arguments<'a> {
    // What is still to be read.
    tags: &'a [u8],
    bytes: &'a [u8],
}

enum Argument<'a> {
    Absent,
    Bytes(&'a [u8]),
    #[cfg_attr(
        not(feature = "edge"),
        expect(dead_code, reason = "the small modules ask no such question")
    )]
    Flag(bool),
    #[cfg_attr(not(feature = "keys"), expect(dead_code, reason = "texts have no times"))]
    Number(u64),
}

const WRONG: Failure = Failure::Call(&Wrong::of(Code::InvalidArgument));

impl<'a> Arguments<'a> {
    pub(crate) fn new(mut rest: &'a [u8]) -> Self {
        let tags = length(&mut rest).and_then(|length| take(&mut rest, length));
        Self { tags: tags.unwrap_or_default(), bytes: rest }
    }

    /// Bytes that are still to be read.
    #[cfg(feature = "keys")]
    pub(crate) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes, or text as its bytes; none if absent.
    #[cfg(feature = "edge")]
    pub(crate) fn optional_bytes(&mut self) -> Result<Option<&'a [u8]>, Failure> {
        match self.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Bytes(bytes)) => Ok(Some(bytes)),
            _ => Err(WRONG),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        match self.next() {
            Some(Argument::Bytes(bytes)) => Ok(bytes),
            _ => Err(WRONG),
        }
    }

    #[cfg(feature = "edge")]
    pub(crate) fn optional_number(&mut self) -> Result<Option<u64>, Failure> {
        match self.any_number()? {
            // What is no number must not be taken for the largest: as the most age of a record that
            // would mean any age.
            Some(u64::MAX) => Err(WRONG),
            number => Ok(number),
        }
    }

    /// Whether the caller says yes; nothing else than yes, no or nothing is taken.
    #[cfg(feature = "edge")]
    pub(crate) fn flag(&mut self) -> Result<bool, Failure> {
        match self.next() {
            Some(Argument::Absent) => Ok(false),
            Some(Argument::Flag(yes)) => Ok(yes),
            _ => Err(WRONG),
        }
    }

    #[cfg(feature = "edge")]
    fn any_number(&mut self) -> Result<Option<u64>, Failure> {
        match self.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Number(number)) => Ok(Some(number)),
            _ => Err(WRONG),
        }
    }

    #[cfg(feature = "edge")]
    pub(crate) fn number(&mut self) -> Result<u64, Failure> {
        self.optional_number()?.ok_or(WRONG)
    }

    #[cfg(feature = "keys")]
    pub(crate) fn time(&mut self) -> Result<Time, Failure> {
        match self.next() {
            Some(Argument::Number(number)) => Ok(Time::from_seconds(number)?),
            _ => Err(WRONG),
        }
    }

    fn next(&mut self) -> Option<Argument<'a>> {
        let tags = &mut self.tags;
        Some(match take(tags, 1)? {
            [0] => Argument::Absent,
            [2] => Argument::Flag(match take(tags, 1)? {
                [0] => false,
                [1] => true,
                _ => return None,
            }),
            [3] => Argument::Number(u64::from_le_bytes(*take(tags, 8)?.first_chunk()?)),
            _ => Argument::Bytes(take(&mut self.bytes, length(tags)?)?),
        })
    }
}

fn length(rest: &mut &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(*take(rest, 4)?.first_chunk()?);
    Some(usize::try_from(length).unwrap_or(usize::MAX))
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

#[cfg(any(feature = "edge", feature = "text"))]
impl<'a> Arguments<'a> {
    pub(crate) fn text(&mut self) -> Result<&'a str, Failure> {
        core::str::from_utf8(self.bytes()?).map_err(|_| Failure::UNICODE)
    }
}

#[cfg(feature = "edge")]
impl<'a> Arguments<'a> {
    pub(crate) fn optional_text(&mut self) -> Result<Option<&'a str>, Failure> {
        self.optional_bytes()?
            .map(|bytes| core::str::from_utf8(bytes).map_err(|_| Failure::UNICODE))
            .transpose()
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<Time>, Failure> {
        Ok(self.any_number()?.map(Time::from_seconds).transpose()?)
    }

    /// A list of bytes or texts; none if absent.
    pub(crate) fn optional_list(&mut self) -> Result<Option<Vec<&'a [u8]>>, Failure> {
        let Some(length) = self.optional_number()? else { return Ok(None) };
        let mut list = Vec::new();
        for _ in 0..length {
            list.push(self.bytes()?);
        }
        Ok(Some(list))
    }

    pub(crate) fn list(&mut self) -> Result<Vec<&'a [u8]>, Failure> {
        self.optional_list()?.ok_or(WRONG)
    }
}
