//! Files, standard input and the environment: what is read, up to a limit, and what is said when it cannot be.

use crate::args::{PolicyFrom, TokenFrom};
use crate::diagnostics;
use crate::failure::{ErrorJson, Failure};
use cog_auth::policy::{Checked, ImageDigest, Limits, MAX_REQUEST_BYTES, Policy, Source};
use cog_auth::token::{EdgeKeys, MAX_RECORD_BYTES, Peppers, RootKeys, redact};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A file, or standard input.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    Stdin,
}

impl From<OsString> for Place {
    fn from(text: OsString) -> Self {
        if text == "-" { Self::Stdin } else { Self::File(text.into()) }
    }
}

impl Place {
    /// The name for errors.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }
}

/// Bytes that may be secret, wiped in the end.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// What can be read, standard input once.
#[derive(Default)]
pub(crate) struct Inputs {
    stdin_is_taken: Option<&'static str>,
}

/// More than any token, header or line that holds one.
const MAX_TOKEN_BYTES: usize = 4_096;

impl Inputs {
    /// The token, from wherever it is, without the white space around it.
    pub(crate) fn token(&mut self, from: &TokenFrom) -> Result<Bytes, Failure> {
        let bytes = match &from.token_file {
            Some(place) => self.bytes("token", place, MAX_TOKEN_BYTES)?,
            None => match std::env::var_os(&from.token_env) {
                Some(value) => Zeroizing::new(value.into_encoded_bytes()),
                None => {
                    return Err(Failure::usage(format!(
                        "there is no token: set the environment variable {}, or give --token-file FILE (- for standard input)",
                        from.token_env
                    )));
                }
            },
        };
        let token = bytes.trim_ascii();
        if token.is_empty() {
            let from = from.token_file.as_ref().map_or_else(
                || format!("the environment variable {}", from.token_env),
                Place::name,
            );
            return Err(Failure::file(&from, "it is empty, and should hold a token"));
        }
        Ok(Zeroizing::new(token.to_vec()))
    }

    pub(crate) fn root_keys(&mut self, place: &Place) -> Result<RootKeys, Failure> {
        let text = self.text("root key set", place, MAX_RECORD_BYTES)?;
        RootKeys::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    pub(crate) fn edge_keys(&mut self, place: &Place) -> Result<EdgeKeys, Failure> {
        let text = self.text("edge key set", place, MAX_RECORD_BYTES)?;
        EdgeKeys::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    pub(crate) fn peppers(&mut self, place: &Place) -> Result<Peppers, Failure> {
        let text = self.text("pepper set", place, MAX_RECORD_BYTES)?;
        Peppers::from_json(&text).map_err(|error| Failure::invalid(&place.name(), &error))
    }

    /// The text of a record, not yet read.
    pub(crate) fn record(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("record", place, MAX_RECORD_BYTES)
    }

    /// The text of facts, not yet read.
    pub(crate) fn facts(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("facts", place, MAX_REQUEST_BYTES)
    }

    /// The text of an `AuthZEN` request, not yet read.
    pub(crate) fn request(&mut self, place: &Place) -> Result<Bytes, Failure> {
        self.text("request", place, MAX_REQUEST_BYTES)
    }

    fn text(&mut self, what: &'static str, place: &Place, most: usize) -> Result<Bytes, Failure> {
        let bytes = self.bytes(what, place, most)?;
        if bytes.is_empty() {
            return Err(Failure::file(
                &place.name(),
                format!("it is empty, and should be a {what}"),
            ));
        }
        if let Err(error) = std::str::from_utf8(&bytes) {
            let offset = error.valid_up_to();
            let why = format!("it is not text in UTF-8, from byte {offset} on");
            return Err(Failure::file(&place.name(), why));
        }
        Ok(bytes)
    }

    fn bytes(&mut self, what: &'static str, place: &Place, most: usize) -> Result<Bytes, Failure> {
        let bytes = match place {
            Place::File(path) => read_file(path, most)?,
            Place::Stdin => {
                if let Some(other) = self.stdin_is_taken.replace(what) {
                    return Err(Failure::usage(format!(
                        "standard input can be one thing only: the {other} or the {what}"
                    )));
                }
                read(io::stdin().lock(), most)
                    .map_err(|error| Failure::file("standard input", error))?
            }
        };
        if bytes.len() > most {
            let why = format!("it has more than {most} bytes, and should be a {what}");
            return Err(Failure::file(&place.name(), why));
        }
        Ok(bytes)
    }
}

/// The documents of a policy as they were read, for the library and for showing places in them.
pub(crate) struct Documents {
    /// Names and texts, by name.
    pub(crate) texts: Vec<(String, Vec<u8>)>,
}

impl Documents {
    /// A folder, read recursively: every `*.json` that is not hidden. Or one file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        let metadata = fs::metadata(path).map_err(|error| Failure::system(path, "read", &error))?;
        if metadata.is_dir() {
            find(path, MAX_FOLDERS, &mut paths)?;
            paths.sort();
            if paths.is_empty() {
                let why = "the folder has no document, that is no file *.json";
                return Err(Failure::file(&path.display().to_string(), why));
            }
        } else {
            paths.push(path.to_path_buf());
        }
        let limits = Limits::default();
        let mut texts = Vec::new();
        let mut total = 0_usize;
        for path in paths {
            // What is over the limits is refused by the library, but need not be read for that.
            let text = read_file(&path, limits.document_bytes)?;
            total = total.saturating_add(text.len());
            texts.push((path.display().to_string(), text.to_vec()));
            if total > limits.total_bytes {
                break;
            }
        }
        Ok(Self { texts })
    }

    /// Checks and compiles the documents. A failure shows in them what is wrong.
    pub(crate) fn check(&self) -> Result<Checked, Failure> {
        let mut source = Source::new();
        for (name, text) in &self.texts {
            source.add(name.as_str(), text);
        }
        source.check().map_err(|errors| {
            let json: Vec<ErrorJson> = errors.iter().map(ErrorJson::from).collect();
            Failure::policy(diagnostics::render(self, &errors), &json)
        })
    }
}

/// The policy that a command shall use.
pub(crate) fn policy(from: &PolicyFrom) -> Result<Policy, Failure> {
    let Some(path) = &from.policy else { return Ok(Policy::builtin()) };
    let name = path.display().to_string();
    let check = |found: String| match &from.expect_digest {
        Some(expected) if *expected != found => Err(Failure::invalid_because(
            &name,
            format!("the digest is {found}, and {expected} was expected (unexpected_digest, 342)"),
        )),
        _ => Ok(()),
    };
    if is_image(path)? {
        let bytes = read_file(path, MAX_IMAGE_BYTES)?.to_vec();
        check(ImageDigest::of(&bytes).to_hex())?;
        return Policy::from_image(bytes).map_err(|error| Failure::invalid(&name, &error));
    }
    let policy = Documents::read(path)?.check()?.into_policy();
    check(policy.digest().to_hex())?;
    Ok(policy)
}

/// Whether a file is no JSON document, neither by its name nor by how it begins.
pub(crate) fn is_image(path: &Path) -> Result<bool, Failure> {
    let metadata = fs::metadata(path).map_err(|error| Failure::system(path, "read", &error))?;
    if metadata.is_dir() || path.extension().is_some_and(|ending| ending == "json") {
        return Ok(false);
    }
    let file = fs::File::open(path).map_err(|error| Failure::system(path, "read", &error))?;
    let start = read(file, 64).map_err(|error| Failure::system(path, "read", &error))?;
    Ok(start.trim_ascii_start().first() != Some(&b'{'))
}

/// Writes a new file that only its owner can read, and never overwrites one.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    written.map_err(|error| Failure::system(path, "write", &error))
}

