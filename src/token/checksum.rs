//! The checksum of a token: CRC-32/ISO-HDLC (reflected 0x04C11DB7, initial and final 0xFFFFFFFF).
//!
//! The bytes under it are secret, and it looks numbers up by their half-bytes. That shows nothing to who
//! watches the cache: each look-up has a table of its own that fills exactly one line of
//! 64 bytes, so the lines touched, and their order, are the same for every token. What it computes, the
//! token carries in the clear. Without tables it would take several times as long.

/// One table of 16 numbers for each half-byte of a block of eight bytes: 1 KiB.
#[repr(align(64))]
struct Tables([[u32; 16]; 16]);

static TABLES: Tables = Tables(tables());

/// The register after `cog`, with which every token begins.
const AFTER_COG: u32 = {
    let [c, o, g] = *b"cog";
    step(step(step(u32::MAX, c), o), g)
};

/// The checksum of 75 bytes, the first three of which are taken to be `cog`.
pub(super) fn of(bytes: &[u8; 75]) -> u32 {
    let rest = bytes.last_chunk::<72>().unwrap_or(&[0; 72]);
    let (blocks, _) = rest.as_chunks::<8>();
    let mut register = AFTER_COG;
    for block in blocks {
        let mut word = u64::from_le_bytes(*block) ^ u64::from(register);
        register = 0;
        for table in &TABLES.0 {
            let half = usize::try_from(word & 15).unwrap_or(0);
            register ^= table.get(half).copied().unwrap_or(0);
            word = word.wrapping_shr(4);
        }
    }
    !register
}

/// What each half-byte of a block adds to the register once the whole block has passed.
#[expect(clippy::indexing_slicing, reason = "runs at compile time alone")]
const fn tables() -> [[u32; 16]; 16] {
    let mut tables = [[0; 16]; 16];
    let mut place = 0_u32;
    let mut table = 0_usize;
    while table < 16 {
        let mut half = 0_u64;
        let mut entry = 0_usize;
        while entry < 16 {
            let block = half.wrapping_shl(place).to_le_bytes();
            let [a, b, c, d, e, f, g, h] = block;
            let register = step(step(step(step(0, a), b), c), d);
            tables[table][entry] = step(step(step(step(register, e), f), g), h);
            half = half.wrapping_add(1);
            entry = entry.wrapping_add(1);
        }
        place = place.wrapping_add(4);
        table = table.wrapping_add(1);
    }
    tables
}

/// The register after one more byte.
const fn step(mut register: u32, byte: u8) -> u32 {
    let [low, ..] = register.to_le_bytes();
    register = (register & 0xffff_ff00) | u32::from_le_bytes([low ^ byte, 0, 0, 0]);
    let mut bit = 0;
    while bit < 8 {
        let polynomial = 0xedb8_8320 & (register & 1).wrapping_neg();
        register = register.wrapping_shr(1) ^ polynomial;
        bit = u8::wrapping_add(bit, 1);
    }
    register
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_crc32fast() {
        let mut seed = 1_u32;
        for _ in 0..2000 {
            let mut bytes = [0; 75];
            for byte in &mut bytes {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = seed.to_be_bytes()[0];
            }
            bytes[..3].copy_from_slice(b"cog");
            assert_eq!(of(&bytes), crc32fast::hash(&bytes));
        }
    }

    #[test]
    fn the_step_is_the_catalogued_algorithm() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(!b"123456789".iter().fold(u32::MAX, |crc, byte| step(crc, *byte)), 0xcbf4_3926);
    }
}
