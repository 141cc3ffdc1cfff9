//! The history of a git repository, read through the git that is installed: every version of every
//! file once, and what commits and tags say.

use super::progress::Progress;
use super::show::count;
use super::work::each;
use super::{Finding, Scanned, because};
use crate::failure::ErrorJson;
use crate::find::{Buffer, find};
use crate::place::shown_path;
use crate::triage::Triage;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

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
    folder: PathBuf,
    /// From the root of its files to the folder, with `/` behind each name.
    prefix: String,
    /// That root, named from where the folder is.
    root: PathBuf,
}

/// Something that git keeps.
struct Object {
    id: String,
    /// Where it stood first. Commits have none.
    path: String,
}

/// What came out of one object.
struct OfObject {
    id: String,
    findings: Vec<Finding>,
    bytes: u64,
    is_there: bool,
}

/// What a history names.
struct Named {
    objects: Vec<Object>,
    /// How many are not there.
    missing: usize,
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
        all
    }

    /// The one to which a folder belongs, and what tells it from others.
    fn at(folder: &Path) -> Result<(PathBuf, Self), String> {
        let root = folder.to_path_buf();
        let mut repository = Self { folder: folder.to_path_buf(), prefix: String::new(), root };
        // All worktrees have one history. What is relative is so to the folder.
        let store = folder.join(repository.line(&["rev-parse", "--git-common-dir"])?);
        let store = store.canonicalize().unwrap_or(store);
        // A repository without files has none.
        repository.prefix = repository.line(&["rev-parse", "--show-prefix"])?;
        repository.root = root_above(folder, &repository.prefix);
        Ok((store, repository))
    }

    /// As what the walk knows a file of the history.
    fn name(&self, path: &str) -> PathBuf {
        match path.strip_prefix(&self.prefix) {
            Some(below) => self.folder.join(below),
            None => self.root.join(path),
        }
    }

    /// A git that reads and runs nothing that a repository brings along.
    fn git(&self, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showRoot=true", "-C"]);
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
    /// is staged for the next commit.
    fn objects(&self) -> Result<Named, String> {
        let words =
            ["rev-list", "--objects", "--missing=print", "--all", "--reflog", "--indexed-objects"];
        let listed = self.output(&words)?;
        let lines = listed.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let (missing, there): (Vec<&[u8]>, Vec<&[u8]>) =
            lines.partition(|line| line.starts_with(b"?"));
        let objects = there.into_iter().map(|line| {
            let line = String::from_utf8_lossy(line);
            let (id, path) = line.split_once(' ').unwrap_or((&line, ""));
            Object { id: id.to_owned(), path: path.to_owned() }
        });
        Ok(Named { objects: objects.collect(), missing: missing.len() })
    }

    /// Whether it has the latest part of its history alone.
    fn is_shallow(&self) -> Result<bool, String> {
        Ok(self.line(&["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// The first commit that has each of these objects.
    fn commits(&self, of: &HashSet<String>) -> Result<HashMap<String, String>, String> {
        let words = [
            "log",
            "--all",
            "--reflog",
            "--reverse",
            "-m",
            "-t",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            // It would run a program that the repository's configuration names.
            "--no-show-signature",
            "--format=commit %H",
        ];
        let mut child = self.git(&words).stdout(Stdio::piped()).spawn();
        let child = child.as_mut().map_err(|error| without_git(error))?;
        let lines = child.stdout.take().map(BufReader::new);
        let (mut commits, mut commit) = (HashMap::new(), String::new());
        for line in lines.into_iter().flat_map(|lines| lines.split(b'\n')) {
            let line = line.map_err(|error| format!("git stopped: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            if let Some(id) = line.strip_prefix("commit ") {
                id.clone_into(&mut commit);
            } else if let Some(changed) =
                line.strip_prefix(':').and_then(|line| line.split(' ').nth(3))
                && of.contains(changed)
            {
                commits.entry(changed.to_owned()).or_insert_with(|| commit.clone());
            }
        }
        child.wait().map_err(|error| format!("git stopped: {error}"))?;
        Ok(commits)
    }
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

/// Looks through a history.
pub(super) fn scan(
    repository: &Repository,
    triage: &Triage,
    progress: &Progress,
    scanned: &mut Scanned,
) {
    if let Err(why) = scan_all(repository, triage, progress, scanned) {
        scanned.errors.push(because(&repository.folder, why));
    }
}

fn scan_all(
    repository: &Repository,
    triage: &Triage,
    progress: &Progress,
    scanned: &mut Scanned,
) -> Result<(), String> {
    if repository.is_shallow()? {
        let why = "its history is shallow, and what is older could not be looked through; \
                   git fetch --unshallow brings it";
        scanned.errors.push(because(&repository.folder, why));
    }
    let Named { objects, mut missing } = repository.objects()?;
    let reader = || (Reader::new(repository), Buffer::default());
    let of_objects = each(&objects, reader, |(reader, buffer), object| {
        let reader = reader.as_mut().map_err(|error| without_git(error))?;
        let of_object = reader.scan(object, repository, triage, buffer);
        let of_object = of_object.map_err(|error| format!("git stopped: {error}"))?;
        progress.add(of_object.bytes, of_object.findings.len());
        Ok::<_, String>(of_object)
    });
    let of_objects: Vec<OfObject> = of_objects.into_iter().collect::<Result<_, _>>()?;
    let found = of_objects.iter().filter(|object| !object.findings.is_empty());
    let found: HashSet<String> = found.map(|object| object.id.clone()).collect();
    let commits = if found.is_empty() { HashMap::new() } else { repository.commits(&found)? };
    for mut object in of_objects {
        for finding in &mut object.findings {
            // A commit itself, a tag, or what is staged.
            let commit = commits.get(&object.id).unwrap_or(&object.id);
            finding.commit = Some(commit.clone());
        }
        missing = missing.saturating_add(usize::from(!object.is_there));
        scanned.bytes = scanned.bytes.saturating_add(object.bytes);
        scanned.findings.extend(object.findings);
    }
    if missing > 0 {
        let why = format!(
            "its history lacks at least {}, which could not be looked through; if it is a partial \
             clone, git fetch --refetch --no-filter brings all of them",
            count(missing, "object")
        );
        scanned.errors.push(because(&repository.folder, why));
    }
    let before = scanned.objects.unwrap_or(0);
    scanned.objects = Some(before.saturating_add(objects.len()));
    Ok(())
}

/// A git that gives one object after the other.
struct Reader {
    child: Child,
    asked: ChildStdin,
    given: BufReader<ChildStdout>,
}

impl Reader {
    fn new(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.git(&["cat-file", "--batch"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (asked, given) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, asked, given: BufReader::new(given) })
    }

    fn scan(
        &mut self,
        object: &Object,
        repository: &Repository,
        triage: &Triage,
        buffer: &mut Buffer,
    ) -> io::Result<OfObject> {
        writeln!(self.asked, "{}", object.id)?;
        self.asked.flush()?;
        let mut head = String::new();
        self.given.read_line(&mut head)?;
        let mut words = head.split_whitespace().skip(1);
        let (kind, size) = (words.next().unwrap_or_default(), words.next());
        let Some(size) = size.and_then(|size| size.parse::<u64>().ok()) else {
            let id = object.id.clone();
            return Ok(OfObject { id, findings: Vec::new(), bytes: 0, is_there: false });
        };
        let file = match kind {
            "commit" => "commit message".to_owned(),
            "tag" => "tag message".to_owned(),
            _ => shown_path(&repository.name(&object.path)),
        };
        let mut findings = Vec::new();
        let bytes = find((&mut self.given).take(size), buffer, |found, token| {
            findings.push(Finding::new(&file, found, token.as_ref(), triage));
        })?;
        if bytes != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.given.read_exact(&mut [0])?;
        Ok(OfObject { id: object.id.clone(), findings, bytes, is_there: true })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends by itself where it is asked nothing more; nothing is owed to one that does not.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}

fn without_git(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "git is not installed, which reads histories".to_owned(),
        _ => format!("cannot run git: {error}"),
    }
}
