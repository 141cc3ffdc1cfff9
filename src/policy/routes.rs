//! Routes: from an HTTP method and a request target to an action, and to what it is about.

use super::image::layout::NONE;
use super::image::{self, Image, SegmentRecord, size};
use super::request::position;
use alloc::vec::Vec;
use core::ops::Range;

/// How many bytes the path of a request target may have, the query not counted (section 12 of
/// `docs/policy-language.md`). A longer one is an invalid path.
pub const MAX_PATH_BYTES: usize = 8_192;

/// How many segments a path template may have (section 12 of `docs/policy-language.md`). One with
/// more is refused with [`Code::InvalidTemplate`](crate::Code::InvalidTemplate).
pub const MAX_SEGMENTS: usize = 16;

/// What a request asks for, as far as its method and path say. [`Policy::route`] finds it.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, Route};
///
/// let policy = Policy::builtin();
/// let route = policy.route("GET", "/v3/organizations/org-a/sessions").unwrap();
/// assert_eq!((route.action, route.organization), ("ViewOrgSessions", Some("org-a")));
/// let parameters: Vec<_> = route.parameters.iter().map(|it| (it.name, it.value)).collect();
/// assert_eq!(parameters, [("org_id", "org-a")]);
/// # }
/// ```
///
/// [`Policy::route`]: super::Policy::route
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'r> {
    /// The action that the route needs, which the policy declares.
    pub action: &'r str,
    /// The id of the organization, as it stands in the path; none for a request about the account
    /// itself.
    pub organization: Option<&'r str>,
    /// What else the route names; none where it is about the organization or the account.
    pub resource: Option<RouteResource<'r>>,
    /// All parameters of the route's path template, in their order in it.
    pub parameters: Vec<RouteParameter<'r>>,
    /// Further actions that a request on this route may need, which only the origin can judge;
    /// sorted. There are none for most routes.
    pub undecided: Vec<&'r str>,
}

/// The resource that a route names (section 12 of `docs/policy-language.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteResource<'r> {
    /// Its type, as the policy says: `type` in requests and in facts.
    pub type_name: &'r str,
    /// Its id, as it stands in the path.
    pub id: &'r str,
}

/// A parameter of a route's path template, with what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteParameter<'r> {
    /// Its name in the template.
    pub name: &'r str,
    /// The segment of the path, as it was sent. Only a parameter that the route lets be encoded can
    /// have percent-escapes, which are not decoded.
    pub value: &'r str,
}

/// Why a method and target have no route.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, RouteError};
///
/// let policy = Policy::builtin();
/// let error = |method, target| policy.route(method, target).unwrap_err();
/// assert_eq!(error("GET", "/v3/organizations//sessions"), RouteError::InvalidPath);
/// assert_eq!(error("GET", "/v3/organizations/org%2Da/sessions"), RouteError::InvalidPath);
/// assert_eq!(error("GET", "/v3/unheard-of"), RouteError::UnknownRoute);
///
/// let not_allowed = error("DELETE", "/v3/enterprise/self");
/// assert_eq!(not_allowed, RouteError::MethodNotAllowed(vec!["GET", "HEAD"]));
/// assert_eq!(not_allowed.name(), "method_not_allowed");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteError<'r> {
    /// The target could be read in two ways: it is not in origin form (RFC 9112, 3.2.1) or not in
    /// its normal form, its path is longer than [`MAX_PATH_BYTES`], it has an escape where none is
    /// allowed, or it has a literal in disguise, such as `Index` or `index.json` beside `index`.
    /// 400 in HTTP.
    InvalidPath,
    /// No template has this path. 403 in HTTP, as for what is denied.
    UnknownRoute,
    /// The path exists with other methods: these, sorted, `HEAD` among them where `GET` is. 405 in
    /// HTTP.
    MethodNotAllowed(Vec<&'r str>),
}

impl RouteError<'_> {
    /// All names.
    pub const NAMES: [&'static str; 3] =
        [Self::UNKNOWN_ROUTE, Self::INVALID_PATH, Self::METHOD_NOT_ALLOWED];

    const UNKNOWN_ROUTE: &'static str = "unknown_route";
    const INVALID_PATH: &'static str = "invalid_path";
    pub(crate) const METHOD_NOT_ALLOWED: &'static str = "method_not_allowed";

    /// The name in test cases, and in the bindings' answers: `unknown_route`, `invalid_path` or
    /// `method_not_allowed`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InvalidPath => Self::INVALID_PATH,
            Self::UnknownRoute => Self::UNKNOWN_ROUTE,
            Self::MethodNotAllowed(_) => Self::METHOD_NOT_ALLOWED,
        }
    }
}

