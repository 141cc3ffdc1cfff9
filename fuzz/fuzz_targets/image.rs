//! Fuzzes `image`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cog_auth_fuzz::image::check(data));
