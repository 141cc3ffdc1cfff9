//! Where each field of a token stands: the table of section "The token" in `docs/token-format.md`.
//!
//! Parsing, minting and handles take every offset and length from here. The compiler checks that
//! the nine fields follow each other without a gap and fill the token.

/// How many bytes a token has.
pub(super) const LEN: usize = 81;

/// What stands in [`PREFIX`].
pub(super) const PREFIX_TEXT: [u8; 4] = *b"cog_";

/// What stands in [`VERSION`].
pub(super) const VERSION_1: [u8; 1] = *b"1";

pub(super) const PREFIX: Field<0, 4> = Field;
pub(super) const VERSION: Field<4, 1> = Field;
pub(super) const KIND: Field<5, 1> = Field;
pub(super) const KEY_ID: Field<6, 2> = Field;
pub(super) const HARD_EXPIRY: Field<8, 3> = Field;
pub(super) const ID: Field<11, 12> = Field;
pub(super) const SECRET: Field<23, 30> = Field;
pub(super) const TAG: Field<53, 22> = Field;
pub(super) const CHECKSUM: Field<75, 6> = Field;

/// The part that may be shown.
pub(super) const HANDLE: Field<0, { ID.end() }> = Field;
/// What the tag is made over.
pub(super) const TAGGED: Field<0, { SECRET.end() }> = Field;
/// What the checksum is made over.
pub(super) const CHECKED: Field<0, { TAG.end() }> = Field;
/// The id and the secret, which minting fills with random characters.
pub(super) const RANDOM: Field<{ ID.start() }, { SECRET.end() - ID.start() }> = Field;
/// What consists of characters of the alphabet alone, besides the kind.
pub(super) const AFTER_KIND: Field<{ KIND.end() }, { LEN - KIND.end() }> = Field;

const _: () = {
    let mut fields: &[[usize; 2]] = &[
        PREFIX.bounds(),
        VERSION.bounds(),
        KIND.bounds(),
        KEY_ID.bounds(),
        HARD_EXPIRY.bounds(),
        ID.bounds(),
        SECRET.bounds(),
        TAG.bounds(),
        CHECKSUM.bounds(),
    ];
    let mut filled = 0;
    while let [[start, end], rest @ ..] = fields {
        assert!(*start == filled, "a field does not begin where the one before it ends");
        filled = *end;
        fields = rest;
    }
    assert!(filled == LEN, "the fields do not fill the token");
};

/// A part of a token: at which offset it begins, and how many bytes it has.
#[derive(Clone, Copy)]
pub(super) struct Field<const START: usize, const LENGTH: usize>;

impl<const START: usize, const LENGTH: usize> Field<START, LENGTH> {
    /// The offset of its first byte.
    pub(super) const fn start(self) -> usize {
        START
    }

    /// The offset after its last byte.
    pub(super) const fn end(self) -> usize {
        START.saturating_add(LENGTH)
    }

    /// How many bytes it has.
    pub(super) const fn len(self) -> usize {
        LENGTH
    }

    const fn bounds(self) -> [usize; 2] {
        [self.start(), self.end()]
    }

    /// Its bytes in a token, or in the first bytes of one.
    pub(super) const fn of<const N: usize>(self, bytes: &[u8; N]) -> &[u8; LENGTH] {
        const { assert!(START.saturating_add(LENGTH) <= N, "the field is not in these bytes") };
        if let Some((_, rest)) = bytes.split_at_checked(START)
            && let Some(field) = rest.first_chunk()
        {
            return field;
        }
        // Never reached, for what is asserted above. Indexing would say so with a panic.
        &[0; LENGTH]
    }

    /// Its place in a token that is being written.
    pub(super) fn of_mut(self, bytes: &mut [u8; LEN]) -> &mut [u8] {
        bytes.get_mut(START..self.end()).unwrap_or_default()
    }

    /// Writes it into a token.
    pub(super) fn write(self, bytes: &mut [u8; LEN], value: &[u8; LENGTH]) {
        for (to, from) in self.of_mut(bytes).iter_mut().zip(value) {
            *to = *from;
        }
    }
}
