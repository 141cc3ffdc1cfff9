//! What the records of an image are made of, and the macro that declares them.
//!
//! A record is declared once, field by field, as `layout` does. From that come the size of its
//! section's records, a reader with a method for each field, an entry with the fields by name, which
//! writes the record, and a table of what is checked when an image is loaded.

#[cfg(feature = "documents")]
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The index that refers to nothing.
pub(crate) const NONE: u32 = u32::MAX;

/// A section: its place in the table of sections, and the size of its records in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) index: usize,
    pub(crate) record: usize,
}

/// What is written as one record, field by field.
pub(crate) trait Entry {
    const SECTION: Section;
    const CHECKS: &'static [FieldCheck];

    /// Appends the record.
    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>);
}

/// A record that is read where it lies.
pub(crate) trait Record<'i>: Sized {
    type Entry: Entry;

    /// The record that the bytes begin with, or none where they are too few.
    fn read(bytes: &'i [u8]) -> Option<Self>;
}

/// What a field means: how its number is read and written, and what loading checks.
pub(crate) trait Field {
    /// The number that stands in the record.
    type Raw: Number;
    /// What a reader gets.
    type Read;
    /// What a writer states.
    type Written;
    const CHECK: Check = Check::Anything;

    /// Reading is total: loading an image has checked the number, so that a reader need not.
    fn decode(raw: Self::Raw) -> Self::Read;
    #[allow(dead_code, reason = "only documents are written into images")]
    fn encode(written: Self::Written) -> Self::Raw;
}

/// The check of a field: where it is in each record of its section, and what must hold.
#[derive(Clone, Copy)]
pub(crate) struct FieldCheck {
    pub(crate) at: usize,
    pub(crate) check: Check,
}

/// What must hold for a field in every record of a section.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Every number means something, or code of its own checks it.
    Anything,
    /// It is the index of a record of this section.
    Index(Section),
    /// It is the index of a record of this section, or `NONE`.
    IndexOrNone(Section),
    /// It is the first of consecutive records of this section, and their count comes next. They
    /// begin where those of the record before end.
    Owner(Section),
    /// It is the first word of a set of actions, or `NONE`.
    SetOfActions,
    /// It is a byte that this accepts.
    Byte(fn(u8) -> bool),
    /// It is a number of four bytes that this accepts.
    Word(fn(u32) -> bool),
}

/// A number as it stands in an image, little-endian.
pub(crate) trait Number: Sized {
    const SIZE: usize;

    /// The number at an offset in a record; 0 where the record is shorter, as it is for no field.
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self;

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>);
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Number for $number {
            const SIZE: usize = size_of::<Self>();

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

        impl Field for $number {
            type Raw = Self;
            type Read = Self;
            type Written = Self;

            #[inline(always)]
            fn decode(raw: Self) -> Self {
                raw
            }

            fn encode(written: Self) -> Self {
                written
            }
        }
    )*};
}

numbers! { u8 u16 u32 u64 i64 }

/// The index of a record.
pub(crate) struct Index<E>(PhantomData<E>);

impl<E: Entry> Field for Index<E> {
    type Raw = u32;
    type Read = u32;
    type Written = u32;
    const CHECK: Check = Check::Index(E::SECTION);

    #[inline(always)]
    fn decode(raw: u32) -> u32 {
        raw
    }

    fn encode(written: u32) -> u32 {
        written
    }
}

/// The index of a record, or none.
pub(crate) struct Perhaps<E>(PhantomData<E>);

impl<E: Entry> Field for Perhaps<E> {
    type Raw = u32;
    type Read = Option<u32>;
    type Written = Option<u32>;
    const CHECK: Check = Check::IndexOrNone(E::SECTION);

    #[inline(always)]
    fn decode(raw: u32) -> Option<u32> {
        Optional::decode(raw)
    }

    fn encode(written: Option<u32>) -> u32 {
        Optional::encode(written)
    }
}

/// A number that loading does not check or code of its own does, or none.
pub(crate) struct Optional;

impl Field for Optional {
    type Raw = u32;
    type Read = Option<u32>;
    type Written = Option<u32>;

    #[inline(always)]
    fn decode(raw: u32) -> Option<u32> {
        if raw == NONE { None } else { Some(raw) }
    }

    fn encode(written: Option<u32>) -> u32 {
        written.unwrap_or(NONE)
    }
}

/// A set of actions: its first word, or `NONE` for the empty set, which has no words.
pub(crate) struct SetOfActions;

impl Field for SetOfActions {
    type Raw = u32;
    type Read = u32;
    type Written = u32;
    const CHECK: Check = Check::SetOfActions;

    #[inline(always)]
    fn decode(raw: u32) -> u32 {
        raw
    }

