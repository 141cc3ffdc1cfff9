//! CRC-32/ISO-HDLC, the checksum of policy images. It finds damage and proves nothing.
//!
//! It is computed with a table of 1 KiB, which the compiler makes of the same [`step`] that the
//! checksum of a token is made of. A loop over single bits would do without the table: measured
//! with the built-in policy of 18,630 bytes, loading an image then takes 104 µs in place of 50 µs.

/// The checksum of these bytes.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut register = u32::MAX;
    for byte in bytes {
        let index = usize::from(register.to_le_bytes()[0] ^ byte);
        register = register.wrapping_shr(8) ^ TABLE.get(index).copied().unwrap_or(0);
    }
    !register
}

/// What each byte that leaves the register does to the rest of it.
static TABLE: [u32; 256] = table();

/// Runs in the compiler alone.
#[expect(clippy::indexing_slicing, reason = "an index out of range is a compile error here")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let (mut byte, mut first) = (0_usize, 0_u32);
    while byte < table.len() {
        let mut register = first;
        let mut bit = 0_u32;
        while bit < 8 {
            register = step(register);
            bit = bit.saturating_add(1);
        }
        table[byte] = register;
        byte = byte.saturating_add(1);
        first = first.saturating_add(1);
    }
    table
}

/// The register after one bit more: the reflected generator is 0xedb88320. It is the same for the
/// checksum of a token, which is computed in another way.
pub(crate) const fn step(register: u32) -> u32 {
    register.wrapping_shr(1) ^ (0xedb8_8320 & (register & 1).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the catalogue of parametrised CRC algorithms.
    #[test]
    fn it_is_the_catalogued_algorithm() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
