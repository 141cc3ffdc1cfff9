//! A git repository, read through the git that is installed.

use super::because;
use crate::failure::ErrorJson;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What would lead git to another repository than that of the folder. Hooks have it in their
/// surroundings.
const OF_ANOTHER: [&str; 8] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
];

/// A repository that git knows.
pub(super) struct Repository {
    pub(super) folder: PathBuf,
    /// Where it keeps what it knows, of which Git LFS has a part.
    pub(super) store: PathBuf,
    /// Whether it is one of several.
    pub(super) is_one_of_several: bool,
    /// From the root of its files to the folder, with `/` behind each name.
    prefix: String,
    /// That root, named from where the folder is.
    root: PathBuf,
}

/// Something that git keeps.
pub(super) struct Object {
    pub(super) id: String,
    /// Where it stood first. Commits have none.
    pub(super) path: String,
}

/// What a history names.
#[derive(Default)]
pub(super) struct Named {
    pub(super) objects: Vec<Object>,
    /// How many are not there.
    pub(super) missing: usize,
    /// Whether git could not go through it to its end.
    pub(super) is_damaged: bool,
}

impl Repository {
    /// Those to which these folders belong, each once.
    pub(super) fn all(folders: &[PathBuf], errors: &mut Vec<ErrorJson>) -> Vec<Self> {
        let mut known = HashSet::new();
        let mut all = Vec::new();
        for folder in folders {
            match Self::at(folder) {
                Ok((store, repository)) if known.insert(store.clone()) => all.push(repository),
                Ok(_) => {}
                // What was meant are those below it, unless it is one itself.
                Err(_) if has_some_below(folder, folders) && !folder.join(".git").exists() => {}
                Err(why) => errors.push(because(folder, why)),
            }
        }
        let are_several = all.len() > 1;
        all.iter_mut().for_each(|repository| repository.is_one_of_several = are_several);
        all
    }

    /// The one to which a folder belongs, and what tells it from others.
    fn at(folder: &Path) -> Result<(PathBuf, Self), String> {
        let root = folder.to_path_buf();
        let mut repository = Self {
            folder: folder.to_path_buf(),
            store: PathBuf::new(),
            is_one_of_several: false,
            prefix: String::new(),
            root,
        };
        // All worktrees have one history. What is relative is so to the folder.
        repository.store = folder.join(repository.line(&["rev-parse", "--git-common-dir"])?);
        let store = repository.store.canonicalize().unwrap_or(repository.store.clone());
        // A repository without files has none.
        repository.prefix = repository.line(&["rev-parse", "--show-prefix"])?;
        repository.root = root_above(folder, &repository.prefix);
        Ok((store, repository))
    }

    /// As what the walk knows a file of the history.
    pub(super) fn name(&self, path: &str) -> PathBuf {
        match path.strip_prefix(&self.prefix) {
            Some(below) => self.folder.join(below),
            None => self.root.join(path),
        }
    }

