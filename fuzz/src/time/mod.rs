//! What takes input takes time that grows as the input does, and what a rule or an action costs a
//! request that it cannot concern. It looks at a clock, so it runs alone and in a release build.
#![allow(
    clippy::let_underscore_must_use,
    clippy::print_stdout,
    reason = "it says what it measured"
)]

mod documents;
mod growth;
mod requests;
mod text;

use cog_auth::policy::{Limits, Policy, Source};
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Duration;

/// What is timed: everything that it needs is ready.
type Work = Box<dyn Fn()>;

/// How much longer the long input is.
const TIMES: usize = 8;
/// How much longer it may take: linear is 8, quadratic is 64.
const MOST: f64 = 20.0;

/// The built-in policy, without limits that would end the work early.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let most = 1 << 30;
    let limits = Limits {
        request_bytes: most,
        evaluations: most,
        batch_bytes: most,
        answer_bytes: most,
        ..Limits::default()
    };
    Policy::builtin().with_limits(limits)
});

/// A document of a policy, without limits that would end the work early.
fn unlimited(text: &str) -> Source {
    let most = 1 << 30;
    let mut source = Source::with_limits(Limits {
        document_bytes: most,
        total_bytes: most,
        total_values: most,
        attributes: most,
        actions: most,
        values: most,
        roles: most,
        rules: most,
        routes: most,
        request_bytes: most,
        ..Limits::default()
    });
    source.add("p.json", text);
    source
}

struct Shape {
    name: &'static str,
    /// How many repeats the short input has.
    repeats: usize,
    text: fn(usize) -> String,
    work: fn(&str),
}

const fn shape(
    name: &'static str,
    repeats: usize,
    text: fn(usize) -> String,
    work: fn(&str),
) -> Shape {
    Shape { name, repeats, text, work }
}

fn request(properties: &str, context: &str) -> String {
    format!(
        r#"{{"subject":{{"type":"user","id":"u","properties":{{{properties}}}}},"action":{{"name":"ViewOrgSessions"}},
        "resource":{{"type":"organization","id":"o","properties":{{"organization":"o"}}}},"context":{{{context}}}}}"#
    )
}

fn joined(repeats: usize, item: impl Fn(usize) -> String) -> String {
    (0..repeats).map(item).collect::<Vec<_>>().join(",")
}

/// How many times as long the larger size takes: the shortest processor times of turns, since
/// whatever else the machine does only makes them longer.
fn ratio(works: &[Work; 2]) -> (f64, [Duration; 2]) {
    let mut shortest = [Duration::MAX; 2];
    let repeats = works.each_ref().map(|work| {
        let mut repeats = 1_u32;
        while timed(work, repeats) < Duration::from_micros(200) {
            repeats *= 2;
        }
        repeats
    });
    for _ in 0..25 {
        for ((work, repeats), shortest) in works.iter().zip(repeats).zip(&mut shortest) {
            *shortest = timed(work, repeats).div_f64(f64::from(repeats)).min(*shortest);
        }
    }
    let [small, large] = shortest;
    (large.as_secs_f64() / small.as_secs_f64(), shortest)
}

fn timed(work: &Work, repeats: u32) -> Duration {
    let begin = processor_time();
    (0..repeats).for_each(|_| work());
    processor_time().saturating_sub(begin)
}

/// How long this thread ran so far.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// Where there is no such clock, the time that passed.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    static BEGIN: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

#[test]
#[ignore = "it looks at a clock: run it alone, in a release build"]
fn time_grows_as_the_input_does() {
    let mut slow = Vec::new();
    let shapes = [text::SHAPES, requests::SHAPES, documents::SHAPES];
    for Shape { name, repeats, text, work } in shapes.into_iter().flatten() {
        let texts = [text(*repeats), text(repeats * TIMES)];
        let bytes = texts.each_ref().map(String::len);
        let works = texts.map(|text| Box::new(move || work(black_box(&text))) as Work);
        let (mut times_as_long, mut times) = ratio(&works);
        for _ in 0..2 {
            if times_as_long > MOST {
                (times_as_long, times) = ratio(&works);
            }
        }
        let line = format!(
            "{name}: {} bytes in {:?}, {} bytes in {:?}",
            bytes[0], times[0], bytes[1], times[1]
        );
        println!("{line}");
        // What ends early takes no time that could be compared.
        if times_as_long > MOST && times[1] > Duration::from_micros(20) {
            slow.push(line);
        }
    }
    assert!(
        slow.is_empty(),
        "more than {MOST} times as long for {TIMES} times as much:\n{}",
        slow.join("\n")
    );
}
