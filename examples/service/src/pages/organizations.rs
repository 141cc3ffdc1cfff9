//! The organizations that a credential is for: choosing and showing them.

use crate::desk::NotDone;
use crate::forms::Fields;
use crate::people::organizations;
use cog_auth::management::Owner;
use cog_auth::token::Record;
use maud::{Markup, html};

/// The choice of a form: all of the owner's organizations, or some of them.
pub(crate) fn field(owner: Owner<'_>) -> Markup {
    let offered = organizations(owner);
    html! {
        fieldset.choice aria-describedby="organizations-hint" {
            legend { "Organizations" }
            p {
                input #every-organization type="radio" name="organizations" value="all" checked;
                label for="every-organization" { " All of its owner's" }
            }
            @if !offered.is_empty() {
                p {
                    input #some-organizations type="radio" name="organizations" value="some";
                    label for="some-organizations" { " Only these:" }
                }
                @for organization in offered {
                    p {
                        input id=(organization) type="checkbox" name="organization"
                            value=(organization);
                        label for=(organization) { " " code { (organization) } }
                    }
                }
            }
            p.hint #organizations-hint {
                "For what belongs to the account itself, a credential must be good for all of them."
            }
        }
    }
}

/// The organizations that a form narrows a credential to, or none for all of the owner's.
///
/// Only a clear choice of all is one: a form that says both, or nothing, is refused, so that nobody
/// gets a credential that is good for more than was meant.
pub(crate) fn chosen(fields: &Fields, owner: Owner<'_>) -> Result<Option<Vec<String>>, NotDone> {
    let unfit = |sentence: String| Err(NotDone::Unfit(vec![sentence]));
    let chosen = fields.all("organization").map(str::to_owned).collect::<Vec<_>>();
    let offered = organizations(owner);
    match (fields.text("organizations"), chosen.as_slice()) {
        ("all", []) => Ok(None),
        ("all", _) => unfit("Choose all organizations or only some of them, not both.".to_owned()),
        (_, []) => unfit("Choose at least one organization, or all of them.".to_owned()),
        (_, some) => match some.iter().find(|it| !offered.contains(&it.as_str())) {
            Some(other) => unfit(format!("The owner does not belong to “{other}”.")),
            None => Ok(Some(chosen)),
        },
    }
}

/// Which organizations a credential is good for.
pub(crate) fn shown(record: &Record) -> String {
    match record.organizations() {
        None => "all of its owner's".to_owned(),
        Some([]) => "none".to_owned(),
        Some(organizations) => organizations.join(", "),
    }
}
