//! Makes the cfg that cargo-fuzz sets known to the compiler.
#![allow(clippy::print_stdout, reason = "how a build script speaks")]

fn main() {
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
}
