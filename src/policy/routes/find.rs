//! Looking for the route of a method and a request target in an image.

use super::disguises::is_disguised;
use super::path::{has, segments};
use super::route::{Route, RouteError, RouteParameter, RouteResource};
use crate::policy::image::layout::NONE;
use crate::policy::image::{Image, RouteRecord, SegmentRecord, size};
use crate::policy::request::position;
use alloc::vec::Vec;

/// Finds the route of a method and a target (section 12 of `docs/policy-language.md`).
pub(crate) fn find<'r>(
    image: &'r Image,
    method: &str,
    target: &'r str,
) -> Result<Route<'r>, RouteError<'r>> {
    let segments = segments(target.as_bytes()).ok_or(RouteError::InvalidPath)?;
    let mut disguised = false;
    let best = image.segment(0).and_then(|root| best(image, root, &segments, &mut disguised));
    let Some(node) = best else {
        // A server that decodes escapes, or drops what follows a `;`, might find a route where none
        // is found here: such a path can be read in two ways.
        let escaped = segments.iter().any(|segment| has(segment, b'%') || has(segment, b';'));
        return Err(if escaped { RouteError::InvalidPath } else { RouteError::UnknownRoute });
    };
    if disguised {
        return Err(RouteError::InvalidPath);
    }
    let wanted = if method == "HEAD" { "GET" } else { method };
    let mut methods = Vec::new();
    let mut head = false;
    for index in node.routes().indices() {
        let Some(route) = image.route(index) else { continue };
        let method = image.string(route.method());
        if method == wanted {
            return found(image, route, &segments);
        }
        // They are sorted, and `HEAD` has its place among them.
        if head && method > "HEAD" {
            methods.push("HEAD");
            head = false;
        }
        methods.push(method);
        head |= method == "GET";
    }
    if head {
        methods.push("HEAD");
    }
    Err(RouteError::MethodNotAllowed(methods))
}

fn found<'r>(
    image: &'r Image,
    route: RouteRecord<'_>,
    segments: &[&'r [u8]],
) -> Result<Route<'r>, RouteError<'r>> {
    let mut encoded = route.encoded();
    for segment in segments {
        if has(segment, b'%') && encoded & 1 == 0 {
            return Err(RouteError::InvalidPath);
        }
        encoded = encoded.wrapping_shr(1);
    }
    // A segment of a path is ASCII.
    let segment = |index: u32| core::str::from_utf8(segments.get(size(index))?).ok();
    let mut parameters = Vec::new();
    for parameter in route.parameters().indices().filter_map(|index| image.parameter(index)) {
        let value = segment(parameter.segment()).unwrap_or_default();
        parameters.push(RouteParameter { name: image.string(parameter.name()), value });
    }
    let resource = route.resource_type().zip(route.resource().and_then(segment));
    Ok(Route {
        action: image.action_name(route.action()),
        organization: route.organization().and_then(segment),
        resource: resource.map(|(name, id)| RouteResource { type_name: image.string(name), id }),
        parameters,
        undecided: undecided(image, route.undecided()),
    })
}

/// The best node at or below one that has routes for these segments: at each segment a literal is
/// tried first, then the parameter.
///
/// It notes in `disguised` whether it met a segment that some server takes for a literal: that
/// server would find a better node, there or further down.
fn best<'r>(
    image: &'r Image,
    node: SegmentRecord<'r>,
    segments: &[&[u8]],
    disguised: &mut bool,
) -> Option<SegmentRecord<'r>> {
    let Some((segment, rest)) = segments.split_first() else {
        return Some(node).filter(|node| node.routes().count > 0);
    };
    let literal = image.literal(node, segment);
    if let Some(found) = literal.and_then(|child| best(image, child, rest, disguised)) {
        return Some(found);
    }
    // One disguise is enough to refuse the path, so no second one is looked for.
    *disguised = *disguised || literal.is_none() && is_disguised(image, node, segment);
    image.segment(node.parameter()?).and_then(|child| best(image, child, rest, disguised))
}

fn undecided(image: &Image, first: u32) -> Vec<&str> {
    let mut names = Vec::new();
    if first == NONE {
        return names;
    }
    for action in 0..image.actions() {
        let (word, bit) = position(action);
        if image.word(first.saturating_add(word)) & bit != 0 {
            names.push(image.action_name(action));
        }
    }
    names
}
