//! Trying mutants on the tests that reach them.

use super::tree::{LEFT_OUT, Tree, files};
use super::{Mutant, Outcome};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MEMORY: u64 = 2 << 30;
/// Seconds of processor time that a test has at least. Other work on the machine does not count.
const LEAST: u64 = 5;
const TIMES: u64 = 20;
/// Its time by the clock, as a multiple: a test may also wait for ever.
const WAITING: u32 = 12;
/// Signals that say that the time is used up.
const OUT_OF_TIME: [i32; 2] = [9, 24];

/// The tests, with what is known of them.
pub(super) struct Trial {
    tests: Vec<Test>,
    /// How often each test met mutants of a file or function, and how many it caught.
    met: BTreeMap<(String, usize), (f64, f64)>,
    folder: PathBuf,
}

struct Test {
    binary: PathBuf,
    target: String,
    name: String,
    took: Duration,
    reaches: BTreeSet<u32>,
}

enum Run {
    Passed,
    Failed,
    TimedOut,
}

impl Trial {
    /// Runs every test alone, to see that it passes, how long it takes and what it reaches.
    pub(super) fn start(
        binaries: &[(String, PathBuf)],
        tree: &Tree,
        folder: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let mut tests = Vec::new();
        let trace = folder.join("trace");
        let mut known = Known::read(folder, tree);
        for (target, binary) in binaries {
            let output = Command::new(binary).args(["--list", "--format=terse"]).output()?;
            for line in String::from_utf8(output.stdout)?.lines() {
                let Some(name) = line.strip_suffix(": test") else { continue };
                if LEFT_OUT.iter().any(|module| name.starts_with(module)) {
                    continue;
                }
                let mut test = Test {
                    binary: binary.clone(),
                    target: target.clone(),
                    name: name.to_owned(),
                    took: Duration::from_secs(30),
                    reaches: BTreeSet::new(),
                };
                let stamp = known.stamp(binary)?;
                if let Some((took, reaches)) = known.of(&test, &stamp) {
                    tests.push(Test { took, reaches, ..test });
                    continue;
                }
                let before = Instant::now();
                if !matches!(run(&test, &tree.path, &[("MUTANT", "0")])?, Run::Passed) {
                    return Err(format!("{target}: {name} fails without a mutant").into());
                }
                test.took = before.elapsed();
                _ = fs::remove_file(&trace);
                // Tests that count what is allocated fail here: the trace allocates. What they reach is known all the same.
                run(&test, &tree.path, &[("MUTANT_TRACE", &trace.to_string_lossy())])?;
                if let Ok(text) = fs::read_to_string(&trace) {
                    test.reaches = text.lines().filter_map(|line| line.parse().ok()).collect();
                }
                known.keep(&test, &stamp)?;
                tests.push(test);
            }
        }
        let total: Duration = tests.iter().map(|test| test.took).sum();
        println!("{} tests, {:.1} s", tests.len(), total.as_secs_f64());
        let mut slow: Vec<_> = tests.iter().collect();
        slow.sort_by_key(|test| test.took);
        for test in slow.iter().rev().take(8) {
            println!("  {:6.2} s {}::{}", test.took.as_secs_f64(), test.target, test.name);
        }
        Ok(Self { tests, met: BTreeMap::new(), folder: tree.path.clone() })
    }

    /// Tries a mutant that is compiled in, on the tests that reach its place.
    pub(super) fn of(&mut self, mutant: &Mutant, site: u32) -> Result<Outcome, Box<dyn Error>> {
        let reaching: Vec<_> = (0..self.tests.len())
            .filter(|index| self.tests[*index].reaches.contains(&site))
            .collect();
        let number = mutant.id.to_string();
        self.on(mutant, reaching, &[("MUTANT", &number)], None)
    }

    /// Tries a mutant that has a build of its own, on all tests.
    pub(super) fn built(
        &mut self,
        mutant: &Mutant,
        binaries: &[(String, PathBuf)],
        folder: &Path,
    ) -> Result<Outcome, Box<dyn Error>> {
        let all = (0..self.tests.len()).collect();
        self.on(mutant, all, &[], Some((binaries, folder)))
    }

