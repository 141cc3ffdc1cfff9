//! Fuzzes `token`.
#![cfg_attr(fuzzing, no_main)]

cog_auth_fuzz::target!(token);
