//! How long a decision takes. Run with `cargo bench --bench decide --features builtin`.
//!
//! Everything is with the built-in policy and the request of the design: a user's session looks at
//! sessions of an organization. `decide` is in the loop alone where the name says so; `read` is the
//! request's JSON text into attributes; `answer` is text to text, explanation and all.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use cog_auth::policy::Policy;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const MEMBER: &str = r#"{ "subject": { "type": "user", "id": "user_01", "properties": {
      "account": { "id": "acct_7", "sso": false, "plan": "team", "features": ["pat_beta"] },
      "roles": [], "permissions": [],
      "memberships": [ { "organization": "org-a", "roles": ["org_admin"], "permissions": [] } ] } },
  "action": { "name": "UseDevinSessions" },
  "resource": { "type": "organization", "id": "org-a", "properties": {
      "organization": "org-a", "account": { "id": "acct_7", "sso": false, "plan": "team" } } },
  "context": { "credential": { "kind": "personal_access_token", "id": "AAAABBBBCCCC", "scopes": ["*"], "organizations": ["*"] }, "time": 1795000000 } }"#;

/// A batch that asks one question about each of some organizations; subject, action and context are
/// shared.
fn batch(items: usize) -> String {
    let (shared, _) = MEMBER.split_once("\"resource\"").unwrap();
    let (_, context) = MEMBER.split_once("\"context\"").unwrap();
    let resource = |number: usize| {
        format!(
            r#"{{"resource": {{"type": "organization", "id": "org-{number}", "properties": {{
            "organization": "org-{number}", "account": {{"id": "acct_7", "sso": false, "plan": "team"}}}}}}}}"#
        )
    };
    let items: Vec<String> = (0..items).map(resource).collect();
    format!("{shared}\"evaluations\": [{}], \"context\"{context}", items.join(","))
}

fn decide(c: &mut Criterion) {
    let policy = Policy::builtin();
    let denied = MEMBER.replace("\"sso\": false", "\"sso\": true");
    let unknown = MEMBER.replace("\"sso\": false,", "");
    let mut group = c.benchmark_group("decide");
    for (name, text, allowed) in
        [("allow", MEMBER, true), ("forbidden", &denied, false), ("indeterminate", &unknown, false)]
    {
        let request = policy.request(text.as_bytes()).unwrap();
        assert_eq!(request.decide().is_allowed(), allowed);
        group.bench_function(name, |b| b.iter(|| black_box(&request).decide().is_allowed()));
    }
    group.finish();

    let mut group = c.benchmark_group("text");
    group.bench_function("read", |b| {
        b.iter(|| policy.request(black_box(MEMBER.as_bytes())).unwrap())
    });
    group.bench_function("read and decide", |b| {
        b.iter(|| policy.request(black_box(MEMBER.as_bytes())).unwrap().decide().is_allowed());
    });
    group.bench_function("serde_json to a tree", |b| {
        b.iter(|| serde_json::from_str::<serde_json::Value>(black_box(MEMBER)).unwrap());
    });
    group.bench_function("answer", |b| {
        b.iter(|| policy.evaluate(black_box(MEMBER.as_bytes())).unwrap())
    });
    group.bench_function("answer a denial", |b| {
        b.iter(|| policy.evaluate(black_box(denied.as_bytes())).unwrap())
    });
    let batch = batch(50);
    group.bench_function("a batch of 50", |b| {
        b.iter(|| policy.evaluate(black_box(batch.as_bytes())).unwrap())
    });
    group.finish();

    let image = policy.image().to_vec();
    c.bench_function("load the image", |b| {
        b.iter(|| Policy::from_image(black_box(image.clone())).unwrap())
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
