//! IP addresses and networks (sections 2 and 7).

use std::fmt;

/// An address. One that is mapped from IPv4 is the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    V4(u32),
    V6(u128),
}

/// The addresses that begin with the same bits as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    first: Address,
    length: u32,
}

/// What the first 96 bits of a mapped address are.
const MAPPED: u128 = 0xffff;

impl Address {
    pub(crate) fn read(text: &str) -> Option<Self> {
        v4(text).map(Self::V4).or_else(|| v6(text).map(Self::of))
    }

    /// The address of 128 bits.
    fn of(bits: u128) -> Self {
        match u32::try_from(bits & 0xffff_ffff) {
            Ok(low) if bits >> 32 == MAPPED => Self::V4(low),
            _ => Self::V6(bits),
        }
    }
}

/// One form for each address: IPv4 in dots, IPv6 in eight groups.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(bits) => {
                let [a, b, c, d] = bits.to_be_bytes();
                write!(f, "{a}.{b}.{c}.{d}")
            }
            Self::V6(bits) => {
                let groups: Vec<String> =
                    (0..8).rev().map(|at| format!("{:x}", bits >> (at * 16) & 0xffff)).collect();
                f.write_str(&groups.join(":"))
            }
        }
    }
}

impl Network {
    /// An address, or an address, `/` and a length behind which its bits are zero.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let Some((address, length)) = text.split_once('/') else {
            return Address::read(text).map(|first| match first {
                Address::V4(_) => Self { first, length: 32 },
                Address::V6(_) => Self { first, length: 128 },
            });
        };
        let length = decimal(length, 128)?;
        if let Some(bits) = v4(address) {
            let is_prefix = length <= 32 && is_zero_behind(bits.into(), length, 32);
            return is_prefix.then_some(Self { first: Address::V4(bits), length });
        }
        let bits = v6(address).filter(|bits| is_zero_behind(*bits, length, 128))?;
        Some(match (Address::of(bits), length.checked_sub(96)) {
            (Address::V4(low), Some(length)) => Self { first: Address::V4(low), length },
            _ => Self { first: Address::V6(bits), length },
        })
    }

    pub(crate) fn covers(self, address: Address) -> bool {
        match (self.first, address) {
            (Address::V4(a), Address::V4(b)) => begin_alike(a.into(), b.into(), self.length, 32),
            (Address::V6(a), Address::V6(b)) => begin_alike(a, b, self.length, 128),
            _ => false,
        }
    }
}

fn is_zero_behind(bits: u128, length: u32, width: u32) -> bool {
    (length..width).all(|at| bits >> (width - 1 - at) & 1 == 0)
}

fn begin_alike(a: u128, b: u128, length: u32, width: u32) -> bool {
    (0..length).all(|at| (a ^ b) >> (width - 1 - at) & 1 == 0)
}

/// A decimal number up to a limit, without leading zeros.
fn decimal(text: &str, limit: u32) -> Option<u32> {
    let written = !text.is_empty()
        && text.len() <= 3
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|number| written && *number <= limit)
}

fn v4(text: &str) -> Option<u32> {
    let parts: Vec<u32> = text.split('.').map(|part| decimal(part, 255)).collect::<Option<_>>()?;
    (parts.len() == 4).then(|| parts.iter().fold(0, |bits, part| bits << 8 | part))
}

/// RFC 4291, section 2.2.
fn v6(text: &str) -> Option<u128> {
    let groups = match text.split_once("::") {
        None => groups(text, true)?,
        Some((head, tail)) => {
            let mut all = groups(head, false)?;
            let tail = groups(tail, true)?;
            // `::` is one group or more.
            let zeros = 8_usize.checked_sub(all.len() + tail.len()).filter(|zeros| *zeros > 0)?;
            all.extend(vec![0; zeros]);
            all.extend(tail);
            all
        }
    };
    (groups.len() == 8).then(|| groups.iter().fold(0, |bits, group| bits << 16 | group))
}

