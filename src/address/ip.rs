//! IP addresses and how they are read.

use core::net::IpAddr;

/// An IP address: a number of 128 bits.
///
/// An IPv4 address has the number of its IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291, section
/// 2.5.5.2), so that the two forms are one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(super) high: u64,
    pub(super) low: u64,
}

impl Address {
    const ZERO: Self = Self { high: 0, low: 0 };
    /// What stands before the 32 bits of every IPv4 address.
    const IPV4: u64 = 0xffff;

    /// The address in a text, or none: IPv4 in dotted decimal without leading zeros, or IPv6 as in
    /// RFC 4291, section 2.2. There are no ports, brackets, zones or spaces.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::of_bytes(text.as_bytes())
    }

    pub(super) fn of_bytes(text: &[u8]) -> Option<Self> {
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

    /// The address, moved up by `bits` bits, with a number in these.
    const fn followed_by(self, bits: u32, number: u64) -> Self {
        let high = self.high.wrapping_shl(bits) | self.low.wrapping_shr(64_u32.wrapping_sub(bits));
        Self { high, low: self.low.wrapping_shl(bits) | number }
    }

    /// Whether it is an IPv4 address.
    pub(super) const fn is_ipv4(self) -> bool {
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
pub(super) struct Group {
    /// Each digit as four bits of a number.
    digits: u64,
    count: u8,
}

impl Group {
    pub(super) fn read(rest: &mut &[u8]) -> Option<Self> {
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
    pub(super) fn decimal(&self) -> Option<u64> {
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

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a test may fail"
    )]

    use super::Address;
    use alloc::string::String;
    use core::net::IpAddr;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
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
