//! Why was this denied? Every denial says which rules decided, why, and what was not known.
//!
//! ```console
//! $ cargo run --features builtin --example explain_denial
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program prints, and may end with an error"
)]

use cog_auth::policy::{Policy, Value};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::builtin();

    // A service-user key whose scopes do not name the action. More permissions would not help, for
    // scopes only narrow.
    let narrow = policy
        .build_request(("service_user", "su_ci"), "ManageOrgSessions", ("organization", "org-a"))
        .set("/resource/properties/organization", Value::Text("org-a"))?
        .set("/context/credential/kind", Value::Text("service_user_key"))?
        .set("/context/credential/organizations", Value::List(&["*"]))?
        .set("/context/credential/scopes", Value::List(&["ViewOrgSessions"]))?
        .roles_in("org-a", &["org_admin"])
        .build();
    let explanation = narrow.decide().explain();
    println!("class:   {:?}", explanation.denial());
    println!("rules:   {:?}", explanation.rules());
    println!("reasons: {:?}", explanation.reasons());
    println!("scope:   {:?}\n", explanation.insufficient_scope());
    assert_eq!(explanation.insufficient_scope(), Some("ManageOrgSessions"));

    // Nobody said whether the account has single sign-on. The rule that would forbid the request
    // cannot be ruled out, so the answer is a denial, and says what to supply.
    let unknown = policy
        .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
        .set("/context/credential/kind", Value::Text("personal_access_token"))?
        .build();
    let explanation = unknown.decide().explain();
    println!("class:   {:?}", explanation.denial());
    println!("perhaps: {:?}", explanation.possible());
    println!("missing: {:#?}", explanation.missing());
    assert!(explanation.possible().iter().any(|reason| reason.code == "pat_excluded_for_sso"));
    assert!(explanation.missing().iter().any(|pointer| pointer.ends_with("/account/sso")));

    // Somebody said it in a form that cannot be used. That is not the same as saying nothing.
    let unusable = policy
        .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
        .set("/context/credential/kind", Value::Text("personal_access_token"))?
        .set("/subject/properties/account/sso", Value::Text("no"))?
        .build();
    for unusable in unusable.decide().explain().unusable() {
        println!("{} needs {}", unusable.pointer(), unusable.needs());
    }

    // The same as the text of an AuthZEN response.
    println!("{}", explanation.to_json());
    Ok(())
}
