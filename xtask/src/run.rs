//! Running commands, all in the root of the repository.

use std::error::Error;
use std::ffi::OsStr;
use std::process::Command;

/// Runs a command, given as words with spaces between them, and fails when it does.
pub(crate) fn run(title: &str, words: &str) -> Result<(), Box<dyn Error>> {
    run_command(title, &mut command(words)?)
}

/// Runs a command, and fails when it does.
pub(crate) fn run_command(title: &str, command: &mut Command) -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = [command.get_program()].into_iter().chain(command.get_args()).collect();
    let words = words.join(OsStr::new(" ")).to_string_lossy().into_owned();
    println!("== {title}: {words}");
    let status = command.status().map_err(|error| format!("{words}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{title} failed: {words}").into()) }
}

/// What a command prints. It fails when the command does, with what that said.
pub(crate) fn output(words: &str, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output =
        command(words)?.args(arguments).output().map_err(|error| format!("{words}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("{words} failed: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Whether a command can be run and succeeds. What it prints is not shown.
pub(crate) fn works(words: &str) -> bool {
    output(words, &[]).is_ok()
}

/// A command of words with spaces between them, to which more can be added.
pub(crate) fn command(words: &str) -> Result<Command, Box<dyn Error>> {
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().ok_or("no command")?);
    command.args(words).current_dir(crate::root());
    Ok(command)
}
