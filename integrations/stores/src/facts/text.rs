//! The JSON of facts: checked as it is written, and put together as it is read.

use super::{FactsQuery, InvalidFacts, principal_type};
use crate::Unavailable;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The members of an account's properties, if they are a JSON object, in a fixed layout.
pub(super) fn checked_account(text: &str) -> Result<String, InvalidFacts> {
    let properties: Properties<'_> = serde_json::from_str(text).map_err(InvalidFacts::new)?;
    if properties.0.contains_key("id") {
        let error = serde_json::Error::custom("an account's id is not among its properties");
        return Err(InvalidFacts::new(error));
    }
    serde_json::to_string(&properties.0).map_err(InvalidFacts::new)
}

/// What a principal's facts say, in a fixed layout.
pub(super) fn checked_principal(text: &str) -> Result<String, InvalidFacts> {
    let members: PrincipalMembers<'_> = serde_json::from_str(text).map_err(InvalidFacts::new)?;
    serde_json::to_string(&members).map_err(InvalidFacts::new)
}

/// What a store has of a principal and an organization.
#[derive(Debug)]
pub(crate) struct FactsRow {
    /// What [`checked_principal`] gave.
    pub(crate) principal: String,
    /// The principal's account, if it is known.
    pub(crate) account: Option<AccountRow>,
    /// The organization, if it is known, and its account, if that is.
    pub(crate) organization: Option<Option<AccountRow>>,
}

/// An account's id, and what [`checked_account`] gave. No properties: nothing is known of it.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: String,
    pub(crate) properties: Option<String>,
}

impl FactsRow {
    /// The facts that answer a query. The resource is left out: it stands in tables of the service.
    pub(crate) fn facts(&self, query: &FactsQuery<'_>) -> Result<Arc<str>, Unavailable> {
        let read = || -> serde_json::Result<String> {
            let organization = match (query.organization, &self.organization) {
                (Some(id), Some(account)) => Some(Organization {
                    id,
                    account: account.as_ref().map(read_account).transpose()?,
                }),
                (None, _) | (_, None) => None,
            };
            serde_json::to_string(&Facts {
                principal: Principal {
                    kind: principal_type(query.kind),
                    id: query.principal,
                    account: self.account.as_ref().map(read_account).transpose()?,
                    members: serde_json::from_str(&self.principal)?,
                },
                organization,
            })
        };
        // What a reader of JSON says may show a value.
        let text =
            read().map_err(|_| Unavailable::because("what is stored is not JSON of facts"))?;
        Ok(text.into())
    }
}

fn read_account(row: &AccountRow) -> serde_json::Result<Account<'_>> {
    let properties = row.properties.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Account { id: &row.id, properties })
}

#[derive(Serialize)]
struct Facts<'f> {
    principal: Principal<'f>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<Organization<'f>>,
}

#[derive(Serialize)]
struct Organization<'f> {
    id: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account<'f>>,
}

struct Principal<'f> {
    kind: &'static str,
    id: &'f str,
    account: Option<Account<'f>>,
    members: PrincipalMembers<'f>,
}

struct Account<'f> {
    id: &'f str,
    properties: Option<Properties<'f>>,
}

/// The members of `principal` in facts that stand in one column.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PrincipalMembers<'f> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled: Option<bool>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    roles: Option<&'f RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    permissions: Option<&'f RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    memberships: Option<&'f RawValue>,
}

impl Serialize for Principal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind)?;
        map.serialize_entry("id", self.id)?;
        if let Some(account) = &self.account {
            map.serialize_entry("account", account)?;
        }
        if let Some(disabled) = self.members.disabled {
            map.serialize_entry("disabled", &disabled)?;
        }
        let PrincipalMembers { roles, permissions, memberships, .. } = &self.members;
        for (name, value) in
            [("roles", roles), ("permissions", permissions), ("memberships", memberships)]
        {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

impl Serialize for Account<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id)?;
        for (name, value) in self.properties.iter().flat_map(|properties| &properties.0) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The members of a JSON object, each of which stands once.
struct Properties<'f>(BTreeMap<String, &'f RawValue>);

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Properties<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member stands twice"));
                    }
                }
                Ok(Properties(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
