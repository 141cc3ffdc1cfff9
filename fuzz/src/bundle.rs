//! The bundle of a small policy, with changes in it.

use crate::base::source;
use crate::documents::compile;
use crate::image::{REQUEST, SMALL};
use cog_auth::policy::PolicyDigest;
use std::sync::LazyLock;

static BUNDLE: LazyLock<Vec<u8>> =
    LazyLock::new(|| source([SMALL]).check().unwrap().bundle().into());

/// Changes, a line each: at which quotation mark of the bundle, a space, how many bytes are removed
/// there, a space, what is put there.
pub fn check(data: &[u8]) {
    let mut bundle = BUNDLE.clone();
    for line in data.split(|byte| *byte == b'\n').take(8) {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let mut number = || {
            let digits = parts.next().unwrap_or_default();
            std::str::from_utf8(digits).ok()?.parse::<usize>().ok()
        };
        let (Some(mark), Some(length)) = (number(), number()) else { continue };
        let mut marks = (0..bundle.len()).filter(|at| bundle[*at] == b'"');
        let Some(at) = marks.nth(mark) else { continue };
        let end = at.saturating_add(length.min(4_096)).min(bundle.len());
        bundle.splice(at..end, parts.next().unwrap_or_default().iter().copied());
    }
    if let Some(digest) = compile(&[&bundle], REQUEST.as_bytes()) {
        let checked = source([&bundle]).check().unwrap();
        assert_eq!(digest == PolicyDigest::of(&BUNDLE), checked.bundle().as_bytes() == *BUNDLE);
    } else {
        assert_ne!(bundle, *BUNDLE);
    }
}
