//! The history of a git repository, read through the git that is installed: every version of every
//! file once, and what commits and tags say.

use super::progress::Progress;
use super::work::each;
use super::{Finding, Scanned, because};
use crate::failure::ErrorJson;
use crate::find::{Buffer, find};
use crate::triage::Triage;
use cog_auth::token::redact;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A repository that git knows.
pub(super) struct Repository {
    folder: PathBuf,
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
}

impl Repository {
    /// Those to which these folders belong, each once.
    pub(super) fn all(folders: &[PathBuf], errors: &mut Vec<ErrorJson>) -> Vec<Self> {
        let mut known = HashSet::new();
        let mut all = Vec::new();
        for folder in folders {
            let repository = Self { folder: folder.clone() };
            match repository.output(&["rev-parse", "--absolute-git-dir"]) {
                Ok(name) if known.insert(name.clone()) => all.push(repository),
                Ok(_) => {}
                Err(why) => errors.push(because(folder, why)),
            }
        }
        all
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
        command
    }

    fn output(&self, words: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.git(words).output().map_err(|error| without_git(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err("git reads no repository here: it is in none, or in that of somebody else".to_owned())
    }

    /// All that can be reached from branches, tags, stashes and what was dropped lately.
    fn objects(&self) -> Result<Vec<Object>, String> {
        let listed = self.output(&["rev-list", "--objects", "--all", "--reflog"])?;
        let objects = listed.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let objects = objects.map(|line| {
            let line = String::from_utf8_lossy(line);
            let (id, path) = line.split_once(' ').unwrap_or((&line, ""));
            Object { id: id.to_owned(), path: path.to_owned() }
        });
        Ok(objects.collect())
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
    let objects = repository.objects()?;
    let reader = || (Reader::new(repository), Buffer::default());
    let of_objects = each(&objects, reader, |(reader, buffer), object| {
        let reader = reader.as_mut().map_err(|error| without_git(error))?;
        let of_object = reader.scan(object, &repository.folder, triage, buffer);
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
            // What has no path is a commit itself, or a tag.
            let commit = commits.get(&object.id).unwrap_or(&object.id);
            finding.commit = Some(commit.clone());
        }
        scanned.bytes = scanned.bytes.saturating_add(object.bytes);
        scanned.findings.extend(object.findings);
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
        folder: &Path,
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
            // A clone may lack what its commits name.
            return Ok(OfObject { id: object.id.clone(), findings: Vec::new(), bytes: 0 });
        };
        let file = match kind {
            "commit" => "commit message".to_owned(),
            "tag" => "tag message".to_owned(),
            _ => redact(&folder.join(&object.path).display().to_string()),
        };
        let mut findings = Vec::new();
        let bytes = find((&mut self.given).take(size), buffer, |found, token| {
            findings.push(Finding::new(&file, found, token.as_ref(), triage));
        })?;
        if bytes != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.given.read_exact(&mut [0])?;
        Ok(OfObject { id: object.id.clone(), findings, bytes })
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
