//! Reading the arguments of a call: one after the other, each a tag and what the tag says.
//!
//! 0: absent. 1: text or bytes, a length (32 bits) and as many bytes. 3: a number (64 bits), all bits set for one that
//! is no whole number from 0 to 2^53 - 1. Numbers are little-endian. A list is the number of its items, then the items.

use crate::failure::Failure;
#[cfg(feature = "edge")]
use alloc::vec::Vec;
use cog_auth::Time;

pub(crate) struct Arguments<'a> {
    rest: &'a [u8],
}

enum Argument<'a> {
    Absent,
    Bytes(&'a [u8]),
    Number(u64),
}

const WRONG: Failure = Failure::argument("an argument is missing or of a wrong type");

impl<'a> Arguments<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// Bytes, or text as its bytes; none if absent.
    pub(crate) fn optional_bytes(&mut self) -> Result<Option<&'a [u8]>, Failure> {
        match self.next()? {
            Argument::Absent => Ok(None),
            Argument::Bytes(bytes) => Ok(Some(bytes)),
            Argument::Number(_) => Err(WRONG),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        self.optional_bytes()?.ok_or(WRONG)
    }

    #[cfg(feature = "edge")]
    pub(crate) fn optional_number(&mut self) -> Result<Option<u64>, Failure> {
        match self.any_number()? {
            // What is no number must not be taken for the largest: as the most age of a record that would mean any.
            Some(u64::MAX) => Err(WRONG),
            number => Ok(number),
        }
    }

    fn any_number(&mut self) -> Result<Option<u64>, Failure> {
        match self.next()? {
            Argument::Absent => Ok(None),
            Argument::Number(number) => Ok(Some(number)),
            Argument::Bytes(_) => Err(WRONG),
        }
    }

    #[cfg(feature = "edge")]
    pub(crate) fn number(&mut self) -> Result<u64, Failure> {
        self.optional_number()?.ok_or(WRONG)
    }

    pub(crate) fn time(&mut self) -> Result<Time, Failure> {
        Ok(Time::from_seconds(self.any_number()?.ok_or(WRONG)?)?)
    }

    fn next(&mut self) -> Result<Argument<'a>, Failure> {
        match self.take(1)? {
            [0] => Ok(Argument::Absent),
            [3] => {
                let number = self.take(8)?.first_chunk().ok_or(WRONG)?;
                Ok(Argument::Number(u64::from_le_bytes(*number)))
            }
            _ => {
                let length = self.take(4)?.first_chunk().ok_or(WRONG)?;
                let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
                Ok(Argument::Bytes(self.take(length)?))
            }
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Failure> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(WRONG)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(feature = "edge")]
impl<'a> Arguments<'a> {
    pub(crate) fn optional_text(&mut self) -> Result<Option<&'a str>, Failure> {
        self.optional_bytes()?
            .map(|bytes| core::str::from_utf8(bytes).map_err(|_| Failure::UNICODE))
            .transpose()
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Failure> {
        self.optional_text()?.ok_or(WRONG)
    }

    /// A number of seconds; none if absent. What is no number must not pass for any number of them.
    pub(crate) fn optional_seconds(&mut self) -> Result<Option<u64>, Failure> {
        match self.optional_number()? {
            Some(u64::MAX) => Err(WRONG),
            seconds => Ok(seconds),
        }
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<Time>, Failure> {
        Ok(self.any_number()?.map(Time::from_seconds).transpose()?)
    }

    /// A list of bytes or texts; none if absent.
    pub(crate) fn optional_list(&mut self) -> Result<Option<Vec<&'a [u8]>>, Failure> {
        let Some(length) = self.optional_number()? else { return Ok(None) };
        (0..length).map(|_| self.bytes()).collect::<Result<_, _>>().map(Some)
    }

    pub(crate) fn list(&mut self) -> Result<Vec<&'a [u8]>, Failure> {
        self.optional_list()?.ok_or(WRONG)
    }
}
