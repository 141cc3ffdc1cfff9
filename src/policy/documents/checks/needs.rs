//! What is needed where a value cannot be used (the table in section 8 of
//! `docs/policy-language.md`).
//!
//! The texts are made when a policy is compiled: an edge that reads an image has those alone that
//! its policy can say.

use super::super::model::DeclaredType;
use super::super::text::{integer, message};
use alloc::string::String;

/// What an open set needs, which may have any member.
pub(super) const OF_OPEN_SET: &str = "an array of strings";

/// What an attribute needs that is no open set.
pub(super) fn needs(kind: DeclaredType<'_>) -> String {
    String::from(match kind {
        DeclaredType::Bool => "true or false",
        DeclaredType::Enum(_) => "one of its declared values",
        DeclaredType::Id(_) => "a string that is not empty",
        DeclaredType::Int(min, max) => {
            let parts = [&*integer(min), &integer(max)];
            return message("an integer from {=} to {=}, in digits", &parts);
        }
        DeclaredType::Time => "seconds since 1970, or an RFC 3339 date-time, up to the year 2999",
        DeclaredType::Ip => "an IP address",
        DeclaredType::IpSet => "an array of IP addresses and prefixes",
        DeclaredType::EnumSet(_) => "an array of declared values",
        DeclaredType::IdSet(_) => "an array of strings that are not empty",
    })
}
