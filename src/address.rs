//! IP addresses, and the networks that they are in.
//!
//! Both versions are numbers of 128 bits here. An IPv4 address has the number of its IPv4-mapped
//! form `::ffff:a.b.c.d` (RFC 4291, section 2.5.5.2), so that the two forms are one address.

use crate::json::Text;
use core::net::IpAddr;

/// How many bits all IPv4 addresses have in common: they are the network `::ffff:0:0/96`.
const IPV4_PREFIX: u8 = 96;
/// What stands in the common bits of IPv4 addresses.
const IPV4: u128 = 0xffff;
/// The most bytes of an address or a prefix in text: 39 of eight groups with four digits each, or 45
/// where the last two groups are an IPv4 address, and 4 of a length.
const MAX_TEXT_BYTES: usize = 49;

/// An IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address(u128);

impl Address {
    /// The address in a text, or none: IPv4 in dotted decimal without leading zeros, or IPv6 as in
    /// RFC 4291, section 2.2. There are no ports, brackets, zones or spaces.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse::<IpAddr>().ok().map(Self::from)
    }

    /// As [`Address::parse`], from a string of a JSON text.
    pub(crate) fn read(text: Text<'_>) -> Option<Self> {
        decoded(text, &mut [0; MAX_TEXT_BYTES]).and_then(Self::parse)
    }

    /// Whether it is an IPv4 address.
    const fn is_ipv4(self) -> bool {
        self.0.wrapping_shr(32) == IPV4
    }

    /// The number that it is, its higher half first.
    pub(crate) const fn halves(self) -> [u64; 2] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = self.0.to_be_bytes();
        [u64::from_be_bytes([a, b, c, d, e, f, g, h]), u64::from_be_bytes([i, j, k, l, m, n, o, p])]
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        })
    }
}

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Network {
    /// The least of them: the bits that they do not have in common are zero.
    first: Address,
    /// How many bits they have in common.
    length: u8,
}

impl Network {
    /// How many bits an address has.
    pub(crate) const MAX_LENGTH: u8 = 128;

    /// The network in a text, or none. It is an address, or a CIDR prefix (RFC 4632): an address,
    /// `/`, and how many bits of it count, in digits without leading zeros. The others are zero.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Some((address, digits)) = text.split_once('/') else {
            return Address::parse(text).map(Self::from);
        };
        // The text of an IPv4 address has no colon. A prefix of it has less to count.
        let first = Address::parse(address)?;
        let before = if address.contains(':') { 0 } else { IPV4_PREFIX };
        let plain = digits == "0" || !digits.starts_with(['0', '+']);
        let length = digits.parse::<u8>().ok().filter(|_| plain)?.checked_add(before)?;
        Self::new(first, length)
    }

    /// As [`Network::parse`], from a string of a JSON text.
    pub(crate) fn read(text: Text<'_>) -> Option<Self> {
        decoded(text, &mut [0; MAX_TEXT_BYTES]).and_then(Self::parse)
    }

    /// The addresses that have so many bits in common with the first of them; none where a bit
    /// behind them is not zero, or where an address has fewer.
    fn new(first: Address, length: u8) -> Option<Self> {
        let rest = Self::MAX_LENGTH.checked_sub(length)?;
        (first.0.trailing_zeros() >= u32::from(rest)).then_some(Self { first, length })
    }

    /// The network with this first address, whose number has these halves, and so many bits that
    /// its addresses have in common.
    pub(crate) fn from_halves([high, low]: [u64; 2], length: u8) -> Self {
        Self { first: Address(u128::from(high).wrapping_shl(64) | u128::from(low)), length }
    }

    /// Whether an address is in it. An IPv4 address is in no network of IPv6 addresses, such as
    /// `::/0`.
    pub(crate) fn covers(self, address: Address) -> bool {
        let rest = u32::from(Self::MAX_LENGTH.saturating_sub(self.length));
        let differ = self.first.0 ^ address.0;
        differ.checked_shr(rest).unwrap_or(0) == 0
            && (!address.is_ipv4() || self.length >= IPV4_PREFIX)
    }

    /// Whether all addresses of another one are in it.
    pub(crate) fn contains(self, other: Self) -> bool {
        other.length >= self.length && self.covers(other.first)
    }

    /// The least address in it.
    pub(crate) const fn first(self) -> Address {
        self.first
    }

    /// How many bits its addresses have in common.
    pub(crate) const fn length(self) -> u8 {
        self.length
    }
}

/// The network of one address.
impl From<Address> for Network {
    fn from(first: Address) -> Self {
        Self { first, length: Self::MAX_LENGTH }
    }
}

