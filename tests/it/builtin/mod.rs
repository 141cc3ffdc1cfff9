//! What the built-in policy means, beyond its own cases.

mod exhaustive;
mod mutants;
