//! Checking `routes`.

use super::super::diagnostics::Diagnostics;
use super::super::fields::NameForm;
use super::super::model::{Model, RouteDeclaration, TemplateSegment};
use super::super::text::digits;
use super::super::tree::Node;
use crate::error::Code;
use crate::policy::routes::{MAX_SEGMENTS, is_literal};
use alloc::vec::Vec;

/// The parameters of a template, each with its zero-based segment.
type Parameters<'n> = Vec<(&'n str, usize)>;

impl Diagnostics<'_> {
    pub(super) fn check_route<'n>(&mut self, model: &mut Model<'n>, node: &'n Node<'n>) {
        let optional = ["organization", "resource", "encoded", "undecided", "description"];
        if !self.object(node, &["method", "path", "action"], &optional) {
            return;
        }
        self.description(node);
        let method = node.member("method").and_then(|node| self.method(node));
        let template = node.member("path").and_then(|node| self.template(node));
        let action = node.member("action").and_then(|node| self.action(model, node));
        let mut undecided = Vec::new();
        for item in node.member("undecided").map_or(&[][..], |list| self.array(list)) {
            undecided.extend(self.action(model, item).map(|name| (name, item)));
        }
        let (Some(method), Some((segments, parameters)), Some(action)) = (method, template, action)
        else {
            return;
        };
        let organization =
            node.member("organization").and_then(|node| self.parameter(&parameters, node));
        let resource = node
            .member("resource")
            .and_then(|node| self.route_resource(model, &parameters, organization, node));
        let encoded = self.encoded_segments(&parameters, organization, resource, node);
        let route = RouteDeclaration {
            method,
            action,
            organization,
            resource,
            parameters,
            encoded,
            undecided,
        };
        self.check_types_of_resource(model, &route, node);
        let Some(shape) = model.routes.at(&segments) else { return };
        let place = shape.routes.binary_search_by(|route| route.method.cmp(method));
        if place.is_ok() {
            let message = "{=} and a path of this shape are declared twice";
            self.error(Code::DuplicateRoute, node.span, message, &[method]);
        }
        let (Ok(place) | Err(place)) = place;
        shape.routes.insert(place.min(shape.routes.len()), route);
    }

    /// The segments of a route that may be encoded, as a bit for each. One that is an id may not.
    fn encoded_segments(
        &mut self,
        parameters: &Parameters<'_>,
        organization: Option<usize>,
        resource: Option<(&str, usize)>,
        node: &Node<'_>,
    ) -> u32 {
        let resource = resource.map(|(_, segment)| segment);
        let mut encoded = 0_u32;
        for item in node.member("encoded").map_or(&[][..], |list| self.array(list)) {
            let Some(segment) = self.parameter(parameters, item) else { continue };
            for (id, whose) in [(organization, "organization"), (resource, "resource")] {
                if id == Some(segment) {
                    let message = "the {=}'s parameter cannot be `encoded`: an id has one spelling";
                    self.error(Code::UnknownParameter, item.span, message, &[whose]);
                }
            }
            encoded |= 1_u32.wrapping_shl(u32::try_from(segment).unwrap_or(0));
        }
        encoded
    }

    /// Checks that the actions of a route are for resources of the type that the route is about.
    fn check_types_of_resource(
        &mut self,
        model: &Model<'_>,
        route: &RouteDeclaration<'_>,
        node: &Node<'_>,
    ) {
        let resource_type = match (route.resource, route.organization) {
            (Some((name, _)), _) => name,
            // `resource` is wrong, and what it should be is not known.
            (None, _) if node.member("resource").is_some() => return,
            (None, Some(_)) => "organization",
            (None, None) => "account",
        };
        let action = node.member("action").map(|item| (route.action, item));
        for (name, item) in action.into_iter().chain(route.undecided.iter().copied()) {
            if model.action(name).is_some_and(|declared| !declared.is_for(resource_type)) {
                let message = "`{}` is not for resources of the type `{=}`, as this route's is";
                self.error(Code::UnknownValue, item.span, message, &[name, resource_type]);
            }
        }
    }

    fn method<'n>(&mut self, node: &'n Node<'n>) -> Option<&'n str> {
        let method = self.name(node, "method", NameForm::Method)?;
        if method == "HEAD" {
            let message = "HEAD uses the route of GET, and has none of its own";
            self.error(Code::ReservedName, node.span, message, &[]);
        }
        Some(method)
    }

    fn action<'n>(&mut self, model: &Model<'_>, node: &'n Node<'n>) -> Option<&'n str> {
        let name = self.string(node)?;
        if model.action(name).is_none() {
            self.unknown_action(model, name, node);
        }
        Some(name)
    }

    /// The type of the resource that a route names, and the zero-based segment that is its id.
    fn route_resource<'n>(
        &mut self,
        model: &Model<'_>,
        parameters: &Parameters<'_>,
        organization: Option<usize>,
        node: &'n Node<'n>,
    ) -> Option<(&'n str, usize)> {
        if !self.object(node, &["type", "id"], &[]) {
            return None;
        }
        let kind = node.member("type").and_then(|node| self.resource_type(model, node));
        let id = node.member("id")?;
        let segment = self.parameter(parameters, id)?;
        if Some(segment) == organization {
            let message =
                "this parameter is the organization's: leave `resource` out, or name another";
            self.error(Code::UnknownParameter, id.span, message, &[]);
        }
        Some((kind?, segment))
    }

    fn resource_type<'n>(&mut self, model: &Model<'_>, node: &'n Node<'n>) -> Option<&'n str> {
        let name = self.name(node, "resource type", NameForm::Value)?;
        if matches!(name, "organization" | "account") {
            let message = "a route without `resource` is about the organization or the account";
            self.error(Code::ReservedName, node.span, message, &[]);
        } else {
            self.check_declared_value(model, "resource.type", name, node.span);
        }
        Some(name)
    }

    /// The zero-based segment of a path that a parameter is.
    fn parameter(&mut self, parameters: &Parameters<'_>, node: &Node<'_>) -> Option<usize> {
        let name = self.string(node)?;
        let found = parameters.iter().find(|(known, _)| *known == name);
        if found.is_none() {
            let message = "the path has no parameter `{}`";
            let known = || parameters.iter().map(|(name, _)| *name).collect();
            self.unknown(Code::UnknownParameter, node.span, message, &[name], &known);
        }
        found.map(|(_, segment)| *segment)
    }

    fn template<'n>(
        &mut self,
        node: &'n Node<'n>,
    ) -> Option<(Vec<TemplateSegment<'n>>, Parameters<'n>)> {
        let text = self.string(node)?;
        let mut wrong = |message: &str, parts: &[&str]| {
            self.error(Code::InvalidTemplate, node.span, message, parts);
            None
        };
        let Some(rest) = text.strip_prefix('/') else {
            return wrong("the path `{}` does not begin with `/`", &[text]);
        };
        let count = rest.split('/').count();
        if count > MAX_SEGMENTS {
            let message = "the path has {=} segments, and the limit is {=}";
            return wrong(message, &[&digits(count), &digits(MAX_SEGMENTS)]);
        }
        let (mut segments, mut parameters) = (Vec::new(), Parameters::new());
        for (index, segment) in rest.split('/').enumerate().filter(|_| !rest.is_empty()) {
            let parameter = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
            if let Some(name) = parameter {
                if !NameForm::Parameter.accepts(name) {
                    let message = "`{}` is no valid parameter: a name is {=}";
                    return wrong(message, &[segment, &NameForm::Parameter.described()]);
                }
                if parameters.iter().any(|(known, _)| *known == name) {
                    return wrong("the parameter `{}` stands twice in the path", &[name]);
                }
                parameters.push((name, index));
                segments.push(TemplateSegment::Parameter);
            } else if segment.is_empty() {
                return wrong("the path has an empty segment", &[]);
            } else if matches!(segment, "." | "..") || !segment.bytes().all(is_literal) {
                let message = "`{}` is neither a literal of RFC 3986 path characters without \
                    escapes nor a parameter in braces";
                return wrong(message, &[segment]);
            } else {
                segments.push(TemplateSegment::Literal(segment));
            }
        }
        Some((segments, parameters))
    }
}
