//! The listing of the library's public API, which is committed. Its diff shows what a change does
//! to those who use the library.

use crate::run::{command, run_command};
use crate::target;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

const FILE: &str = "docs/public-api.txt";

/// Traits whose implementations are left out. The compiler adds them to nearly every type, and
/// nobody here promises them: unlike `Send` and `Sync`, without which a service cannot use a type.
const LEFT_OUT: [&str; 6] =
    ["Freeze", "StructuralPartialEq", "Unpin", "UnsafeUnpin", "UnwindSafe", "RefUnwindSafe"];

/// Writes the listing.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    let listing = listing()?;
    fs::write(crate::root().join(FILE), &listing)?;
    println!("{FILE}: {} lines", listing.lines().count());
    Ok(())
}

/// Fails where the listing is not what the code says, and shows the difference.
pub(crate) fn check() -> Result<(), Box<dyn Error>> {
    let written = fs::read_to_string(crate::root().join(FILE))?;
    let listing = listing()?;
    if written == listing {
        return Ok(());
    }
    let before: BTreeSet<_> = written.lines().collect();
    let now: BTreeSet<_> = listing.lines().collect();
    before.difference(&now).for_each(|line| println!("- {line}"));
    now.difference(&before).for_each(|line| println!("+ {line}"));
    Err(format!("the public API is not as in {FILE}: if it should be so, cargo xtask public-api")
        .into())
}

/// One line for each public item, with all features.
///
/// rustdoc's JSON is unstable, and `RUSTC_BOOTSTRAP` has the toolchain of rust-toolchain.toml write
/// it all the same: so its format changes with that file alone, and the crate `public-api` with it.
/// The variable would have cargo compile all else again, so there is a target folder for this.
fn listing() -> Result<String, Box<dyn Error>> {
    let target = target::folder()?.join("public-api");
    run_command(
        "rustdoc",
        command("cargo rustdoc -p cog-auth --all-features --lib")?
            .args(["--", "-Zunstable-options", "--output-format=json"])
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/cog_auth.json"))
        .sorted(true)
        .omit_blanket_impls(true)
        .build()?;
    let left_out =
        |line: &str| LEFT_OUT.iter().any(|name| line.contains(&format!("::{name} for ")));
    let lines = api.items().map(|item| format!("{item}\n"));
    Ok(lines.filter(|line| !left_out(line)).collect())
}
