//! Building all mutants at once, without those that do not compile.

use super::constants;
use super::list::{FOLDERS, Mutant};
use super::schemata::{self, RUNTIME};
use super::tree::{Tree, files};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Errors about borrows and moves, which may come from the switch and not from the mutant.
const OF_BORROWS: [&str; 14] = [
    "E0373", "E0382", "E0384", "E0499", "E0502", "E0503", "E0505", "E0506", "E0507", "E0515",
    "E0521", "E0596", "E0597", "E0716",
];

pub(super) struct Built {
    /// Test binaries, with the names of their targets.
    pub(super) binaries: Vec<(String, PathBuf)>,
    pub(super) unviable: BTreeSet<u32>,
    /// What needs a build of its own.
    pub(super) apart: BTreeSet<u32>,
    /// Of each mutant the number that its place has.
    pub(super) sites: BTreeMap<u32, u32>,
}

pub(super) fn all(tree: &Tree, mutants: &[Mutant], folder: &Path) -> Result<Built, Box<dyn Error>> {
    let sources = Sources::read(mutants)?;
    let (mut unviable, mut apart) = sources.remembered(folder).unwrap_or_default();
    let target = folder.join("target");
    for round in 1.. {
        let mut taken: BTreeSet<u32> = unviable.union(&apart).copied().collect();
        let written = sources.write(tree, mutants, &taken)?;
        unviable.extend(&written.unviable);
        apart.extend(&written.apart);
        taken.extend(written.unviable.union(&written.apart));
        let errors = check(tree, &target)?;
        if errors.is_empty() {
            sources.remember(folder, &unviable, &apart)?;
            return Ok(Built {
                binaries: tests(tree, &target)?,
                unviable,
                apart,
                sites: written.sites,
            });
        }
        let before = taken.len();
        let mut strange = Vec::new();
        for error in &errors {
            match error.mutant(&written.marks) {
                Some(mutant) if OF_BORROWS.contains(&error.code.as_str()) => {
                    _ = apart.insert(mutant)
                }
                Some(mutant) => _ = unviable.insert(mutant),
                None => strange.push(error),
            }
        }
        if unviable.union(&apart).count() == before {
            // An error in what the switch is made of: whatever shares its place is built apart.
            for error in &strange {
                apart.extend(error.touches(&written.marks));
            }
        }
        let found = unviable.union(&apart).count() - before;
        println!("round {round}: {} errors, {found} mutants do not compile", errors.len());
        if found == 0 {
            let shown: Vec<_> = strange.iter().take(10).map(|error| error.text.clone()).collect();
            return Err(format!("errors that no mutant explains:\n{}", shown.join("\n")).into());
        }
    }
    Err("no end".into())
}

/// The sources of the library, read once.
struct Sources {
    texts: BTreeMap<String, String>,
    parsed: BTreeMap<String, syn::File>,
    constants: constants::Constants,
    /// Of all sources and mutants.
    digest: String,
}

struct Written {
    sites: BTreeMap<u32, u32>,
    unviable: BTreeSet<u32>,
    apart: BTreeSet<u32>,
    marks: BTreeMap<String, Vec<(u32, Range<usize>)>>,
}

impl Sources {
    fn read(mutants: &[Mutant]) -> Result<Self, Box<dyn Error>> {
        let root = crate::root();
        let mut texts = BTreeMap::new();
        let mut all = BTreeMap::new();
        for folder in ["src", "tests"] {
            for path in files(&root.join(folder))? {
                if path.extension().is_none_or(|ending| ending != "rs") {
                    continue;
                }
                let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
                let text = fs::read_to_string(&path)?;
                let changed = FOLDERS.iter().any(|folder| name.starts_with(&format!("{folder}/")));
                all.insert(name.clone(), (syn::parse_file(&text)?, changed));
                if folder == "src" {
                    texts.insert(name, text);
                }
            }
        }
        let mut spans: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for mutant in mutants {
            spans.entry(mutant.file.clone()).or_default().push(mutant.span.clone());
        }
        let constants = constants::find(&all, &spans);
        let parsed = all.into_iter().map(|(name, (file, _))| (name, file)).collect();
        let mut hasher = DefaultHasher::new();
        texts.hash(&mut hasher);
        RUNTIME.hash(&mut hasher);
        for mutant in mutants {
            (mutant.id, &mutant.key).hash(&mut hasher);
        }
        let digest = format!("{:016x}", hasher.finish());
        Ok(Self { texts, parsed, constants, digest })
    }

    fn write(
        &self,
        tree: &Tree,
        mutants: &[Mutant],
        taken: &BTreeSet<u32>,
    ) -> Result<Written, Box<dyn Error>> {
        let mut out = Written {
            sites: BTreeMap::new(),
            unviable: BTreeSet::new(),
            apart: BTreeSet::new(),
            marks: BTreeMap::new(),
        };
        for (name, text) in &self.texts {
            let own: Vec<_> = mutants
                .iter()
                .filter(|mutant| mutant.file == *name && !taken.contains(&mutant.id))
                .collect();
            let edits = self.constants.edits.get(name).map_or(&[][..], |edits| &edits[..]);
            let fixed = self.constants.fixed.get(name).map_or(&[][..], |fixed| &fixed[..]);
            let mut written = schemata::write(text, &self.parsed[name], &own, edits, fixed);
            if name == "src/lib.rs" {
                written.text.push_str("\nextern crate std;\nmod mutation;\n");
            }
            tree.write(Path::new(name), written.text.as_bytes())?;
            out.marks.insert(name.clone(), schemata::marks(&written.text));
            out.sites.extend(written.sites);
            out.unviable.extend(written.unviable);
            out.apart.extend(written.apart);
        }
        tree.write(Path::new("src/mutation.rs"), RUNTIME.as_bytes())?;
        Ok(out)
    }

