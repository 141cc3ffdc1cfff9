//! `key new` and `key derive`: the only places that write keys.

use crate::args::{DerivedUse, KeyDeriveArgs, KeyNewArgs};
use crate::failure::{Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::place::shown_path;
use crate::random;
use crate::report::{Exit, Report};
use crate::unseen::plain;
use cog_auth::token::{RootKey, RootKeys};
use serde::Serialize;
use std::path::Path;
use zeroize::Zeroizing;

#[derive(Serialize)]
struct Written<'a> {
    file: String,
    #[serde(rename = "use")]
    key_use: &'a str,
    key_ids: Vec<String>,
}

/// Makes a root key, alone or beside those that there are.
pub(crate) fn new(args: &KeyNewArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    random::fill(bytes.as_mut_slice())?;
    let key = RootKey::new(args.key_id, &bytes);
    let keys = match &args.add_to {
        Some(place) => {
            let mut keys = inputs.root_keys(place)?;
            keys.insert(key).map_err(|error| Failure::invalid(&place.name(), &error))?;
            keys
        }
        None => RootKeys::of(key),
    };
    let ids = keys.key_ids().map(|id| id.to_string()).collect();
    let note = "This is the root: keep it with the issuer, and give edges and origins what `key \
                derive` makes of it.\n";
    let report = keys.expose_json(|text| finish(text, "root", ids, args.out.as_deref()))?;
    Ok(report.with_notes(note))
}

/// Derives what edges or origins hold.
pub(crate) fn derive(args: &KeyDeriveArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    let roots = inputs.root_keys(&args.root)?;
    let ids = roots.key_ids().map(|id| id.to_string()).collect();
    let out = args.out.as_deref();
    match args.key_use {
        DerivedUse::EdgeTag => {
            roots.edge_keys().expose_json(|text| finish(text, "edge-tag", ids, out))
        }
        DerivedUse::DigestPepper => {
            roots.peppers().expose_json(|text| finish(text, "digest-pepper", ids, out))
        }
    }
}

fn finish(
    text: &str,
    key_use: &str,
    key_ids: Vec<String>,
    out: Option<&Path>,
) -> Result<Report, Failure> {
    let Some(path) = out else {
        return Ok(Report::new(Exit::Yes, format!("{text}\n"), text.to_owned()));
    };
    files::write_secret(path, text.as_bytes())?;
    let file = shown_path(path);
    let shown = format!(
        "{}: a key set for the use {key_use}, key id {}\n",
        plain(&file),
        key_ids.join(", ")
    );
    Ok(Report::new(Exit::Yes, shown, json(&Written { file, key_use, key_ids })))
}