/// Refuses a token among the arguments, without showing its secret part.
pub(crate) fn token_among_arguments(arguments: impl Iterator<Item = OsString>) -> Option<Failure> {
    for argument in arguments {
        let text = argument.to_string_lossy();
        let shown = redact(&text);
        // A damaged token, too, is all a secret but for a character or two.
        let damaged = text.split(['=', ' ', ':', '"', '\'']).any(|word| {
            word.strip_prefix("cog_1").is_some_and(|rest| rest.len() > 18 && !rest.contains('/'))
        });
        if shown != *text || damaged {
            let start = shown.find("cog_").and_then(|start| shown.get(start..));
            let handle = start
                .filter(|_| shown != *text)
                .and_then(|text| text.split('…').next())
                .filter(|handle| handle.len() > 4)
                .map_or_else(String::new, |handle| format!(" ({handle}…)"));
            return Some(Failure::usage(format!(
                "a token{handle} was given as an argument, where other programs and the shell's history can see it; \
                 put it into the environment variable COG_TOKEN, into a file (--token-file FILE) or on standard input (--token-file -), \
                 and revoke this one if the machine is not yours alone"
            )));
        }
    }
    None
}

/// Folders within folders.
const MAX_FOLDERS: usize = 16;

/// Larger than any image within the limits of documents.
const MAX_IMAGE_BYTES: usize = 64 << 20;

fn find(folder: &Path, levels: usize, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::system(folder, "read", error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // A link to a folder could lead back here, so it is not followed.
        if entry.file_type().map_err(|error| failed(&error))?.is_dir() {
            let Some(levels) = levels.checked_sub(1) else {
                let why = format!("folders are nested more than {MAX_FOLDERS} deep");
                return Err(Failure::file(&path.display().to_string(), why));
            };
            find(&path, levels, out)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            out.push(path);
        }
    }
    Ok(())
}

/// A file, as far as one byte past the limit.
fn read_file(path: &Path, most: usize) -> Result<Bytes, Failure> {
    let failed = |error: &io::Error| Failure::system(path, "read", error);
    let file = fs::File::open(path).map_err(|error| failed(&error))?;
    if file.metadata().map_err(|error| failed(&error))?.is_dir() {
        return Err(failed(&io::ErrorKind::IsADirectory.into()));
    }
    read(file, most).map_err(|error| failed(&error))
}

fn read(from: impl Read, most: usize) -> io::Result<Bytes> {
    let past = most.saturating_add(1);
    // Secrets are small, and so they never move and leave a copy behind.
    let mut bytes = Vec::with_capacity(past.min(MAX_RECORD_BYTES.saturating_mul(2)));
    from.take(u64::try_from(past).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(Zeroizing::new(bytes))
}
