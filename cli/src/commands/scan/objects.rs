//! Looking into what git keeps, one object after the other.

use super::repository::{Git, Object, Repository, without_git};
use super::{Finding, scan_name};
use crate::find::{Buffer, find};
use crate::place::shown_path;
use crate::triage::Triage;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdin, ChildStdout, Stdio};

/// What came out of one object.
pub(super) struct Found {
    pub(super) id: String,
    pub(super) findings: Vec<Finding>,
    pub(super) bytes: u64,
    pub(super) state: State,
}

/// How much of an object could be looked through.
pub(super) enum State {
    Whole,
    /// It is not there.
    Missing,
    /// What stands before the damage was looked through.
    Damaged,
    /// Nothing, and why.
    Unread(String),
}

/// A git that gives one object after the other, and another one where it stops, as it does at what
/// is damaged.
pub(super) struct Readers<'r> {
    repository: &'r Repository,
    reader: Option<Reader>,
    buffer: Buffer,
}

impl<'r> Readers<'r> {
    pub(super) fn new(repository: &'r Repository) -> Self {
        Self { repository, reader: None, buffer: Buffer::default() }
    }

    pub(super) fn scan(&mut self, object: &Object, triage: &Triage) -> Found {
        let id = object.id.clone();
        let mut found = Found { id, findings: Vec::new(), bytes: 0, state: State::Whole };
        let reader = match self.reader.take() {
            Some(reader) => Ok(reader),
            None => Reader::new(self.repository),
        };
        match reader {
            Err(error) => found.state = State::Unread(without_git(&error)),
            Ok(mut reader) => {
                let scanned =
                    reader.scan(object, self.repository, triage, &mut self.buffer, &mut found);
                match scanned {
                    Ok(()) => self.reader = Some(reader),
                    Err(_) => found.state = State::Damaged,
                }
            }
        }
        found
    }
}

/// A git that gives one object after the other.
struct Reader {
    asked: ChildStdin,
    given: BufReader<ChildStdout>,
    /// The process that they belong to.
    _git: Git,
}

impl Reader {
    fn new(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.git(&["cat-file", "--batch"]);
        let mut git = Git(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        let pipes = git.0.stdin.take().zip(git.0.stdout.take());
        let (asked, given) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { asked, given: BufReader::new(given), _git: git })
    }

    fn scan(
        &mut self,
        object: &Object,
        repository: &Repository,
        triage: &Triage,
        buffer: &mut Buffer,
        to: &mut Found,
    ) -> io::Result<()> {
        writeln!(self.asked, "{}", object.id)?;
        self.asked.flush()?;
        let mut head = String::new();
        if self.given.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut words = head.split_whitespace().skip(1);
        let (kind, size) = (words.next().unwrap_or_default(), words.next());
        let Some(size) = size.and_then(|size| size.parse::<u64>().ok()) else {
            to.state = State::Missing;
            return Ok(());
        };
        let mut content = (&mut self.given).take(size);
        if kind == "tree" {
            let mut entries = Vec::new();
            content.read_to_end(&mut entries)?;
            to.bytes = u64::try_from(entries.len()).unwrap_or(u64::MAX);
            let folder = repository.name(&object.path);
            for name in names(&entries, object.id.len() / 2) {
                to.findings.extend(scan_name(&folder.join(name), triage));
            }
        } else {
            let what = match kind {
                "commit" => Some("commit message"),
                "tag" => Some("tag message"),
                // Of what git cannot reach, it does not know the name.
                _ if object.path.is_empty() => Some("unnamed file"),
                _ => None,
            };
            let folder = what.map(|_| shown_path(&repository.folder));
            let file = match (what, &folder) {
                (Some(what), Some(folder)) if repository.is_one_of_several => {
                    format!("{folder}: {what}")
                }
                (Some(what), _) => what.to_owned(),
                (None, _) => shown_path(&repository.name(&object.path)),
            };
            to.bytes = find(content, buffer, |found, token| {
                let finding = Finding::new(&file, found, token.as_ref(), triage);
                to.findings.push(Finding { folder: folder.clone(), ..finding });
            })?;
        }
        if to.bytes != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.given.read_exact(&mut [0])
    }
}

/// The names in a tree, each behind a mode and a space. After a NUL, an id of so many bytes
/// follows.
fn names(mut entries: &[u8], id_bytes: usize) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(end) = entries.iter().position(|byte| *byte == 0) {
        let entry = entries.get(..end).unwrap_or_default();
        let name =
            entry.iter().position(|byte| *byte == b' ').map_or(0, |space| space.saturating_add(1));
        names.push(String::from_utf8_lossy(entry.get(name..).unwrap_or_default()).into_owned());
        let next = end.saturating_add(1).saturating_add(id_bytes);
        entries = entries.get(next..).unwrap_or_default();
    }
    names
}
