//! The commands and their options, as `--help` shows them.

mod policy;
mod token;

pub(crate) use policy::{
    Accepted, FailOn, LimitsFrom, PolicyBundleArgs, PolicyCheckArgs, PolicyCommand, PolicyFmtArgs,
    PolicyInitArgs, PolicyPath, PolicyRoutesArgs, PolicyTestArgs,
};

pub(crate) use token::{
    ExpiryFrom, RootFrom, ScopesFrom, TokenCommand, TokenInspectArgs, TokenListArgs, TokenNewArgs,
    TokenRevokeArgs, TokenRotateArgs, TokenVerifyArgs,
};

use crate::clock;
use crate::place::Place;
use clap::{Parser, Subcommand, ValueEnum};
use cog_auth::Time;
use cog_auth::policy::ImageDigest;
use cog_auth::token::KeyId;
use std::path::PathBuf;

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  yes: allowed, valid, passed, or done
  1  no: denied, refused, or a check or test that failed
  2  the command line is wrong, or a file cannot be written or read: it is
     missing, empty, too long or no text (for a policy's documents, the last
     three are errors in them)
  3  what was read is not valid: a policy, record, key set or request"
    };
}

/// What stands at the end of `--help`; `-h` has the exit codes alone.
const WORDS_AND_EXIT_CODES: &str = concat!(
    "\
Words:
  issuer  makes root keys and tokens, and keeps the records of tokens
  edge    checks requests before they reach the service; it holds edge keys
  origin  the service itself; it holds peppers
  record  what the issuer stores of a token: whose it is, what for, and whether it is still good
  facts   what the issuer knows of the token's owner, and of the organization that is asked about

",
    exit_codes!()
);

/// Who is behind a cog_ bearer token, what may they do, and why not.
///
/// Begin with `cog-auth demo`.
#[derive(Parser)]
#[command(name = "cog-auth", version, after_help = exit_codes!(), after_long_help = WORDS_AND_EXIT_CODES)]
pub(crate) struct Args {
    /// Print the result as JSON, on one line; errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) color: colorchoice_clap::Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Decide a dozen real API requests with throw-away keys, and say why
    Demo,
    /// Make root keys, and derive from them the keys that edges and origins hold
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Make tokens, and look at them
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Look for tokens in files, folders and git history, and say which of them still work
    Scan(ScanArgs),
    #[command(about = "Decide a request: an AuthZEN one, or an HTTP request with a token")]
    Decide(DecideArgs),
    /// List every action, whether a credential may do it, and why not
    Permissions(PermissionsArgs),
    /// Write, check, test and bundle the documents of a policy
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a root key set from fresh random bytes
    New(KeyNewArgs),
    /// Derive the key set that edges or origins hold
    Derive(KeyDeriveArgs),
}

#[derive(clap::Args)]
pub(crate) struct KeyNewArgs {
    /// The new key's id: two characters of 0-9A-Za-z, not 00
    #[arg(long, value_name = "ID", default_value = "01", value_parser = key_id)]
    pub(crate) key_id: KeyId,
    /// Add the new key to the keys of this root key set
    #[arg(long, value_name = "FILE")]
    pub(crate) add_to: Option<Place>,
    /// Write the set to a new file that only you can read, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct KeyDeriveArgs {
    /// What the derived keys are for
    #[arg(long = "use", value_name = "USE")]
    pub(crate) key_use: DerivedUse,
    /// The root key set
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Place,
    /// Write the set to a new file that only you can read, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum DerivedUse {
    /// For edges: verifies tokens (and can mint them)
    EdgeTag,
    /// For origins: checks the digests in records
    DigestPepper,
}

#[derive(clap::Args)]
pub(crate) struct ScanArgs {
    /// Files, folders with all in them, or - for standard input. Of a repository the folders
    /// objects and lfs/objects are left out, which have the history
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) places: Vec<Place>,
    /// Look through the history of the git repositories in the folders too: every version of every
    /// file, also of those that Git LFS keeps, what is staged, and all messages. Needs git
    #[arg(long)]
    pub(crate) git: bool,
    /// Print the result as SARIF 2.1.0, which code hosts and editors read
    #[arg(long, conflicts_with = "json")]
    pub(crate) sarif: bool,
    /// The edge key set, to say which tokens are ours
    #[arg(long, visible_alias = "edge-key", value_name = "FILE")]
    pub(crate) edge_keys: Option<Place>,
    /// The records, a folder or a file as `token list` reads it, to say which tokens are active
    #[arg(long, value_name = "PATH")]
    pub(crate) records: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) now: Now,
}

