//! IP addresses, and the networks that they are in.
//!
//! The reader is our own for the bytes of the edge's module, which that of `core::net` makes 2,000
//! bytes larger after gzip. The tests hold it to `core::net`.

use crate::json::Text;
use core::net::IpAddr;

/// How many bytes an address has. An IPv4 address has those of its IPv4-mapped form
/// `::ffff:a.b.c.d` (RFC 4291, section 2.5.5.2), so that the two forms are one address.
const BYTES: usize = 16;
/// What all IPv4 addresses begin with.
const IPV4: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
/// How many bits that is.
const IPV4_LENGTH: u8 = 96;
/// The most bytes of an address or a prefix in text: 39 of eight groups with four digits each, or 45
/// where the last two groups are an IPv4 address, and 4 of a length.
const MAX_TEXT_BYTES: usize = 49;

/// An IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address([u8; BYTES]);

impl Address {
    /// The address in a text, or none: IPv4 in dotted decimal without leading zeros, or IPv6 as in
    /// RFC 4291, section 2.2. There are no ports, brackets, zones or spaces.
    #[allow(dead_code, reason = "without documents all texts are those of JSON")]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::of_bytes(text.as_bytes())
    }

    /// As [`Address::parse`], from a string of a JSON text.
    pub(crate) fn read(text: Text<'_>) -> Option<Self> {
        Self::of_bytes(text.decoded_into(&mut [0; MAX_TEXT_BYTES])?)
    }

    fn of_bytes(text: &[u8]) -> Option<Self> {
        let mut address = [0; BYTES];
        if !text.contains(&b':') {
            let (before, places) = address.split_at_mut(IPV4.len());
            before.copy_from_slice(&IPV4);
            read_ipv4(text, places)?;
            return Some(Self(address));
        }
        // How many bytes were read, and how many of them before the zeros that `::` stands for.
        let (mut at, mut gap) = (0_usize, None);
        let mut rest = text;
        if let Some(after) = rest.strip_prefix(b"::") {
            (gap, rest) = (Some(0), after);
        }
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b':').unwrap_or(rest.len());
            let (group, after) = rest.split_at_checked(end)?;
            let places = address.get_mut(at..)?;
            at = at.wrapping_add(if group.contains(&b'.') && after.is_empty() {
                read_ipv4(group, places.get_mut(..4)?)?;
                4
            } else {
                places.get_mut(..2)?.copy_from_slice(&hexadecimal(group)?);
                2
            });
            rest = match after {
                [] => after,
                [_, b':', after @ ..] if gap.is_none() => {
                    gap = Some(at);
                    after
                }
                [_, after @ ..] if !after.is_empty() => after,
                [..] => return None,
            };
        }
        // `::` stands for one group at least.
        let zeros = BYTES.wrapping_sub(at);
        match gap {
            None => (zeros == 0).then_some(Self(address)),
            Some(_) if zeros == 0 => None,
            Some(gap) => {
                let mut whole = [0; BYTES];
                for (index, byte) in address.into_iter().enumerate().take(at) {
                    let place = if index < gap { index } else { index.wrapping_add(zeros) };
                    *whole.get_mut(place)? = byte;
                }
                Some(Self(whole))
            }
        }
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => address.octets(),
        })
    }
}

/// The two bytes of a group of one to four hexadecimal digits.
fn hexadecimal(digits: &[u8]) -> Option<[u8; 2]> {
    let mut group = 0_u16;
    for digit in digits {
        let digit = char::from(*digit).to_digit(16)?;
        group = group.wrapping_shl(4) | u16::try_from(digit).ok()?;
    }
    (1..=4).contains(&digits.len()).then_some(group.to_be_bytes())
}

/// Reads an IPv4 address to four places.
fn read_ipv4(text: &[u8], places: &mut [u8]) -> Option<()> {
    let mut parts = text.split(|byte| *byte == b'.');
    for place in places {
        *place = decimal(parts.next()?)?;
    }
    parts.next().is_none().then_some(())
}

