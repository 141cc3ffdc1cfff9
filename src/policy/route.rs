//! Routes: from an HTTP method and a request target to an action and an organization.

use super::Policy;
use super::image::layout::NONE;
use super::image::{self, Image, Segment, size};
use super::request::position;
use crate::order::sorted;
use alloc::string::String;
use alloc::vec::Vec;

/// How many bytes the path of a request target may have, the query not counted (section 12 of `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{MAX_PATH_BYTES, Policy, RouteError};
///
/// let path = format!("/{}", "x".repeat(MAX_PATH_BYTES - 1));
/// let policy = Policy::builtin();
/// assert_eq!(policy.route("GET", &path), Err(RouteError::UnknownRoute));
/// assert_eq!(policy.route("GET", &(path + "x")), Err(RouteError::InvalidPath));
/// # }
/// ```
pub const MAX_PATH_BYTES: usize = 8_192;
/// How many segments a path template may have (section 12 of `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "documents")] {
/// use cog_auth::{Code, policy::{MAX_SEGMENTS, Source}};
///
/// let mut source = Source::new();
/// source.add("routes.json", format!(
///     r#"{{"v": 1, "schema": {{"actions": {{"Read": {{}}}}}},
///         "routes": [{{"method": "GET", "path": "{}", "action": "Read"}}]}}"#, "/a".repeat(MAX_SEGMENTS + 1)
/// ));
/// assert_eq!(source.compile().unwrap_err().code(), Code::InvalidTemplate);
/// # }
/// ```
pub const MAX_SEGMENTS: usize = 16;

/// What a request asks for, as far as its method and path say. Found by [`Policy::route`], which has the example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'r> {
    /// The action that the route needs, which the policy declares. See the example of [`Policy::route`].
    pub action: &'r str,
    /// The id of the organization, as it stands in the path; none for a request about the account itself. See the example of
    /// [`Policy::route`].
    pub organization: Option<&'r str>,
    /// Further actions that a request on this route may need and only the origin can judge, sorted; empty for most routes. See
    /// the example of [`Policy::route`].
    pub undecided: Vec<&'r str>,
}

/// Why a method and target have no route.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, RouteError};
///
/// let policy = Policy::builtin();
/// assert_eq!(policy.route("GET", "/v3/organizations//sessions"), Err(RouteError::InvalidPath));
/// assert_eq!(policy.route("GET", "/v3/organizations/org%2Da/sessions"), Err(RouteError::InvalidPath));
/// assert_eq!(policy.route("GET", "/v3/unheard-of"), Err(RouteError::UnknownRoute));
/// let others = RouteError::MethodNotAllowed(vec!["GET", "HEAD"]);
/// assert_eq!(policy.route("DELETE", "/v3/enterprise/self"), Err(others));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteError<'r> {
    /// The target could be read in two ways: it is not in its normal form, is longer than [`MAX_PATH_BYTES`], or has an escape
    /// where none is allowed. 400 in HTTP. See the example of [`RouteError`].
    InvalidPath,
    /// No template has this path. 403 in HTTP, as for what is denied. See the example of [`RouteError`].
    UnknownRoute,
    /// The path exists with other methods: these, sorted, `HEAD` among them where `GET` is. 405 in HTTP. See the example of
    /// [`RouteError`].
    MethodNotAllowed(Vec<&'r str>),
}

pub(super) fn find<'r>(
    policy: &'r Policy,
    method: &str,
    target: &'r str,
) -> Result<Route<'r>, RouteError<'r>> {
    let image = &policy.image;
    let segments = segments(target).ok_or(RouteError::InvalidPath)?;
    let Some((first, count)) = best(image, 0, &segments) else {
        let escaped = segments.iter().any(|segment| has(segment, b'%') || has(segment, b';'));
        return Err(if escaped { RouteError::InvalidPath } else { RouteError::UnknownRoute });
    };
    let wanted = if method == "HEAD" { "GET" } else { method };
    let mut methods = Vec::new();
    for index in first..first.saturating_add(count) {
        let Some(route) = image.route(index) else { continue };
        let method = image.string(route.method());
        if method == wanted {
            return found(image, route, &segments);
        }
        methods.push(method);
        if method == "GET" {
            methods.push("HEAD");
        }
    }
    Err(RouteError::MethodNotAllowed(sorted(methods)))
}

