//! Versions: those of the header, the library and its package are the same.

use cogauth::*;
use std::ffi::CStr;
use std::fs;

fn file(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_header_says_what_the_library_says() {
    // SAFETY: the library's version is static and has a NUL at the end.
    let version = unsafe { CStr::from_ptr(cogauth_version()) }.to_str().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let header = file("include/cogauth.h");
    assert!(header.contains(&format!("#define COGAUTH_VERSION \"{version}\"\n")));
    let abi = cogauth_abi_version();
    assert!(header.contains(&format!("#define COGAUTH_ABI_MAJOR {}\n", abi >> 16)));
    assert!(header.contains(&format!("#define COGAUTH_ABI_MINOR {}\n", abi & 0xffff)));
}

/// The name of the shared library ends with the major number of the ABI.
#[test]
fn the_package_has_the_version_of_the_abi() {
    let version = format!("\nversion = \"{COGAUTH_ABI_MAJOR}.{COGAUTH_ABI_MINOR}.0\"\n");
    let package = file("Cargo.toml");
    let library = package.split("[package.metadata.capi.library]").nth(1).unwrap();
    assert!(library.contains(&version), "{version}");
}

#[test]
fn codes_have_their_names_and_sentences() {
    for code in cog_auth::Code::ALL {
        assert_eq!(text(cogauth_code_name, i32::from(code.number())), Some(code.name()));
        assert_eq!(text(cogauth_code_sentence, i32::from(code.number())), Some(code.sentence()));
    }
    for other in [i32::MIN, -1, 0, 100, 999, 65_536 + 101, i32::MAX] {
        assert_eq!(text(cogauth_code_name, other), None);
    }
}

fn text(
    of: unsafe extern "C" fn(i32, *mut usize) -> *const std::ffi::c_char,
    code: i32,
) -> Option<&'static str> {
    let mut length = usize::MAX;
    // SAFETY: the length has its place, and the text is static.
    let data = unsafe { of(code, &raw mut length) };
    if data.is_null() {
        assert_eq!(length, 0);
        return None;
    }
    // SAFETY: the library says that so many bytes are there.
    let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length) };
    Some(std::str::from_utf8(bytes).unwrap())
}
