//! What the records of an image are made of, and the macro that declares them.
//!
//! `layout` declares each record once, field by field. From that come the size of the record, a
//! reader with a method for each field, an entry with the fields by name, which writes the record,
//! and a table of what is checked when an image is loaded.

#[cfg(feature = "documents")]
use alloc::vec::Vec;

/// The index that refers to nothing.
pub(crate) const NONE: u32 = u32::MAX;

/// A `u32` as an index; the targets have at least 32 bits.
pub(crate) fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A section: its place in the table of sections, and the size of its records in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) index: usize,
    pub(crate) record: usize,
}

/// A record that is read where it lies.
pub(crate) trait Record<'i>: Sized {
    const SECTION: Section;

    /// The record that the bytes begin with, or none where they are too few.
    fn read(bytes: &'i [u8]) -> Option<Self>;
}

/// What is written as one record, field by field.
#[cfg(feature = "documents")]
pub(crate) trait Entry {
    const SECTION: Section;

    /// Appends the record.
    fn write(self, out: &mut Vec<u8>);
}

/// What a field of a record can be.
pub(crate) trait Field {
    const SIZE: usize;
    /// What must hold when an image is loaded, where the record's declaration says nothing else.
    const CHECK: Check = Check::Anything;
    /// What a reader gets.
    type Read;

    /// Reads the field at an offset in a record. It is total: what cannot be there in an image that
    /// was loaded reads as none, or as 0.
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self::Read;

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>);
}

/// What must hold for a field in every record of a section.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Every value means something, or code of its own checks it.
    Anything,
    /// It is the index of a record of this section.
    Index(Section),
    /// It is the index of a record of this section, or `NONE`.
    IndexOrNone(Section),
    /// It is a [`Span`] of this section, which no other record shares: it begins where that of the
    /// record before ends.
    Owner(Section),
    /// It is the first word of a set of the values of this enum, or `NONE`.
    SetOf(u32),
    /// It is a byte that this accepts.
    Byte(fn(u8) -> bool),
    /// It is a number of four bytes that this accepts.
    Word(fn(u32) -> bool),
}

/// The check of a field, which is at an offset in each record of its section.
#[derive(Clone, Copy)]
pub(crate) struct FieldCheck {
    pub(crate) at: usize,
    pub(crate) check: Check,
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Field for $number {
            const SIZE: usize = size_of::<Self>();
            type Read = Self;

            #[inline(always)] // All offsets are constants, so this is one load.
            fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
                let bytes = record.get(at..).and_then(|rest| rest.first_chunk());
                bytes.map_or(0, |bytes| Self::from_le_bytes(*bytes))
            }

            #[cfg(feature = "documents")]
            fn write(self, out: &mut Vec<u8>) {
                out.extend(self.to_le_bytes());
            }
        }
    )*};
}

numbers! { u8 u16 u32 u64 i64 }

impl Field for bool {
    const SIZE: usize = 1;
    type Read = Self;

    #[inline(always)]
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
        u8::read(record, at) != 0
    }

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>) {
        u8::from(self).write(out);
    }
}

/// A number, or `NONE`.
impl Field for Option<u32> {
    const SIZE: usize = 4;
    type Read = Self;

    #[inline(always)]
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
        Some(u32::read(record, at)).filter(|number| *number != NONE)
    }

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>) {
        self.unwrap_or(NONE).write(out);
    }
}

/// Consecutive records: the index of the first, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(crate) first: u32,
    pub(crate) count: u32,
}

impl Span {
    pub(crate) fn indices(self) -> core::ops::Range<u32> {
        self.first..self.first.saturating_add(self.count)
    }
}

impl Field for Span {
    const SIZE: usize = 8;
    type Read = Self;

    #[inline(always)]
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
        Self { first: u32::read(record, at), count: u32::read(record, at.wrapping_add(4)) }
    }

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>) {
        self.first.write(out);
        self.count.write(out);
    }
}

/// Declares the sections of an image, in their order, with the records that each has:
/// `number SECTION: Reader / Entry { field: type => check }`.
macro_rules! records {
    ($(
        $(#[$doc:meta])*
        $number:literal $section:ident: $record:ident / $entry:ident {
            $( $(#[$about:meta])* $field:ident: $kind:ty $(=> $check:expr)?, )*
        }
    )*) => {
        $(
            #[allow(dead_code, reason = "some sections are known by their records alone")]
            pub(crate) const $section: Section =
                Section { index: $number, record: 0 $( + <$kind as Field>::SIZE )* };

            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub(crate) struct $record<'i>(&'i [u8; $section.record]);

            $(#[$doc])*
            #[cfg(feature = "documents")]
            pub(crate) struct $entry {
                $( $(#[$about])* pub(crate) $field: $kind, )*
            }

            impl<'i> Record<'i> for $record<'i> {
                const SECTION: Section = $section;

                #[inline(always)]
                fn read(bytes: &'i [u8]) -> Option<Self> {
                    bytes.first_chunk().map(Self)
                }
            }

            #[cfg(feature = "documents")]
            impl Entry for $entry {
                const SECTION: Section = $section;

                fn write(self, out: &mut alloc::vec::Vec<u8>) {
                    $( self.$field.write(out); )*
                }
            }

            const _: () = {
                /// As many bytes as a record, without gaps: it knows the offset of each field.
                #[repr(C)]
                #[allow(dead_code, reason = "it is measured, and never made")]
                struct Bytes {
                    $( $field: [u8; <$kind as Field>::SIZE], )*
                }

                #[allow(dead_code, reason = "some fields are only written, checked or searched")]
                impl<'i> $record<'i> {
                    const CHECKS: &'static [FieldCheck] = &[$(
                        FieldCheck {
                            at: core::mem::offset_of!(Bytes, $field),
                            // The check that is declared, or else that of the type.
                            check: [$( $check, )? <$kind as Field>::CHECK][0],
                        },
                    )*];

                    /// The record that these bytes are.
                    pub(crate) const fn of(bytes: &'i [u8; $section.record]) -> Self {
                        Self(bytes)
                    }

                    /// The bytes of the record.
                    pub(super) const fn bytes(self) -> &'i [u8; $section.record] {
                        self.0
                    }

                    $(
                        $(#[$about])*
                        #[inline(always)]
                        pub(crate) fn $field(self) -> <$kind as Field>::Read {
                            <$kind>::read(self.0, core::mem::offset_of!(Bytes, $field))
                        }
                    )*
                }
            };
        )*

        /// All sections, in the order of the table, with what is checked in their records.
        pub(crate) const ALL: &[(Section, &[FieldCheck])] =
            &[$( ($section, $record::CHECKS), )*];
    };
}

pub(super) use records;
