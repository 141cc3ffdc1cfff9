//! Running the command, and the files that most tests need.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(dead_code, reason = "each test file uses a part")]

use assert_cmd::Command;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The example token of `docs/token-format.md`.
pub(crate) const SAMPLE: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

/// The command, without what the surroundings would add.
pub(crate) fn cog_auth<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cog-auth"));
    for name in ["COG_TOKEN", "COLUMNS", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.args(args);
    command
}

/// A character that commands a terminal, turns the direction of writing or ends a line where a
/// reader sees none end.
pub(crate) fn is_unseen(character: char) -> bool {
    let hidden = "\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\
                  \u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}";
    character.is_control() || hidden.contains(character)
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// What a run wrote and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().expect("ended by a signal"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.err, "", "with --json nothing goes to standard error");
        assert_eq!(self.out.matches('\n').count(), 1, "one line: {}", self.out);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A folder with a root key set, what was derived from it, a token, its record and facts.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) token: String,
}

pub(crate) const FACTS: &str = r#"{
    "principal": {
        "type": "user", "id": "user_1",
        "account": {"id": "acct_1", "sso": false, "plan": "team", "features": ["pat_beta"]},
        "memberships": [{"organization": "org-a", "roles": ["org_member"]}]
    },
    "organization": {"id": "org-a", "account": {"id": "acct_1", "sso": false, "plan": "team"}}
}"#;

impl World {
    pub(crate) fn new() -> Self {
        Self::with(&["--scope", "*", "--no-expiry"])
    }

    /// A world whose token has these options.
    pub(crate) fn with(options: &[&str]) -> Self {
        let mut world = Self { folder: TempDir::new().unwrap(), token: String::new() };
        world.ok(["key", "new", "--out", "root.json"]);
        world.ok("key derive --use edge-tag --root root.json --out edge.json".split(' '));
        world.ok("key derive --use digest-pepper --root root.json --out peppers.json".split(' '));
        let new = "token new --root root.json --kind personal-access-token --principal user_1";
        let new = new.split(' ').chain(["--record", "record.json"]).chain(options.iter().copied());
        world.token = world.ok(new).out.trim().to_owned();
        world.write("facts.json", FACTS);
        world
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The command in this folder, with the token in its environment.
    pub(crate) fn command<I: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = I>,
    ) -> Command {
        let mut command = cog_auth(args);
        command.current_dir(self.folder.path());
        if !self.token.is_empty() {
            command.env("COG_TOKEN", &self.token);
        }
        command
    }

    pub(crate) fn run<I: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Ran {
        run(&mut self.command(args))
    }

    pub(crate) fn ok<I: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran
    }
}
