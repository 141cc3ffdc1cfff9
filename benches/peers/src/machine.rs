//! What the figures were measured on.

use std::fs;
use std::process::Command;

/// One line: processor, cores, what it has for hashing, compiler, and how busy the machine was.
pub fn facts() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |name: &str| {
        let line = processors.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map_or("unknown", |(_, value)| value.trim())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let hashing =
        if of("flags").split(' ').any(|flag| flag == "sha_ni") { "with" } else { "without" };
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    format!(
        "{cores} cores of {}, {hashing} SHA extensions; {}; opt-level 3 without link-time \
         optimization; load {load} before the first round.",
        of("model name"),
        rustc.unwrap_or_else(|_| String::from("an unknown compiler")),
    )
}
