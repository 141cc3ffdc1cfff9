//! The commands, each in a file of its own.

mod decide;
mod demo;
mod key;
mod permissions;
mod policy;
mod scan;
mod token;

use crate::args::{Command, KeyCommand, PolicyCommand, TokenCommand};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::report::Report;

/// Runs a command. What a person should know of what was read goes before its own notes.
pub(crate) fn run(command: &Command) -> Result<Report, Failure> {
    let mut inputs = Inputs::default();
    let mut report = report(command, &mut inputs)?;
    report.notes.insert_str(0, &inputs.take_notes());
    Ok(report)
}

fn report(command: &Command, inputs: &mut Inputs) -> Result<Report, Failure> {
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
            TokenCommand::List(args) => token::list(args, inputs),
            TokenCommand::Rotate(args) => token::rotate(args, inputs),
            TokenCommand::Revoke(args) => token::revoke(args),
        },
        Command::Scan(args) => scan::run(args, inputs),
        Command::Decide(args) => decide::run(args, inputs),
        Command::Permissions(args) => permissions::run(args, inputs),
        Command::Policy { command } => match command {
            PolicyCommand::Init(args) => policy::init::run(args),
            PolicyCommand::Check(args) => policy::check(args, inputs),
            PolicyCommand::Test(args) => policy::test(args, inputs),
            PolicyCommand::Fmt(args) => policy::fmt::run(args, inputs),
            PolicyCommand::Routes(args) => policy::routes::run(args, inputs),
            PolicyCommand::Bundle(args) => policy::bundle(args, inputs),
        },
    }
}
