//! The options of `token`.

use super::{Now, PolicyFrom, TokenFrom, key_id};
use crate::clock;
use crate::place::Place;
use clap::Subcommand;
use cog_auth::Time;
use cog_auth::token::{CredentialId, ExpiryDay, Handle, KeyId, Kind};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Mint a token and its record. The token is shown this once
    New(Box<TokenNewArgs>),
    /// Show what a token says of itself. Without keys, nothing tells whether it is real
    Inspect(TokenInspectArgs),
    /// Verify a token with edge keys, and accept it with its record
    Verify(TokenVerifyArgs),
    /// List records, and which of them are active
    List(TokenListArgs),
    /// Replace a token by a new one, and store the records of both
    Rotate(TokenRotateArgs),
    /// End tokens at once, and store their records
    Revoke(TokenRevokeArgs),
}

#[derive(clap::Args)]
pub(crate) struct TokenNewArgs {
    #[command(flatten)]
    pub(crate) root: RootFrom,
    /// What kind of credential: service-user-key, personal-access-token or sample
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Kind,
    /// The id of the service user or user that it authenticates as
    #[arg(long, value_name = "ID")]
    pub(crate) principal: Option<String>,
    #[command(flatten)]
    pub(crate) scopes: ScopesFrom,
    /// An organization that it may be used in; give the option again for each. Without it: all that
    /// its owner is in
    #[arg(long = "organization", value_name = "ID")]
    pub(crate) organizations: Vec<String>,
    /// An IP address or a CIDR prefix that it may be used from; give the option again for each.
    /// Without it: from everywhere
    #[arg(long = "address", value_name = "ADDRESS")]
    pub(crate) addresses: Vec<String>,
    #[command(flatten)]
    pub(crate) expiry: ExpiryFrom,
    /// The time from which it is good, which the record says, too
    #[arg(long, value_name = "TIME", value_parser = clock::time)]
    pub(crate) not_before: Option<Time>,
    /// What its owner calls it
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Write the record to a new file, and print the token alone
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Add the record to a folder or a file of records, as `token list` reads it, and print the
    /// token alone
    #[arg(long, value_name = "PATH", conflicts_with = "record")]
    pub(crate) records: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
pub(crate) struct TokenInspectArgs {
    #[command(flatten)]
    pub(crate) token: TokenFrom,
}

#[derive(clap::Args)]
pub(crate) struct TokenVerifyArgs {
    #[command(flatten)]
    pub(crate) token: TokenFrom,
    /// The edge key set
    #[arg(long, value_name = "FILE")]
    pub(crate) edge_keys: Place,
    /// The token's record, to say whether it is active
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<Place>,
    /// The pepper set, to check the record's digest of the token as an origin does, not as an edge
    #[arg(long, value_name = "FILE", requires = "record")]
    pub(crate) peppers: Option<Place>,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
pub(crate) struct TokenListArgs {
    #[command(flatten)]
    pub(crate) records: RecordsFrom,
    /// Those of this owner alone
    #[arg(long, value_name = "ID")]
    pub(crate) principal: Option<String>,
    /// Those that are active alone
    #[arg(long)]
    pub(crate) active: bool,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
pub(crate) struct TokenRotateArgs {
    /// The id of the credential, or its handle: the first 23 characters of the token
    #[arg(value_name = "ID", value_parser = credential_id)]
    pub(crate) id: CredentialId,
    #[command(flatten)]
    pub(crate) records: RecordsFrom,
    #[command(flatten)]
    pub(crate) root: RootFrom,
    /// For how long the old token is good beside the new one: 45s, 30m, 12h, 7d, or 0
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = clock::duration)]
    pub(crate) grace: u64,
    /// For how long it may be good beside the new one at most
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = clock::duration)]
    pub(crate) max_grace: u64,
    /// Let the new token expire later than the old one, which is for those who may make tokens of
    /// this owner
    #[arg(long)]
    pub(crate) extend: bool,
    #[command(flatten)]
    pub(crate) expiry: ExpiryFrom,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
pub(crate) struct TokenRevokeArgs {
    /// The ids of the credentials, or their handles: the first 23 characters of the tokens
    #[arg(value_name = "ID", required = true, value_parser = credential_id)]
    pub(crate) ids: Vec<CredentialId>,
    #[command(flatten)]
    pub(crate) records: RecordsFrom,
    #[command(flatten)]
    pub(crate) now: Now,
}

#[derive(clap::Args)]
pub(crate) struct RecordsFrom {
    /// A folder, in which and below which all *.json and *.jsonl are read; or one file, which has
    /// records one after the other. Where nothing is written, - is standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) records: PathBuf,
}

/// The key to mint with.
#[derive(clap::Args)]
pub(crate) struct RootFrom {
    /// The root key set
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Place,
    /// Which key of the set to use, if it has several
    #[arg(long, value_name = "ID", value_parser = key_id)]
    pub(crate) key_id: Option<KeyId>,
}

#[derive(clap::Args)]
pub(crate) struct ScopesFrom {
    /// An action that it may be used for; give the option again for each. '*' is all that its owner
    /// may do
    #[arg(long = "scope", value_name = "ACTION")]
    pub(crate) scopes: Vec<String>,
    /// Accept scopes that the policy does not declare
    #[arg(long)]
    pub(crate) undeclared_scopes: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyFrom,
}

/// When a new token ends.
#[derive(clap::Args)]
pub(crate) struct ExpiryFrom {
    /// The last day on which the token is good, which can never be changed: YYYY-MM-DD, or days
    /// since 1970
    #[arg(long, value_name = "DAY", value_parser = clock::day)]
    pub(crate) hard_expiry: Option<ExpiryDay>,
    /// The time at which it stops being good, which the record says: RFC 3339, YYYY-MM-DD, or
    /// seconds since 1970. Without any expiry it is good for 90 days, a service user's key for 365
    #[arg(long, value_name = "TIME", value_parser = clock::time)]
    pub(crate) expires_at: Option<Time>,
    /// Let it be good until it is revoked
    #[arg(long, conflicts_with_all = ["expires_at", "hard_expiry"])]
    pub(crate) no_expiry: bool,
}

/// An id, alone or at the end of a handle.
fn credential_id(text: &str) -> Result<CredentialId, String> {
    let of_handle = text
        .starts_with("cog_1")
        .then(|| Handle::LEN.checked_sub(CREDENTIAL_ID_LEN).and_then(|start| text.get(start..)))
        .flatten();
    CredentialId::parse(of_handle.unwrap_or(text)).map_err(|_| {
        "an id is 12 characters of 0-9A-Za-z, and a handle 23 that begin with cog_1".to_owned()
    })
}

const CREDENTIAL_ID_LEN: usize = 12;

fn kind(text: &str) -> Result<Kind, String> {
    Kind::from_name(&text.replace('-', "_"))
        .ok_or_else(|| "it is service-user-key, personal-access-token or sample".to_owned())
}
