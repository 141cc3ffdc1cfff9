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

/// Runs a command.
pub(crate) fn run(command: &Command) -> Result<Report, Failure> {
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
            TokenCommand::List(args) => token::list(args),
            TokenCommand::Rotate(args) => token::rotate(args, inputs),
            TokenCommand::Revoke(args) => token::revoke(args),
        },
        Command::Scan(args) => scan::run(args, inputs),
        Command::Decide(args) => decide::run(args, inputs),
        Command::Permissions(args) => permissions::run(args, inputs),
        Command::Policy { command } => match command {
            PolicyCommand::Check(args) => policy::check(args),
            PolicyCommand::Test(args) => policy::test(args),
            PolicyCommand::Bundle(args) => policy::bundle(args),
        },
    }
}
