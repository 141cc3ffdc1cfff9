//! Looking through a process's own memory.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::sync::mpsc::channel;

/// What is looked for, never in the clear: eight bytes each, xor [`MASK`].
pub(crate) type Needles = HashMap<u64, String>;

pub(crate) const MASK: u64 = 0x9c5a_e3a7_6d91_f24b;

/// How what is on the stack is told from what is elsewhere: on the heap, or in a static.
pub(crate) const STACK: &str = "on the stack";

const CHUNK: usize = 1 << 16;

pub(crate) struct Search {
    needles: Needles,
    /// Which lowest 16 bits a needle has.
    first: Vec<bool>,
    chunk: Vec<u8>,
    found: HashMap<(String, String), usize>,
}

impl Search {
    /// Takes all its room beforehand: what it took later could cover what is looked for.
    pub(crate) fn new(needles: Needles) -> Self {
        let mut first = vec![false; 1 << 16];
        for needle in needles.keys() {
            first[(needle & 0xffff) as usize] = true;
        }
        Self { needles, first, chunk: vec![0; CHUNK + 7], found: HashMap::with_capacity(1000) }
    }

    /// Looks through all mappings that can be written to, and prints what it finds. `stack` is an
    /// address on the stack of the thread that had the secrets.
    pub(crate) fn run(&mut self, stack: usize) {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let memory = File::open("/proc/self/mem").unwrap();
        let own = self.chunk.as_ptr().addr();
        let mut searched = 0;
        for line in maps.lines() {
            let mut fields = line.split_whitespace();
            let (range, permissions) = (fields.next().unwrap(), fields.next().unwrap());
            if !permissions.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let start = usize::from_str_radix(start, 16).unwrap();
            let end = usize::from_str_radix(end, 16).unwrap();
            let place = if (start..end).contains(&stack) { STACK } else { "elsewhere" };
            let mut at = start;
            while at < end {
                // Seven bytes more, for what lies across the border.
                let length = (end - at).min(CHUNK + 7);
                self.chunk.fill(0);
                if memory.read_exact_at(&mut self.chunk[..length], at as u64).is_err() {
                    break;
                }
                self.look(at, length, own, place);
                searched += length;
                at += CHUNK;
            }
        }
        // The harness has begun a line.
        println!();
        for ((what, place), count) in &self.found {
            println!("{what} is left {place}: {count} windows");
        }
        println!("searched {searched} bytes for {} windows", self.needles.len());
        assert!(searched > 100_000);
    }

    fn look(&mut self, at: usize, length: usize, own: usize, place: &str) {
        for offset in 0..length.saturating_sub(7) {
            let bytes: [u8; 8] = self.chunk[offset..offset + 8].try_into().unwrap();
            let masked = u64::from_le_bytes(bytes) ^ MASK;
            if !self.first[(masked & 0xffff) as usize] || offset >= CHUNK {
                continue;
            }
            // The chunk itself holds what was just read.
            if (own..own + CHUNK + 7).contains(&(at + offset)) {
                continue;
            }
            if let Some(what) = self.needles.get(&masked) {
                *self.found.entry((what.clone(), place.to_owned())).or_default() += 1;
            }
        }
    }
}

/// Runs the one in a new thread, far down its stack, and the other beside it while that stack
/// stands still.
pub(crate) fn in_a_thread(run: impl FnOnce() + Send, search: impl FnOnce(usize)) {
    let (finished, wait) = channel();
    let (leave, stay) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            finished.send(below(run)).unwrap();
            stay.recv().unwrap();
        });
        search(wait.recv().unwrap());
        leave.send(()).unwrap();
    });
}

/// What waits afterwards needs less of the stack than this, and covers nothing.
#[inline(never)]
fn below(run: impl FnOnce()) -> usize {
    let room = std::hint::black_box([0_u8; 1 << 16]);
    run();
    std::hint::black_box(&room).as_ptr().addr()
}
