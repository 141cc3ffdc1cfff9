//! The tree of the places that a policy reads in a request.

use super::model::{BUILTIN, Model};
use super::names::NameMap;
use crate::policy::image::write::number;
use crate::policy::image::{Purpose, Purposes};
use crate::policy::vocabulary::{KnownPlace, place};
use alloc::string::String;
use alloc::vec::Vec;

/// A place of the request, while the tree grows.
#[derive(Default)]
pub(super) struct PlaceDraft<'m> {
    pub(super) name: &'m str,
    pub(super) children: NameMap<'m>,
    pub(super) purposes: Purposes,
    /// The attributes that are read here.
    pub(super) readers: Vec<u32>,
}

/// The tree of all places that are read, the root first.
pub(super) fn places<'m>(model: &'m Model<'_>) -> Vec<PlaceDraft<'m>> {
    let mut places = alloc::vec![PlaceDraft::default()];
    for (place, purposes) in BUILTIN_PLACES {
        if let Some(place) = at(&mut places, place.names.iter().copied()) {
            place.purposes = Purposes::of(purposes);
        }
    }
    // The places of the built-in attributes have purposes instead of readers.
    for (index, attribute) in model.attributes.iter().enumerate().skip(BUILTIN.len()) {
        if let Some(place) = at(&mut places, attribute.path.iter().map(String::as_str)) {
            place.readers.push(number(index));
        }
    }
    places
}

/// The index of a place that the library itself knows, if something reads it.
pub(super) fn known(places: &[PlaceDraft<'_>], known: &KnownPlace) -> Option<usize> {
    known.names.iter().try_fold(0, |at, name| places.get(at)?.children.find(name))
}

/// The place at the end of a path, which is added where it is new.
fn at<'p, 'm>(
    places: &'p mut Vec<PlaceDraft<'m>>,
    path: impl Iterator<Item = &'m str>,
) -> Option<&'p mut PlaceDraft<'m>> {
    let mut at = 0;
    for name in path {
        let new = places.len();
        let place = places.get_mut(at)?;
        at = place.children.find(name).unwrap_or(new);
        if at == new {
            place.children.add(name, new);
            places.push(PlaceDraft { name, ..PlaceDraft::default() });
        }
    }
    places.get_mut(at)
}

/// What every request has, whatever the schema declares.
const BUILTIN_PLACES: [(KnownPlace, &[Purpose]); 21] = [
    (place::SUBJECT, &[Purpose::Object]),
    (place::SUBJECT_TYPE, &[Purpose::String, Purpose::SubjectType]),
    (place::SUBJECT_ID, &[Purpose::String]),
    (place::SUBJECT_PROPERTIES, &[Purpose::Object]),
    (place::SUBJECT_ROLES, &[Purpose::SubjectRoles]),
    (place::SUBJECT_PERMISSIONS, &[Purpose::SubjectPermissions]),
    (place::SUBJECT_MEMBERSHIPS, &[Purpose::Memberships]),
    (place::SUBJECT_ACCOUNT_ID, &[Purpose::SubjectAccount]),
    (place::ACTION, &[Purpose::Object]),
    (place::ACTION_NAME, &[Purpose::String, Purpose::ActionName]),
    (place::ACTION_PROPERTIES, &[Purpose::Object]),
    (place::ACTION_PROPERTY, &[]),
    (place::RESOURCE, &[Purpose::Object]),
    (place::RESOURCE_TYPE, &[Purpose::String, Purpose::ResourceType]),
    (place::RESOURCE_ID, &[Purpose::String]),
    (place::RESOURCE_PROPERTIES, &[Purpose::Object]),
    (place::RESOURCE_ORGANIZATION, &[Purpose::Organization]),
    (place::RESOURCE_ACCOUNT_ID, &[Purpose::ResourceAccount]),
    (place::CONTEXT, &[Purpose::Object]),
    (place::CREDENTIAL, &[]),
    (place::CREDENTIAL_SCOPES, &[Purpose::Scopes]),
];
