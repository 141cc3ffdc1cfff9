//! Routes as docs/policy-language.md, section 12, matches them: try all, take the best.

/// A route of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) action: String,
    pub(crate) organization: Option<String>,
    /// The type of what it names, and the parameter that names it.
    pub(crate) resource: Option<(String, String)>,
    pub(crate) encoded: Vec<String>,
    pub(crate) undecided: Vec<String>,
}

/// What a route says of a target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) action: String,
    pub(crate) organization: Option<String>,
    /// The type and the id of what the target names.
    pub(crate) resource: Option<(String, String)>,
    /// The parameters and their segments, in the order of the template.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) undecided: Vec<String>,
}

/// What a target comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Match {
    Found(Found),
    InvalidPath,
    UnknownRoute,
    MethodNotAllowed(Vec<String>),
}

pub(crate) fn find(routes: &[Route], method: &str, target: &str) -> Match {
    if !is_origin_form(target.as_bytes()) {
        return Match::InvalidPath;
    }
    let path = target.split('?').next().unwrap();
    let Some(segments) = segments(path) else { return Match::InvalidPath };
    let shapes: Vec<Vec<Option<&str>>> = routes.iter().map(|route| shape(&route.path)).collect();
    let fits = |shape: &Vec<Option<&str>>| {
        shape.len() == segments.len()
            && shape
                .iter()
                .zip(&segments)
                .all(|(part, segment)| part.is_none_or(|it| it == *segment))
    };
    // A literal comes before a parameter.
    let rank = |shape: &&Vec<Option<&str>>| shape.iter().map(Option::is_none).collect::<Vec<_>>();
    let Some(best) = shapes.iter().filter(|shape| fits(shape)).min_by_key(rank) else {
        let escaped = segments.iter().any(|segment| segment.contains(['%', ';']));
        return if escaped { Match::InvalidPath } else { Match::UnknownRoute };
    };
    if holds_disguise(&shapes, best, &segments) {
        return Match::InvalidPath;
    }
    let of_shape: Vec<&Route> =
        routes.iter().zip(&shapes).filter(|(_, shape)| *shape == best).map(|(r, _)| r).collect();
    let wanted = if method == "HEAD" { "GET" } else { method };
    let Some(route) = of_shape.iter().find(|route| route.method == wanted) else {
        let mut methods: Vec<String> = of_shape.iter().map(|route| route.method.clone()).collect();
        if methods.iter().any(|method| method == "GET") {
            methods.push(String::from("HEAD"));
        }
        methods.sort();
        return Match::MethodNotAllowed(methods);
    };
    let names: Vec<&str> =
        if route.path == "/" { Vec::new() } else { route.path[1..].split('/').collect() };
    let name = |at: usize| names[at].strip_prefix('{').and_then(|name| name.strip_suffix('}'));
    let misplaced = |at: &usize| {
        segments[*at].contains('%')
            && !name(*at).is_some_and(|name| route.encoded.iter().any(|known| known == name))
    };
    if (0..names.len()).any(|at| misplaced(&at)) {
        return Match::InvalidPath;
    }
    let parameters: Vec<(String, String)> = (0..names.len())
        .filter_map(|at| Some((name(at)?.to_owned(), segments[at].to_owned())))
        .collect();
    let segment =
        |wanted: &String| parameters.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    let mut undecided = route.undecided.clone();
    undecided.sort();
    undecided.dedup();
    Match::Found(Found {
        action: route.action.clone(),
        organization: route.organization.as_ref().map(segment),
        resource: route.resource.as_ref().map(|(kind, id)| (kind.clone(), segment(id))),
        parameters: parameters.clone(),
        undecided,
    })
}

/// A template's segments: literals, and none for a parameter.
fn shape(template: &str) -> Vec<Option<&str>> {
    let segments = template[1..].split('/').filter(|_| template != "/");
    segments.map(|segment| (!segment.starts_with('{')).then_some(segment)).collect()
}

/// Whether a disguise stands in a place that the best shape does not beat.
fn holds_disguise(shapes: &[Vec<Option<&str>>], best: &[Option<&str>], segments: &[&str]) -> bool {
    (0..segments.len()).any(|at| {
        shapes.iter().filter(|shape| shape.len() > at).any(|shape| {
            let place = &shape[..at];
            let matches = place
                .iter()
                .zip(segments)
                .all(|(part, segment)| part.is_none_or(|it| it == *segment));
            let first = (0..at).find(|index| place[*index] != best[*index]);
            let literals: Vec<&str> = shapes
                .iter()
                .filter(|shape| shape.starts_with(place))
                .filter_map(|shape| *shape.get(at)?)
                .collect();
            matches
                && first.is_none_or(|index| best[index].is_none())
                && !literals.contains(&segments[at])
                && literals.iter().any(|literal| looks_like(segments[at], literal))
        })
    })
}

fn looks_like(segment: &str, literal: &str) -> bool {
    let text = decoded(segment).unwrap().to_ascii_lowercase();
    text.trim_start_matches(' ').strip_prefix(&literal.to_ascii_lowercase()).is_some_and(|behind| {
        let behind = behind.trim_start_matches(' ');
        behind.is_empty()
            || [".", ";", "/", "?", "#", ":$", "::$"].iter().any(|end| behind.starts_with(end))
    })
}

/// Whether a target can be one in origin form.
pub(crate) fn is_origin_form(target: &[u8]) -> bool {
    target.first() == Some(&b'/')
        && target.iter().all(|byte| !matches!(byte, 0..=0x20 | 0x7f | b'#'))
}

/// The segments of a path in its normal form.
fn segments(path: &str) -> Option<Vec<&str>> {
    let normal = path.len() <= 8_192;
    if normal && path == "/" {
        return Some(Vec::new());
    }
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    (normal && segments.iter().all(|segment| is_normal(segment))).then_some(segments)
}

fn is_normal(segment: &str) -> bool {
    let dots = |part: &str| {
        [".", ".."].iter().any(|dots| part == *dots || part.starts_with(&format!("{dots};")))
    };
    !segment.is_empty()
        && decoded(segment).is_some_and(|text| {
            text.bytes().all(|byte| byte >= 0x20 && byte != 0x7f && byte != b'\\')
                && !text.split('/').any(dots)
        })
}

/// Whether a byte may stand in a literal.
pub(crate) const fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')')
        || matches!(byte, b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@')
}

fn decoded(segment: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = segment.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first == b'%' {
            let [high @ (b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F'), low, behind @ ..] = rest else {
                return None;
            };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            out.push((digit(*high)? * 16 + digit(*low)?) as u8);
            rest = behind;
        } else if is_literal(*first) {
            out.push(*first);
        } else {
            return None;
        }
    }
    String::from_utf8(out).ok()
}
