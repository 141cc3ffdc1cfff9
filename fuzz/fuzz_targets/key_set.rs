//! Fuzzes `key_set`.
#![cfg_attr(fuzzing, no_main)]

cog_auth_fuzz::target!(key_set);
