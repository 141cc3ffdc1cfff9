//! Makes the cfg of `cargo xtask constant-time` known to the compiler.
#![allow(clippy::print_stdout, reason = "how a build script speaks")]

fn main() {
    println!("cargo::rustc-check-cfg=cfg(constant_time)");
}
