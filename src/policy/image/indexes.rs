//! Indexes over the rules of an action: finding in them, and their check at load.

use super::keys::Keys;
use super::layout::{self, ActionRecord, BucketRecord, IndexRecord};
use super::read::Image;
use super::record::{Section, Span, size};
use alloc::vec::Vec;

impl Image {
    /// The rules of an action that no index finds.
    pub(crate) fn rules_of(&self, action: ActionRecord<'_>) -> &[[u8; 4]] {
        self.rules(layout::ACTION_RULES, action.rules())
    }

    /// An index over rules of an action.
    pub(crate) fn index(&self, index: u32) -> Option<IndexRecord<'_>> {
        self.record(index)
    }

    /// All rules that an index finds.
    pub(crate) fn rules_of_index(&self, index: IndexRecord<'_>) -> &[[u8; 4]] {
        self.rules(layout::INDEX_RULES, index.rules())
    }

    /// The rules of an index that have a value as a key. The conditions of the others are surely
    /// false where the index's attribute has that value.
    pub(crate) fn rules_with_key(&self, index: IndexRecord<'_>, value: u32) -> &[[u8; 4]] {
        self.bucket(index, value).map_or(&[], |bucket| self.rules_of_bucket(bucket))
    }

    fn rules_of_bucket(&self, bucket: u32) -> &[[u8; 4]] {
        let rules = self.record(bucket).map_or(Span::default(), BucketRecord::rules);
        self.rules(layout::BUCKET_RULES, rules)
    }

    /// The rules whose indices stand together in a section.
    fn rules(&self, section: Section, span: Span) -> &[[u8; 4]] {
        let from_first = self.records(section).get(size(span.first)..);
        from_first.and_then(|from| from.get(..size(span.count))).unwrap_or_default()
    }

    /// The bucket of a value.
    fn bucket(&self, index: IndexRecord<'_>, value: u32) -> Option<u32> {
        let Span { first, count } = index.buckets();
        let value_of = |bucket| self.record(bucket).map(BucketRecord::value);
        // Most often the values follow each other without a gap.
        let distance = value.checked_sub(value_of(first)?)?;
        let likely = first.saturating_add(distance);
        if distance < count && value_of(likely) == Some(value) {
            return Some(likely);
        }
        let (mut low, mut high) = (first, first.saturating_add(count));
        while low < high {
            let middle = low.midpoint(high);
            let found = value_of(middle)?;
            if found == value {
                return Some(middle);
            }
            if found < value { low = middle.wrapping_add(1) } else { high = middle }
        }
        None
    }
}

/// Whether each index finds just the rules that it has to find: with each value those that have it
/// as a key, in their order. So it leads to the same decisions as a walk over all of its rules.
pub(super) fn are_sound(image: &Image) -> bool {
    let mut keys = Keys::new(image);
    // How many rules of each bucket have turned up.
    let mut found: Vec<usize> = alloc::vec![0; size(image.count(layout::BUCKETS))];
    image.all(layout::INDEXES).indices().all(|index| {
        let Some(index) = image.index(index) else { return false };
        let rules = image.rules_of_index(index);
        let buckets = index.buckets();
        let values = buckets.indices().map(|bucket| image.number(layout::BUCKETS, bucket, 0));
        is_ascending(rules)
            && values.is_sorted_by(|one, next| one < next)
            && rules.iter().all(|rule| {
                let root = image.rule(u32::from_le_bytes(*rule)).map(|rule| rule.when());
                root.is_some_and(|root| keys.find(index.attribute(), root))
                    && keys.values.iter().all(|key| turns_up(image, index, *key, rule, &mut found))
            })
            && buckets
                .indices()
                .all(|bucket| found.get(size(bucket)) == Some(&image.rules_of_bucket(bucket).len()))
    })
}

/// Whether a rule is the next one in the bucket of a key, where this many have turned up.
fn turns_up(
    image: &Image,
    index: IndexRecord<'_>,
    key: u32,
    rule: &[u8; 4],
    found: &mut [usize],
) -> bool {
    let Some(bucket) = image.bucket(index, key) else { return false };
    let Some(count) = found.get_mut(size(bucket)) else { return false };
    let rules = image.rules_of_bucket(bucket);
    if rules.get(*count) == Some(rule) {
        *count = count.saturating_add(1);
        return true;
    }
    // A key may stand twice in a condition.
    count.checked_sub(1).and_then(|last| rules.get(last)) == Some(rule)
}

/// Whether the indices of rules come in order, each once.
pub(super) fn is_ascending(rules: &[[u8; 4]]) -> bool {
    rules.is_sorted_by(|one, next| u32::from_le_bytes(*one) < u32::from_le_bytes(*next))
}
