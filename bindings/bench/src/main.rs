//! The rows of the Rust crate, beside which those of every binding stand: see `README.md`.
#![allow(clippy::print_stdout, clippy::arithmetic_side_effects, reason = "a command")]

use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{EdgeKeys, Token};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::var("COGAUTH_BENCH_INPUTS")?;
    let inputs: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let text = |name: &str| {
        let text = inputs.get(name).and_then(serde_json::Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("no {name} in the inputs"))
    };
    let now = inputs.get("now").and_then(serde_json::Value::as_u64).ok_or("no now")?;
    let now = Time::from_seconds(now)?;
    let (token, keys) = (text("token")?, text("edge_keys")?);
    let keys = EdgeKeys::from_json(keys.as_bytes())?;
    row("verify", || {
        let token = Token::parse(black_box(token.as_bytes())).ok()?;
        keys.verify(token, now).ok().map(|genuine| genuine.handle())
    });

    let policy = Policy::builtin();
    let request = text("policy_request")?;
    row("decide", || {
        let request = policy.request(black_box(request.as_bytes())).ok()?;
        request.decide().is_allowed().then_some(())
    });
    row("evaluate", || policy.evaluate(black_box(request.as_bytes())).ok());

    let gate = Gate::at_edge(policy.clone(), keys);
    let (method, target, header) = (text("method")?, text("target")?, text("authorization")?);
    let (record, facts) = (text("record")?, text("facts")?);
    row("gate", || {
        let request = HttpRequest {
            method: &method,
            target: target.as_bytes(),
            authorization: &[black_box(header.as_bytes())],
            context: None,
            client_address: None,
        };
        let mut step = gate.begin(&request, now).ok()?;
        loop {
            step = match step {
                Step::Record(needed) => needed.found(record.as_bytes(), Some(now)),
                Step::Facts(needed) => needed.found(facts.as_bytes()),
                Step::Done(Outcome::Allowed(allowed)) => {
                    return Some(allowed.audit().len() + allowed.principal().len());
                }
                Step::Done(_) => return None,
            };
        }
    });
    Ok(())
}

const SAMPLES: usize = 15;
const SAMPLE: Duration = Duration::from_millis(40);

/// Measures work that must succeed, and prints the median over the samples.
fn row<T>(work: &str, mut run: impl FnMut() -> Option<T>) {
    let mut sample = || {
        let (begin, mut count) = (Instant::now(), 0_u32);
        while begin.elapsed() < SAMPLE {
            for _ in 0..100 {
                if black_box(run()).is_none() {
                    return f64::NAN;
                }
            }
            count = count.saturating_add(100);
        }
        begin.elapsed().as_secs_f64() * 1e9 / f64::from(count)
    };
    let mut samples: Vec<f64> = (0..SAMPLES).map(|_| sample()).collect();
    samples.sort_by(f64::total_cmp);
    let median = samples.get(SAMPLES / 2).copied().unwrap_or(f64::NAN);
    println!(
        "{{\"language\": \"rust\", \"with\": \"cog-auth\", \"work\": \"{work}\", \
         \"ns\": {median:.1}, \"allocations\": null}}"
    );
}
