//! Records in a folder or in a file, for who has no service yet that stores them.
//!
//! A folder has files `*.json` or `*.jsonl`, in it and in the folders below it. Each file has
//! records one after the other, which may be one alone.

use crate::failure::{ErrorJson, Failure};
use crate::files::{self, read_file};
use crate::folder::{self, Contents};
use crate::input::Inputs;
use crate::place::{Place, shown_path};
use cog_auth::Error;
use cog_auth::token::{CredentialId, Record};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What was read of a folder or a file.
pub(crate) struct Records {
    folder: Option<PathBuf>,
    files: Vec<RecordsFile>,
}

struct RecordsFile {
    path: PathBuf,
    /// What stood in it. None: it is new.
    before: Option<Vec<u8>>,
    entries: Vec<Entry>,
    /// From what is no JSON on, which is kept.
    rest: Vec<u8>,
    problems: Vec<ErrorJson>,
    changed: bool,
}

/// A record as it is written, or what should be one.
struct Entry {
    text: String,
    record: Option<Record>,
}

/// More than a million records.
const MAX_FILE_BYTES: usize = 1 << 30;

/// How often to begin anew because somebody else has written in between.
const ATTEMPTS: usize = 20;

/// Reads records, lets them be changed, and writes what changed: only if nobody else has written
/// in between, or else from the beginning again. Other runs of this command wait meanwhile.
pub(crate) fn update<T>(
    place: &Path,
    mut change: impl FnMut(&mut Records) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if place == Path::new("-") {
        let why = "records that change are in a folder or a file, and - is standard input; a file \
                   of this name is ./-";
        return Err(Failure::usage(why));
    }
    let _lock = files::lock(place)?;
    for _ in 0..ATTEMPTS {
        let mut records = Records::read(place)?;
        let done = change(&mut records)?;
        if records.write()? {
            return Ok(done);
        }
    }
    let why = "something else writes it again and again; try it when nothing does";
    Err(Failure::file(&shown_path(place), why))
}

impl Records {
    /// Reads a folder, a file, or with `-` standard input.
    pub(crate) fn list(place: &Path, inputs: &mut Inputs) -> Result<Self, Failure> {
        if place != Path::new("-") {
            return Self::read(place);
        }
        inputs.take_stdin("records")?;
        let name = Place::Stdin.name();
        let bytes = files::read(io::stdin().lock(), MAX_FILE_BYTES)
            .map_err(|error| Failure::file(&name, error))?;
        Ok(Self { folder: None, files: vec![RecordsFile::of(Path::new(&name), bytes)?] })
    }

    /// Reads a folder or a file.
    pub(crate) fn read(place: &Path) -> Result<Self, Failure> {
        if place == Path::new("-") {
            let why = "here, records are in a folder or a file, and - is standard input; a file of \
                       this name is ./-";
            return Err(Failure::usage(why));
        }
        let failed = |error: &io::Error| Failure::system(place, "read", error);
        if !fs::metadata(place).map_err(|error| failed(&error))?.is_dir() {
            return Ok(Self { folder: None, files: vec![RecordsFile::read(place)?] });
        }
        let found = folder::find(place, Contents::Records)?;
        let files =
            found.files.iter().map(|path| RecordsFile::read(path)).collect::<Result<_, _>>()?;
        Ok(Self { folder: Some(place.to_path_buf()), files })
    }

