//! The commands of `policy`, and what they read.

use crate::limits::{self, Limit};
use crate::place::Place;
use clap::Subcommand;
use cog_auth::Code;
use cog_auth::policy::Limits;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Write a small policy to begin with: documents that explain themselves, and tests that pass
    Init(PolicyInitArgs),
    /// Check the documents, and say everything that is wrong with them
    Check(PolicyCheckArgs),
    /// Run the test cases, and try the invariants on them
    Test(PolicyTestArgs),
    /// Put documents in order, and lay them out, always in the same way
    Fmt(PolicyFmtArgs),
    #[command(
        about = "List the routes with what they need, or compare them with an OpenAPI document"
    )]
    Routes(PolicyRoutesArgs),
    /// Write the canonical bundle, or the compiled image
    Bundle(PolicyBundleArgs),
}

#[derive(clap::Args)]
pub(crate) struct PolicyPath {
    /// A folder, in which and below which all *.json are read, also where links lead; or one
    /// document; - for standard input
    #[arg(value_name = "PATH", default_value = "policies")]
    pub(crate) path: Place,
    #[command(flatten)]
    pub(crate) limits: LimitsFrom,
}

/// How large what is read may be.
#[derive(clap::Args)]
pub(crate) struct LimitsFrom {
    /// Set a limit of the library, such as rules=50000; give the option again for each. Section 16
    /// of the policy language has the defaults
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = limits::parse)]
    changes: Vec<Limit>,
}

impl LimitsFrom {
    pub(crate) fn limits(&self) -> Limits {
        limits::limits(&self.changes)
    }
}

#[derive(clap::Args)]
pub(crate) struct PolicyInitArgs {
    /// The folder, which is made, or is there and empty
    #[arg(default_value = "policies")]
    pub(crate) folder: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct PolicyCheckArgs {
    #[command(flatten)]
    pub(crate) path: PolicyPath,
    /// Fail for these warnings: all of them with `warnings`, or those with a code such as `unused`
    #[arg(long, value_name = "WHAT", value_parser = denied)]
    pub(crate) deny: Vec<Denied>,
}

/// Warnings that fail a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    Warnings,
    Code(Code),
}

impl Denied {
    pub(crate) fn is(self, code: Code) -> bool {
        match self {
            Self::Warnings => true,
            Self::Code(denied) => denied == code,
        }
    }
}

/// `warnings`, or the name or number of a warning's code.
fn denied(text: &str) -> Result<Denied, String> {
    if text == "warnings" {
        return Ok(Denied::Warnings);
    }
    let warnings = Code::ALL.iter().filter(|code| (800..900).contains(&code.number()));
    let mut known = warnings.clone();
    let code = known.find(|code| code.name() == text || code.number().to_string() == text);
    code.copied().map(Denied::Code).ok_or_else(|| {
        let names: Vec<&str> = warnings.map(|code| code.name()).collect();
        format!("say `warnings`, or one of {}", names.join(", "))
    })
}

#[derive(clap::Args)]
pub(crate) struct PolicyTestArgs {
    /// A folder of documents, a bundle (.json), a compiled image, or - for one of the two on
    /// standard input
    #[arg(value_name = "PATH", default_value = "policies")]
    pub(crate) path: Place,
    /// Run the cases in this folder or document instead of those of the policy. Of its other
    /// sections nothing is read
    #[arg(long, value_name = "PATH")]
    pub(crate) tests: Option<Place>,
    /// Run only the cases whose name has this text in it; give the option again for more. Rules and
    /// invariants are then not counted
    #[arg(long = "filter", value_name = "TEXT")]
    pub(crate) filters: Vec<String>,
    #[arg(
        help = "Write the results as JUnit XML to this file, overwriting what is there",
        long,
        value_name = "FILE"
    )]
    pub(crate) junit: Option<PathBuf>,
    /// Fail for this too
    #[arg(long, value_name = "WHAT", conflicts_with = "filters")]
    pub(crate) fail_on: Vec<FailOn>,
    /// Do not fail for this
    #[arg(long, value_name = "WHAT")]
    pub(crate) accept: Vec<Accepted>,
    #[command(flatten)]
    pub(crate) limits: LimitsFrom,
}

/// What fails a run of tests if somebody asks for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// A rule that is never true in any case
    NeverTrue,
    /// One of several conditions in an `any` that is never true in any case
    UntakenBranch,
}

/// What fails a run of tests unless somebody accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Accepted {
    /// An allowed case of which nobody knows whether it violates an invariant
    PerhapsViolated,
}

#[derive(clap::Args)]
pub(crate) struct PolicyFmtArgs {
    /// A folder, in which and below which all *.json are laid out, also where links lead; or one
    /// document; - for standard input, which is laid out to standard output
    #[arg(value_name = "PATH", default_value = "policies")]
    pub(crate) path: Place,
    /// Change nothing, and fail if something would change
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) limits: LimitsFrom,
}

#[derive(clap::Args)]
pub(crate) struct PolicyRoutesArgs {
    #[command(flatten)]
    pub(crate) path: PolicyPath,
    #[arg(
        help = "An OpenAPI 3 document. A policy with routes is compared with it; for one without, \
                routes are drafted from it",
        long,
        value_name = "FILE"
    )]
    pub(crate) openapi: Option<Place>,
    /// Draft the routes that the policy lacks, as a document
    #[arg(long, requires = "openapi")]
    pub(crate) draft: bool,
    /// A path parameter that names the organization; give the option again for more
    #[arg(long = "organization", value_name = "NAME", requires = "openapi",
        default_values = ["org_id", "organization_id", "org", "organization"])]
    pub(crate) organizations: Vec<String>,
    /// What stands before every path, such as /v3, instead of the path of the document's server
    #[arg(long, value_name = "PATH", requires = "openapi")]
    pub(crate) prefix: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct PolicyBundleArgs {
    #[command(flatten)]
    pub(crate) path: PolicyPath,
    /// Write the compiled image, which an edge loads, instead of JSON
    #[arg(long)]
    pub(crate) compiled: bool,
    /// Write to this file, overwriting what is there, and print the digests; - is standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