    /// What the last run with these sources and mutants found out.
    fn remembered(&self, folder: &Path) -> Option<(BTreeSet<u32>, BTreeSet<u32>)> {
        let value: Value =
            serde_json::from_slice(&fs::read(folder.join("unviable.json")).ok()?).ok()?;
        if value["digest"] != *self.digest {
            return None;
        }
        let numbers = |name: &str| {
            let numbers = value[name].as_array()?.iter();
            Some(numbers.filter_map(|number| number.as_u64()?.try_into().ok()).collect())
        };
        Some((numbers("unviable")?, numbers("apart")?))
    }

    fn remember(
        &self,
        folder: &Path,
        unviable: &BTreeSet<u32>,
        apart: &BTreeSet<u32>,
    ) -> Result<(), Box<dyn Error>> {
        let value = json!({"digest": self.digest, "unviable": unviable, "apart": apart});
        Ok(fs::write(folder.join("unviable.json"), value.to_string())?)
    }
}

/// An error of the compiler.
struct Refused {
    code: String,
    text: String,
    /// Where, the primary places first.
    places: Vec<(String, Range<usize>)>,
}

impl Refused {
    fn mutant(&self, marks: &BTreeMap<String, Vec<(u32, Range<usize>)>>) -> Option<u32> {
        self.places.iter().find_map(|(file, place)| {
            let inside =
                |range: &Range<usize>| range.start <= place.start && place.end <= range.end;
            marks.get(file)?.iter().find(|(_, range)| inside(range)).map(|(mutant, _)| *mutant)
        })
    }

    /// The mutants inside what it points at.
    fn touches(&self, marks: &BTreeMap<String, Vec<(u32, Range<usize>)>>) -> Vec<u32> {
        let mut found = Vec::new();
        for (file, place) in &self.places {
            let inside =
                |range: &Range<usize>| place.start <= range.start && range.end <= place.end;
            let marks = marks.get(file).into_iter().flatten();
            found.extend(marks.filter(|(_, range)| inside(range)).map(|(mutant, _)| *mutant));
        }
        found
    }
}

/// Whether the library compiles.
pub(super) fn compiles(tree: &Tree, target: &Path) -> Result<bool, Box<dyn Error>> {
    Ok(check(tree, target)?.is_empty())
}

fn check(tree: &Tree, target: &Path) -> Result<Vec<Refused>, Box<dyn Error>> {
    let mut command = tree.cargo(target);
    command.args(["check", "--lib", "--all-features", "--message-format=json", "--quiet"]);
    let output = command.output()?;
    let mut errors = Vec::new();
    for value in messages(&output.stdout) {
        let message = &value["message"];
        if message["level"] == "error"
            && message["spans"].as_array().is_some_and(|spans| !spans.is_empty())
        {
            let mut places = Vec::new();
            collect(message, &mut places);
            places.sort_by_key(|(primary, _, _)| !primary);
            errors.push(Refused {
                code: message["code"]["code"].as_str().unwrap_or_default().to_owned(),
                text: message["rendered"].as_str().unwrap_or_default().to_owned(),
                places: places.into_iter().map(|(_, file, range)| (file, range)).collect(),
            });
        }
    }
    if errors.is_empty() && !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(errors)
}

fn collect(message: &Value, places: &mut Vec<(bool, String, Range<usize>)>) {
    for span in message["spans"].as_array().into_iter().flatten() {
        let offset =
            |name: &str| span[name].as_u64().and_then(|offset| usize::try_from(offset).ok());
        if let (Some(file), Some(start), Some(end)) =
            (span["file_name"].as_str(), offset("byte_start"), offset("byte_end"))
        {
            places.push((span["is_primary"] == true, file.to_owned(), start..end));
        }
    }
    for child in message["children"].as_array().into_iter().flatten() {
        let from = places.len();
        collect(child, places);
        places[from..].iter_mut().for_each(|(primary, _, _)| *primary = false);
    }
}

/// Builds the tests; gives the binaries.
pub(super) fn tests(tree: &Tree, target: &Path) -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let mut command = tree.cargo(target);
    command.args([
        "test",
        "--tests",
        "--no-run",
        "--all-features",
        "--profile=mutants",
        "--message-format=json",
    ]);
    let output = command.output()?;
    if !output.status.success() {
        let rendered: Vec<_> = messages(&output.stdout)
            .filter_map(|value| value["message"]["rendered"].as_str().map(str::to_owned))
            .take(5)
            .collect();
        return Err(format!("the tests do not build:\n{}", rendered.join("\n")).into());
    }
    Ok(messages(&output.stdout)
        .filter_map(|value| {
            let path = value["executable"].as_str()?;
            Some((value["target"]["name"].as_str()?.to_owned(), PathBuf::from(path)))
        })
        .collect())
}

fn messages(output: &[u8]) -> impl Iterator<Item = Value> {
    output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}