/// Where a token comes from. Never an argument: other programs and the shell's history see those.
#[derive(clap::Args)]
pub(crate) struct TokenFrom {
    /// The environment variable that holds the token
    #[arg(long, value_name = "NAME", default_value = "COG_TOKEN", conflicts_with = "token_file")]
    pub(crate) token_env: String,
    /// A file that holds the token; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<Place>,
}

#[derive(clap::Args)]
pub(crate) struct Now {
    /// The time to judge by, instead of now: RFC 3339, YYYY-MM-DD, or seconds since 1970
    #[arg(id = "now", long, value_name = "TIME", value_parser = clock::time)]
    pub(crate) time: Option<Time>,
}

#[derive(clap::Args)]
pub(crate) struct PolicyFrom {
    /// A folder of documents, a bundle (.json), a compiled image, or - for one of the two on
    /// standard input, instead of the built-in policy
    #[arg(long, value_name = "PATH")]
    pub(crate) policy: Option<Place>,
    /// Refuse the policy unless it has this digest: for an image the SHA-256 of the file, else the
    /// policy's own, as `policy check` prints it
    #[arg(long, value_name = "SHA-256", requires = "policy", value_parser = digest)]
    pub(crate) expect_digest: Option<String>,
    #[command(flatten)]
    pub(crate) limits: LimitsFrom,
}

/// A credential as a worker meets it.
#[derive(clap::Args)]
pub(crate) struct Credential {
    #[command(flatten)]
    pub(crate) token: TokenFrom,
    /// The edge key set
    #[arg(long, value_name = "FILE")]
    pub(crate) edge_keys: Option<Place>,
    /// The token's record; without it, the credential is unknown
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<Place>,
    /// Facts about its principal (and organization and resource); without them, the principal is
    /// unknown
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<Place>,
    /// The pepper set, to check the record's digest of the token as an origin does, not as an edge
    #[arg(long, value_name = "FILE")]
    pub(crate) peppers: Option<Place>,
    /// Other context for the policy, as a JSON object: '{"ci": true}'
    #[arg(long, value_name = "JSON")]
    pub(crate) context: Option<String>,
    /// The client's IP address, as the service's own connection or proxy says it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) client_address: Option<String>,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
#[command(override_usage = "cog-auth decide --request <FILE|-> [--policy <PATH>]\n       \
    cog-auth decide <METHOD> <PATH> --edge-keys <FILE> [--record <FILE>] [--facts <FILE>] \
    [OPTIONS]")]
pub(crate) struct DecideArgs {
    #[arg(
        help = "An AuthZEN evaluation or evaluations request; - for standard input",
        long, value_name = "FILE", conflicts_with_all = [
            "method", "path", "edge_keys", "record", "facts", "peppers", "context",
            "client_address", "token_file", "now"])]
    pub(crate) request: Option<Place>,
    /// The HTTP method
    #[arg(required_unless_present = "request", requires_all = ["path", "edge_keys"])]
    pub(crate) method: Option<String>,
    /// The HTTP request target: path, and query
    pub(crate) path: Option<String>,
    #[command(flatten)]
    pub(crate) credential: Credential,
    #[command(flatten)]
    pub(crate) policy: PolicyFrom,
}

#[derive(clap::Args)]
#[command(override_usage = "cog-auth permissions --request <FILE|-> [--policy <PATH>]\n       \
    cog-auth permissions --edge-keys <FILE> --record <FILE> --facts <FILE> \
    [--organization <ID>] [OPTIONS]")]
pub(crate) struct PermissionsArgs {
    #[arg(
        help = "An AuthZEN action search request; - for standard input",
        long, value_name = "FILE", conflicts_with_all = [
            "organization", "edge_keys", "record", "facts", "peppers", "context",
            "client_address", "token_file", "now"])]
    pub(crate) request: Option<Place>,
    /// The organization to ask about; without it, the principal's own account
    #[arg(long, value_name = "ID")]
    pub(crate) organization: Option<String>,
    #[command(flatten)]
    pub(crate) credential: Credential,
    #[command(flatten)]
    pub(crate) policy: PolicyFrom,
}

fn key_id(text: &str) -> Result<KeyId, String> {
    KeyId::parse(text).map_err(|error| error.message().to_owned())
}

/// A digest as text: whether it is of an image or of a policy shows when the file is read.
fn digest(text: &str) -> Result<String, String> {
    ImageDigest::from_hex(text)
        .map(|digest| digest.to_hex())
        .ok_or_else(|| "a digest is 64 lower-case hexadecimal digits".to_owned())
}
