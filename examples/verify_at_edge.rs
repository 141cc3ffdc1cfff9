//! The edge's side: is this credential genuine and active, and whose is it?
//!
//! ```console
//! $ cargo run --example verify_at_edge
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::token::{
    AcceptedAtEdge, Authorization, EdgeKeys, KeyId, Kind, MINT_RANDOM_BYTES, Record, RecordDraft,
    RootKey, Scopes, Token, authorization,
};
use cog_auth::{Code, Time};
use std::collections::HashMap;
use std::error::Error;

/// The edge's copy of the records, by credential id.
type Records = HashMap<String, Record>;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Time::from_seconds(1_795_000_000)?;
    let (edge_keys, mut records, token) = issued(now)?;

    // A request arrives with the token in its header.
    let header = format!("Bearer {token}");
    let accepted = accept(&edge_keys, &records, header.as_bytes(), now)?;
    println!("{} acts, until {:?}", accepted.principal(), accepted.valid_until());

    // One character is wrong: the checksum notices before any key or store is asked.
    let mut typo = header.clone();
    let last = typo.pop();
    typo.push(if last == Some('0') { '1' } else { '0' });
    let error = accept(&edge_keys, &records, typo.as_bytes(), now).unwrap_err();
    println!("refused: {error}");
    assert_eq!(error.code(), Code::ChecksumMismatch);

    // The credential is revoked: the next look at its record refuses it.
    for record in records.values_mut() {
        *record = record.revoke(now);
    }
    let error = accept(&edge_keys, &records, header.as_bytes(), now).unwrap_err();
    println!("refused: {error}");
    assert_eq!(error.code(), Code::Revoked);
    Ok(())
}

/// Takes a request's `Authorization` header to an accepted credential.
fn accept(
    edge_keys: &EdgeKeys,
    records: &Records,
    header: &[u8],
    now: Time,
) -> Result<AcceptedAtEdge, cog_auth::Error> {
    // 1. The header: exactly one bearer credential. Nothing, or another scheme, is no credential.
    let credential = match authorization([header])? {
        Authorization::Bearer(credential) => credential,
        Authorization::Nothing | Authorization::OtherScheme => b"",
    };
    // 2. Its shape and checksum: no typing error, no random text.
    let token = Token::parse(credential)?;
    // 3. Its tag: we made it, and nobody changed it. No store has been asked so far.
    let genuine = edge_keys.verify(token, now)?;
    // 4. Its record, which the caller fetches: this very token is active, and whose it is.
    let record = records.get(genuine.id().as_str()).cloned();
    genuine.accept_at_edge(record, now)
}

/// What the issuer did before: the edge's keys, its copy of the records, and a token.
fn issued(now: Time) -> Result<(EdgeKeys, Records, String), Box<dyn Error>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let root = RootKey::new(KeyId::parse("01")?, &bytes);
    let mut random = [0; MINT_RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let token = root.mint(Kind::ServiceUserKey, None, &random)?;
    let record = RecordDraft::new(&token, "su_ci", Scopes::all(), now).for_edges().issue()?;
    let records = HashMap::from([(record.id().to_string(), record)]);
    Ok((root.edge_keys(), records, token.expose().to_owned()))
}
