//! What facts say of who asks, and of the organization that a service user lives in.

use super::requester::Requester;
use crate::error::{Code, Error};
use crate::json::{Item, Reader, Text};
use crate::policy::Policy;
use core::array;

/// Facts of the form that the gate takes too (section 15 of `docs/policy-language.md`). Each member
/// is the text of its value, which was read over, or nothing.
pub(super) struct Facts<'f> {
    /// The account of who asks.
    pub(super) account: Option<&'f str>,
    /// The members of the properties of who asks, by name.
    pub(super) properties: [(&'static str, Option<&'f str>); 4],
    /// The account of the organization.
    pub(super) organization_account: Option<&'f str>,
}

impl<'f> Facts<'f> {
    /// Reads facts about who asks, and perhaps about an organization.
    ///
    /// Errors: [`Code::DisabledPrincipal`], and [`Code::InvalidFacts`] for all else.
    pub(super) fn read(
        policy: &'f Policy,
        text: &'f [u8],
        requester: Requester<'_>,
        organization: Option<&str>,
    ) -> Result<Self, Error> {
        let mut reader = policy.reader(text)?;
        let [principal, asked, resource] =
            members(&mut reader, ["principal", "organization", "resource"])?;
        reader.end()?;
        let [kind, id, disabled, account, roles, permissions, memberships] = members(
            &mut principal.ok_or_else(|| invalid("a principal is missing"))?,
            ["type", "id", "disabled", "account", "roles", "permissions", "memberships"],
        )?;
        if !is_text(kind.as_ref(), requester.principal_type())
            || !is_text(id.as_ref(), requester.id())
        {
            return Err(invalid("the facts are about somebody else than the one who asks"));
        }
        let of_organization = match (organization, standing(asked)) {
            (_, None) => None,
            (None, Some(_)) => return Err(invalid("the facts are about an organization")),
            (Some(organization), Some(mut asked)) => {
                let [id, account] = members(&mut asked, ["id", "account"])?;
                if !is_text(id.as_ref(), organization) {
                    return Err(invalid("the facts are about another organization"));
                }
                account
            }
        };
        if standing(resource).is_some() {
            return Err(invalid("the facts are about a resource"));
        }
        match disabled.map(|mut it| it.value()).transpose()? {
            None | Some(Item::Null | Item::Bool(false)) => {}
            Some(Item::Bool(true)) => return Err(Error::new(Code::DisabledPrincipal)),
            Some(Item::Number(_) | Item::String(_) | Item::Array | Item::Object) => {
                return Err(invalid("`disabled` is true, false or null"));
            }
        }
        let account = text_of(account)?;
        Ok(Self {
            account,
            properties: [
                ("account", account),
                ("roles", text_of(roles)?),
                ("permissions", text_of(permissions)?),
                ("memberships", text_of(memberships)?),
            ],
            organization_account: text_of(of_organization)?,
        })
    }

    /// The account of who asks, if it is the one with this id.
    pub(super) fn account_with_id(&self, policy: &'f Policy, id: &str) -> Option<&'f str> {
        let account = self.account?;
        let mut reader = policy.reader(account.as_bytes()).ok()?;
        let Ok(Item::Object) = reader.value() else { return None };
        let mut found = None;
        while let Some(name) = reader.member().ok()? {
            if name == *"id" {
                found = Some(reader.clone());
            }
            reader.skip().ok()?;
        }
        is_text(found.as_ref(), id).then_some(account)
    }
}

/// Where the values of an object's members are. It may have no others, and none twice.
fn members<'f, const N: usize>(
    object: &mut Reader<'f>,
    names: [&str; N],
) -> Result<[Option<Reader<'f>>; N], Error> {
    let mut found = array::from_fn(|_| None);
    if !matches!(object.value()?, Item::Object) {
        return Err(invalid("an object is needed here"));
    }
    while let Some(name) = object.member()? {
        let index = names.iter().position(|known| name == **known);
        match index.and_then(|index| found.get_mut(index)) {
            Some(member @ None) => *member = Some(object.clone()),
            Some(Some(_)) | None => return Err(invalid("a member is unknown, or stands twice")),
        }
        object.skip()?;
    }
    Ok(found)
}

/// A value, unless it is null.
fn standing(value: Option<Reader<'_>>) -> Option<Reader<'_>> {
    value.filter(|value| !matches!(value.clone().value(), Ok(Item::Null)))
}

fn is_text(value: Option<&Reader<'_>>, text: &str) -> bool {
    let value = value.and_then(|value| value.clone().value().ok());
    matches!(value, Some(Item::String(value)) if value == Text::plain(text))
}

/// The text of a value.
fn text_of(value: Option<Reader<'_>>) -> Result<Option<&str>, Error> {
    let Some(mut value) = value else { return Ok(None) };
    let start = value.offset();
    value.skip()?;
    Ok(Some(value.between(start, value.offset())))
}

fn invalid(reason: &'static str) -> Error {
    Error::new(Code::InvalidFacts).because(reason)
}
