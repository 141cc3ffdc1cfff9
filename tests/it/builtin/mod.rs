//! The built-in policy: its own cases, what it means at every point, and what its cases notice.

mod cases;
#[cfg(feature = "builtin")]
mod exhaustive;
mod mutants;
