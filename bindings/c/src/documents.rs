//! Policies from their JSON documents, and the built-in one.

use crate::error::cogauth_error;
use crate::failure::Failure;
use crate::guard::guard;
use crate::handle::Place;
use crate::memory::{self, cogauth_slice};
use crate::policies::cogauth_policy;
use cog_auth::json_writer::Writer;
use cog_auth::policy::{Policy, PolicyDigest, Source};
use core::ffi::c_char;

/// One JSON document of a policy.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct cogauth_document {
    /// What errors call it: its path, for instance.
    pub name: cogauth_slice,
    /// Its JSON text.
    pub text: cogauth_slice,
}

const DIGEST: Failure = Failure::Argument("a digest is 64 lower-case hexadecimal digits");

/// Compiles a policy from all its documents. The caller releases it. Full build only.
///
/// `digest` are the 64 lower-case hexadecimal digits that the policy must have, or NULL if any is
/// taken. The error is the first one: `cogauth_policy_check` tells all.
///
/// Errors: 2xx and 3xx, with the document and the place.
///
/// # Safety
///
/// `documents` has `count` entries, whose slices are there; `digest` has `digest_length` bytes;
/// `policy` points to room for a pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_from_documents(
    documents: *const cogauth_document,
    count: usize,
    digest: *const c_char,
    digest_length: usize,
    policy: *mut *mut cogauth_policy,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let policy = Place::of(policy)?;
        let expected = memory::optional_text(digest, digest_length)?
            .map(|text| PolicyDigest::from_hex(text).ok_or(DIGEST))
            .transpose()?;
        let source = source(documents, count)?;
        let checked = match expected {
            Some(expected) => source.check_expecting(expected)?,
            None => source.check()?,
        };
        policy.make(checked.into_policy())
    })
}

/// Writes all that is wrong with a policy's documents, as a JSON array of errors: it is empty if
/// they compile. Full build only. The members are those of `cogauth_error.json`.
///
/// # Safety
///
/// `documents` has `count` entries, whose slices are there; `errors` has `errors_capacity` bytes;
/// `errors_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_check(
    documents: *const cogauth_document,
    count: usize,
    errors: *mut c_char,
    errors_capacity: usize,
    errors_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let found = source(documents, count)?.check().err();
        let mut writer = Writer::new();
        writer.array(|w| {
            for error in found.into_iter().flatten() {
                w.object(|w| cog_auth_answers::error(&error, w));
            }
        });
        memory::write_text(errors, errors_capacity, errors_length, &writer.into_bytes())
    })
}

/// Writes what is not wrong with a policy's documents and probably not meant, as a JSON array of
/// warnings: at most 100, with codes from 801 on. Full build only. The members are those of
/// `cogauth_error.json`. The errors are those of `cogauth_policy_from_documents`.
/// Since the minor version 1.
///
/// # Safety
///
/// `documents` has `count` entries, whose slices are there; `warnings` has `warnings_capacity`
/// bytes; `warnings_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_warnings(
    documents: *const cogauth_document,
    count: usize,
    warnings: *mut c_char,
    warnings_capacity: usize,
    warnings_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let checked = source(documents, count)?.check()?;
        let mut writer = Writer::new();
        writer.array(|w| {
            for warning in checked.warnings() {
                w.object(|w| cog_auth_answers::error(warning, w));
            }
        });
        memory::write_text(warnings, warnings_capacity, warnings_length, &writer.into_bytes())
    })
}

/// Writes the documents of a policy as one, in the canonical form that its digest is made over.
/// Full build only. The errors are those of `cogauth_policy_from_documents`.
///
/// # Safety
///
/// `documents` has `count` entries, whose slices are there; `bundle` has `bundle_capacity` bytes;
/// `bundle_length` points to room for a `size_t`; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_bundle(
    documents: *const cogauth_document,
    count: usize,
    bundle: *mut c_char,
    bundle_capacity: usize,
    bundle_length: *mut usize,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let checked = source(documents, count)?.check()?;
        memory::write_text(bundle, bundle_capacity, bundle_length, checked.bundle().as_bytes())
    })
}

/// The policy that comes with the library. The caller releases it. Full build only.
///
/// # Safety
///
/// `policy` points to room for a pointer; `error` is NULL or a sized struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_policy_builtin(
    policy: *mut *mut cogauth_policy,
    error: *mut cogauth_error,
) -> i32 {
    guard(error, || {
        let policy = Place::of(policy)?;
        policy.make(Policy::builtin())
    })
}

fn source(documents: *const cogauth_document, count: usize) -> Result<Source, Failure> {
    let mut source = Source::new();
    for document in memory::array(documents, count)? {
        let name = memory::text(document.name.data, document.name.length)?;
        source.add(name, memory::bytes(document.text.data, document.text.length)?);
    }
    Ok(source)
}