/// The number in decimal digits without leading zeros.
fn decimal(digits: &[u8]) -> Option<u8> {
    let mut number = 0_u8;
    for digit in digits {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    let plain = !digits.is_empty() && (digits.len() == 1 || !digits.starts_with(b"0"));
    plain.then_some(number)
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
    const MAX_LENGTH: u8 = 128;

    /// The network in a text, or none. It is an address, or a CIDR prefix (RFC 4632): an address,
    /// `/`, and how many bits of it count, in digits without leading zeros. The others are zero.
    #[allow(dead_code, reason = "without documents all texts are those of JSON")]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::of_bytes(text.as_bytes())
    }

    /// As [`Network::parse`], from a string of a JSON text.
    pub(crate) fn read(text: Text<'_>) -> Option<Self> {
        Self::of_bytes(text.decoded_into(&mut [0; MAX_TEXT_BYTES])?)
    }

    fn of_bytes(text: &[u8]) -> Option<Self> {
        let Some(slash) = text.iter().position(|byte| *byte == b'/') else {
            return Address::of_bytes(text).map(Self::from);
        };
        let (address, rest) = text.split_at_checked(slash)?;
        // The text of an IPv4 address has no colon. A prefix of it has less to count.
        let before = if address.contains(&b':') { 0 } else { IPV4_LENGTH };
        let length = decimal(rest.get(1..)?)?.checked_add(before)?;
        Self::of(Address::of_bytes(address)?, length)
    }

    /// The addresses that have so many bits in common with the first of them; none where a bit
    /// behind them is not zero, or where an address has fewer.
    fn of(first: Address, length: u8) -> Option<Self> {
        let network = Self { first, length };
        let is_whole = length <= Self::MAX_LENGTH
            && network.masks().zip(first.0).all(|(mask, byte)| byte & !mask == 0);
        is_whole.then_some(network)
    }

    /// The bits that count, byte by byte.
    fn masks(self) -> impl Iterator<Item = u8> {
        (0_u8..).step_by(8).map(move |before| {
            let bits = u32::from(self.length.saturating_sub(before)).min(8);
            !u8::MAX.checked_shr(bits).unwrap_or(0)
        })
    }

    /// Whether an address is in it. An IPv4 address is in no network of IPv6 addresses, such as
    /// `::/0`.
    pub(crate) fn covers(self, address: Address) -> bool {
        let mut bytes = self.masks().zip(self.first.0.into_iter().zip(address.0));
        bytes.all(|(mask, (first, byte))| (first ^ byte) & mask == 0)
            && (self.length >= IPV4_LENGTH || !address.0.starts_with(&IPV4))
    }

    /// Whether all addresses of another one are in it.
    pub(crate) fn contains(self, other: Self) -> bool {
        other.length >= self.length && self.covers(other.first)
    }

    /// The least address in it.
    pub(crate) const fn first(self) -> Address {
        self.first
    }

    /// How many bytes it has in [`Network::to_bytes`].
    pub(crate) const SIZE: usize = 17;

    /// The bytes of the first address, and the length.
    #[cfg(feature = "documents")]
    pub(crate) fn to_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [self.length; Self::SIZE];
        for (place, byte) in bytes.iter_mut().zip(self.first.0) {
            *place = byte;
        }
        bytes
    }

    /// The network that begins some bytes; none where they are too few.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first_chunk()?;
        Some(Self { first: Address(*first), length: *rest.first()? })
    }
}

/// The network of one address.
impl From<Address> for Network {
    fn from(first: Address) -> Self {
        Self { first, length: Self::MAX_LENGTH }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a test may fail"
    )]

    use super::{Address, MAX_TEXT_BYTES, Network};
    use crate::json::Text;
    use alloc::format;
    use alloc::string::String;
    use core::net::IpAddr;

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
            let (high, low): (u64, u64) = (high, low);
            let number = u128::from(high) << 64 | u128::from(low);
            assert_eq!(address(text).0, number.to_be_bytes(), "{text}");
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
            assert_eq!((found.first(), found.length), (address(first), length), "{text}");
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

    /// Texts near addresses are read as `core::net` reads them.
    #[test]
    fn the_reader_agrees_with_that_of_core() {
        let mut state = 1_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(state >> 16).unwrap() % below
        };
        let pieces = [
            ":",
            ":",
            ":",
            ":",
            "::",
            ".",
            "0",
            "1",
            "f",
            "A",
            "00",
            "12",
            "255",
            "256",
            "ffff",
            "01",
            "10000",
            "g",
            "1.2.3.4",
            "0.0.0.0",
            "1:2:3:4:5:6:",
            ":1:2:3",
            " ",
            "%",
        ];
        let mut good = 0;
        for _ in 0..200_000 {
            let text: String = (0..1 + next(9)).map(|_| pieces[next(pieces.len())]).collect();
            let expected = text.parse::<IpAddr>().ok().map(Address::from);
            assert_eq!(Address::parse(&text), expected, "{text}");
            good += usize::from(expected.is_some());
        }
        assert!(good > 1_000, "{good}");
    }
}
