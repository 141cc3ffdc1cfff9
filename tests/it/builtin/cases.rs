//! The built-in policy: its cases pass, every rule is shown both ways, and it is what the library
//! embeds.

use crate::common::{root, source};

#[test]
fn cases_pass_and_cover_every_rule() {
    let report = source(&root().join("policies")).check().unwrap().test();
    for failure in &report.failures {
        println!(
            "{}:{} {}\n  {}",
            failure.document,
            failure.line,
            failure.name,
            failure.differences.join("\n  ")
        );
    }
    assert_eq!(report.failures.len(), 0);
    assert!(report.passed >= 300, "only {} cases", report.passed);
    for rule in &report.rules {
        assert!(rule.surely > 0 && rule.silent > 0, "{rule:?}");
    }
    for invariant in &report.invariants {
        assert!(
            invariant.tried > 0 && invariant.refuted == 0 && invariant.perhaps == 0,
            "{invariant:?}"
        );
    }
}
