//! What proxies say of their clients: `Forwarded` (RFC 7239) and `X-Forwarded-For`.

use crate::trusted_proxies::TrustedProxies;
use http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, SocketAddr};

/// The field in which proxies name their clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedField {
    /// `Forwarded` (RFC 7239).
    Forwarded,
    /// `X-Forwarded-For`, which most proxies write.
    XForwardedFor,
}

/// How many proxies in a row are followed. A client behind more is not known.
const MAX_HOPS: usize = 64;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who is behind the proxies: the first from the right who is none of them. If all are, it is the
/// one whom the farthest of them named.
pub(crate) fn client(
    field: ForwardedField,
    headers: &HeaderMap,
    peer: IpAddr,
    proxies: &TrustedProxies,
) -> Option<IpAddr> {
    if !proxies.contain(peer) {
        return Some(peer);
    }
    let name = match field {
        ForwardedField::Forwarded => header::FORWARDED,
        ForwardedField::XForwardedFor => X_FORWARDED_FOR,
    };
    let mut named = None;
    let mut hops = 0_usize;
    // Later lines were written later.
    for line in headers.get_all(name).into_iter().rev() {
        let line = line.to_str().ok()?;
        let addresses = match field {
            ForwardedField::Forwarded => forwarded(line)?,
            ForwardedField::XForwardedFor => line.split(',').map(node).collect(),
        };
        for address in addresses.into_iter().rev() {
            hops = hops.saturating_add(1);
            let address = address.filter(|_| hops <= MAX_HOPS)?;
            if !proxies.contain(address) {
                return Some(address);
            }
            named = Some(address);
        }
    }
    named
}

/// Whom each element of a `Forwarded` line names, none where that is no address; nothing at all if
/// the line is malformed.
fn forwarded(line: &str) -> Option<Vec<Option<IpAddr>>> {
    let mut nodes = Vec::new();
    for element in split(line, ',')? {
        let mut named = None;
        for pair in split(element, ';')? {
            let (name, value) = pair.trim().split_once('=')?;
            if name.eq_ignore_ascii_case("for") {
                // Nobody is named twice.
                if named.replace(node(&unquoted(value)?)).is_some() {
                    return None;
                }
            }
        }
        nodes.push(named.flatten());
    }
    Some(nodes)
}

/// Splits a text where the separator stands outside of quotation marks; none if one is left open.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text
        .split(|c| {
            let ends = c == separator && !is_quoted;
            is_quoted ^= c == '"' && !is_escaped;
            is_escaped = c == '\\' && is_quoted && !is_escaped;
            ends
        })
        .collect();
    (!is_quoted).then_some(parts)
}

/// A token, or what a quoted string says (RFC 9110, 5.6.4).
fn unquoted(value: &str) -> Option<String> {
    let Some(quoted) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let mut text = String::new();
    let mut rest = quoted.strip_suffix('"')?.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.push(rest.next()?),
            '"' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

/// The address of a node, which may have a port; IPv6 with one is in brackets.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = address.unwrap_or(text).parse().ok();
    let address = address.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|it: IpAddr| it.to_canonical())
}
