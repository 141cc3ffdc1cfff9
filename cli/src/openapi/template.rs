//! From a path of `OpenAPI` to a template of the policy language (section 12).

use cog_auth::policy::MAX_SEGMENTS;

/// The characters of a literal, besides letters and digits.
const LITERAL: &str = "-._~!$&'()*+,;=:@";

/// How many bytes the name of a parameter has at most.
const MAX_PARAMETER: usize = 64;

/// A path as a route has it.
pub(crate) struct Template {
    pub(crate) text: String,
    /// The names of its parameters, in order.
    pub(crate) parameters: Vec<String>,
}

impl Template {
    /// Makes a template of a path, whose parameters get names of the form that the policy language
    /// asks for; or says why it cannot be one.
    pub(crate) fn of(path: &str) -> Result<Self, String> {
        let Some(rest) = path.strip_prefix('/') else {
            return Err("a path begins with /".to_owned());
        };
        if rest.is_empty() {
            return Ok(Self { text: "/".to_owned(), parameters: Vec::new() });
        }
        let mut template = Self { text: String::new(), parameters: Vec::new() };
        for (index, segment) in rest.split('/').enumerate() {
            if index == MAX_SEGMENTS {
                return Err(format!("a template has at most {MAX_SEGMENTS} segments"));
            }
            template.text.push('/');
            let inner = segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
            match inner.filter(|inner| !inner.contains(['{', '}'])) {
                Some(name) => template.parameter(name)?,
                None => template.literal(segment)?,
            }
        }
        Ok(template)
    }

    fn parameter(&mut self, name: &str) -> Result<(), String> {
        if !is_plain(name) {
            return Err(format!(
                "`{{{name}}}` may stand for other than one whole segment, as a parameter of a \
                 route always does"
            ));
        }
        let name = snake_case(name);
        if name.is_empty() || name.len() > MAX_PARAMETER {
            return Err(format!("the name of a parameter has 1 to {MAX_PARAMETER} characters"));
        }
        if self.parameters.contains(&name) {
            return Err(format!("two parameters would have the name `{name}`"));
        }
        self.text.push_str(&format!("{{{name}}}"));
        self.parameters.push(name);
        Ok(())
    }

    fn literal(&mut self, segment: &str) -> Result<(), String> {
        if segment.is_empty() {
            return Err("no segment is empty, so a path does not end in / either".to_owned());
        }
        if segment.contains(['{', '}']) {
            return Err("a segment is a parameter or a literal as a whole".to_owned());
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || LITERAL.contains(c);
        if !segment.chars().all(fits) || matches!(segment, "." | "..") {
            return Err(format!("`{segment}` cannot be a literal segment"));
        }
        self.text.push_str(segment);
        Ok(())
    }
}

/// A template without the names of its parameters.
pub(crate) fn shape(template: &str) -> String {
    let segments = template.split('/').map(|segment| match segment.starts_with('{') {
        true => "{}",
        false => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Whether a name is a name alone. Frameworks write with it how much a parameter takes, each in
/// signs of its own: `{path*}`, `{+path}`, `{path:.*}`, `{path...}`, `{id?}`, `{$}`.
fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '[' | ']');
    name.chars().all(fits) && !name.starts_with('.') && !name.contains("..")
}

/// `orgId` and `org-id` as `org_id`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut small_before = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && small_before {
            out.push('_');
        }
        small_before = character.is_ascii_lowercase() || character.is_ascii_digit();
        out.push(if character.is_ascii_alphanumeric() {
            character.to_ascii_lowercase()
        } else {
            '_'
        });
    }
    if out.starts_with(|first: char| first.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}
