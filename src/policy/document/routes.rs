//! Checking `routes`.

use super::diagnostics::Diagnostics;
use super::fields::{Form, shown};
use super::model::{Model, Route, Segment};
use super::tree::{Node, Span};
use crate::error::Code;
use crate::policy::route::{MAX_SEGMENTS, is_literal};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The shapes and methods that were declared, to find repeats.
pub(super) type Shapes = BTreeMap<(Vec<Segment>, String), Span>;

impl Diagnostics<'_> {
    pub(super) fn check_route(&mut self, model: &mut Model, shapes: &mut Shapes, node: &Node) {
        let optional = ["organization", "encoded", "undecided", "description"];
        if self.object(node, &["method", "path", "action"], &optional).is_none() {
            return;
        }
        self.description(node);
        let method = node.member("method").and_then(|node| self.method(node));
        let template = node.member("path").and_then(|node| self.template(node));
        let action = node.member("action").and_then(|node| self.action(model, node));
        let undecided = node
            .member("undecided")
            .map_or_else(Vec::new, |node| self.array(node).iter().collect());
        let undecided: Vec<_> =
            undecided.into_iter().filter_map(|node| self.action(model, node)).collect();
        let (Some(method), Some((segments, parameters)), Some(action)) = (method, template, action)
        else {
            return;
        };
        let organization =
            node.member("organization").and_then(|node| self.parameter(&parameters, node));
        let encoded =
            node.member("encoded").map_or_else(Vec::new, |node| self.array(node).iter().collect());
        let mut encoded_segments = Vec::new();
        for item in encoded {
            let Some(segment) = self.parameter(&parameters, item) else { continue };
            if Some(segment) == organization {
                let message =
                    "the organization's parameter cannot be `encoded`: an id has one spelling"
                        .to_string();
                self.error(Code::UnknownParameter, item.span, message);
            }
            encoded_segments.push(segment);
        }
        if shapes.insert((segments.clone(), method.clone()), node.span).is_some() {
            let message = format!("{method} and a path of this shape are declared twice");
            self.error(Code::DuplicateRoute, node.span, message);
        }
        model.routes.push(Route {
            method,
            segments,
            action,
            organization,
            encoded: encoded_segments,
            undecided,
        });
    }

    fn method(&mut self, node: &Node) -> Option<String> {
        let method = self.name(node, "method", Form::Method)?;
        if method == "HEAD" {
            self.error(
                Code::ReservedName,
                node.span,
                "HEAD uses the route of GET, and has none of its own".into(),
            );
        }
        Some(method.to_string())
    }

    fn action(&mut self, model: &Model, node: &Node) -> Option<String> {
        let name = self.string(node)?;
        if !model.actions.contains_key(name) {
            self.unknown_action(model, name, node);
        }
        Some(name.to_string())
    }

    /// The segment of a parameter.
    fn parameter(&mut self, parameters: &BTreeMap<String, usize>, node: &Node) -> Option<usize> {
        let name = self.string(node)?;
        let found = parameters.get(name).copied();
        if found.is_none() {
            let message = format!("the path has no parameter `{}`", shown(name));
            let known = parameters.keys().map(String::as_str);
            self.unknown(Code::UnknownParameter, node.span, message, name, known);
        }
        found
    }

    fn template(&mut self, node: &Node) -> Option<(Vec<Segment>, BTreeMap<String, usize>)> {
        let text = self.string(node)?;
        let mut wrong = |message: String| {
            self.error(Code::InvalidTemplate, node.span, message);
            None
        };
        let Some(rest) = text.strip_prefix('/') else {
            return wrong(format!("the path `{}` does not begin with `/`", shown(text)));
        };
        let (mut segments, mut parameters) = (Vec::new(), BTreeMap::new());
        for (index, segment) in rest.split('/').enumerate().filter(|_| !rest.is_empty()) {
            let parameter = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
            if let Some(name) = parameter {
                if !Form::Parameter.accepts(name) {
                    return wrong(format!(
                        "`{}` is no valid parameter: a name is 1 to 64 characters of a-z, 0-9 and `_`, the first no digit",
                        shown(segment)
                    ));
                }
                if parameters.insert(name.to_string(), index).is_some() {
                    return wrong(format!(
                        "the parameter `{}` stands twice in the path",
                        shown(name)
                    ));
                }
                segments.push(Segment::Parameter);
            } else if segment.is_empty() {
                return wrong("the path has an empty segment".to_string());
            } else if matches!(segment, "." | "..") || !segment.bytes().all(is_literal) {
                return wrong(format!(
                    "`{}` is neither a literal of RFC 3986 path characters without escapes nor a parameter in braces",
                    shown(segment)
                ));
            } else {
                segments.push(Segment::Literal(segment.to_string()));
            }
        }
        if segments.len() > MAX_SEGMENTS {
            return wrong(format!(
                "the path has {} segments, and the limit is {MAX_SEGMENTS}",
                segments.len()
            ));
        }
        Some((segments, parameters))
    }
}
