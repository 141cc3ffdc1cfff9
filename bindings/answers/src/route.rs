//! Routes.

use cog_auth::json_writer::Writer;
use cog_auth::policy::{Route, RouteError, RouteParameter, RouteResource};

/// `found`, and then `action`, `organization`, `resource`, `parameters` and `undecided`, or
/// `reason` and perhaps `methods`.
pub fn route(route: &Result<Route<'_>, RouteError<'_>>, w: &mut Writer) {
    w.name("found").boolean(route.is_ok());
    match route {
        Ok(route) => {
            w.name("action").string(route.action);
            if let Some(organization) = route.organization {
                w.name("organization").string(organization);
            }
            resource(route.resource, w);
            parameters(route.parameters.iter().copied(), w);
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

/// `resource`, with `type` and `id`, where there is one.
pub(crate) fn resource(resource: Option<RouteResource<'_>>, w: &mut Writer) {
    if let Some(resource) = resource {
        w.name("resource").object(|w| {
            w.name("type").string(resource.type_name);
            w.name("id").string(resource.id);
        });
    }
}

/// `parameters`: what stands in the place of each, by its name.
pub(crate) fn parameters<'r>(parameters: impl Iterator<Item = RouteParameter<'r>>, w: &mut Writer) {
    w.name("parameters").object(|w| {
        for parameter in parameters {
            w.name(parameter.name).string(parameter.value);
        }
    });
}
