//! Times of pieces of work that take turns, so that whatever else the machine does meets all of
//! them. It is the processor time of the thread, which other work lengthens little: none of the
//! peers starts threads.

use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Duration;

/// How long one turn takes, at least.
const TURN: Duration = Duration::from_millis(2);

/// A piece of work, and how often one run of it does what is counted.
pub struct Work {
    pub run: Box<dyn Fn() -> bool>,
    pub counts: u32,
}

/// The median time of each, in nanoseconds, over so many rounds in which each has one turn.
pub fn interleaved(works: &[Work], rounds: usize) -> Vec<f64> {
    let repeats: Vec<u32> = works.iter().map(repeats).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); works.len()];
    for _ in 0..rounds {
        for ((work, repeats), times) in works.iter().zip(&repeats).zip(&mut times) {
            let time = time(work, *repeats).as_secs_f64() * 1e9;
            times.push(time / f64::from(*repeats) / f64::from(work.counts));
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

fn time(work: &Work, repeats: u32) -> Duration {
    let begin = processor_time();
    for _ in 0..repeats {
        black_box((work.run)());
    }
    processor_time() - begin
}

fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("it is not negative")
}

/// How often it runs in a turn. Finding that out warms it up too.
fn repeats(work: &Work) -> u32 {
    let mut repeats = 1;
    while time(work, repeats) < TURN {
        repeats *= 2;
    }
    repeats
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
