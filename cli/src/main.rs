//! The command `cog-auth`: where files, the clock and random bytes come to the library, which has none of them.
#![forbid(unsafe_code)]

mod answer;
mod args;
mod clock;
mod credential;
mod decide;
mod demo;
mod diagnostics;
mod documents;
mod exposed_token;
mod failure;
mod files;
mod gate;
mod input;
mod key;
mod load;
mod permissions;
mod place;
mod policy;
mod print;
mod random;
mod report;
mod style;
mod table;
mod token;

use args::{Args, Command, KeyCommand, PolicyCommand, TokenCommand};
use clap::Parser as _;
use failure::Failure;
use input::Inputs;
use print::Form;
use report::Report;
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
        Err(error) if form == Form::Json && error.use_stderr() => {
            return print::print_failure(&Failure::command_line(&error), form);
        }
        Err(error) => error.exit(),
    };
    args.color.write_global();
    // A `--json` that is the value of another option was not meant.
    let form = if args.json { Form::Json } else { Form::Text };
    match run(&args.command) {
        Ok(report) => print::print(&report, form),
        Err(failure) => print::print_failure(&failure, form),
    }
}

fn run(command: &Command) -> Result<Report, Failure> {
    let inputs = &mut Inputs::default();
    match command {
        Command::Demo => demo::run(),
        Command::Key { command } => match command {
            KeyCommand::New(args) => key::new(args, inputs),
            KeyCommand::Derive(args) => key::derive(args, inputs),
        },
        Command::Token { command } => match command {
            TokenCommand::New(args) => token::new(args, inputs),
            TokenCommand::Inspect(args) => token::inspect(args, inputs),
            TokenCommand::Verify(args) => token::verify(args, inputs),
        },
        Command::Decide(args) => decide::run(args, inputs),
        Command::Permissions(args) => permissions::run(args, inputs),
        Command::Policy { command } => match command {
            PolicyCommand::Check(args) => policy::check(args),
            PolicyCommand::Test(args) => policy::test(args),
            PolicyCommand::Bundle(args) => policy::bundle(args),
        },
    }
}
