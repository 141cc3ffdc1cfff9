//! What stands before the paths: the path of the servers.

use serde_json::Value;

const VARIABLE: &str = "the path of its server has a variable";

/// The path that all of these servers have, without a slash at the end; none if there is no server.
pub(super) fn path(servers: &Value) -> Result<Option<String>, String> {
    let servers = servers.as_array().ok_or("its `servers` is no list")?;
    let mut paths: Vec<&str> = servers.iter().map(path_of).collect::<Result<_, _>>()?;
    paths.sort_unstable();
    paths.dedup();
    match paths.as_slice() {
        [] => Ok(None),
        [path] if !path.contains('{') => Ok(Some((*path).to_owned())),
        [_] => Err(VARIABLE.to_owned()),
        _ => Err("its servers have different paths".to_owned()),
    }
}

/// What stands before a path or an operation that may have servers of its own.
pub(super) fn own(servers: Option<&Value>, inherited: &str) -> Result<String, String> {
    let Some(servers) = servers else { return Ok(inherited.to_owned()) };
    match path(servers)? {
        Some(path) => Ok(path),
        None if inherited.is_empty() => Ok(String::new()),
        // Some take it for no word about servers, others for a server at `/`.
        None => Err("its own `servers` is an empty list; leave it out, or name one".to_owned()),
    }
}

/// The path of a server, without a slash at the end.
fn path_of(server: &Value) -> Result<&str, String> {
    let url = server.get("url").and_then(Value::as_str).ok_or("one of its servers has no `url`")?;
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let of_scheme = bare.split_once("://").filter(|(scheme, _)| !scheme.contains('/'));
    let path = match of_scheme.map(|(_, rest)| rest).or_else(|| bare.strip_prefix("//")) {
        Some(rest) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if host.contains('{') && has_slash_in_variable(server) {
                return Err(VARIABLE.to_owned());
            }
            path
        }
        None => bare,
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with(['/', '{']) {
        return Ok(path);
    }
    Err(format!(
        "the URL `{url}` of its server begins neither with a scheme such as https:// nor with /"
    ))
}

/// Whether a variable can hold a part of the path, as in `https://api.example.com{base}`.
fn has_slash_in_variable(server: &Value) -> bool {
    let variables = server.get("variables").and_then(Value::as_object);
    variables.into_iter().flat_map(|variables| variables.values()).any(|variable| {
        let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        let mut texts = values.chain(variable.get("default")).filter_map(Value::as_str);
        texts.any(|text| text.contains('/'))
    })
}
