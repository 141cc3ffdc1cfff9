//! Replace a credential without an outage, and end one at once.
//!
//! ```console
//! $ cargo run --example rotate_and_revoke
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::token::{KeyId, Kind, MINT_RANDOM_BYTES, Record, RecordDraft, RootKey, Scopes};
use cog_auth::{Code, Time};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Time::from_seconds(1_795_000_000)?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let root = RootKey::new(KeyId::parse("01")?, &bytes);

    let (old_token, old) = issue(&root, Scopes::of(["ViewOrgSessions"])?, now)?;
    let (new_token, new) = issue(&root, Scopes::of(["ViewOrgSessions"])?, now)?;

    // Store the successor's record first, then the predecessor's new one. Both tokens work for an
    // hour, in which whoever uses the old one changes over.
    let an_hour_later = Time::from_seconds(now.seconds() + 3_600)?;
    let rotated = old.rotate(&new, an_hour_later, now)?;
    println!("store {}\nstore {}", new.to_json(), rotated.to_json());

    let keys = root.edge_keys();
    assert!(keys.verify(new_token, now)?.accept_at_edge(Some(new.clone()), now).is_ok());
    let late = keys.verify(old_token, an_hour_later)?;
    let error = late.accept_at_edge(Some(rotated), an_hour_later).unwrap_err();
    println!("the old token, an hour later: {error}");
    assert_eq!(error.code(), Code::Rotated);

    // A successor may have less than its predecessor, never more.
    let (_, wider) = issue(&root, Scopes::all(), now)?;
    let error = old.rotate(&wider, now, now).unwrap_err();
    assert_eq!(error.code(), Code::WiderThanPredecessor);

    // Two writers read the same record, and one of them revoked it. It stays revoked.
    let (revoked, rotated) = (old.revoke(now), old.rotate(&new, an_hour_later, now)?);
    assert_eq!(rotated.merge(&revoked)?.revoked_at(), Some(now));

    // A leaked token is ended at once: from the next look at its record on, it is refused.
    println!("store {}", new.revoke(now).to_json());
    Ok(())
}

fn issue(
    root: &RootKey,
    scopes: Scopes,
    now: Time,
) -> Result<(cog_auth::token::Token, Record), Box<dyn Error>> {
    let mut random = [0; MINT_RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let record = RecordDraft::new(&token, "su_ci", scopes, now).for_edges().issue()?;
    Ok((token, record))
}
