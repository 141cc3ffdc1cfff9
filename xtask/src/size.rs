//! Weighing what an edge needs.

use crate::run::run;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::error::Error;
use std::fs;
use std::io::Write;

/// The most that the module may weigh, in bytes after gzip.
const LIMIT: usize = 60_000;

/// Builds the edge module, prints its size, and fails when that is over the limit.
pub(crate) fn check() -> Result<(), Box<dyn Error>> {
    run(
        "edge size",
        "cargo build -p edge-size --target wasm32-unknown-unknown --profile edge",
        &[],
    )?;
    let module = fs::read(crate::root().join("target/wasm32-unknown-unknown/edge/edge_size.wasm"))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&module)?;
    let compressed = encoder.finish()?.len();
    println!(
        "edge module (header to outcome): {} bytes, {compressed} bytes gzip, limit {LIMIT}",
        module.len()
    );
    if compressed > LIMIT {
        return Err(format!("the edge module weighs {compressed} bytes gzip, over {LIMIT}").into());
    }
    Ok(())
}
