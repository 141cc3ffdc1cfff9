//! Tokens where they must not be: among the arguments.

use crate::failure::Failure;
use cog_auth::token::redact;
use std::ffi::OsString;

/// Refuses a token among the arguments, without showing its secret part.
pub(crate) fn token_among_arguments(arguments: impl Iterator<Item = OsString>) -> Option<Failure> {
    for argument in arguments {
        let text = argument.to_string_lossy();
        let shown = redact(&text);
        // A damaged token is not found by `redact`, and may lack only a character of a secret.
        let damaged = text.split(['=', ' ', ':', '"', '\'']).any(|word| {
            word.strip_prefix("cog_1").is_some_and(|rest| rest.len() > 18 && !rest.contains('/'))
        });
        if shown != *text || damaged {
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
