//! Fuzzes `documents`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::documents::check(data));
