//! The command `cog-auth`. The library has no files, no clock and no random bytes: they come to it
//! from here.
//!
//! `commands` has a file for each command. What they read comes from `input`, `files`, `documents`,
//! `load`, `clock` and `random`; what they show is made by `answer`, `gate`, `diagnostics`,
//! `tested`, `table` and `style`, and ends as a `report` or a `failure`, which `print` prints.
//! `unseen` keeps text from elsewhere from commanding a terminal.
#![forbid(unsafe_code)]

mod acceptance;
mod answer;
mod args;
mod clock;
mod commands;
mod credential;
mod diagnostics;
mod documents;
mod expiry;
mod exposed_token;
mod failure;
mod files;
mod find;
mod folder;
mod gate;
mod input;
mod layout;
mod limits;
mod load;
mod mint;
mod openapi;
mod place;
mod print;
mod random;
mod records;
mod report;
mod routes;
mod scopes;
mod style;
mod table;
mod tested;
mod token_text;
mod triage;
mod unseen;

use args::Args;
use clap::Parser as _;
use failure::Failure;
use print::Form;
use std::process::ExitCode;

fn main() -> ExitCode {
    let asked_for_json = std::env::args_os().any(|argument| argument == "--json");
    let form = if asked_for_json { Form::Json } else { Form::Text };
    // Before clap sees the arguments, whose errors repeat them.
    if let Some(failure) = exposed_token::token_among_arguments(std::env::args_os().skip(1)) {
        return print::print_failure(&failure, form);
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        // Its own text repeats arguments as they are.
        Err(error) if error.use_stderr() && (form == Form::Json || has_unseen_argument()) => {
            return print::print_failure(&Failure::command_line(&error), form);
        }
        Err(error) => error.exit(),
    };
    args.color.write_global();
    // A `--json` that is the value of another option was not meant.
    let form = if args.json { Form::Json } else { Form::Text };
    match commands::run(&args.command) {
        Ok(report) => print::print(&report, form),
        Err(failure) => print::print_failure(&failure, form),
    }
}

fn has_unseen_argument() -> bool {
    std::env::args_os().any(|argument| argument.to_string_lossy().contains(unseen::is_unseen))
}
