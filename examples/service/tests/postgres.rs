//! The same service on PostgreSQL, which this test starts.
//!
//! `cargo test` leaves it out, and says so. Where PostgreSQL of Debian's packages is installed:
//! `cargo test -p cog-auth-example-service --test postgres -- --ignored`.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may fail, and this one uses a part of what it shares with others"
)]

#[path = "../../../integrations/stores/tests/servers/start/postgres.rs"]
mod postgres;
#[path = "../../../integrations/stores/tests/servers/start/process.rs"]
mod process;
#[path = "../../../integrations/stores/tests/servers/start/server.rs"]
mod server;
#[path = "it/visitor.rs"]
mod visitor;

use postgres::Postgres;
use tokio::runtime::Runtime;
use visitor::{Running, id, soon};

const SESSIONS: &str = "/v3/organizations/org-research/sessions";

#[test]
#[ignore = "it needs PostgreSQL"]
fn one_variable_puts_records_facts_and_the_audit_trail_into_postgresql() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Postgres::start(&[]));
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start_on(folder, Some(server.address()));
    assert!(!service.folder.path().join("credentials.db").exists());

    let ada = service.sign_in("user_ada");
    let fields = [("name", "laptop"), ("scopes", "all"), ("organizations", "all"), ("days", "30")];
    let token = ada.submit("/tokens", &fields).token();
    let key = ada.submit("/service-users/su_nightly", &fields).token();
    assert_eq!((ada.call(&token, SESSIONS).status, ada.call(&key, SESSIONS).status), (200, 200));
    soon(|| !ada.get("/tokens").text.contains("<td>never</td>"));
    soon(|| ada.get("/audit").text.contains("ViewOrgSessions"));
    ada.get("/audit").shows("CreatePersonalAccessToken").shows("CreateServiceUserKey");

    let rotate = format!("/credentials/{}/rotate", id(&key));
    let next = ada.submit(&rotate, &[("days", "30"), ("grace", "0")]).token();
    ada.submit(&format!("/credentials/{}/revoke", id(&token)), &[]).location();
    let statuses = [&token, &key, &next].map(|token| ada.call(token, SESSIONS).status);
    assert_eq!(statuses, [401, 401, 200]);
}
