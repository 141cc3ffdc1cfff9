//! `policy routes`: what is needed for which request, and whether an `OpenAPI` document knows the
//! same requests.

mod draft;

use crate::args::PolicyRoutesArgs;
use crate::documents::Documents;
use crate::failure::{Failure, json};
use crate::files;
use crate::input::Inputs;
use crate::load::checked;
use crate::openapi::{self, Operations, shape};
use crate::place::Place;
use crate::report::{Exit, Report};
use crate::routes::{Bundle, Needs, Route};
use crate::style::{self, BAD, DIM, GOOD, NORMAL, paint};
use crate::table::{Cell, Table};
use crate::unseen::plain;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::io;

/// Lists the routes, compares them with an `OpenAPI` document, or drafts them from it.
pub(crate) fn run(args: &PolicyRoutesArgs, inputs: &mut Inputs) -> Result<Report, Failure> {
    if let Some(prefix) = args.prefix.as_deref().filter(|prefix| !is_prefix(prefix)) {
        return Err(Failure::usage(format!(
            "--prefix {prefix}: what stands before every path begins with /, such as /v3"
        )));
    }
    let bundle = bundle(args, inputs)?;
    let Some(place) = &args.openapi else { return Ok(list(&bundle)) };
    let document = document(place, inputs)?;
    let operations = openapi::operations(&document, args.prefix.as_deref())
        .map_err(|why| Failure::invalid_because(&place.name(), why))?;
    if args.draft {
        return draft::report(&bundle, &operations, args, &place.name());
    }
    if bundle.routes.is_empty() {
        inputs.note(&style::note("the policy has no routes, so all of them are drafted"));
        return draft::report(&bundle, &operations, args, &place.name());
    }
    Ok(compared(&bundle, &operations))
}

/// Whether paths with this before them begin as all paths do.
fn is_prefix(text: &str) -> bool {
    text.is_empty() || (text.starts_with('/') && !text.starts_with("//"))
}

/// The policy. Who drafts may have none yet.
fn bundle(args: &PolicyRoutesArgs, inputs: &mut Inputs) -> Result<Bundle, Failure> {
    let from = &args.path;
    if let (true, Place::File(path)) = (args.draft, &from.path)
        && fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    {
        inputs.note(&style::note(&format!("{}: there is no policy yet", from.path.name())));
        return Ok(Bundle::default());
    }
    let documents = Documents::read(&from.path, from.limits.limits(), inputs)?;
    inputs.note(&documents.notes());
    let checked = checked(&documents)?;
    // The library wrote it.
    serde_json::from_str(checked.bundle())
        .map_err(|error| Failure::invalid_because(&from.path.name(), error))
}

/// The `OpenAPI` document.
fn document(place: &Place, inputs: &mut Inputs) -> Result<serde_json::Value, Failure> {
    let name = place.name();
    let bytes = match place {
        Place::File(path) => files::read_file(path, openapi::MAX_BYTES)?,
        Place::Stdin => {
            inputs.take_stdin("OpenAPI document")?;
            files::read(io::stdin().lock(), openapi::MAX_BYTES)
                .map_err(|error| Failure::file(&name, error))?
        }
    };
    openapi::read(&bytes).map_err(|why| Failure::invalid_because(&name, why))
}

#[derive(Serialize)]
struct Listed<'b> {
    routes: Vec<ListedRoute<'b>>,
}

#[derive(Serialize)]
struct ListedRoute<'b> {
    #[serde(flatten)]
    route: &'b Route,
    #[serde(flatten)]
    needs: Needs<'b>,
}

fn list(bundle: &Bundle) -> Report {
    let mut table = Table::new(["METHOD", "PATH", "ACTION"]);
    let mut listed = Listed { routes: Vec::new() };
    for (route, needs) in bundle.routes.iter().zip(bundle.needs()) {
        let cells = [&route.method, &route.path, &route.action];
        let below = Cell::new(DIM, needed(route, &needs));
        table.row_above(cells.map(|text| Cell::new(NORMAL, text)), [below]);
        listed.routes.push(ListedRoute { route, needs });
    }
    let text = match bundle.routes.len() {
        0 => "there are no routes\n".to_owned(),
        number => format!("{}\n{}\n", table.render(style::width()), super::count(number, "route")),
    };
    Report::new(Exit::Yes, text, json(&listed))
}

/// What a route needs, in a sentence.
fn needed(route: &Route, needs: &Needs<'_>) -> String {
    let mut parts = vec![match (needs.level, needs.roles.as_slice()) {
        (None, _) => "no role gives it".to_owned(),
        (Some("organization"), []) if route.organization.is_none() => {
            "a permission of the organization, and the route names none, so that no role gives it"
                .to_owned()
        }
        (Some(level), []) => format!("a permission of the {level} that no role gives"),
        (Some(level), roles) => format!("a permission of the {level}: {}", roles.join(", ")),
    }];
    parts.push(format!("facts about the {}", needs.facts.join(", the ")));
    if !route.undecided.is_empty() {
        parts.push(format!("the origin judges {} itself", route.undecided.join(", ")));
    }
    parts.join("; ")
}

#[derive(Serialize)]
struct Compared<'a> {
    same: usize,
    /// Operations without a route.
    only_openapi: Vec<Named<'a>>,
    /// Routes without an operation.
    only_policy: Vec<Named<'a>>,
    /// Operations that cannot be routes.
    unusable: Vec<Refused<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    method: &'a str,
    path: &'a str,
}

/// An operation that cannot be a route.
#[derive(Serialize)]
struct Refused<'a> {
    method: &'a str,
    path: &'a str,
    why: &'a str,
}

fn refused(operations: &Operations) -> Vec<Refused<'_>> {
    let refused = operations.unusable.iter();
    refused.map(|one| Refused { method: &one.method, path: &one.path, why: &one.why }).collect()
}

fn compared(bundle: &Bundle, operations: &Operations) -> Report {
    let keys: BTreeSet<(String, String)> =
        bundle.routes.iter().map(|route| (route.method.clone(), shape(&route.path))).collect();
    let only_openapi = operations.usable.iter().filter(|(key, _)| !keys.contains(key));
    let only_policy = bundle.routes.iter().filter(|route| {
        !operations.usable.contains_key(&(route.method.clone(), shape(&route.path)))
    });
    let only_policy: Vec<Named<'_>> =
        only_policy.map(|route| Named { method: &route.method, path: &route.path }).collect();
    let compared = Compared {
        same: bundle.routes.len().saturating_sub(only_policy.len()),
        only_openapi: only_openapi
            .map(|(_, one)| Named { method: &one.method, path: &one.template.text })
            .collect(),
        only_policy,
        unusable: refused(operations),
    };
    let mut text = String::new();
    for one in &compared.only_openapi {
        text.push_str(&line("no route:", one));
    }
    for one in &compared.only_policy {
        text.push_str(&line("not in the API:", one));
    }
    for one in &compared.unusable {
        let named = Named { method: one.method, path: one.path };
        text.push_str(&line("cannot be a route:", &named));
        text.push_str(&format!("  {}\n", plain(one.why)));
    }
    let same = super::count(compared.same, "route");
    let differ = !text.is_empty();
    text.push_str(&match differ {
        true => format!("{same} the same\n"),
        false => format!(
            "{} the policy and the API have the same routes: {same}\n",
            paint(GOOD, "same:")
        ),
    });
    Report::new(if differ { Exit::No } else { Exit::Yes }, text, json(&compared))
}

fn line(what: &str, named: &Named<'_>) -> String {
    format!("{} {} {}\n", paint(BAD, what), plain(named.method), plain(named.path))
}