/// The decoded text, in these places; none where it is longer than any address.
fn decoded<'b>(text: Text<'_>, places: &'b mut [u8; MAX_TEXT_BYTES]) -> Option<&'b str> {
    text.decoded_into(places).and_then(|bytes| core::str::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::{Address, MAX_TEXT_BYTES, Network};
    use crate::json::Text;
    use alloc::format;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn network(text: &str) -> Network {
        Network::parse(text).unwrap()
    }

    /// The examples of RFC 4291, sections 2.2 and 2.5.5.
    #[test]
    fn the_forms_of_the_rfc_are_read() {
        for (text, high, low) in [
            (
                "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
                0xabcd_ef01_2345_6789,
                0xabcd_ef01_2345_6789,
            ),
            ("2001:DB8:0:0:8:800:200C:417A", 0x2001_0db8_0000_0000, 0x0008_0800_200c_417a),
            ("2001:db8::8:800:200c:417a", 0x2001_0db8_0000_0000, 0x0008_0800_200c_417a),
            ("FF01::101", 0xff01_0000_0000_0000, 0x0101),
            ("::1", 0, 1),
            ("::", 0, 0),
            ("0:0:0:0:0:0:13.1.68.3", 0, 0x0d01_4403),
            ("::13.1.68.3", 0, 0x0d01_4403),
            ("0:0:0:0:0:FFFF:129.144.52.38", 0, 0xffff_8190_3426),
            ("::FFFF:129.144.52.38", 0, 0xffff_8190_3426),
            ("129.144.52.38", 0, 0xffff_8190_3426),
            ("1::", 1 << 48, 0),
            ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
            ("0000:0000:0000:0000:0000:0000:255.255.255.255", 0, 0xffff_ffff),
        ] {
            assert_eq!(address(text).halves(), [high, low], "{text}");
            assert_eq!(network(text), Network::from(address(text)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_no_address() {
        for text in [
            "",
            " ",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3.04",
            "1.2.3.4 ",
            " 1.2.3.4",
            "1.2.3.4:80",
            "0x1.2.3.4",
            "1.2.3.+4",
            "1.2.3.-4",
            "1..2.3",
            "1.2.3.",
            ".1.2.3",
            "١.2.3.4",
            ":",
            ":::",
            "::1::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8",
            "12345::",
            "g::",
            "[::1]",
            "[::1]:80",
            "fe80::1%eth0",
            "fe80::1%1",
            "::1 ",
            "1:",
            ":1",
            "::1.2.3",
            "::1.2.3.4:5",
            "1.2.3.4::",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::ffff:1.2.3.04",
            "localhost",
            "::00001",
            "10.0.0.0/8",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn prefixes_have_zeros_behind_their_length() {
        for (text, first, length) in [
            ("10.0.0.0/8", "10.0.0.0", 104),
            ("0.0.0.0/0", "0.0.0.0", 96),
            ("192.0.2.1/32", "192.0.2.1", 128),
            ("192.0.2.128/25", "192.0.2.128", 121),
            ("::/0", "::", 0),
            ("2001:db8::/32", "2001:db8::", 32),
            ("2001:db8::1/128", "2001:db8::1", 128),
            ("::ffff:10.0.0.0/104", "10.0.0.0", 104),
            ("::ffff:0:0/96", "0.0.0.0", 96),
            ("::fffe:0:0/95", "::fffe:0:0", 95),
        ] {
            let found = network(text);
            assert_eq!((found.first(), found.length()), (address(first), length), "{text}");
        }
        for text in [
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0.0/256",
            "10.0.0.0/08",
            "10.0.0.0/00",
            "10.0.0.0/+8",
            "10.0.0.0/-8",
            "10.0.0.0/",
            "10.0.0.0/ 8",
            "10.0.0.0/8 ",
            "10.0.0.0/8/8",
            "/8",
            "10.0.0.0/0x8",
            "10.0.0.0/255.0.0.0",
            "10/8",
            "0.0.0.1/0",
            "192.0.2.1/31",
            "::1/127",
            "::/129",
            "2001:db8::/16",
            "::ffff:0:0/95",
            "::ffff:10.0.0.0/8",
            "::1/0",
            "fe80::%1/64",
            "[::]/0",
            "10.0.0.0/٨",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn networks_cover_what_begins_as_they_do() {
        for (text, inside, outside) in [
            (
                "10.0.0.0/8",
                &["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"][..],
                &["11.0.0.0", "9.255.255.255", "::10.0.0.1", "::"][..],
            ),
            ("192.0.2.7", &["192.0.2.7", "::ffff:c000:207"], &["192.0.2.6", "192.0.2.8"]),
            ("192.0.2.128/25", &["192.0.2.128", "192.0.2.255"], &["192.0.2.127", "192.0.3.128"]),
            (
                "0.0.0.0/0",
                &["0.0.0.0", "255.255.255.255"],
                &["::", "::1", "::fffe:1.2.3.4", "1::ffff:1.2.3.4"],
            ),
            ("::ffff:0:0/96", &["192.0.2.1"], &["::1"]),
            ("::/0", &["::", "ffff::", "::1.2.3.4"], &["192.0.2.1", "0.0.0.0", "::ffff:192.0.2.1"]),
            ("::fffe:0:0/95", &["::fffe:1.2.3.4"], &["192.0.2.1", "::fffd:0:0"]),
            ("2001:db8::/33", &["2001:db8:7fff::"], &["2001:db8:8000::", "2001:db9::"]),
            ("2001:db8::1", &["2001:DB8:0:0::1"], &["2001:db8::", "2001:db8::2"]),
        ] {
            for address_text in inside {
                assert!(network(text).covers(address(address_text)), "{address_text} in {text}");
            }
            for address_text in outside {
                assert!(!network(text).covers(address(address_text)), "{address_text} in {text}");
            }
        }
    }

    #[test]
    fn texts_of_json_are_read_up_to_the_longest_address() {
        let longest = "0000:0000:0000:0000:0000:0000:255.255.255.255/128";
        assert_eq!(longest.len(), MAX_TEXT_BYTES);
        assert_eq!(Network::read(Text::plain(longest)), Some(network("::255.255.255.255")));
        assert_eq!(Address::read(Text::plain("::1")), Some(address("::1")));
        assert_eq!(Address::read(Text::plain(longest)), None);
        assert_eq!(Network::read(Text::plain(&format!("{longest}0"))), None);
        assert_eq!(Address::read(Text::plain("")), None);
    }
}
