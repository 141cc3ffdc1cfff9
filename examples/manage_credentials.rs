//! Let a signed-in user make a personal access token, and say why where that is not allowed.
//!
//! ```console
//! $ cargo run --features builtin --example manage_credentials
//! ```
#![allow(clippy::print_stdout, reason = "a program prints, and may end with an error")]

use cog_auth::Time;
use cog_auth::management::{Management, Owner, Refusal, Requester, Wanted};
use cog_auth::policy::Policy;
use cog_auth::token::{KeyId, MINT_RANDOM_BYTES, Record, RootKey, Scopes};
use std::collections::HashMap;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the service knows of two users: one may, the other's account has single sign-on.
const FACTS: [(&str, &str); 2] = [
    (
        "user_01",
        r#"{"principal": {"type": "user", "id": "user_01", "account": {
            "id": "acct_7", "plan": "team", "sso": false, "features": ["pat_beta"]}}}"#,
    ),
    (
        "user_02",
        r#"{"principal": {"type": "user", "id": "user_02", "account": {
            "id": "acct_8", "plan": "team", "sso": true, "features": ["pat_beta"]}}}"#,
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
    getrandom::fill(&mut key)?;
    getrandom::fill(&mut random)?;
    let root = RootKey::new(KeyId::parse("01")?, &key);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_seconds(seconds)?;

    let (policy, mut store) = (Policy::builtin(), HashMap::new());
    for (user, facts) in FACTS {
        let management = Management {
            policy: &policy,
            requester: Requester::SignedIn(user),
            facts: facts.as_bytes(),
            client_address: None,
            now,
        };
        match create(&management, &root, &random, &mut store) {
            Ok(shown_once) => {
                println!("{user}: copy this token, it is not shown again: {shown_once}")
            }
            Err(refusal) => {
                println!("{user}: answer {} with {}", refusal.status(), refusal.body());
            }
        }
    }
    assert_eq!(store.len(), 1);
    Ok(())
}

/// Makes a token for the user who is signed in, and stores its record.
fn create(
    management: &Management<'_>,
    root: &RootKey,
    random: &[u8],
    store: &mut HashMap<String, Record>,
) -> Result<String, Refusal> {
    let wanted = Wanted {
        name: Some("laptop".to_owned()),
        lifetime: Some(30 * 86_400),
        ..Wanted::with_scopes(Scopes::all())
    };
    let creation = management.create(Owner::User(management.requester.id()), &wanted)?;
    let issued = creation.issue(root, random)?;
    store.insert(issued.record.id().to_string(), issued.record);
    Ok(issued.token.expose().to_owned())
}