    /// What in it is no record, and why.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &ErrorJson> {
        self.files.iter().flat_map(|file| &file.problems)
    }

    /// All records, each credential once: copies of a record are merged. By principal, then by the
    /// time at which they were made.
    pub(crate) fn all(&self) -> Vec<Record> {
        let mut by_id: BTreeMap<CredentialId, Vec<Record>> = BTreeMap::new();
        for (_, record) in self.entries() {
            let known = by_id.entry(record.id()).or_default();
            let same = known.iter_mut().find_map(|one| Some((one.merge(record).ok()?, one)));
            match same {
                Some((merged, one)) => *one = merged,
                // Of another credential with the same id. Both are shown.
                None => known.push(record.clone()),
            }
        }
        let mut all: Vec<Record> = by_id.into_values().flatten().collect();
        all.sort_by(|one, other| {
            let key = |record: &Record| (record.created_at(), record.id());
            one.principal().cmp(other.principal()).then(key(one).cmp(&key(other)))
        });
        all
    }

    /// The record of a credential, of which there may be copies.
    pub(crate) fn find(&self, id: CredentialId) -> Result<Option<Record>, Failure> {
        let mut found: Option<Record> = None;
        for (file, record) in self.entries().filter(|(_, record)| record.id() == id) {
            found = Some(match found {
                Some(before) => before.merge(record).map_err(|error| file.refused(&error))?,
                None => record.clone(),
            });
        }
        Ok(found)
    }

    /// Changes each copy of a credential's record, after it was merged with the others.
    pub(crate) fn change(&mut self, id: CredentialId, change: impl Fn(&Record) -> Record) {
        let of_id = |record: &&Record| record.id() == id;
        let copies: Vec<Record> =
            self.entries().map(|(_, record)| record).filter(of_id).cloned().collect();
        for file in &mut self.files {
            for entry in &mut file.entries {
                let Some(record) = entry.record.as_ref().filter(of_id) else { continue };
                // What is of another credential is left out, and changed by itself.
                let merged = copies
                    .iter()
                    .fold(record.clone(), |record, copy| record.merge(copy).unwrap_or(record));
                let changed = change(&merged);
                if changed != *record {
                    *entry = Entry::of(changed);
                    file.changed = true;
                }
            }
        }
    }

    /// Refuses the one file if something else is in it: it may be no file for records at all. In a
    /// folder, a record is added to no other file.
    pub(crate) fn check_file(&self) -> Result<(), Failure> {
        let file = self.files.first().filter(|_| self.folder.is_none());
        let Some(file) = file.filter(|file| !file.problems.is_empty()) else { return Ok(()) };
        let name = shown_path(&file.path);
        let why = format!(
            "not all in it is a record, so none is added; see what is not with cog-auth token list \
             --records {name}, and mend it, or give another file or a folder"
        );
        Err(Failure::invalid_because(&name, why))
    }

    /// Adds a record: in a folder as a file of its own.
    pub(crate) fn add(&mut self, record: Record) {
        match (&self.folder, self.files.first_mut()) {
            (None, Some(file)) => {
                file.entries.push(Entry::of(record));
                file.changed = true;
            }
            (folder, _) => {
                let name = format!("{}.json", record.id());
                self.files.push(RecordsFile {
                    path: folder.as_deref().unwrap_or_else(|| Path::new("")).join(name),
                    before: None,
                    entries: vec![Entry::of(record)],
                    rest: Vec::new(),
                    problems: Vec::new(),
                    changed: true,
                });
            }
        }
    }

    fn entries(&self) -> impl Iterator<Item = (&RecordsFile, &Record)> {
        self.files.iter().flat_map(|file| {
            file.entries.iter().filter_map(move |entry| Some((file, entry.record.as_ref()?)))
        })
    }

    /// Writes what is new, then what changed. False: somebody else has written what was read, and
    /// nothing was done.
    fn write(&self) -> Result<bool, Failure> {
        let changed = || self.files.iter().filter(|file| file.changed);
        for file in changed() {
            if file.before.as_ref().is_some_and(|before| !file.is_still(before)) {
                return Ok(false);
            }
        }
        for file in changed().filter(|file| file.before.is_none()) {
            files::write_secret(&file.path, &file.bytes())?;
        }
        for file in changed().filter(|file| file.before.is_some()) {
            files::replace(&file.path, &file.bytes())?;
        }
        Ok(true)
    }
}

impl RecordsFile {
    fn read(path: &Path) -> Result<Self, Failure> {
        Self::of(path, read_file(path, MAX_FILE_BYTES)?)
    }

    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, Failure> {
        let name = shown_path(path);
        if bytes.len() > MAX_FILE_BYTES {
            let why = format!("it has more than {MAX_FILE_BYTES} bytes; split it");
            return Err(Failure::file(&name, why));
        }
        let mut problems = Vec::new();
        let mut entries = Vec::new();
        let mut values = serde_json::Deserializer::from_slice(&bytes).into_iter::<Box<RawValue>>();
        let mut end = 0;
        while let Some(value) = values.next() {
            let Ok(value) = value else {
                problems.push(ErrorJson {
                    message: no_json(bytes.get(end..).unwrap_or_default()),
                    file: Some(name.clone()),
                    offset: Some(end),
                    ..ErrorJson::default()
                });
                break;
            };
            end = values.byte_offset();
            let text = value.get().to_owned();
            let start = end.saturating_sub(text.len());
            let record = Record::from_json(text.as_bytes());
            if let Err(error) = &record {
                problems.push(ErrorJson {
                    file: Some(name.clone()),
                    offset: error.offset().map(|offset| start.saturating_add(offset)),
                    ..ErrorJson::from(error)
                });
            }
            entries.push(Entry { text, record: record.ok() });
        }
        let rest = bytes.get(end..).unwrap_or_default().trim_ascii_start().to_vec();
        let path = path.to_path_buf();
        Ok(Self { path, before: Some(bytes), entries, rest, problems, changed: false })
    }

    fn is_still(&self, before: &[u8]) -> bool {
        read_file(&self.path, MAX_FILE_BYTES).is_ok_and(|now| now == before)
    }

    /// Each record on a line of its own, if it was written here.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in &self.entries {
            bytes.extend_from_slice(entry.text.as_bytes());
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(&self.rest);
        bytes
    }

    fn refused(&self, error: &Error) -> Failure {
        Failure::invalid(&shown_path(&self.path), error)
    }
}

/// Why nothing is read from here on.
fn no_json(rest: &[u8]) -> String {
    let mark = match rest.trim_ascii_start() {
        [0xef, 0xbb, 0xbf, ..] => "a byte order mark",
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "the byte order mark of UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the byte order mark of UTF-16",
        _ => return "from here on it is no JSON, and nothing in it is looked at".to_owned(),
    };
    format!("here is {mark}, and nothing from here on is looked at; save it as UTF-8 without one")
}

impl Entry {
    fn of(record: Record) -> Self {
        Self { text: record.to_json(), record: Some(record) }
    }
}
