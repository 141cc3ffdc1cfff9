//! Tokens where they must not be: among the arguments.

use crate::failure::Failure;
use cog_auth::token::{Certainty, redact, scan_decoding};
use std::ffi::{OsStr, OsString};
use std::fs;

/// Refuses a token among the arguments, without showing its secret part.
pub(crate) fn token_among_arguments(arguments: impl Iterator<Item = OsString>) -> Option<Failure> {
    for argument in arguments {
        let text = argument.to_string_lossy();
        let shown = redact(&text);
        // A damaged token is not found by `redact`, and may lack only a character of a secret.
        let damaged = text.split(['=', ' ', ':', '"', '\'']).any(|word| {
            word.strip_prefix("cog_1").is_some_and(|rest| rest.len() > 18 && !rest.contains('/'))
        });
        let suspect = shown != *text || damaged;
        if suspect && (has_token(text.as_bytes()) || !names_file(&argument)) {
            let start = shown.find("cog_").and_then(|start| shown.get(start..));
            let handle = start
                .filter(|_| shown != *text)
                .and_then(|text| text.split('…').next())
                .filter(|handle| handle.len() > 4)
                .map_or_else(String::new, |handle| format!(" ({handle}…)"));
            return Some(Failure::usage(format!(
                "a token{handle} was given as an argument, where other programs and the shell's \
                 history can see it; put it into the environment variable COG_TOKEN, into a file \
                 (--token-file FILE) or on standard input (--token-file -), and revoke this one \
                 if the machine is not yours alone"
            )));
        }
    }
    None
}

/// Whether there is a token beyond doubt.
pub(crate) fn has_token(text: &[u8]) -> bool {
    scan_decoding(text).any(|finding| finding.certainty() == Certainty::Parsed)
}

/// Whether it is the name of something that is there, also as the value of an option. Tools that
/// run before a commit give the names of files, and one may begin as a token does.
fn names_file(argument: &OsStr) -> bool {
    let is_there = |name: &OsStr| fs::symlink_metadata(name).is_ok();
    let value = argument.to_str().and_then(|text| text.split_once('='));
    is_there(argument) || value.is_some_and(|(_, name)| is_there(name.as_ref()))
}
