//! Fuzzes `scan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::scan::check(data));
