//! Lists of texts in byte order, each once: scopes, organizations and addresses of records.

use crate::order;
use alloc::string::String;
use alloc::vec::Vec;

/// Texts in byte order, each once.
pub(super) fn sorted(mut texts: Vec<String>) -> Vec<String> {
    let keys = texts.iter().map(|text| order::key(text.bytes())).zip(0..);
    let order = order::sort(keys.collect(), &|one, other| texts.get(one).cmp(&texts.get(other)));
    let mut sorted: Vec<String> = Vec::with_capacity(texts.len());
    for (_, index) in order {
        let Some(text) = texts.get_mut(index) else { continue };
        if sorted.last() != Some(text) {
            sorted.push(core::mem::take(text));
        }
    }
    sorted
}

/// Whether a list is within another, where no list stands for everything. `are_covered` compares
/// two lists.
pub(super) fn is_within(
    some: Option<&[String]>,
    others: Option<&[String]>,
    are_covered: fn(&[String], &[String]) -> bool,
) -> bool {
    match (some, others) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(some), Some(others)) => are_covered(some, others),
    }
}

/// Whether each of `some` is among `others`.
pub(super) fn is_subset(some: &[String], others: &[String]) -> bool {
    some.iter().all(|text| is_among(text, others))
}

/// Those of `some` that are among `others`.
pub(super) fn in_both<'a>(
    some: &'a [String],
    others: &'a [String],
) -> impl Iterator<Item = &'a String> {
    some.iter().filter(|text| is_among(text, others))
}

fn is_among(text: &str, others: &[String]) -> bool {
    others.binary_search_by(|other| other.as_str().cmp(text)).is_ok()
}
