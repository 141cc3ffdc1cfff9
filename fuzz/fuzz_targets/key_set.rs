//! Fuzzes `key_set`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::key_set::check(data));
