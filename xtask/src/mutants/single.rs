//! Mutants in what the compiler computes: each is built alone.

use super::list::Mutant;
use super::report::Results;
use super::tree::Tree;
use super::trial::Trial;
use super::{Outcome, build};
use std::error::Error;
use std::fs;
use std::path::Path;

pub(super) fn run(
    mutants: &[&Mutant],
    folder: &Path,
    trial: &mut Trial,
    results: &mut Results,
) -> Result<(), Box<dyn Error>> {
    if mutants.is_empty() {
        return Ok(());
    }
    let tree = Tree::copy(&folder.join("single"))?;
    for file in super::tree::files(&crate::root().join("src"))? {
        tree.write(file.strip_prefix(crate::root())?, &fs::read(&file)?)?;
    }
    // Another version, so that what is built in one target folder has another name than the builds of all mutants.
    let manifest = fs::read_to_string(tree.path.join("Cargo.toml"))?;
    let manifest = manifest.replacen("version = \"0.", "version = \"9.", 1);
    tree.write(Path::new("Cargo.toml"), manifest.as_bytes())?;
    let target = folder.join("target");
    for mutant in mutants {
        let name = Path::new(&mutant.file);
        let text = fs::read_to_string(crate::root().join(name))?;
        let mut changed = text.clone();
        changed.replace_range(mutant.span.clone(), &mutant.replacement);
        tree.write(name, changed.as_bytes())?;
        let outcome = if build::compiles(&tree, &target)? {
            trial.built(mutant, &build::tests(&tree, &target)?, &tree.path)?
        } else {
            Outcome::Unviable
        };
        tree.write(name, text.as_bytes())?;
        results.keep(mutant, &outcome)?;
    }
    Ok(())
}
