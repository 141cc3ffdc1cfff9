//! `cogauth_error`: what a caller may learn of an error beside its number.

use crate::failure::Failure;
use crate::memory::{self, SizedStruct};
use alloc::vec::Vec;
use cog_auth::json_writer::Writer;
use core::ffi::c_char;

/// What went wrong, as far as it is known. The caller owns it: set `struct_size` to
/// `sizeof(cogauth_error)`, and either zero the rest or give room for the JSON.
///
/// Every function that takes one accepts NULL. On success only `code` is written, as 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_error {
    /// In: the size of this struct in bytes, as the caller's header has it.
    pub struct_size: u32,
    /// The same number that the function returned.
    pub code: i32,
    /// Zero-based byte offset into the input; `COGAUTH_NONE` if unknown.
    pub offset: u64,
    /// Line in a document, from 1; 0 if unknown.
    pub line: u64,
    /// Column in its line, in characters from 1; 0 if unknown.
    pub column: u64,
    /// How many bytes from there on are at fault; 0 if unknown.
    pub length: u64,
    /// In: room for the error as a JSON object, or NULL. Its members are `code`, `codeName`,
    /// `message`, and where they are known `offset`, `document`, `pointer`, `suggestion`, `line`,
    /// `column`, `length`.
    pub json: *mut c_char,
    /// In: how many bytes of room there are at `json`.
    pub json_capacity: usize,
    /// How many bytes the JSON has. Where there is not enough room, nothing is written to `json`.
    pub json_length: usize,
}

// SAFETY: numbers and pointers alone, and `struct_size` comes first.
unsafe impl SizedStruct for cogauth_error {
    const FIRST: usize = size_of::<Self>();
}

/// Fails where an error could not be told: a caller that looks at `code` alone would see an older
/// one.
pub(crate) fn check(error: *const cogauth_error) -> Result<(), Failure> {
    if error.is_null() { Ok(()) } else { memory::check_sized(error) }
}

/// Tells a failure, or that there is none, and returns its number.
pub(crate) fn tell(error: *mut cogauth_error, failure: Option<&Failure>) -> i32 {
    let code = failure.map_or(0, |failure| i32::from(failure.code().number()));
    if let Ok(told) = memory::read_known(error) {
        // A failure to write it changes nothing of what the function answers.
        drop(memory::write_sized(error, described(told, code, failure)));
    }
    code
}

fn described(told: cogauth_error, code: i32, failure: Option<&Failure>) -> cogauth_error {
    let Some(failure) = failure else { return cogauth_error { code, ..told } };
    let mut told = cogauth_error {
        code,
        offset: crate::COGAUTH_NONE,
        line: 0,
        column: 0,
        length: 0,
        json_length: 0,
        ..told
    };
    if let Failure::Library(error) = failure {
        told.offset = error.offset().map_or(crate::COGAUTH_NONE, memory::number);
        if let (Some(line), Some(column)) = (error.line(), error.column()) {
            told.line = memory::number(line);
            told.column = memory::number(column);
            told.length = memory::number(error.length());
        }
    }
    let json = json(failure);
    // Too little room is told by the length alone: the code is that of the failure.
    drop(memory::write_text(told.json, told.json_capacity, &raw mut told.json_length, &json));
    told
}

fn json(failure: &Failure) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.object(|w| match failure {
        Failure::Library(error) => cog_auth_answers::error(error, w),
        Failure::Call(code) => {
            cog_auth_answers::failure(code.number(), code.name(), code.sentence(), w);
        }
        Failure::Argument(message) => {
            let code = failure.code();
            cog_auth_answers::failure(code.number(), code.name(), message, w);
        }
    });
    writer.into_bytes()
}
