//! The caller's memory: reading what it points to, and writing answers into it.
//!
//! Nothing that a caller passes is trusted but that memory which it names is there. What can be
//! told is refused: null with a length, a length that no object can have, an address that its type
//! cannot have, text that is not UTF-8, structs of an unknown size.

use crate::failure::Failure;
use alloc::vec::Vec;
use core::ffi::c_char;
use core::mem::MaybeUninit;

/// Text or bytes of the caller's: a pointer and a length in bytes, with no NUL at the end.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_slice {
    /// The first byte. NULL is taken where the length is 0.
    pub data: *const c_char,
    /// How many bytes there are.
    pub length: usize,
}

/// A struct that the caller owns, of which later versions have more at the end.
///
/// # Safety
///
/// It is `repr(C)`, its first field is `struct_size: u32`, and any bytes are a valid value of it.
/// Later versions add fields after its present size, also where that ends with padding.
pub(crate) unsafe trait SizedStruct: Copy {
    /// How many bytes its first version has. Less is refused, so that no field is cut in two or
    /// left out by mistake.
    const FIRST: usize;
}

const NULL: Failure = Failure::Argument("a pointer is null and its length is not 0");
const TOO_LONG: Failure = Failure::Argument("a length is more than any object has");
const NOWHERE: Failure = Failure::Argument("a pointer to what the call answers is null");
const MISALIGNED: Failure = Failure::Argument("a pointer is not aligned for what it points to");
const SIZE: Failure = Failure::Argument(
    "struct_size is less than that of the first version; set it to sizeof of the struct",
);
const NEWER: Failure = Failure::Argument(
    "a struct says more than this version of the library knows; install a newer one",
);

/// The caller's bytes, for as long as the call lasts. Null is no bytes.
pub(crate) fn bytes<'a>(data: *const c_char, length: usize) -> Result<&'a [u8], Failure> {
    Ok(optional_bytes(data, length)?.unwrap_or_default())
}

/// The caller's bytes, none where the pointer is null.
pub(crate) fn optional_bytes<'a>(
    data: *const c_char,
    length: usize,
) -> Result<Option<&'a [u8]>, Failure> {
    if data.is_null() {
        return if length == 0 { Ok(None) } else { Err(NULL) };
    }
    if isize::try_from(length).is_err() {
        return Err(TOO_LONG);
    }
    // SAFETY: the pointer is not null, bytes need no alignment, the length fits an object. That so
    // many bytes are there, and stay unchanged during the call, is the caller's part of the
    // contract.
    Ok(Some(unsafe { core::slice::from_raw_parts(data.cast::<u8>(), length) }))
}

/// The caller's text. Null is no text.
pub(crate) fn text<'a>(data: *const c_char, length: usize) -> Result<&'a str, Failure> {
    core::str::from_utf8(bytes(data, length)?).map_err(|_| Failure::UNICODE)
}

/// The caller's text, none where the pointer is null.
pub(crate) fn optional_text<'a>(
    data: *const c_char,
    length: usize,
) -> Result<Option<&'a str>, Failure> {
    optional_bytes(data, length)?
        .map(|bytes| core::str::from_utf8(bytes).map_err(|_| Failure::UNICODE))
        .transpose()
}

/// An array of the caller's. Null is none.
pub(crate) fn array<'a, T: Copy>(data: *const T, count: usize) -> Result<&'a [T], Failure> {
    if data.is_null() {
        return if count == 0 { Ok(&[]) } else { Err(NULL) };
    }
    if !data.is_aligned() {
        return Err(MISALIGNED);
    }
    if count.checked_mul(size_of::<T>()).is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(TOO_LONG);
    }
    // SAFETY: the pointer is not null and aligned, the length fits an object. That so many values
    // are there, and stay unchanged during the call, is the caller's part of the contract.
    Ok(unsafe { core::slice::from_raw_parts(data, count) })
}

/// The texts of an array of slices.
#[cfg(feature = "full")]
pub(crate) fn texts<'a>(data: *const cogauth_slice, count: usize) -> Result<Vec<&'a str>, Failure> {
    array(data, count)?.iter().map(|slice| text(slice.data, slice.length)).collect()
}

/// The bytes of an array of slices.
pub(crate) fn lists<'a>(
    data: *const cogauth_slice,
    count: usize,
) -> Result<Vec<&'a [u8]>, Failure> {
    array(data, count)?.iter().map(|slice| bytes(slice.data, slice.length)).collect()
}

/// Writes a plain value where the caller wants it.
pub(crate) fn write<T: Copy>(place: *mut T, value: T) -> Result<(), Failure> {
    if place.is_null() {
        return Err(NOWHERE);
    }
    if !place.is_aligned() {
        return Err(MISALIGNED);
    }
    // SAFETY: the pointer is neither null nor misaligned. That it points to room for such a value
    // is the caller's part of the contract.
    unsafe { place.write(value) };
    Ok(())
}

