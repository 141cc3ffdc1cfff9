//! Routes are found as `tests/cases/routes/*.json` say, which every language's package runs too. Each file is a policy with
//! its cases.

use crate::common::{documents, json_files, root};

#[test]
fn routes_are_found_as_written() {
    for (file, text) in json_files(&root().join("tests/cases/routes")) {
        let report = documents([text.as_str()]).check().unwrap().test();
        assert_eq!(report.failures, [], "{file}");
        assert!(report.passed >= 25, "{file}: only {} cases", report.passed);
    }
}
