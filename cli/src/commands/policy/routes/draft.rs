//! Routes drafted from the operations of an `OpenAPI` document.

use super::{Refused, refused};
use crate::args::PolicyRoutesArgs;
use crate::failure::{Failure, json};
use crate::layout;
use crate::openapi::{Operation, Operations, shape, snake_case};
use crate::report::{Exit, Report};
use crate::routes::{Bundle, Route};
use crate::style;
use clap::Args as _;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// How many bytes the name of an action has at most.
const MAX_ACTION: usize = 128;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    v: u8,
    description: String,
    routes: &'a [Route],
}

#[derive(Serialize)]
struct Drafted<'a> {
    document: Box<RawValue>,
    /// The actions that the policy does not declare.
    undeclared: Vec<&'a str>,
    unusable: Vec<Refused<'a>>,
}

/// A document of the routes that the policy lacks.
pub(super) fn report(
    bundle: &Bundle,
    operations: &Operations,
    args: &PolicyRoutesArgs,
    name: &str,
) -> Result<Report, Failure> {
    let known: BTreeSet<(String, String)> =
        bundle.routes.iter().map(|route| (route.method.clone(), shape(&route.path))).collect();
    let own_names = operations.usable.values().filter_map(own_name).map(str::to_owned);
    let mut names = Names { bundle, taken: own_names.collect(), next: BTreeMap::new() };
    let missing = operations.usable.iter().filter(|(key, _)| !known.contains(key));
    // Parameters are compared as the draft spells them, whichever way the API does.
    let organizations: BTreeSet<String> =
        args.organizations.iter().map(|name| snake_case(name)).collect();
    let routes: Vec<Route> =
        missing.map(|(_, operation)| route(operation, &organizations, &mut names)).collect();
    let document = Document {
        schema: "https://raw.githubusercontent.com/cog-auth/cog-auth/main/docs/json-schema/routes.schema.json",
        v: 1,
        description: format!(
            "Drafted from {name}. Give each route the action that it needs, and read what is said \
             of organizations."
        ),
        routes: &routes,
    };
    let text =
        layout::laid_out(&json(&document)).map_err(|why| Failure::invalid_because(name, why))?;
    let undeclared: BTreeSet<&str> = routes
        .iter()
        .map(|route| route.action.as_str())
        .filter(|name| !bundle.declares(name))
        .collect();
    let mut notes = String::new();
    for one in &operations.unusable {
        notes.push_str(&style::note(&format!(
            "{} {} cannot be a route: {}",
            one.method, one.path, one.why
        )));
    }
    notes.push_str(&unnamed(operations, &args.organizations));
    if !undeclared.is_empty() {
        notes.push_str(&style::note(&format!(
            "the schema does not declare {} of the actions yet",
            undeclared.len()
        )));
    }
    let drafted = Drafted {
        document: RawValue::from_string(json(&document))
            .map_err(|error| Failure::invalid_because(name, error))?,
        undeclared: undeclared.into_iter().collect(),
        unusable: refused(operations),
    };
    let exit = if operations.unusable.is_empty() { Exit::Yes } else { Exit::No };
    Ok(Report::new(exit, text, json(&drafted)).verbatim().with_notes(notes))
}

/// A note of each name that `--organization` has in vain.
fn unnamed(operations: &Operations, organizations: &[String]) -> String {
    let parameters: BTreeSet<&String> =
        operations.usable.values().flat_map(|operation| &operation.template.parameters).collect();
    // Whoever did not give the option does not expect any of its names in particular.
    if organizations == default_organizations() {
        return String::new();
    }
    let unnamed = organizations.iter().filter(|name| !parameters.contains(&snake_case(name)));
    let note = |name: &String| {
        style::note(&format!(
            "--organization {name}: no path that can be a route has this parameter; give the name \
             as the document spells it"
        ))
    };
    unnamed.map(note).collect()
}

/// What `--organization` has unless it is given.
fn default_organizations() -> Vec<String> {
    let command = PolicyRoutesArgs::augment_args(clap::Command::new("routes"));
    let option = command.get_arguments().find(|option| option.get_id() == "organizations");
    let defaults = option.map(clap::Arg::get_default_values).unwrap_or_default();
    defaults.iter().map(|name| name.to_string_lossy().into_owned()).collect()
}

/// The names of actions that no other route gets.
struct Names<'b> {
    bundle: &'b Bundle,
    taken: BTreeSet<String>,
    /// The number that comes next behind a name that was made.
    next: BTreeMap<String, u32>,
}

/// The route of an operation.
fn route(operation: &Operation, organizations: &BTreeSet<String>, names: &mut Names<'_>) -> Route {
    let action = own_name(operation).map_or_else(|| names.made_up(operation), str::to_owned);
    let template = &operation.template;
    let organization = template.parameters.iter().find(|name| organizations.contains(*name));
    Route {
        method: operation.method.clone(),
        path: template.text.clone(),
        action,
        organization: organization.cloned(),
        ..Route::default()
    }
}

/// The name that the API gives an operation, if an action can have it.
fn own_name(operation: &Operation) -> Option<&str> {
    operation.id.as_deref().filter(|name| is_action(name))
}

/// Whether an action can have this name (section 1 of the policy language).
fn is_action(name: &str) -> bool {
    (1..=MAX_ACTION).contains(&name.len())
        && name != "*"
        && name.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl Names<'_> {
    /// A name made of method and path, which no other operation and no declared action has.
    fn made_up(&mut self, operation: &Operation) -> String {
        let path = operation.template.text.split(|c: char| !c.is_ascii_alphanumeric());
        let words = std::iter::once(operation.method.as_str()).chain(path);
        let name: String = words.map(capitalised).collect();
        // Room for a number, should what is cut off be all that differs.
        let name: String = name.chars().take(MAX_ACTION.saturating_sub(8)).collect();
        loop {
            let next = self.next.entry(name.clone()).or_insert(1);
            let made = if *next == 1 { name.clone() } else { format!("{name}.{next}") };
            *next = next.saturating_add(1);
            if !self.bundle.declares(&made) && self.taken.insert(made.clone()) {
                return made;
            }
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters.map(|c| c.to_ascii_lowercase())).collect()
}