/// Fails where [`write`] and [`write_text`] would, before anything is done.
pub(crate) fn check<T>(place: *mut T) -> Result<(), Failure> {
    match (place.is_null(), place.is_aligned()) {
        (true, _) => Err(NOWHERE),
        (false, false) => Err(MISALIGNED),
        (false, true) => Ok(()),
    }
}

/// Writes an answer into the caller's buffer, all of it or nothing, and its length in any case.
///
/// A caller that wants to know the length alone gives a null buffer with a capacity of 0.
pub(crate) fn write_text(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    answer: &[u8],
) -> Result<(), Failure> {
    if buffer.is_null() && capacity != 0 {
        return Err(NULL);
    }
    write(length, answer.len())?;
    if answer.len() > capacity {
        return Err(Failure::TOO_SMALL);
    }
    if buffer.is_null() {
        return Ok(());
    }
    // SAFETY: the capacity is enough for the answer, which is the library's own memory and so does
    // not overlap the buffer. That the buffer has its capacity is the caller's part of the
    // contract.
    unsafe { answer.as_ptr().copy_to_nonoverlapping(buffer.cast::<u8>(), answer.len()) };
    Ok(())
}

/// The caller's struct, filled up with zeros where its header is older; none where it is null.
pub(crate) fn read_optional<T: SizedStruct>(place: *const T) -> Result<Option<T>, Failure> {
    if place.is_null() { Ok(None) } else { read_sized(place).map(Some) }
}

/// The caller's struct, filled up with zeros where its header is older.
pub(crate) fn read_sized<T: SizedStruct>(place: *const T) -> Result<T, Failure> {
    let size = caller_size(place)?;
    // What a newer header adds must not be passed over, unless it was left zero.
    let more = bytes(place.cast::<c_char>(), size)?.get(size_of::<T>()..).unwrap_or_default();
    if more.iter().any(|byte| *byte != 0) {
        return Err(NEWER);
    }
    read_known(place)
}

/// The caller's struct as far as this version knows it: for one that is written to, what a newer
/// header adds does not matter.
pub(crate) fn read_known<T: SizedStruct>(place: *const T) -> Result<T, Failure> {
    let known = caller_size(place)?.min(size_of::<T>());
    let mut read = MaybeUninit::<T>::zeroed();
    // SAFETY: `known` is at most the size of both, and the local one is new, so they do not
    // overlap.
    unsafe {
        place.cast::<u8>().copy_to_nonoverlapping(read.as_mut_ptr().cast::<u8>(), known);
    }
    // SAFETY: zeros are a valid `T`, and any bytes are, as it consists of numbers and pointers.
    Ok(unsafe { read.assume_init() })
}

/// Writes the caller's struct, as far as its header has it. Its `struct_size` stays as it is.
pub(crate) fn write_sized<T: SizedStruct>(place: *mut T, value: T) -> Result<(), Failure> {
    let size = caller_size(place)?;
    let head = size_of::<u32>();
    let count = size.min(size_of::<T>()).saturating_sub(head);
    let from = (&raw const value).cast::<u8>().wrapping_add(head);
    let to = place.cast::<u8>().wrapping_add(head);
    // SAFETY: both have `head` and `count` bytes, and the local one does not overlap the caller's.
    unsafe { from.copy_to_nonoverlapping(to, count) };
    Ok(())
}

/// Fails where [`write_sized`] would, before anything is done.
pub(crate) fn check_sized<T: SizedStruct>(place: *const T) -> Result<(), Failure> {
    caller_size(place).map(drop)
}

/// Fails where a number that has to be 0 is not: a newer header gives it a meaning.
pub(crate) fn check_reserved(number: u32) -> Result<(), Failure> {
    if number == 0 { Ok(()) } else { Err(NEWER) }
}

/// The size of the caller's struct, by its first field.
fn caller_size<T: SizedStruct>(place: *const T) -> Result<usize, Failure> {
    const MOST: usize = 4096;
    if place.is_null() {
        return Err(NOWHERE);
    }
    if !place.is_aligned() {
        return Err(MISALIGNED);
    }
    // SAFETY: the pointer is neither null nor misaligned, and `struct_size` is the first field of
    // every `SizedStruct`.
    let size = unsafe { place.cast::<u32>().read() };
    match usize::try_from(size) {
        Ok(size) if (T::FIRST..=MOST).contains(&size) => Ok(size),
        Ok(_) | Err(_) => Err(SIZE),
    }
}

/// A count as the header's 64 bits.
pub(crate) fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
