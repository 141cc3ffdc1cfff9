//! The scopes of a new token: actions that the policy declares.

use crate::args::ScopesFrom;
use crate::failure::Failure;
use crate::input::Inputs;
use crate::load;
use cog_auth::token::Scopes;

/// From which similarity on a declared name is offered in place of one that is not.
const SIMILAR: f64 = 0.8;

/// The scopes that the arguments state. A mistyped one would be no error later: it would only
/// permit nothing, so it is refused here.
pub(crate) fn declared(from: &ScopesFrom, inputs: &mut Inputs) -> Result<Scopes, Failure> {
    if from.scopes.is_empty() {
        return Err(Failure::usage(
            "say what it may be used for: --scope ACTION, again for each; or --scope '*' for all \
             that its owner may do",
        ));
    }
    let scopes = Scopes::of(&from.scopes).map_err(|error| Failure::usage(error.to_string()))?;
    if scopes.are_all() || from.undeclared_scopes {
        return Ok(scopes);
    }
    let policy = load::policy(&from.policy, inputs)?;
    let declared: Vec<&str> = policy.actions().collect();
    let unknown: Vec<String> = scopes
        .names()
        .filter(|name| !declared.contains(name))
        .map(|name| match similar(name, &declared) {
            Some(other) => format!("`{name}` (did you mean `{other}`?)"),
            None => format!("`{name}`"),
        })
        .collect();
    if unknown.is_empty() {
        return Ok(scopes);
    }
    let policy = match &from.policy.policy {
        Some(place) => format!("the policy {}", place.name()),
        None => "the built-in policy".to_owned(),
    };
    Err(Failure::usage(format!(
        "{policy} declares no action {}; correct it, give the policy that does with --policy, or \
         accept it with --undeclared-scopes",
        unknown.join(", ")
    )))
}

/// The declared name that is most like this one, if one is.
fn similar<'a>(name: &str, declared: &[&'a str]) -> Option<&'a str> {
    let likeness = |other: &str| strsim::jaro_winkler(name, other);
    let rated = declared.iter().map(|other| (likeness(other), *other));
    rated
        .filter(|(likeness, _)| *likeness >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}
