//! Fuzzes `path`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::path::check(data));
