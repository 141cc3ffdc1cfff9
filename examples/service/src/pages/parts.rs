//! Parts of several pages: the list of credentials, and the form to make one.

use super::layout::form_secret;
use super::{addresses, organizations};
use crate::clock::{DAY, now, shown};
use crate::desk::NotDone;
use crate::forms::Fields;
use crate::sign_in::SignedIn;
use cog_auth::management::{Owner, Wanted};
use cog_auth::token::{Record, Scopes};
use maud::{Markup, html};

/// Scopes that this page offers: what its API asks for.
const OFFERED: [(&str, &str); 3] = [
    ("ViewOrgSessions", "See sessions"),
    ("UseDevinSessions", "Start sessions"),
    ("ReadAccountMeta", "Ask who it is"),
];

/// A table of credentials.
pub(crate) fn list(caption: &str, records: &[Record]) -> Markup {
    html! {
        @if records.is_empty() {
            p { "There are none yet." }
        } @else {
            table {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { "Name" }
                        th scope="col" { "Scopes" }
                        th scope="col" { "Organizations" }
                        th scope="col" { "Client addresses" }
                        th scope="col" { "Last used" }
                        th scope="col" { "State" }
                    }
                }
                tbody {
                    @for record in records {
                        tr {
                            th scope="row" {
                                a href={ "/credentials/" (record.id()) } { (name(record)) }
                            }
                            td { (scopes(record)) }
                            td { (organizations::shown(record)) }
                            td { (addresses::in_short(record)) }
                            td { (record.last_used_at().map_or("never".to_owned(), shown)) }
                            td { (state(record)) }
                        }
                    }
                }
            }
        }
    }
}

/// What its owner calls it, or its id.
pub(crate) fn name(record: &Record) -> String {
    record.name().map_or_else(|| record.id().to_string(), str::to_owned)
}

pub(crate) fn scopes(record: &Record) -> String {
    if record.scopes().are_all() {
        return "everything its owner may do".to_owned();
    }
    record.scopes().names().collect::<Vec<_>>().join(", ")
}

/// Whether it is active, and until when; or how it ended.
pub(crate) fn state(record: &Record) -> String {
    let until = record.grace_until().into_iter().chain(record.expires_at()).min();
    match (record.inactive_because(now()), until) {
        (Some(code), _) => code.name().replace('_', " "),
        (None, Some(time)) => format!("active until {}", shown(time)),
        (None, None) => "active".to_owned(),
    }
}

/// The form to make a credential, which `action` takes.
pub(crate) fn create_form(signed_in: &SignedIn, action: &str, owner: Owner<'_>) -> Markup {
    html! {
        form method="post" action=(action) {
            (form_secret(signed_in))
            p {
                label for="name" { "Name" }
                input #name name="name" maxlength="100" required autocomplete="off";
            }
            fieldset.choice {
                legend { "What it may be used for" }
                p {
                    input #everything type="radio" name="scopes" value="all" checked;
                    label for="everything" { " Everything that its owner may do" }
                }
                p {
                    input #some type="radio" name="scopes" value="some";
                    label for="some" { " Only this:" }
                }
                @for (scope, meaning) in OFFERED {
                    p {
                        input id=(scope) type="checkbox" name="scope" value=(scope);
                        label for=(scope) { " " (meaning) " (" code { (scope) } ")" }
                    }
                }
            }
            (organizations::field(owner))
            (addresses::field())
            (days_field(owner))
            button { "Create" }
        }
    }
}

/// The field for the days that a credential lives. The most is the built-in policy's, which
/// decides.
pub(crate) fn days_field(owner: Owner<'_>) -> Markup {
    let most = match owner {
        Owner::User(_) => 90,
        Owner::ServiceUserInOrganization { .. } | Owner::ServiceUserInAccount { .. } => 365,
    };
    html! {
        p {
            label for="days" { "Days until it expires" }
            input #days name="days" type="number" min="1" required value="30"
                aria-describedby="days-hint";
        }
        p.hint #days-hint { "At most " (most) " days are allowed." }
    }
}

/// What the form asks for, for a credential of this owner. Scopes that nobody chose are none.
pub(crate) fn wanted(fields: &Fields, owner: Owner<'_>) -> Result<Wanted, NotDone> {
    let scopes = scopes_chosen(fields)?;
    Ok(Wanted {
        name: Some(fields.text("name").to_owned()).filter(|name| !name.is_empty()),
        scopes,
        organizations: organizations::chosen(fields, owner)?,
        addresses: addresses::written(fields)?,
        lifetime: lifetime(fields),
    })
}

fn scopes_chosen(fields: &Fields) -> Result<Scopes, NotDone> {
    let mut chosen = fields.all("scope").peekable();
    match (fields.text("scopes"), chosen.peek()) {
        ("all", None) => Ok(Scopes::all()),
        ("all", Some(_)) => {
            Err(NotDone::Unfit(vec!["Choose everything or only some scopes, not both.".to_owned()]))
        }
        _ => Scopes::of(chosen).map_err(|error| NotDone::Unfit(vec![error.message().to_owned()])),
    }
}

/// The seconds that a form's days are. What is no number is no lifetime, which no policy takes for
/// a long one.
pub(crate) fn lifetime(fields: &Fields) -> Option<u64> {
    fields.number("days")?.checked_mul(DAY)
}
