//! `policy init`: a small policy to begin with.

use crate::args::PolicyInitArgs;
use crate::failure::{Failure, json};
use crate::files;
use crate::place::shown_path;
use crate::report::{Exit, Report};
use crate::style::{GOOD, paint};
use crate::unseen::plain;
use serde::Serialize;
use std::fs;
use std::io;

/// The documents by name. They say themselves what each part is for.
const DOCUMENTS: [(&str, &str); 5] = [
    ("roles.json", include_str!("../../../templates/roles.json")),
    ("routes.json", include_str!("../../../templates/routes.json")),
    ("rules.json", include_str!("../../../templates/rules.json")),
    ("schema.json", include_str!("../../../templates/schema.json")),
    ("tests.json", include_str!("../../../templates/tests.json")),
];

#[derive(Serialize)]
struct Begun {
    written: Vec<String>,
}

/// Writes the documents into a folder that has nothing in it.
pub(crate) fn run(args: &PolicyInitArgs) -> Result<Report, Failure> {
    let folder = &args.folder;
    let failed = |error: &io::Error| Failure::system(folder, "write", error);
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    if fs::read_dir(folder).map_err(|error| failed(&error))?.next().is_some() {
        let why = "there is something in the folder already, and nothing is overwritten";
        return Err(Failure::file(&shown_path(folder), why));
    }
    let mut written = Vec::new();
    for (name, text) in DOCUMENTS {
        let path = folder.join(name);
        files::write(&path, text.as_bytes())?;
        written.push(shown_path(&path));
    }
    let mut text = String::new();
    for name in &written {
        text.push_str(&format!("{} {}\n", paint(GOOD, "written:"), plain(name)));
    }
    let name = plain(&shown_path(folder));
    text.push_str(&format!(
        "\nNext: read {}, then\n  cog-auth policy check {name}\n  cog-auth policy test {name}\n",
        plain(&shown_path(&folder.join("schema.json")))
    ));
    Ok(Report::new(Exit::Yes, text, json(&Begun { written })))
}
