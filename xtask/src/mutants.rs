//! Mutation testing: every change that `cargo mutants` would make is compiled into one copy of the tree, each behind a
//! switch that is read at run time. What would be a build for every mutant is one build, and a mutant meets only those
//! tests that reach it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a tool may fail"
)]

mod build;
mod constants;
mod edits;
mod equivalent;
mod list;
mod report;
mod schemata;
mod single;
mod tree;
mod trial;

use list::Mutant;
use std::error::Error;
use std::path::PathBuf;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A test failed: its name.
    Caught(String),
    /// A test used up its time: its name.
    TimedOut(String),
    /// Every test that reaches it passed: how many these are.
    Survived(usize),
    /// It does not compile.
    Unviable,
}

/// `cargo xtask mutants [--survivors | --resume] [filter]`: all, those that survived the last run, or those that it did not
/// come to; with a filter, those of them whose file or description has it.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    crate::needs::MUTANTS.must_be_met()?;
    let has = |name: &str| arguments.contains(&name);
    let (survivors, resume) = (has("--survivors"), has("--resume"));
    let filter = arguments.iter().find(|argument| !argument.starts_with("--"));
    let folder = folder()?;
    std::fs::create_dir_all(&folder)?;
    let all = list::read()?;
    let part = survivors || resume || filter.is_some();
    let mut results =
        if part { report::Results::read(&folder)? } else { report::Results::none(&folder) };
    let before = results.outcomes(&all);
    let wanted = |mutant: &&Mutant| {
        filter.is_none_or(|filter| mutant.key.contains(*filter))
            && (!survivors || matches!(before.get(&mutant.id), Some(Outcome::Survived(_))))
            && (!resume || !before.contains_key(&mutant.id))
    };
    let tree = tree::Tree::copy(&folder.join("tree"))?;
    let built = build::all(&tree, &all, &folder)?;
    println!(
        "{} mutants: {} compiled in, {} do not compile, {} need a build of their own",
        all.len(),
        all.len() - built.unviable.len() - built.apart.len(),
        built.unviable.len(),
        built.apart.len()
    );
    let equivalent = equivalent::read(&all)?;
    let mut trial = trial::Trial::start(&built.binaries, &tree, &folder)?;
    let mut apart = Vec::new();
    for mutant in all.iter().filter(wanted) {
        if built.unviable.contains(&mutant.id) {
            results.keep(mutant, &Outcome::Unviable)?;
        } else if built.apart.contains(&mutant.id) {
            apart.push(mutant);
        } else {
            let site = built.sites.get(&mutant.id).copied().unwrap_or(mutant.id);
            results.keep(mutant, &trial.of(mutant, site)?)?;
        }
    }
    single::run(&apart, &folder, &mut trial, &mut results)?;
    results.write()?;
    report::summary(&all, &results.outcomes(&all), &equivalent);
    Ok(())
}

/// Where copies, builds and results are.
fn folder() -> Result<PathBuf, Box<dyn Error>> {
    Ok(crate::target::folder()?.join("mutants"))
}
