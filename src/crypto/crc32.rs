//! CRC-32/ISO-HDLC, the checksum of tokens. It finds damage and proves nothing.

/// The register after one bit more: the reflected generator is 0xedb88320.
pub(crate) const fn step(register: u32) -> u32 {
    register.wrapping_shr(1) ^ (0xedb8_8320 & (register & 1).wrapping_neg())
}
