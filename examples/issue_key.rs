//! The issuer's side: make a root key, mint a credential, store its record, show the token once.
//!
//! ```console
//! $ cargo run --example issue_key
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::Time;
use cog_auth::token::{
    KeyId, Kind, MINT_RANDOM_BYTES, Record, RecordDraft, RootKey, Scopes, Token,
};
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn Error>> {
    let root = new_root_key()?;
    let (token, record) = issue(&root, "su_ci", now()?)?;

    // The record goes into your database, under its id.
    println!("store under {}:\n{}\n", record.id(), record.to_json());

    // The token is shown to whoever asked for it, now and never again.
    println!("copy this token, it is not shown again:\n{}\n", token.expose());

    // Everything that is printed or logged afterwards uses the handle, which holds nothing secret.
    println!("made {} for {}", token.handle(), record.principal());
    Ok(())
}

/// A root key is 32 random bytes. The issuer makes one, keeps it in its secret store, and gives it
/// to nobody.
fn new_root_key() -> Result<RootKey, Box<dyn Error>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(RootKey::new(KeyId::parse("01")?, &bytes))
}

/// Mints a key for a service user and makes the record to store.
fn issue(root: &RootKey, service_user: &str, now: Time) -> Result<(Token, Record), Box<dyn Error>> {
    let mut random = [0; MINT_RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;

    let in_90_days = Time::from_seconds(now.seconds() + 90 * 86_400)?;
    let record = RecordDraft::new(&token, service_user, Scopes::of(["ViewOrgSessions"])?, now)
        .name("nightly build")
        .organizations(["org-a"])
        .expires_at(in_90_days)
        .for_edges() // adds the digest that edges compare
        .for_origins(&root.peppers()) // and the one that origins compare
        .issue()?;
    Ok((token, record))
}

/// The library has no clock: the caller says what time it is.
fn now() -> Result<Time, Box<dyn Error>> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(Time::from_seconds(seconds)?)
}
