//! Addresses and networks as Cedar writes them, read with the standard library.

use std::net::{IpAddr, Ipv4Addr};

/// An address in Cedar's form; one that is mapped from IPv4 is the IPv4 address.
pub(crate) fn address(text: &str) -> Option<String> {
    text.parse::<IpAddr>().ok().map(|address| written(address.to_canonical()))
}

/// An address, or a prefix without bits behind its length.
pub(crate) fn network(text: &str) -> Option<String> {
    let Some((first, length)) = text.split_once('/') else {
        return address(text);
    };
    let first: IpAddr = first.parse().ok()?;
    let digits: u8 = length.parse().ok().filter(|number: &u8| number.to_string() == length)?;
    let width = if first.is_ipv4() { 32 } else { 128 };
    let behind = u32::from(u8::checked_sub(width, digits)?);
    let bits = match first {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    if bits.trailing_zeros() < behind {
        return None;
    }
    match first.to_canonical() {
        IpAddr::V4(mapped) if width == 128 => {
            let length = digits.checked_sub(96)?;
            Some(format!("{mapped}/{length}"))
        }
        own => Some(format!("{}/{digits}", written(own))),
    }
}

/// Whether a network, in Cedar's form, has an address.
pub(crate) fn covers(network: &str, address: &str) -> bool {
    let (first, length) = network.split_once('/').unwrap_or((network, ""));
    let behind = |width: u32| length.parse().map_or(0, |length| width.saturating_sub(length));
    match (first.parse(), address.parse()) {
        (Ok(IpAddr::V4(first)), Ok(IpAddr::V4(address))) => {
            (first.to_bits() ^ address.to_bits()).checked_shr(behind(32)).unwrap_or(0) == 0
        }
        (Ok(IpAddr::V6(first)), Ok(IpAddr::V6(address))) => {
            (first.to_bits() ^ address.to_bits()).checked_shr(behind(128)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// Cedar reads no IPv6 with IPv4 in it, so all is written in groups.
fn written(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => Ipv4Addr::to_string(&address),
        IpAddr::V6(address) => address.segments().map(|segment| format!("{segment:x}")).join(":"),
    }
}
