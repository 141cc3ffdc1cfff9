//! Networks: an address, or all that begin as it does.

use super::ip::{Address, Group};

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
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
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
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::{Address, Network};
    use crate::address::MAX_TEXT_BYTES;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn network(text: &str) -> Network {
        Network::parse(text).unwrap()
    }

    #[test]
    fn an_address_is_a_network() {
        for text in ["192.0.2.1", "::", "2001:db8::1", "::ffff:192.0.2.1"] {
            assert_eq!(network(text), Network::from(address(text)), "{text}");
        }
        let longest = "0000:0000:0000:0000:0000:0000:255.255.255.255/128";
        assert_eq!(longest.len(), MAX_TEXT_BYTES);
        assert_eq!(network(longest), network("::255.255.255.255"));
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
}
