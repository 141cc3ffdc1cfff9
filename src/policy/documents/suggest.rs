//! Which known name was probably meant by an unknown one.

use alloc::string::String;
use alloc::vec::Vec;

/// How many names get a suggestion. Finding one compares the name with all that are declared.
const MAX_SUGGESTIONS: usize = 10;

/// How many bytes a name may have to be compared with others. Every name that can be declared is
/// shorter; those of requests in test cases need not be.
const MAX_BYTES: usize = 256;

/// How many pairs of characters are compared for all suggestions together, whatever the documents
/// are. Each takes about a nanosecond.
const MAX_PAIRS: usize = 16_777_216;

/// Words of other policy languages, and what they are called here. A word is suggested only where
/// ours may stand.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("permit", &["allow", "allowed", "effect_allow", "grant", "accept"]),
    ("forbid", &["deny", "denied", "effect_deny", "violation", "block", "reject", "disallow"]),
    ("require", &["must", "ensure", "assert", "enforce", "validate"]),
    ("advise", &["warn", "notify", "audit", "obligation"]),
    ("any", &["or", "||", "anyof", "any_of", "some", "oneof", "one_of"]),
    ("all", &["and", "&&", "allof", "all_of", "every"]),
    ("not", &["!", "none", "noneof", "none_of", "unless"]),
    ("eq", &["=", "==", "===", "is", "equal", "equals", "stringequals"]),
    ("ne", &["!=", "!==", "<>", "neq", "notequals", "not_equals", "stringnotequals"]),
    (
        "in",
        &["memberof", "member_of", "oneof", "one_of", "any_of", "ipaddress", "ip_address", "cidr"],
    ),
    ("has", &["contains", "includes"]),
    ("has_all", &["containsall", "contains_all", "superset", "superset_of", "is_superset"]),
    ("has_any", &["containsany", "contains_any", "anyin", "any_in", "intersects", "overlaps"]),
    ("subset_of", &["subset", "is_subset", "allin", "all_in", "contained_in", "within"]),
    ("lt", &["<", "less_than", "lessthan", "before"]),
    ("le", &["<=", "lte", "at_most", "lessthanorequals", "less_than_or_equals"]),
    ("gt", &[">", "greater_than", "greaterthan", "after"]),
    ("ge", &[">=", "gte", "at_least", "greaterthanorequals", "greater_than_or_equals"]),
    ("present", &["exists", "isset", "is_set", "defined"]),
    ("when", &["if", "where", "condition", "given"]),
    ("must", &["then", "should", "require"]),
];

/// What is left of the work that suggestions may take.
#[derive(Debug)]
pub(super) struct Suggestions {
    names: usize,
    pairs: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { names: MAX_SUGGESTIONS, pairs: MAX_PAIRS }
    }
}

impl Suggestions {
    /// The known name that the first part of a message was probably meant to be.
    pub(super) fn of_first<'k>(
        &mut self,
        parts: &[&str],
        known: &dyn Fn() -> Vec<&'k str>,
    ) -> Option<String> {
        parts.first().and_then(|name| self.closest(name, known)).map(String::from)
    }

    /// The known name that an unknown one was probably meant to be: what another language's word is
    /// called here, or the closest one, if at most a third of the characters would have to change,
    /// or a single one. There is none once enough names got a suggestion.
    fn closest<'k>(&mut self, name: &str, known: &dyn Fn() -> Vec<&'k str>) -> Option<&'k str> {
        self.names = self.names.checked_sub(1)?;
        if name.is_empty() || name.len() > MAX_BYTES {
            return None;
        }
        let known = known();
        let ours = known.iter().find(|known| is_called(known, name));
        if let Some(ours) = ours {
            return Some(ours);
        }
        let name: Vec<char> = name.chars().collect();
        let far = (name.len() / 3).max(1);
        let mut best = None;
        let meant = |other: &&str| other.len() <= MAX_BYTES && !is_opposite(&name, other);
        for other in known.into_iter().filter(meant) {
            let length = other.chars().count();
            if length.abs_diff(name.len()) <= far {
                self.pairs = self.pairs.checked_sub(length.saturating_mul(name.len()))?;
                let steps = if are_swapped(&name, other) { 1 } else { distance(&name, other) };
                let candidate = (steps, other);
                if candidate.0 <= far && best.is_none_or(|best| candidate < best) {
                    best = Some(candidate);
                }
            }
        }
        best.map(|(_, other)| other)
    }
}

/// Whether a word is what other languages call one of ours.
fn is_called(ours: &str, word: &str) -> bool {
    ELSEWHERE
        .iter()
        .filter(|(known, _)| *known == ours)
        .any(|(_, words)| words.iter().any(|other| other.eq_ignore_ascii_case(word)))
}

/// Whether a name is a known one behind what turns its meaning, as in `nin`, `!has` or `unpermit`;
/// or a short one behind any letter, as in `min`.
fn is_opposite(name: &[char], known: &str) -> bool {
    let length = known.chars().count();
    let Some((before, rest)) =
        name.len().checked_sub(length).and_then(|at| name.split_at_checked(at))
    else {
        return false;
    };
    let is_same = rest.iter().zip(known.chars()).all(|(a, b)| a.eq_ignore_ascii_case(&b));
    let before: String = before.iter().map(char::to_ascii_lowercase).collect();
    let turns =
        ["n", "!", "not", "not_", "no", "no_", "non", "un", "in"].contains(&before.as_str());
    let is_doubled = known.starts_with(&before);
    is_same && !before.is_empty() && (turns || length <= 2 && !is_doubled)
}

/// Whether two characters beside each other have changed places, and nothing else differs.
fn are_swapped(name: &[char], known: &str) -> bool {
    let differs = |(_, (a, b)): &(usize, (&char, char))| !a.eq_ignore_ascii_case(b);
    let differences: Vec<_> =
        (0..).zip(name.iter().zip(known.chars())).filter(differs).take(3).collect();
    match differences.as_slice() {
        [(at, (a, b)), (next, (c, d))] => {
            known.chars().count() == name.len()
                && at.saturating_add(1) == *next
                && a.eq_ignore_ascii_case(d)
                && c.eq_ignore_ascii_case(b)
        }
        _ => false,
    }
}

/// How many insertions, deletions and replacements of characters lead from one name to the other
/// (their Levenshtein distance). Upper and lower case of ASCII letters are the same here.
///
/// `column` holds the distances of all beginnings of `from` to the beginning of `to` that was
/// looked at so far.
fn distance(from: &[char], to: &str) -> usize {
    let mut column: Vec<usize> = (0..=from.len()).collect();
    for (index, b) in to.chars().enumerate() {
        let mut corner = index;
        let mut above = index.saturating_add(1);
        let mut rows = column.iter_mut();
        if let Some(first) = rows.next() {
            *first = above;
        }
        for (row, a) in rows.zip(from) {
            let replaced = corner.saturating_add(usize::from(!a.eq_ignore_ascii_case(&b)));
            corner = *row;
            above = replaced.min(above.saturating_add(1)).min(corner.saturating_add(1));
            *row = above;
        }
    }
    column.last().copied().unwrap_or(0)
}
