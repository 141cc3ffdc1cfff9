//! What a policy is read from: documents, or a compiled image.

use crate::failure::Failure;
use crate::files::{self, read_file};
use crate::folder::{self, Contents, PassedOver};
use crate::input::Inputs;
use crate::place::{Place, shown_path};
use crate::style;
use cog_auth::policy::{Limits, Source};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Larger than any image within the limits of documents.
const MAX_IMAGE_BYTES: usize = 64 << 20;

/// How many of the files that were passed over are shown.
const MAX_SHOWN: usize = 20;

/// What a place holds.
pub(crate) enum Held {
    Documents(Documents),
    /// The bytes of a compiled image.
    Image(Vec<u8>),
}

/// The documents of a policy as they were read: for the library, and to show errors in them.
pub(crate) struct Documents {
    /// Names and texts, sorted by name.
    pub(crate) texts: Vec<(String, Vec<u8>)>,
    /// Where each of them is; empty for standard input. A name may lack what is no UTF-8.
    pub(crate) paths: Vec<PathBuf>,
    /// What was in the folder besides.
    pub(crate) passed_over: Vec<PassedOver>,
    limits: Limits,
}

/// Reads a folder of documents, one document, or an image. Anything is an image that is neither a
/// folder nor a document by its name or by its first character.
pub(crate) fn held(place: &Place, limits: Limits, inputs: &mut Inputs) -> Result<Held, Failure> {
    let held = match place {
        Place::Stdin => {
            inputs.take_stdin("policy")?;
            let failed = |error: io::Error| Failure::file(&place.name(), error);
            sorted_out(place, io::stdin().lock(), limits).map_err(failed)?
        }
        Place::File(path) => {
            let failed = |error: &io::Error| Failure::system(path, "read", error);
            if fs::metadata(path).map_err(|error| failed(&error))?.is_dir() {
                return Documents::in_folder(place, path, limits).map(Held::Documents);
            }
            // It is opened once: what a pipe gave is gone.
            let file = fs::File::open(path).map_err(|error| failed(&error))?;
            sorted_out(place, file, limits).map_err(|error| failed(&error))?
        }
    };
    held.ok_or_else(|| {
        let why = "this is neither a compiled image nor a document: documents are JSON, an object \
                   in braces, without comments";
        Failure::file(&place.name(), why)
    })
}

/// Tells a document from an image by how it begins, and reads no more of either than is allowed.
/// `None` is for other text: an image has bytes that no text has.
fn sorted_out(place: &Place, mut from: impl Read, limits: Limits) -> io::Result<Option<Held>> {
    let mut bytes = files::read(from.by_ref(), 63)?;
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii_start();
    let named = matches!(place, Place::File(path) if path.extension().is_some_and(|e| e == "json"));
    let is_document = named || start.first().is_none_or(|first| *first == b'{');
    if !is_document && !bytes.contains(&0) {
        return Ok(None);
    }
    let most = if is_document { limits.document_bytes } else { MAX_IMAGE_BYTES };
    bytes.append(&mut files::read(from, most.saturating_sub(bytes.len()))?);
    if is_document {
        let texts = vec![(place.name(), bytes)];
        let paths = match place {
            Place::File(path) => vec![path.clone()],
            Place::Stdin => Vec::new(),
        };
        let documents = Documents { texts, paths, passed_over: Vec::new(), limits };
        return Ok(Some(Held::Documents(documents)));
    }
    Ok(Some(Held::Image(bytes)))
}

impl Documents {
    /// Reads documents, and refuses an image, whose documents are gone.
    pub(crate) fn read(
        place: &Place,
        limits: Limits,
        inputs: &mut Inputs,
    ) -> Result<Self, Failure> {
        match held(place, limits, inputs)? {
            Held::Documents(documents) => Ok(documents),
            Held::Image(_) => Err(Failure::usage(format!(
                "{}: this is no JSON document; give the documents that an image was compiled from",
                place.name()
            ))),
        }
    }

    fn in_folder(place: &Place, path: &Path, limits: Limits) -> Result<Self, Failure> {
        let found = folder::find(path, Contents::Documents)?;
        if found.files.is_empty() {
            let why = "the folder has no document, that is no file *.json";
            return Err(Failure::file(&place.name(), why));
        }
        let mut texts = Vec::new();
        let mut total = 0_usize;
        for path in &found.files {
            // What is over the limits is refused by the library, but need not be read for that.
            let text = read_file(path, limits.document_bytes)?;
            total = total.saturating_add(text.len());
            texts.push((shown_path(path), text));
            if total > limits.total_bytes {
                break;
            }
        }
        Ok(Self { texts, paths: found.files, passed_over: found.passed_over, limits })
    }

    /// The same documents for the library.
    pub(crate) fn source(&self) -> Source {
        let mut source = Source::with_limits(self.limits);
        for (name, text) in &self.texts {
            source.add(name.as_str(), text);
        }
        source
    }

    /// These documents, and those of the others that are not among them.
    pub(crate) fn and(mut self, others: &Self) -> Self {
        let own: HashSet<&String> = self.texts.iter().map(|(name, _)| name).collect();
        let new = others.texts.iter().filter(|(name, _)| !own.contains(name));
        let new: Vec<_> = new.cloned().collect();
        self.texts.extend(new);
        self
    }

    /// What was passed over, for people.
    pub(crate) fn notes(&self) -> String {
        let shown = self.passed_over.iter().take(MAX_SHOWN);
        let mut notes: String = shown
            .map(|one| style::note(&format!("{}: {}", shown_path(&one.path), one.why)))
            .collect();
        let rest = self.passed_over.len().saturating_sub(MAX_SHOWN);
        if rest > 0 {
            notes.push_str(&style::note(&format!("{rest} more are not read")));
        }
        notes
    }
}