    fn on(
        &mut self,
        mutant: &Mutant,
        mut tests: Vec<usize>,
        environment: &[(&str, &str)],
        other: Option<(&[(String, PathBuf)], &Path)>,
    ) -> Result<Outcome, Box<dyn Error>> {
        let scopes = [mutant.file.clone(), scope(mutant)];
        tests.sort_by(|one, two| {
            self.promise(*two, &scopes).total_cmp(&self.promise(*one, &scopes))
        });
        for index in &tests {
            let test = &self.tests[*index];
            let result = match other {
                Some((binaries, folder)) => {
                    let Some((_, binary)) = binaries.iter().find(|(name, _)| *name == test.target)
                    else {
                        continue;
                    };
                    let test = Test {
                        binary: binary.clone(),
                        target: test.target.clone(),
                        name: test.name.clone(),
                        took: test.took,
                        reaches: BTreeSet::new(),
                    };
                    run(&test, folder, environment)?
                }
                None => run(test, &self.folder, environment)?,
            };
            let name = test.full_name();
            let caught = !matches!(result, Run::Passed);
            for scope in &scopes {
                let met = self.met.entry((scope.clone(), *index)).or_default();
                met.0 += 1.0;
                met.1 += if caught { 1.0 } else { 0.0 };
            }
            match result {
                Run::Passed => {}
                Run::Failed => return Ok(Outcome::Caught(name)),
                Run::TimedOut => return Ok(Outcome::TimedOut(name)),
            }
        }
        Ok(Outcome::Survived(tests.len()))
    }

    /// How much a test may catch in a second, from what it caught nearby.
    fn promise(&self, index: usize, scopes: &[String; 2]) -> f64 {
        let [in_file, in_function] = scopes
            .each_ref()
            .map(|scope| self.met.get(&(scope.clone(), index)).copied().unwrap_or_default());
        let chance =
            (in_file.1 + 4.0 * in_function.1 + 0.5) / (in_file.0 + 4.0 * in_function.0 + 2.0);
        chance / (self.tests[index].took.as_secs_f64() + 0.005)
    }
}

/// What is known of tests from earlier runs of the same binary with the same data.
struct Known {
    path: PathBuf,
    data: u64,
    tests: Map<String, Value>,
}

impl Known {
    fn read(folder: &Path, tree: &Tree) -> Self {
        let mut hasher = DefaultHasher::new();
        for folder in ["tests", "policies", "docs"] {
            for file in files(&tree.path.join(folder)).unwrap_or_default() {
                if file.extension().is_none_or(|ending| ending != "rs") {
                    (&file, fs::read(&file).ok()).hash(&mut hasher);
                }
            }
        }
        let path = folder.join("tests.json");
        let tests = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { path, data: hasher.finish(), tests: tests.unwrap_or_default() }
    }

    fn stamp(&self, binary: &Path) -> Result<String, Box<dyn Error>> {
        Ok(format!("{:?} {:x}", fs::metadata(binary)?.modified()?, self.data))
    }

    fn of(&self, test: &Test, stamp: &str) -> Option<(Duration, BTreeSet<u32>)> {
        let value = self.tests.get(&test.full_name()).filter(|value| value["stamp"] == stamp)?;
        let numbers = value["reaches"].as_array()?.iter();
        let reaches = numbers.filter_map(|number| number.as_u64()?.try_into().ok()).collect();
        Some((Duration::from_secs_f64(value["took"].as_f64()?), reaches))
    }

    fn keep(&mut self, test: &Test, stamp: &str) -> Result<(), Box<dyn Error>> {
        let value =
            json!({"stamp": stamp, "took": test.took.as_secs_f64(), "reaches": test.reaches});
        self.tests.insert(test.full_name(), value);
        Ok(fs::write(&self.path, serde_json::to_vec(&self.tests)?)?)
    }
}

impl Test {
    fn full_name(&self) -> String {
        format!("{}::{}", self.target, self.name)
    }
}

/// The function that a mutant is in, as far as its key says.
fn scope(mutant: &Mutant) -> String {
    let what = mutant.key.rsplit(" in ").next().unwrap_or_default();
    let what = what.split(" with ").next().unwrap_or_default();
    let what = what.split(" -> ").next().unwrap_or_default();
    format!("{}: {}", mutant.file, what.rsplit(": replace ").next().unwrap_or_default())
}

/// One test in a process of its own, with a limit to memory and time.
fn run(test: &Test, folder: &Path, environment: &[(&str, &str)]) -> Result<Run, Box<dyn Error>> {
    let seconds = LEAST.max(TIMES * test.took.as_secs());
    let mut command = Command::new("nice");
    command
        .args(["-n", "10", "prlimit", &format!("--as={MEMORY}"), &format!("--cpu={seconds}")])
        .arg(&test.binary)
        .args([&test.name, "--exact"])
        .current_dir(folder)
        .env_remove("MUTANT")
        .env("RUST_BACKTRACE", "0")
        .env("PROPTEST_RNG_SEED", "1")
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn()?;
    let begin = Instant::now();
    let most = Duration::from_secs(seconds) * WAITING;
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(match status.signal() {
                Some(signal) if OUT_OF_TIME.contains(&signal) => Run::TimedOut,
                _ if status.success() => Run::Passed,
                _ => Run::Failed,
            });
        }
        if begin.elapsed() > most {
            child.kill()?;
            child.wait()?;
            return Ok(Run::TimedOut);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}
