//! The client addresses from which a credential can be used: writing and showing them.

use crate::desk::NotDone;
use crate::forms::Fields;
use cog_auth::token::{MAX_ADDRESSES, Record};
use maud::{Markup, html};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The field of a form. Browsers fill it in again for whoever goes back from the page that says
/// what is wrong, unless it forbids that.
pub(crate) fn field() -> Markup {
    html! {
        p {
            label for="addresses" { "Client addresses" }
            textarea #addresses name="addresses" rows="4" spellcheck="false"
                aria-describedby="addresses-hint" {}
        }
        p.hint #addresses-hint {
            "From where it can be used: one address or CIDR prefix a line, such as "
            code { "192.0.2.7" } " or " code { "2001:db8::/32" }
            ". If there is none, it can be used from everywhere."
        }
    }
}

/// The addresses that a form narrows a credential to, or none for everywhere.
///
/// The library checks them again when it makes the record. It does not know of lines, and so this
/// says which of them are wrong, and what would be right.
pub(crate) fn written(fields: &Fields) -> Result<Option<Vec<String>>, NotDone> {
    let lines = fields.text("addresses").lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.map(str::to_owned).collect::<Vec<_>>();
    if lines.len() > MAX_ADDRESSES {
        let sentence = format!("A credential has at most {MAX_ADDRESSES} addresses and prefixes.");
        return Err(NotDone::Unfit(vec![sentence]));
    }
    let wrong = lines.iter().filter_map(|line| {
        let why = why_wrong(line)?;
        Some(format!("“{line}” is no address and no prefix: {why}."))
    });
    let wrong = wrong.collect::<Vec<_>>();
    if !wrong.is_empty() {
        return Err(NotDone::Unfit(wrong));
    }
    Ok(Some(lines).filter(|lines| !lines.is_empty()))
}

/// What is wrong with an address or a prefix, if anything is.
fn why_wrong(line: &str) -> Option<String> {
    let (address, length) = match line.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (line, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return Some("write one such as 192.0.2.7 or 2001:db8::7, and one a line".to_owned());
    };
    let length = length?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    // Digits alone, as the library reads them: not +8, and not 08.
    let bits = length.parse::<u32>().ok().filter(|bits| bits.to_string() == length);
    let Some(bits) = bits.filter(|bits| *bits <= most) else {
        return Some(format!("the number behind the slash is 0 to {most}"));
    };
    let first = first(address, bits);
    (first != address)
        .then(|| format!("the bits behind a prefix's length are zero, as in {first}/{bits}"))
}

/// The first address that begins with the same bits.
fn first(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = !u32::MAX.checked_shr(bits).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = !u128::MAX.checked_shr(bits).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    }
}

/// From where a credential can be used.
pub(crate) fn shown(record: &Record) -> String {
    match record.addresses() {
        None => "everywhere".to_owned(),
        Some([]) => "nowhere".to_owned(),
        Some(addresses) => addresses.join(", "),
    }
}

/// The same for a list, which has no room for all of them.
pub(crate) fn in_short(record: &Record) -> String {
    match record.addresses() {
        Some([first, others @ ..]) if !others.is_empty() => {
            format!("{first} and {} more", others.len())
        }
        _ => shown(record),
    }
}