    fn encode(written: u32) -> u32 {
        written
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

/// Consecutive records that belong to this one alone.
pub(crate) struct Owned<E>(PhantomData<E>);

impl<E: Entry> Field for Owned<E> {
    type Raw = u64;
    type Read = Span;
    type Written = Span;
    const CHECK: Check = Check::Owner(E::SECTION);

    #[inline(always)]
    fn decode(raw: u64) -> Span {
        let [a, b, c, d, e, f, g, h] = raw.to_le_bytes();
        let (first, count) = ([a, b, c, d], [e, f, g, h]);
        Span { first: u32::from_le_bytes(first), count: u32::from_le_bytes(count) }
    }

    fn encode(written: Span) -> u64 {
        u64::from(written.count).wrapping_shl(32) | u64::from(written.first)
    }
}

/// Yes or no. Every byte but 0 reads as yes.
impl Field for bool {
    type Raw = u8;
    type Read = Self;
    type Written = Self;

    #[inline(always)]
    fn decode(raw: u8) -> Self {
        raw != 0
    }

    fn encode(written: Self) -> u8 {
        u8::from(written)
    }
}

/// A set of members that a byte stands for each.
pub(crate) trait ClosedSet: Sized {
    fn from_byte(byte: u8) -> Option<Self>;
    fn byte(self) -> u8;
}

/// A member of a closed set, as one byte. It reads as none where the byte is no member's.
pub(crate) struct Byte<T>(PhantomData<T>);

impl<T: ClosedSet> Field for Byte<T> {
    type Raw = u8;
    type Read = Option<T>;
    type Written = T;
    const CHECK: Check = Check::Byte(|byte| T::from_byte(byte).is_some());

    #[inline(always)]
    fn decode(raw: u8) -> Option<T> {
        T::from_byte(raw)
    }

    fn encode(written: T) -> u8 {
        written.byte()
    }
}

/// The same, as a number of four bytes.
pub(crate) struct Word<T>(PhantomData<T>);

impl<T: ClosedSet> Field for Word<T> {
    type Raw = u32;
    type Read = Option<T>;
    type Written = T;
    const CHECK: Check = Check::Word(|word| Self::decode(word).is_some());

    #[inline(always)]
    fn decode(raw: u32) -> Option<T> {
        u8::try_from(raw).ok().and_then(T::from_byte)
    }

    fn encode(written: T) -> u32 {
        u32::from(written.byte())
    }
}

/// The same, or none, which is 0.
pub(crate) struct OptionalWord<T>(PhantomData<T>);

impl<T: ClosedSet> Field for OptionalWord<T> {
    type Raw = u32;
    type Read = Option<T>;
    type Written = Option<T>;
    const CHECK: Check = Check::Word(|word| word == 0 || Word::<T>::decode(word).is_some());

    #[inline(always)]
    fn decode(raw: u32) -> Option<T> {
        Word::<T>::decode(raw)
    }

    fn encode(written: Option<T>) -> u32 {
        written.map_or(0, Word::<T>::encode)
    }
}

/// Declares the sections of an image, in their order, with the records that each has:
/// `number SECTION: Reader / Entry { field: what it is }`.
macro_rules! records {
    ($(
        $(#[$doc:meta])*
        $number:literal $section:ident: $record:ident / $entry:ident {
            $( $(#[$about:meta])* $field:ident: $kind:ty, )*
        }
    )*) => {
        $(
            #[allow(dead_code, reason = "some sections are known by their records alone")]
            pub(crate) const $section: Section = <$entry as Entry>::SECTION;

            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub(crate) struct $record<'i>(
                &'i [u8; <$entry as Entry>::SECTION.record],
            );

            $(#[$doc])*
            #[allow(dead_code, reason = "only documents are written into images")]
            pub(crate) struct $entry {
                $( $(#[$about])* pub(crate) $field: <$kind as Field>::Written, )*
            }

            const _: () = {
                /// The bytes of a record: without gaps, so that it knows the offset of each field.
                #[repr(C)]
                #[allow(dead_code, reason = "it is never made, but measured")]
                struct Bytes {
                    $( $field: [u8; <<$kind as Field>::Raw as Number>::SIZE], )*
                }

                impl Entry for $entry {
                    const SECTION: Section = Section { index: $number, record: size_of::<Bytes>() };
                    const CHECKS: &'static [FieldCheck] = &[$(
                        FieldCheck {
                            at: core::mem::offset_of!(Bytes, $field),
                            check: <$kind as Field>::CHECK,
                        },
                    )*];

                    #[cfg(feature = "documents")]
                    fn write(self, out: &mut alloc::vec::Vec<u8>) {
                        $( <$kind as Field>::encode(self.$field).write(out); )*
                    }
                }

                impl<'i> Record<'i> for $record<'i> {
                    type Entry = $entry;

                    #[inline(always)]
                    fn read(bytes: &'i [u8]) -> Option<Self> {
                        bytes.first_chunk().map(Self)
                    }
                }

                #[allow(dead_code, reason = "some fields are only written, checked or searched")]
                impl<'i> $record<'i> {
                    /// The record that these bytes are.
                    pub(super) const fn of(bytes: &'i [u8; size_of::<Bytes>()]) -> Self {
                        Self(bytes)
                    }

                    $(
                    $(#[$about])*
                    #[inline(always)]
                    pub(crate) fn $field(self) -> <$kind as Field>::Read {
                        <$kind as Field>::decode(Number::read(
                            self.0,
                            core::mem::offset_of!(Bytes, $field),
                        ))
                    }
                    )*
                }
            };
        )*

        /// All sections, in the order of the table, with what is checked in their records.
        pub(crate) const ALL: &[(Section, &[FieldCheck])] =
            &[$( (<$entry as Entry>::SECTION, <$entry as Entry>::CHECKS), )*];
    };
}

pub(super) use records;
