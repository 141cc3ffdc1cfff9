//! `Serialize` and `Deserialize` for what services keep and log: the feature `serde`.
//!
//! There is one form of each thing, and one set of checks. What has a JSON text of its own, such
//! as a record, is serialized as that text says, member by member. When it is deserialized, the
//! text is written first, and then read by the same strict function as any other. So nothing
//! comes in through serde that could not come in as text.
//!
//! Formats that are not for people to read, such as bincode, carry the JSON text as a string: they
//! do not say of which type a value is.

mod from_serde;
mod to_serde;

use crate::error::{Code, Error};
use crate::policy::{
    Decision, Denial, Explanation, ImageDigest, PolicyDigest, Reason, Route, RouteResource,
    Unusable,
};
use crate::time::Time;
use crate::token::{CredentialId, ExpiryDay, Handle, KeyId, Kind, Record, Scopes};
use crate::token::{MAX_RECORD_BYTES, MAX_RECORD_DEPTH};
use alloc::string::String;
use alloc::vec::Vec;
use from_serde::json_text;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use to_serde::JsonText;

/// What is serialized as a string, and how it is read again where that can be.
macro_rules! strings {
    ($($type:ty, $write:expr $(, $read:expr)?;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> _ = $write;
                serializer.serialize_str(write(self).as_ref())
            }
        }

        $(impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(&str) -> Option<Self> = $read;
                let text = String::deserialize(deserializer)?;
                read(&text).ok_or_else(|| {
                    D::Error::custom(concat!("this text is not a valid ", stringify!($type)))
                })
            }
        })?
    )*};
}

strings! {
    Code, |code| code.name(), |name| Self::from_name(name);
    CredentialId, |id| String::from(id.as_str()), |text| Self::parse(text).ok();
    Denial, |denial| denial.name(), |name| Self::from_name(name);
    Handle, |handle| String::from(handle.as_str());
    ImageDigest, |digest| digest.to_hex(), |hex| Self::from_hex(hex);
    KeyId, |id| String::from(id.as_str()), |text| Self::parse(text).ok();
    Kind, |kind| kind.name(), |name| Self::from_name(name);
    PolicyDigest, |digest| digest.to_hex(), |hex| Self::from_hex(hex);
}

/// What is serialized as a whole number.
macro_rules! numbers {
    ($($type:ident, $number:ty, $write:ident, $read:ident;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.$write().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::$read(<$number>::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    )*};
}

numbers! {
    ExpiryDay, u32, number, from_number;
    Time, u64, seconds, from_seconds;
}

/// As the list in a record: `["*"]`, or the names.
impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Formats such as bincode write the length before the names.
        self.names().collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(Vec::<String>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// As [`Record::to_json`] writes it.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        JsonText(&self.to_json()).serialize(serializer)
    }
}

/// As [`Record::from_json`] reads it.
impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json_text(deserializer, MAX_RECORD_BYTES, MAX_RECORD_DEPTH)?;
        Self::from_json(text.as_bytes()).map_err(D::Error::custom)
    }
}

/// As an AuthZEN evaluation response, with the explanation.
impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.explain().serialize(serializer)
    }
}

/// As an AuthZEN evaluation response.
impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        JsonText(&self.to_json()).serialize(serializer)
    }
}

impl Serialize for Reason<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = [self.message, self.link].into_iter().flatten().count();
        let mut reason = serializer.serialize_struct("Reason", texts.saturating_add(1))?;
        reason.serialize_field("code", self.code)?;
        for (name, text) in [("message", self.message), ("link", self.link)] {
            match text {
                Some(text) => reason.serialize_field(name, text)?,
                None => reason.skip_field(name)?,
            }
        }
        reason.end()
    }
}

impl Serialize for Unusable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut unusable = serializer.serialize_struct("Unusable", 2)?;
        unusable.serialize_field("pointer", self.pointer())?;
        unusable.serialize_field("needs", self.needs())?;
        unusable.end()
    }
}

/// Its action, organization and undecided actions, and its resource where it has one. What stands
/// in the place of each parameter is left out.
impl Serialize for Route<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = 3_usize.saturating_add(usize::from(self.resource.is_some()));
        let mut route = serializer.serialize_struct("Route", members)?;
        route.serialize_field("action", self.action)?;
        route.serialize_field("organization", &self.organization)?;
        match &self.resource {
            Some(resource) => route.serialize_field("resource", resource)?,
            None => route.skip_field("resource")?,
        }
        route.serialize_field("undecided", &self.undecided)?;
        route.end()
    }
}

impl Serialize for RouteResource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut resource = serializer.serialize_struct("RouteResource", 2)?;
        resource.serialize_field("type", self.type_name)?;
        resource.serialize_field("id", self.id)?;
        resource.end()
    }
}

/// Its number, name and message, and the offset where there is one.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = 3_usize.saturating_add(usize::from(self.offset().is_some()));
        let mut error = serializer.serialize_struct("Error", members)?;
        error.serialize_field("code", &self.code().number())?;
        error.serialize_field("name", self.name())?;
        error.serialize_field("message", self.message())?;
        match self.offset() {
            Some(offset) => error.serialize_field("offset", &offset)?,
            None => error.skip_field("offset")?,
        }
        error.end()
    }
}
