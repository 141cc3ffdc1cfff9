//! Fuzzes `facts`.
#![cfg_attr(fuzzing, no_main)]

cog_auth_fuzz::target!(facts);
