//! What verifies credentials, one file each.

mod biscuit;
mod cog_auth;
mod floor;
mod jsonwebtoken;
mod pasetors;
mod prefixed_api_key;

/// Verifies the token of a row: a genuine one (true), or one of another key (false).
pub type Verify = Box<dyn Fn(Asked) -> bool>;

/// Which of its two tokens a row verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Genuine,
    Forged,
}

/// A library, as the table shows it.
pub struct Peer {
    pub name: &'static str,
    /// The package whose version stands beside the name; none for what is written here.
    pub package: Option<&'static str>,
    /// What it does more or less than the others.
    pub note: &'static str,
    pub verify: fn() -> Verify,
}

/// All, ours first and the floor before it.
pub const PEERS: &[Peer] = &[
    floor::PEER,
    cog_auth::PEER,
    prefixed_api_key::PEER,
    jsonwebtoken::PEER,
    pasetors::LOCAL,
    pasetors::PUBLIC,
    biscuit::PEER,
];

/// The one of two texts that is asked for.
fn pick<'a>(asked: Asked, genuine: &'a str, forged: &'a str) -> &'a str {
    match asked {
        Asked::Genuine => genuine,
        Asked::Forged => forged,
    }
}
