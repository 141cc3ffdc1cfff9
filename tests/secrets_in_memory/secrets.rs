//! The secrets of the scenarios, made by the parent and masked on their way.

use crate::memory::{MASK, Needles};
use cog_auth::Time;
use cog_auth::token::{Handle, KeyId, Kind, RecordDraft, RootKey, RootKeys, Scopes};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, block_api::compress256};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What a scenario is given, by name. Each is masked with [`mask`] until it is taken.
pub(crate) struct Inputs(BTreeMap<String, Vec<u8>>);

impl Inputs {
    /// The bytes in the clear, wiped when they are dropped.
    pub(crate) fn take(&self, name: &str) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(self.0[name].clone());
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte ^= mask(at);
        }
        bytes
    }
}

/// All inputs and needles, masked, a line each.
pub(crate) fn masked() -> Vec<u8> {
    let mut out = String::new();
    for (name, bytes) in inputs() {
        let masked: Vec<u8> = bytes.iter().enumerate().map(|(at, byte)| byte ^ mask(at)).collect();
        out += &format!("input {name} {}\n", hex(&masked));
    }
    for (name, bytes) in secrets() {
        for window in bytes.windows(8) {
            let masked = u64::from_le_bytes(window.try_into().unwrap()) ^ MASK;
            out += &format!("needle {name} {masked:016x}\n");
        }
    }
    out.into_bytes()
}

/// Reads what [`masked`] has written.
pub(crate) fn read(text: &[u8]) -> (Inputs, Needles) {
    let (mut inputs, mut needles) = (BTreeMap::new(), Needles::new());
    for line in std::str::from_utf8(text).unwrap().lines() {
        let mut words = line.split(' ');
        let (what, name, hex) = (words.next(), words.next().unwrap(), words.next().unwrap());
        if what == Some("input") {
            let pairs = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
            let bytes = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            inputs.insert(name.to_owned(), bytes);
        } else {
            needles.insert(u64::from_str_radix(hex, 16).unwrap(), name.to_owned());
        }
    }
    (Inputs(inputs), needles)
}

fn mask(at: usize) -> u8 {
    (at.wrapping_mul(151).wrapping_add(77) & 0xff) as u8
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that look random and are the same every time.
fn bytes<const N: usize>(seed: &[u8]) -> [u8; N] {
    let blocks = (0..).flat_map(|block: u8| sha256(&[seed, &[block]].concat()));
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(blocks) {
        *to = from;
    }
    out
}

fn sha256(text: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    Sha256::digest(text).into()
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().into()
}

const RANDOM: &[u8] = b"random";

fn root_bytes() -> [u8; 32] {
    bytes(b"root")
}

fn root() -> RootKey {
    RootKey::new(KeyId::parse("k1").unwrap(), &root_bytes())
}

/// A token of this root, and one of another root under the same key id.
fn tokens() -> [String; 2] {
    let other = RootKey::new(KeyId::parse("k1").unwrap(), &bytes(b"other root"));
    [(root(), RANDOM), (other, b"other random")].map(|(root, random)| {
        let token = root.mint(Kind::ServiceUserKey, None, &bytes::<64>(random)).unwrap();
        token.expose().to_owned()
    })
}

/// A copy of a text, as an input.
fn in_bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let [token, forged] = tokens();
    let (edge_keys, peppers) = (root().edge_keys(), root().peppers());
    let now = Time::from_seconds(1_795_000_000).unwrap();
    let parsed = cog_auth::token::Token::parse(token.as_bytes()).unwrap();
    let draft = RecordDraft::new(&parsed, "su_ci", Scopes::all(), now);
    let record = draft.for_edges().for_origins(&peppers).issue().unwrap().to_json();
    let (mut damaged, mut invalid) = (token.clone(), token.clone());
    invalid.replace_range(60..61, "-");
    damaged.replace_range(80.., if token.ends_with('0') { "1" } else { "0" });
    vec![
        ("header", format!("Bearer {token}").into_bytes()),
        ("forged", forged.into_bytes()),
        ("invalid", invalid.into_bytes()),
        ("damaged", damaged.into_bytes()),
        ("log", format!("GET /x?t={token} and {}", &token[..70]).into_bytes()),
        ("token", token.into_bytes()),
        ("random", bytes::<64>(RANDOM).to_vec()),
        ("root", root_bytes().to_vec()),
        ("roots", RootKeys::of(root()).expose_json(in_bytes)),
        ("edge_keys", edge_keys.expose_json(in_bytes)),
        ("peppers", peppers.expose_json(in_bytes)),
        ("record", record.into_bytes()),
    ]
}

/// All that must not be left, in every form that it takes in memory.
fn secrets() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut keep = |name: &str, bytes: &[u8]| all.push((name.to_owned(), bytes.to_vec()));
    for (name, token) in ["the-token", "the-forged-token"].into_iter().zip(tokens()) {
        keep(name, &token.as_bytes()[Handle::LEN..]);
    }
    keep("random-bytes", &bytes::<64>(RANDOM));
    let edge_key = hmac(&root_bytes(), b"cog/v1/edge-tag\0k1\x01");
    let pepper = hmac(&root_bytes(), b"cog/v1/digest-pepper\0k1\x01");
    for (name, key) in [("root", root_bytes()), ("edge-key", edge_key), ("pepper", pepper)] {
        keep(name, &key);
        keep(&format!("{name}-text"), base64url(&key).as_bytes());
        for pad in [0x36, 0x5c] {
            let mut block = [pad; 64];
            for (to, from) in block.iter_mut().zip(&key) {
                *to ^= *from;
            }
            keep(&format!("{name}-xor-{pad:02x}"), &block[..32]);
            // As words, as SHA-256 reads a block.
            let words: Vec<u8> = block[..32]
                .as_chunks::<4>()
                .0
                .iter()
                .flat_map(|[a, b, c, d]| [*d, *c, *b, *a])
                .collect();
            keep(&format!("{name}-xor-{pad:02x}-as-words"), &words);
            let mut state = INITIAL;
            compress256(&mut state, &[block]);
            keep(&format!("{name}-state-{pad:02x}"), &state.map(u32::to_le_bytes).concat());
            keep(
                &format!("{name}-state-{pad:02x}-as-bytes"),
                &state.map(u32::to_be_bytes).concat(),
            );
        }
    }
    // The expected tag of a forged token would make it genuine.
    for (name, token) in ["the-tag", "the-tag-of-the-forged-token"].into_iter().zip(tokens()) {
        let tag = hmac(&edge_key, &token.as_bytes()[..53]);
        keep(name, &tag[..16]);
        let number = u128::from_be_bytes(tag[..16].try_into().unwrap());
        keep(&format!("{name}-as-number"), &number.to_le_bytes());
        let words: Vec<u8> =
            tag.as_chunks::<4>().0.iter().flat_map(|[a, b, c, d]| [*d, *c, *b, *a]).collect();
        keep(&format!("{name}-as-words"), &words);
    }
    all
}

/// FIPS 180-4, section 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

fn base64url(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(*chunk.get(index).unwrap_or(&0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..=chunk.len() {
            text.push(char::from(alphabet[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}
