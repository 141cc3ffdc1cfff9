//! The compiled image of a policy: a binary form that is checked when it is loaded, and then
//! evaluated where it lies.

// To read these files, begin with `layout`, which declares every record, with the macro of
// `record` and the sets of `closed_sets`:
//   layout, record, closed_sets            what an image holds
//   check                                  refuses a damaged one
//   read, names                            look things up in it
//   indexes, keys                          find rules by a value of a request
//   alternatives, columns                  the rules for all actions as bit tests; built at load by
//     build_alternatives, build_columns
//   write, name_map                        write one, when documents are compiled

mod alternatives;
mod build_alternatives;
mod build_columns;
mod check;
mod closed_sets;
mod columns;
mod indexes;
mod keys;
pub(crate) mod layout;
#[cfg(feature = "documents")]
pub(crate) mod name_map;
mod names;
mod read;
mod record;
#[cfg(feature = "documents")]
pub(crate) mod write;

pub(crate) use alternatives::{Alternative, Alternatives};
pub(crate) use check::{Integrity, check};
pub(crate) use closed_sets::{
    AbsentKind, AttributeType, Connective, Contribution, Effect, Level, NodeKind, OperandKind,
    Operator, Purpose, Purposes,
};
pub(crate) use columns::KnownAtoms;
#[cfg(feature = "documents")]
pub(crate) use keys::Keys;
pub(crate) use layout::{
    ActionRecord, AttributeRecord, NodeRecord, PlaceRecord, RouteRecord, RuleRecord, SegmentRecord,
};
pub(crate) use read::{Image, Nodes};
pub(crate) use record::{Span, size};
