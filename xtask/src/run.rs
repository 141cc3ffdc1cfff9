//! Running commands.

use std::error::Error;
use std::process::Command;

/// Runs a command in the root of the repository and fails when it does.
pub(crate) fn run(
    title: &str,
    command: &str,
    environment: &[(&str, &str)],
) -> Result<(), Box<dyn Error>> {
    println!("\n== {title}: {command}");
    let mut words = command.split_whitespace();
    let program = words.next().ok_or("no command")?;
    let status = Command::new(program)
        .args(words)
        .envs(environment.iter().copied())
        .current_dir(crate::root())
        .status()
        .map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{title} failed: {command}").into()) }
}

/// Whether a command can be run and succeeds, its output unseen.
pub(crate) fn works(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return false };
    Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
}
