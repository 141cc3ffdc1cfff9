//! What stays the same from request to request.

use crate::policy::Policy;
use crate::token::{DigestCheck, EdgeKeys};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Policy, keys and options of a gate.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) policy: Policy,
    pub(super) edge_keys: Arc<EdgeKeys>,
    /// The peppers of an origin. They are a trait object so that a module for edges does not
    /// contain what only origins need.
    pub(super) peppers: Option<Arc<dyn DigestCheck>>,
    /// Printable ASCII without `"` and `\`.
    pub(super) realm: String,
    /// In seconds.
    pub(super) retry_after: u64,
    /// In seconds.
    pub(super) max_record_age: Option<u64>,
    pub(super) pass_on: bool,
    pub(super) preflight: bool,
}

impl Options {
    pub(super) fn new(policy: Policy, edge_keys: Arc<EdgeKeys>) -> Self {
        Self {
            policy,
            edge_keys,
            peppers: None,
            realm: String::from("cog"),
            retry_after: 5,
            max_record_age: None,
            pass_on: false,
            preflight: false,
        }
    }
}

/// The characters of a realm that may stand in quotation marks in a header.
pub(super) fn quotable(realm: &str) -> String {
    let mut kept = Vec::new();
    for byte in realm.bytes() {
        if matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\') {
            kept.push(byte);
        }
    }
    String::from_utf8(kept).unwrap_or_default()
}
