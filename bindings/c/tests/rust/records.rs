//! What was added to records and requests since the first version of the ABI.

use cogauth::*;
use core::mem::offset_of;
use std::ffi::c_char;
use std::ptr::null_mut;

const SECOND: u64 = 1_795_000_000;

fn record(id: &str, members: &str) -> String {
    format!(
        r#"{{"v":1,"id":"{id}","kind":"service_user_key","principal":"a","scopes":[],"created_at":1,
            "edge_digest":"$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE"{members}}}"#
    )
}

/// The text that a call writes, or its code.
fn written(call: impl FnOnce(*mut c_char, usize, *mut usize) -> i32) -> Result<String, i32> {
    let (mut buffer, mut length) = (vec![0_u8; 4_096], 0);
    match call(buffer.as_mut_ptr().cast(), buffer.len(), &raw mut length) {
        0 => Ok(String::from_utf8(buffer[..length].to_vec()).unwrap()),
        code => Err(code),
    }
}

fn pair(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

#[test]
fn a_rotation_has_limits() {
    let old = record("AAAABBBBCCCC", &format!(r#","expires_at":{}"#, SECOND + 9));
    let new = record("DDDDEEEEFFFF", "");
    let rotate = |grace: u64, flags: u32, most: u64| {
        let ((old, old_length), (new, new_length)) = (pair(&old), pair(&new));
        // SAFETY: all pointers are to what they are said to be.
        written(|text, capacity, length| unsafe {
            cogauth_record_rotate_within(
                old,
                old_length,
                new,
                new_length,
                SECOND + grace,
                SECOND,
                flags,
                most,
                text,
                capacity,
                length,
                null_mut(),
            )
        })
    };
    assert_eq!(rotate(0, 0, COGAUTH_NONE), Err(139));
    assert!(rotate(0, COGAUTH_ROTATE_LATER_EXPIRY, COGAUTH_NONE).is_ok());
    assert!(rotate(60, COGAUTH_ROTATE_LATER_EXPIRY, 60).is_ok());
    assert_eq!(rotate(61, COGAUTH_ROTATE_LATER_EXPIRY, 60), Err(138));
    assert_eq!(rotate(0, 2, COGAUTH_NONE), Err(701));
}

#[test]
fn records_are_merged_used_and_looked_at() {
    let revoked = record("AAAABBBBCCCC", r#","revoked_at":5"#);
    let named = record("AAAABBBBCCCC", r#","name":"deploy""#);
    let merge = |one: &str, other: &str| {
        let ((one, one_length), (other, other_length)) = (pair(one), pair(other));
        // SAFETY: all pointers are to what they are said to be.
        written(|text, capacity, length| unsafe {
            cogauth_record_merge(
                one,
                one_length,
                other,
                other_length,
                text,
                capacity,
                length,
                null_mut(),
            )
        })
    };
    let merged = merge(&named, &revoked).unwrap();
    assert!(merged.contains(r#""name":"deploy""#) && merged.contains(r#""revoked_at":5"#));
    assert_eq!(merge(&named, &record("DDDDEEEEFFFF", "")), Err(123));
    let inactive = |record: &str, now: u64| {
        let ((record, length), mut code) = (pair(record), -1);
        // SAFETY: all pointers are to what they are said to be.
        let result =
            unsafe { cogauth_record_inactive(record, length, now, &raw mut code, null_mut()) };
        if result == 0 { Ok(code) } else { Err(result) }
    };
    assert_eq!(inactive(&merged, SECOND), Ok(125));
    assert_eq!(inactive(&named, SECOND), Ok(0));
    assert_eq!(inactive("{}", SECOND), Err(122));
    let (text, length) = pair(&named);
    // SAFETY: all pointers are to what they are said to be.
    let used = written(|out, capacity, out_length| unsafe {
        cogauth_record_used(text, length, SECOND, out, capacity, out_length, null_mut())
    });
    assert!(used.unwrap().contains(&format!(r#""last_used_at":{SECOND}"#)));
}

/// A program that was compiled with the first header says so by the size of its structs.
#[test]
fn the_first_version_of_a_struct_is_still_taken() {
    // SAFETY: zero is a value of every field; what is behind the stated size is not looked at.
    let mut draft: cogauth_record_draft = unsafe { std::mem::zeroed() };
    draft.struct_size = u32::try_from(offset_of!(cogauth_record_draft, addresses)).unwrap();
    draft.flags = COGAUTH_DRAFT_FOR_EDGES;
    draft.addresses = std::ptr::dangling();
    let token = "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
    draft.token = cogauth_slice { data: token.as_ptr().cast(), length: token.len() };
    draft.principal = cogauth_slice { data: c"a".as_ptr(), length: 1 };
    // SAFETY: all pointers are to what they are said to be.
    let issued = written(|text, capacity, length| unsafe {
        cogauth_record_issue(&raw const draft, text, capacity, length, null_mut())
    });
    assert!(!issued.unwrap().contains("addresses"));
    draft.struct_size -= 1;
    // SAFETY: the same.
    let issued = written(|text, capacity, length| unsafe {
        cogauth_record_issue(&raw const draft, text, capacity, length, null_mut())
    });
    assert_eq!(issued, Err(701));
}
