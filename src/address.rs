//! IP addresses, and the networks that they are in.
//!
//! The reader is our own, since that of `core::net` makes the edge's module larger. The tests hold it
//! to `core::net`.

use crate::json::Text;
use core::net::IpAddr;

/// The most bytes of an address or a prefix in text: 39 of eight groups with four digits each, or 45
/// where the last two groups are an IPv4 address, and 4 of a length.
const MAX_TEXT_BYTES: usize = 49;

/// An IP address: a number of 128 bits.
///
/// An IPv4 address has the number of its IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291, section
/// 2.5.5.2), so that the two forms are one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    high: u64,
    low: u64,
}

impl Address {
    const ZERO: Self = Self { high: 0, low: 0 };
    /// What stands before the 32 bits of every IPv4 address.
    const IPV4: u64 = 0xffff;

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
        // The groups that were read since the beginning or since `::`, and how many there are in
        // all; and the same as it was at `::`.
        let (mut address, mut count, mut before) = (Self::ZERO, 0_u8, None);
        let mut rest = text;
        let is_ipv4 = !text.contains(&b':');
        if is_ipv4 {
            (address.low, count) = (Self::IPV4, 6);
        } else if let Some(after) = rest.strip_prefix(b"::") {
            (before, rest) = (Some((address, count)), after);
        }
        while !rest.is_empty() {
            let mut group = Group::read(&mut rest)?;
            if is_ipv4 || rest.first() == Some(&b'.') {
                address = address.followed_by(8, group.decimal()?);
                for _ in 0..3 {
                    rest = rest.strip_prefix(b".")?;
                    group = Group::read(&mut rest)?;
                    address = address.followed_by(8, group.decimal()?);
                }
                count = count.wrapping_add(2);
                if !rest.is_empty() {
                    return None;
                }
                break;
            }
            address = address.followed_by(16, group.digits);
            count = count.wrapping_add(1);
            rest = match rest {
                [] => rest,
                [b':', b':', after @ ..] if before.is_none() => {
                    before = Some((address, count));
                    address = Self::ZERO;
                    after
                }
                [b':', after @ ..] if !after.is_empty() => after,
                [..] => return None,
            };
        }
        let Some((mut whole, groups)) = before else {
            return (count == 8).then_some(address);
        };
        for _ in groups..8 {
            whole = whole.followed_by(16, 0);
        }
        whole.high |= address.high;
        whole.low |= address.low;
        // `::` stands for one group at least.
        (count < 8).then_some(whole)
    }

    /// The address with a number of so many bits at its end.
    const fn followed_by(self, bits: u32, number: u64) -> Self {
        let high = self.high.wrapping_shl(bits) | self.low.wrapping_shr(64_u32.wrapping_sub(bits));
        Self { high, low: self.low.wrapping_shl(bits) | number }
    }

    /// Whether it is an IPv4 address.
    const fn is_ipv4(self) -> bool {
        self.high == 0 && self.low.wrapping_shr(32) == Self::IPV4
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        let number = match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        };
        let [a, b, c, d, e, f, g, h, rest @ ..] = number.to_be_bytes();
        Self { high: u64::from_be_bytes([a, b, c, d, e, f, g, h]), low: u64::from_be_bytes(rest) }
    }
}

/// One to four hexadecimal digits.
struct Group {
    /// Each digit as four bits of a number.
    digits: u64,
    count: u8,
}

impl Group {
    fn read(rest: &mut &[u8]) -> Option<Self> {
        let mut group = Self { digits: 0, count: 0 };
        while let Some((first, after)) = rest.split_first()
            && let Some(digit) = char::from(*first).to_digit(16)
        {
            group.digits = group.digits.wrapping_shl(4) | u64::from(digit);
            group.count = group.count.checked_add(1)?;
            *rest = after;
        }
        (1..=4).contains(&group.count).then_some(group)
    }

    /// The same digits as a decimal number up to 255 without leading zeros.
    fn decimal(&self) -> Option<u64> {
        let place = |bits: u32| self.digits.wrapping_shr(bits) & 15;
        let (hundreds, tens, ones) = (place(8), place(4), place(0));
        let number = hundreds.wrapping_mul(100).wrapping_add(tens.wrapping_mul(10));
        let number = number.wrapping_add(ones);
        let is_plain = match self.count {
            1 => true,
            2 => tens != 0,
            3 => hundreds != 0,
            _ => false,
        };
        (is_plain && tens < 10 && ones < 10 && number < 256).then_some(number)
    }
}

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    /// The least of them: the bits that they do not have in common are zero.
    first: Address,
    /// How many bits they have in common.
    length: u8,
}

impl Network {
    /// How many bits an address has.
    const MAX_LENGTH: u8 = 128;
    /// How many bits all IPv4 addresses have in common.
    const IPV4_LENGTH: u8 = 96;

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
        let slash = text.iter().position(|byte| *byte == b'/').unwrap_or(text.len());
        let (address, mut rest) = text.split_at_checked(slash)?;
        let first = Address::of_bytes(address)?;
        if rest.is_empty() {
            return Some(Self::from(first));
        }
        rest = rest.strip_prefix(b"/")?;
        let length = u8::try_from(Group::read(&mut rest)?.decimal()?).ok()?;
        // The text of an IPv4 address has no colon. A prefix of it has less to count.
        let before = if address.contains(&b':') { 0 } else { Self::IPV4_LENGTH };
        let network = Self { first, length: length.checked_add(before)? };
        let [high, low] = network.masks();
        let is_whole = rest.is_empty() && network.length <= Self::MAX_LENGTH;
        (is_whole && first.high & !high == 0 && first.low & !low == 0).then_some(network)
    }

    /// The bits that count, of both halves.
    fn masks(self) -> [u64; 2] {
        let mask = |bits: u8| !u64::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
        [mask(self.length), mask(self.length.saturating_sub(64))]
    }

    /// Whether an address is in it. An IPv4 address is in no network of IPv6 addresses, such as
    /// `::/0`.
    pub(crate) fn covers(self, address: Address) -> bool {
        let [high, low] = self.masks();
        (self.first.high ^ address.high) & high == 0
            && (self.first.low ^ address.low) & low == 0
            && (self.length >= Self::IPV4_LENGTH || !address.is_ipv4())
    }

    /// Whether all addresses of another one are in it.
    pub(crate) fn contains(self, other: Self) -> bool {
        other.length >= self.length && self.covers(other.first)
    }

    /// The least address in it.
    pub(crate) const fn first(self) -> Address {
        self.first
    }

    /// The halves of the first address's number, and the length.
    #[cfg(feature = "documents")]
    pub(crate) const fn parts(self) -> (u64, u64, u8) {
        (self.first.high, self.first.low, self.length)
    }

    /// The network with these parts.
    pub(crate) const fn from_parts(high: u64, low: u64, length: u8) -> Self {
        Self { first: Address { high, low }, length }
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
            assert_eq!(address(text), Address { high, low }, "{text}");
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