fn found<'r>(
    image: &'r Image,
    route: image::Route<'_>,
    segments: &[&'r str],
) -> Result<Route<'r>, RouteError<'r>> {
    for (index, segment) in segments.iter().enumerate() {
        if has(segment, b'%') && !bit(route.encoded(), index) {
            return Err(RouteError::InvalidPath);
        }
    }
    Ok(Route {
        action: image.action_name(route.action()),
        // `NONE` is no segment's index.
        organization: segments.get(size(route.organization())).copied(),
        undecided: undecided(image, route.undecided()),
    })
}

/// The segments of a target that is in its normal form, without its query.
fn segments(target: &str) -> Option<Vec<&str>> {
    let path = cut(target, b'?').0;
    if path.len() > MAX_PATH_BYTES {
        return None;
    }
    let mut segments = Vec::new();
    let mut rest = path.strip_prefix('/').filter(|rest| !rest.is_empty());
    if rest.is_none() && path != "/" {
        return None;
    }
    while let Some(text) = rest {
        let (segment, after) = cut(text, b'/');
        if !is_normal(segment) {
            return None;
        }
        segments.push(segment);
        rest = after;
    }
    Some(segments)
}

/// What stands before the first byte of this kind, which is ASCII, and what after it.
fn cut(text: &str, byte: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|other| other == byte) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place.saturating_add(1)..)),
        None => (text, None),
    }
}

fn has(text: &str, byte: u8) -> bool {
    cut(text, byte).1.is_some()
}

/// Whether a segment means what it spells, to every reader: also to one that decodes it, splits it at the slashes that come
/// out, and cuts parameters off at `;`.
fn is_normal(segment: &str) -> bool {
    let Some(text) = decoded(segment).filter(|text| !text.is_empty()) else { return false };
    if text.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control()) {
        return false;
    }
    let mut rest = Some(text.as_str());
    while let Some(text) = rest {
        let (part, after) = cut(text, b'/');
        if matches!(cut(part, b';').0, "." | "..") {
            return false;
        }
        rest = after;
    }
    true
}

/// A segment without its escapes; none where one is no escape, spells no UTF-8, or stands beside what is no path character.
fn decoded(segment: &str) -> Option<String> {
    let mut out = Vec::with_capacity(segment.len());
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => hex(bytes.next()?)?.wrapping_shl(4) | hex(bytes.next()?)?,
            _ if is_literal(byte) => byte,
            _ => return None,
        });
    }
    String::from_utf8(out).ok()
}

/// Whether a byte may stand in a literal: RFC 3986 `pchar` without escapes.
pub(crate) fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The first route and the number of routes of the best shape below a node: at each segment a literal is tried first.
fn best(image: &Image, node: u32, segments: &[&str]) -> Option<(u32, u32)> {
    let node = image.segment(node)?;
    let Some((segment, rest)) = segments.split_first() else {
        return (node.routes() > 0).then_some((node.route(), node.routes()));
    };
    image.literal(node, segment).and_then(|child| best(image, child, rest)).or_else(|| {
        let taken = node.parameter() != NONE && !is_disguised(image, node, segment);
        if taken { best(image, node.parameter(), rest) } else { None }
    })
}

/// Whether a segment is not a literal of this node as it stands, but would be to a reader who decodes it or cuts it at `;`.
fn is_disguised(image: &Image, node: Segment<'_>, segment: &str) -> bool {
    let plain = decoded(segment).unwrap_or_default();
    let plain = cut(&plain, b';').0;
    plain != segment && image.literal(node, plain).is_some()
}

fn bit(bits: u32, index: usize) -> bool {
    u32::try_from(index).is_ok_and(|index| index < 32 && bits.wrapping_shr(index) & 1 == 1)
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
