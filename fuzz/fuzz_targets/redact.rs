//! Fuzzes `redact`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::redact::check(data));
