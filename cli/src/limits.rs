//! The limits of the library, by name.

use cog_auth::policy::Limits;

/// A limit that the command line sets, as `NAME=NUMBER`.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    name: &'static str,
    most: usize,
}

/// The limits by their names in the library. A limit that the library gets does not compile until
/// it is here.
fn by_name(limits: &mut Limits) -> [(&'static str, &mut usize); 16] {
    let Limits {
        document_bytes,
        total_bytes,
        total_values,
        depth,
        attributes,
        actions,
        values,
        roles,
        conditions,
        rules,
        invariants,
        routes,
        request_bytes,
        evaluations,
        batch_bytes,
        answer_bytes,
    } = limits;
    [
        ("document_bytes", document_bytes),
        ("total_bytes", total_bytes),
        ("total_values", total_values),
        ("depth", depth),
        ("attributes", attributes),
        ("actions", actions),
        ("values", values),
        ("roles", roles),
        ("conditions", conditions),
        ("rules", rules),
        ("invariants", invariants),
        ("routes", routes),
        ("request_bytes", request_bytes),
        ("evaluations", evaluations),
        ("batch_bytes", batch_bytes),
        ("answer_bytes", answer_bytes),
    ]
}

/// The default limits, with these changes.
pub(crate) fn limits(changes: &[Limit]) -> Limits {
    let mut limits = Limits::default();
    for (name, most) in by_name(&mut limits) {
        // The last of several wins.
        if let Some(change) = changes.iter().rfind(|change| change.name == name) {
            *most = change.most;
        }
    }
    limits
}

/// Reads `NAME=NUMBER`.
pub(crate) fn parse(text: &str) -> Result<Limit, String> {
    let (name, most) = text.split_once('=').ok_or("it is NAME=NUMBER, such as rules=50000")?;
    let mut all = Limits::default();
    let names = by_name(&mut all).map(|(name, _)| name);
    let Some(name) = names.into_iter().find(|known| *known == name) else {
        return Err(format!("the limits are {}", names.join(", ")));
    };
    let digits = !most.is_empty() && most.bytes().all(|byte| byte.is_ascii_digit());
    let most = most.parse().ok().filter(|_| digits);
    Ok(Limit { name, most: most.ok_or("after the = stands a number in digits")? })
}
