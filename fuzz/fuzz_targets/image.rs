//! Fuzzes `image`.
#![cfg_attr(fuzzing, no_main)]

cog_auth_fuzz::target!(image);
