//! Looking into what git keeps, one object after the other.

use super::repository::{Object, Repository, without_git};
use super::{Finding, scan_name};
use crate::find::{Buffer, find};
use crate::place::shown_path;
use crate::triage::Triage;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// How often a git that stopped is started again. It stops at what is damaged, and has to be asked
/// about the rest by another one.
const MAX_STARTS: u32 = 1_000;

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

/// A git that gives one object after the other, and another one where it stops.
pub(super) struct Readers<'r> {
    repository: &'r Repository,
    reader: Option<Reader>,
    starts: u32,
    buffer: Buffer,
}

impl<'r> Readers<'r> {
    pub(super) fn new(repository: &'r Repository) -> Self {
        Self { repository, reader: None, starts: 0, buffer: Buffer::default() }
    }

    pub(super) fn scan(&mut self, object: &Object, triage: &Triage) -> Found {
        let id = object.id.clone();
        let mut found = Found { id, findings: Vec::new(), bytes: 0, state: State::Whole };
        let reader = match self.reader.take() {
            Some(reader) => Ok(reader),
            None if self.starts < MAX_STARTS => {
                self.starts = self.starts.saturating_add(1);
                Reader::new(self.repository).map_err(|error| without_git(&error))
            }
            None => Err("git stopped too often; git fsck says what is damaged".to_owned()),
        };
        match reader {
            Err(why) => found.state = State::Unread(why),
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
            let is_message = matches!(kind, "commit" | "tag");
            let folder = is_message.then(|| shown_path(&repository.folder));
            let file = match &folder {
                Some(folder) if repository.is_one_of_several => format!("{folder}: {kind} message"),
                Some(_) => format!("{kind} message"),
                None => shown_path(&repository.name(&object.path)),
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

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends by itself where it is asked nothing more; nothing is owed to one that does not.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
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