/// Groups of 16 bits; the last 32 bits of an address may be written as IPv4.
fn groups(text: &str, ends_address: bool) -> Option<Vec<u128>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut groups = Vec::new();
    let parts: Vec<&str> = text.split(':').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_group =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_group {
            groups.push(u128::from_str_radix(part, 16).ok()?);
        } else if ends_address && at + 1 == parts.len() {
            let low = v4(part)?;
            groups.extend([u128::from(low >> 16), u128::from(low & 0xffff)]);
        } else {
            return None;
        }
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn the_standard_library_reads_the_same_addresses() {
        let random = &mut Random::new(1);
        let (mut read, mut all) = (0, 0);
        let parts = [
            "0", "1", "00", "ffff", "FFFF", "10", "255", "256", "1.2.3.4", "::", ":", ".", "%1", "",
        ];
        for _ in 0..200_000 {
            let count = random.between(1, 8);
            let mut text: String = (0..count).map(|_| *random.pick(&parts)).collect();
            if random.chance(60) {
                let joint = *random.pick(&[":", ":", "."]);
                let groups: Vec<&str> = (0..count).map(|_| *random.pick(&parts[..9])).collect();
                text = groups.join(joint);
                if random.chance(50) {
                    text = text.replacen(":", "::", 1);
                }
            }
            let theirs = text.parse::<Ipv4Addr>().map(|it| Address::V4(it.to_bits())).ok();
            let theirs = theirs.or_else(|| {
                let address = text.parse::<Ipv6Addr>().ok()?;
                Some(match address.to_ipv4_mapped() {
                    Some(mapped) => Address::V4(mapped.to_bits()),
                    None => Address::V6(address.to_bits()),
                })
            });
            assert_eq!(Address::read(&text), theirs, "{text}");
            if let Some(address) = theirs {
                assert_eq!(Address::read(&address.to_string()), theirs);
                read += 1;
            }
            all += 1;
        }
        assert!(read * 20 > all, "{read} of {all}");
    }

    #[test]
    fn prefixes() {
        let covers = |network: &str, address: &str| {
            Network::read(network).map(|it| it.covers(Address::read(address).expect("an address")))
        };
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.1.2.3", Some(true)),
            ("10.0.0.0/8", "::ffff:10.1.2.3", Some(true)),
            ("10.0.0.0/8", "11.0.0.0", Some(false)),
            ("10.0.0.1/8", "10.0.0.1", None),
            ("10.0.0.1/08", "10.0.0.1", None),
            ("10.0.0.0/33", "10.0.0.1", None),
            ("10.0.0.0/", "10.0.0.1", None),
            ("10.0.0.0/+8", "10.0.0.1", None),
            ("0.0.0.0/0", "255.1.2.3", Some(true)),
            ("0.0.0.0/0", "::1", Some(false)),
            ("::/0", "192.0.2.1", Some(false)),
            ("::/0", "2001:DB8::1", Some(true)),
            ("::ffff:10.0.0.0/104", "10.1.2.3", Some(true)),
            ("::ffff:0:0/96", "10.1.2.3", Some(true)),
            ("::ffff:0:0/95", "10.1.2.3", None),
            ("::fffe:0:0/95", "10.1.2.3", Some(false)),
            ("::ffff:10.0.0.1/104", "10.0.0.1", None),
            ("::ffff:10.0.0.1", "10.0.0.1", Some(true)),
            ("2001:db8::/32", "2001:db8:ffff::", Some(true)),
            ("2001:db8::/129", "2001:db8::", None),
            ("2001:db8::/128", "2001:db8::", Some(true)),
            ("[2001:db8::]/32", "2001:db8::", None),
            ("fe80::%1/64", "fe80::1", None),
        ] {
            assert_eq!(covers(network, address), expected, "{network} {address}");
        }
    }
}
