//! Public examples of other systems, translated: `tests/policies` has a folder for each, which says
//! where the statements come from. The decisions are those that the example's authors state, and
//! some that show what absent, null and unusable values come to.

use crate::common::{root, source};
use std::fs;

#[test]
fn translated_examples_decide_as_their_authors_state() {
    let (mut folders, mut shown_one_way) = (0, Vec::new());
    for entry in fs::read_dir(root().join("tests/policies")).unwrap() {
        let folder = entry.unwrap().path();
        let report = source(&folder)
            .check()
            .unwrap_or_else(|errors| panic!("{}: {errors}", folder.display()))
            .test();
        assert_eq!(report.failures, [], "{}", folder.display());
        assert!(report.passed >= 10, "{} has few cases", folder.display());
        let one_way = report.rules.into_iter().filter(|rule| rule.surely == 0 || rule.silent == 0);
        shown_one_way.extend(one_way.map(|rule| format!("{}: {rule:?}", folder.display())));
        folders += 1;
    }
    assert_eq!(shown_one_way, [""; 0]);
    assert_eq!(folders, 8);
}
