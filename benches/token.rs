//! What reading and verifying a token costs, beside the hashing that it cannot do without.
//!
//! Bars: parse at most 60 ns (goal 40), parse and tag at most 200 ns and 1.3 times the two
//! compressions.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic,
    missing_docs,
    reason = "a measurement may fail"
)]

use cog_auth::Time;
use cog_auth::token::{KeyId, RootKey, Token};
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, block_api::compress256};
use std::hint::black_box;

const TOKEN: &[u8; 81] =
    b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

fn token(c: &mut Criterion) {
    let root: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let root = RootKey::new(KeyId::parse("01").unwrap(), &root);
    let keys = root.edge_keys();
    let now = Time::from_seconds(1_798_761_600).unwrap();
    c.bench_function("token/parse", |b| {
        b.iter(|| Token::parse(black_box(TOKEN)).unwrap());
    });
    c.bench_function("token/parse and tag", |b| {
        b.iter(|| keys.verify(Token::parse(black_box(TOKEN)).unwrap(), now).unwrap());
    });
    c.bench_function("baseline/two compressions", |b| {
        let blocks = [[0x36_u8; 64]; 1];
        b.iter(|| {
            let mut inner = black_box([1_u32; 8]);
            compress256(&mut inner, black_box(&blocks));
            let mut outer = black_box(inner);
            compress256(&mut outer, black_box(&blocks));
            outer
        });
    });
    // What a runtime's one-call HMAC does: the key's two blocks are hashed again for every token.
    c.bench_function("baseline/HMAC from the raw key", |b| {
        b.iter(|| {
            let mut hash = Hmac::<Sha256>::new_from_slice(black_box(&[7; 32])).unwrap();
            hash.update(black_box(&TOKEN[..53]));
            hash.finalize().into_bytes()
        });
    });
}

criterion_group!(benches, token);
criterion_main!(benches);
