//! Eight characters at a time, in the eight bytes of a `u64`: its lanes. Nothing branches on a
//! character and no address depends on one, so that neither time nor caches tell what it was.
//!
//! A lane is compared with a constant by an addition that sets bit 7 if it is at least that. No
//! addition here carries into the next lane, since what is added has 7 bits; the `wrapping_`
//! methods say that none panics.

/// Bit 7 of each lane.
pub(crate) const HIGH: u64 = lanes(0x80);

/// A byte in each lane.
pub(crate) const fn lanes(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Sets bit 7 of each lane whose seven low bits are at least `least`, from 1 to 127. The other bits
/// mean nothing.
pub(crate) const fn at_least(word: u64, least: u8) -> u64 {
    (word & !HIGH).wrapping_add(lanes(0x80_u8.wrapping_sub(least)))
}

/// Sets bit 7 of each lane whose seven low bits are from `first` to `last`. The other bits mean
/// nothing.
pub(crate) const fn within(word: u64, first: u8, last: u8) -> u64 {
    at_least(word, first) & !at_least(word, last.wrapping_add(1))
}

/// A number of at most 7 bits in each lane whose bit 7 is set, and 0 in the others.
pub(crate) const fn where_set(lanes: u64, number: u8) -> u64 {
    // No `as` and no `From` in a constant function: the number is the lowest byte.
    let number = u64::from_le_bytes([number, 0, 0, 0, 0, 0, 0, 0]);
    (lanes & HIGH).wrapping_shr(7).wrapping_mul(number)
}

/// The number that eight digits of this base spell, of which the most significant is in the lowest
/// lane.
pub(crate) const fn spelled(digits: u64, base: u64) -> u64 {
    let squared = base.wrapping_mul(base);
    let twos = join(digits, 0x00ff_00ff_00ff_00ff, 8, base);
    let fours = join(twos, 0x0000_ffff_0000_ffff, 16, squared);
    join(fours, 0xffff_ffff, 32, squared.wrapping_mul(squared))
}

/// Joins each two neighbouring lanes, digits of this base, to a lane of double width. The lower
/// lane is the more significant digit.
const fn join(lanes: u64, mask: u64, width: u32, base: u64) -> u64 {
    (lanes & mask).wrapping_mul(base).wrapping_add(lanes.wrapping_shr(width) & mask)
}