    /// A git that reads and runs nothing that a repository brings along.
    pub(super) fn git(&self, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "-c", "core.fsmonitor=false", "-C"]);
        command.arg(&self.folder).args(words).stdin(Stdio::null()).stderr(Stdio::null());
        for (name, value) in [
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_TERMINAL_PROMPT", "0"),
        ] {
            command.env(name, value);
        }
        for name in OF_ANOTHER {
            command.env_remove(name);
        }
        command
    }

    fn output(&self, words: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.git(words).output().map_err(|error| without_git(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err("git reads no repository here: it is in none, or in that of somebody else".to_owned())
    }

    /// The one line of an answer.
    fn line(&self, words: &[&str]) -> Result<String, String> {
        let output = self.output(words)?;
        let line = output.strip_suffix(b"\n").unwrap_or(&output);
        Ok(String::from_utf8_lossy(line).into_owned())
    }

    /// All that can be reached from branches, tags, stashes and what was dropped lately, and what
    /// is staged for the next commit. Where git cannot follow that to its end, all that is there.
    pub(super) fn objects(&self) -> Result<Named, String> {
        let reached =
            ["rev-list", "--objects", "--missing=print", "--all", "--reflog", "--indexed-objects"];
        let output = self.git(&reached).output().map_err(|error| without_git(&error))?;
        let mut named = Named { is_damaged: !output.status.success(), ..Named::default() };
        for line in lines(&output.stdout) {
            let (id, path) = line.split_once(' ').unwrap_or((&line, ""));
            if id.starts_with('?') {
                named.missing = named.missing.saturating_add(1);
            } else {
                named.objects.push(Object { id: id.to_owned(), path: path.to_owned() });
            }
        }
        if named.is_damaged {
            let known: HashSet<_> = named.objects.iter().map(|object| object.id.clone()).collect();
            let all = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"];
            let output = self.git(&all).output().map_err(|error| without_git(&error))?;
            let others = lines(&output.stdout).filter(|id| !known.contains(id));
            named.objects.extend(others.map(|id| Object { id, path: String::new() }));
        }
        Ok(named)
    }

    /// Whether it has the latest part of its history alone.
    pub(super) fn is_shallow(&self) -> Result<bool, String> {
        Ok(self.line(&["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// The first commit that has each of these objects, and why some may have none. The commands
    /// are those that no configuration changes.
    pub(super) fn commits(
        &self,
        of: &HashSet<String>,
    ) -> (HashMap<String, String>, Option<&'static str>) {
        let mut commits = HashMap::new();
        let whole = self.list_commits(of, &mut commits);
        let why = "git could not say of each token which commit has it first; git fsck says what \
                   is damaged";
        (commits, if whole.is_ok_and(|whole| whole) { None } else { Some(why) })
    }

    fn list_commits(
        &self,
        of: &HashSet<String>,
        commits: &mut HashMap<String, String>,
    ) -> io::Result<bool> {
        let list = ["rev-list", "--all", "--reflog", "--reverse"];
        let mut list = Git(self.git(&list).stdout(Stdio::piped()).spawn()?);
        let changes = [
            "diff-tree",
            "--stdin",
            "-m",
            "-r",
            "-t",
            "--root",
            "--raw",
            "--no-abbrev",
            "--no-renames",
        ];
        // Nothing here keeps the end of the pipe that the second one reads: when it ends early, so
        // does the first one.
        let listed = list.0.stdout.take().map_or_else(Stdio::null, Stdio::from);
        let mut changes = Git(self.git(&changes).stdin(listed).stdout(Stdio::piped()).spawn()?);
        let lines = changes.0.stdout.take().map(BufReader::new);
        let mut commit = String::new();
        for line in lines.into_iter().flat_map(|lines| lines.split(b'\n')) {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            match line.strip_prefix(':').map(|line| line.split(' ').nth(3)) {
                None => commit = line.into_owned(),
                Some(Some(changed)) if of.contains(changed) => {
                    commits.entry(changed.to_owned()).or_insert_with(|| commit.clone());
                }
                Some(_) => {}
            }
        }
        Ok(changes.0.wait()?.success() && list.0.wait()?.success())
    }
}

/// A git that runs. It is ended and waited for when it is dropped, unless it has ended by itself.
pub(super) struct Git(pub(super) Child);

impl Drop for Git {
    fn drop(&mut self) {
        // One that waits to be asked more does not end by itself, and neither says anything of use
        // then.
        self.0.kill().unwrap_or_default();
        self.0.wait().map(|_| ()).unwrap_or_default();
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = String> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| String::from_utf8_lossy(line).into_owned())
}

fn has_some_below(folder: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|other| other != folder && other.starts_with(folder))
}

/// The folder to which another one has this prefix: by its own name, if that leads there.
fn root_above(folder: &Path, prefix: &str) -> PathBuf {
    let up = folder.join("../".repeat(prefix.matches('/').count()));
    let names = Path::new(prefix).components().count();
    let above = folder.ancestors().nth(names).filter(|_| folder.ends_with(prefix));
    let is_there = |above: &&Path| {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        above.canonicalize().ok().is_some_and(|above| up.canonicalize().is_ok_and(|up| up == above))
    };
    above.filter(is_there).map_or_else(|| up.clone(), Path::to_path_buf)
}

pub(super) fn without_git(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "git is not installed, which reads histories".to_owned(),
        _ => format!("cannot run git: {error}"),
    }
}
