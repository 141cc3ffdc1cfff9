//! Routes.

use cog_auth::json_writer::Writer;
use cog_auth::policy::{Route, RouteError};

/// `found`, and then `action`, `organization` and `undecided`, or `reason` and perhaps `methods`.
pub fn route(route: &Result<Route<'_>, RouteError<'_>>, w: &mut Writer) {
    w.name("found").boolean(route.is_ok());
    match route {
        Ok(route) => {
            w.name("action").string(route.action);
            if let Some(organization) = route.organization {
                w.name("organization").string(organization);
            }
            w.name("undecided").strings(&route.undecided);
        }
        Err(error) => {
            w.name("reason").string(error.name());
            if let RouteError::MethodNotAllowed(methods) = error {
                w.name("methods").strings(methods);
            }
        }
    }
}