pub(super) fn find<'r>(
    image: &'r Image,
    method: &str,
    target: &'r str,
) -> Result<Route<'r>, RouteError<'r>> {
    let segments = segments(target.as_bytes()).ok_or(RouteError::InvalidPath)?;
    let mut disguised = false;
    let best = image.segment(0).and_then(|root| best(image, root, &segments, &mut disguised));
    let Some(shape) = best else {
        let escaped = segments.iter().any(|segment| has(segment, b'%') || has(segment, b';'));
        return Err(if escaped { RouteError::InvalidPath } else { RouteError::UnknownRoute });
    };
    if disguised {
        return Err(RouteError::InvalidPath);
    }
    let wanted = if method == "HEAD" { "GET" } else { method };
    let mut methods = Vec::new();
    let mut head = false;
    for index in shape.routes().indices() {
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
    route: image::RouteRecord<'_>,
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

/// Whether a target can be one in origin form (RFC 9112, 3.2.1): it begins with `/`, and no space,
/// control character or fragment is in it. What else its query has is not looked at.
pub(crate) fn is_origin_form(target: &[u8]) -> bool {
    target.starts_with(b"/")
        && !target.iter().any(|byte| *byte <= b' ' || matches!(byte, b'#' | 0x7f))
}

/// The segments of a target that is in its normal form, without its query.
fn segments(target: &[u8]) -> Option<Vec<&[u8]>> {
    if !is_origin_form(target) {
        return None;
    }
    let path = cut(target, b'?').0;
    if path.len() > MAX_PATH_BYTES {
        return None;
    }
    let mut segments = Vec::new();
    let mut rest = path.get(1..).filter(|path| !path.is_empty());
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

/// What stands before the first byte of this kind, and what after it.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|other| *other == byte) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place.wrapping_add(1)..)),
        None => (text, None),
    }
}

fn has(text: &[u8], byte: u8) -> bool {
    text.contains(&byte)
}

/// Whether a segment means what it spells to every reader: also to one that decodes it, splits it
/// at the slashes that come out, and cuts parameters off at `;`.
fn is_normal(segment: &[u8]) -> bool {
    let Some(text) = decoded(segment).filter(|text| !text.is_empty()) else { return false };
    if text.iter().any(|byte| *byte == b'\\' || byte.is_ascii_control()) {
        return false;
    }
    let mut rest = Some(text.as_slice());
    while let Some(text) = rest {
        let (part, after) = cut(text, b'/');
        if matches!(cut(part, b';').0, b"." | b"..") {
            return false;
        }
        rest = after;
    }
    true
}

/// A segment without its escapes. There is none where an escape is malformed, where the bytes are
/// no UTF-8, and where there is another character than a path may have.
fn decoded(segment: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(segment.len());
    let mut bytes = segment.iter();
    while let Some(byte) = bytes.next() {
        out.push(match *byte {
            b'%' => hex(*bytes.next()?)?.wrapping_shl(4) | hex(*bytes.next()?)?,
            byte if is_literal(byte) => byte,
            _ => return None,
        });
    }
    core::str::from_utf8(&out).is_ok().then_some(out)
}

/// Whether a byte may stand in a literal: RFC 3986 `pchar` without escapes.
pub(crate) fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The best shape below a node that has routes: at each segment a literal is tried first. Says also
/// whether a disguise was met on the way there: whoever sees through it finds a better shape, at
/// that node or further down.
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
    if let Some(shape) = literal.and_then(|child| best(image, child, rest, disguised)) {
        return Some(shape);
    }
    // One is enough, so that no more than that is ever looked for.
    *disguised = *disguised || literal.is_none() && is_disguised(image, node, segment);
    image.segment(node.parameter()?).and_then(|child| best(image, child, rest, disguised))
}

/// Whether a segment that is no literal of this node is taken for one by some server.
fn is_disguised(image: &Image, node: SegmentRecord<'_>, segment: &[u8]) -> bool {
    let plain = decoded(segment).unwrap_or_default();
    let first = node.first_child();
    let literals = first..first.saturating_add(node.children());
    looks_like_one(image, literals, plain.trim_ascii_start(), 0)
}

/// How many literals are compared one by one.
const FEW: u32 = 8;

/// Whether a text looks like one of these literals, of which all begin with the same bytes, so
/// many, and the text too but for letter case.
///
/// They are sorted with their case, so a byte of the text leads to two runs of them. Few policies
/// have literals in both; then the smaller is gone through apart, so that the depth stays small.
fn looks_like_one(image: &Image, mut among: Range<u32>, text: &[u8], mut same: usize) -> bool {
    while among.end.saturating_sub(among.start) > FEW {
        // The first is the only one that can end here.
        if image.literal_text(among.start).len() == same && is_dropped(text, same) {
            return true;
        }
        let Some(byte) = text.get(same) else { return false };
        let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
        let mut larger = run(image, &among, same, lower);
        if lower != upper {
            let mut smaller = run(image, &among, same, upper);
            if larger.len() < smaller.len() {
                core::mem::swap(&mut larger, &mut smaller);
            }
            if looks_like_one(image, smaller, text, same.saturating_add(1)) {
                return true;
            }
        }
        (among, same) = (larger, same.saturating_add(1));
    }
    among.into_iter().any(|index| {
        let literal = image.literal_text(index);
        is_dropped(text, literal.len())
            && text.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal))
    })
}

/// Those of sorted literals that have this byte at a place, up to which they are the same.
fn run(image: &Image, among: &Range<u32>, at: usize, byte: u8) -> Range<u32> {
    let first = |is_before: fn(Option<u8>, Option<u8>) -> bool| {
        let (mut low, mut high) = (among.start, among.end);
        while low < high {
            let middle = low.midpoint(high);
            if is_before(image.literal_text(middle).get(at).copied(), Some(byte)) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        low
    };
    first(|one, other| one < other)..first(|one, other| one <= other)
}

/// Whether some server drops the end of a segment from here on: nothing, an ending, parameters,
/// what becomes another segment, a query or a fragment once it is decoded, or the name of an NTFS
/// stream.
fn is_dropped(text: &[u8], from: usize) -> bool {
    matches!(
        text.get(from..).map(<[u8]>::trim_ascii_start),
        Some(
            [] | [b'.' | b';' | b'/' | b'?' | b'#', ..] | [b':', b'$', ..] | [b':', b':', b'$', ..]
        )
    )
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
