//! What one policy sees of a request.

use super::few::Few;
use super::grants::{DefaultGrants, LevelGrants, Membership, Organization};
use super::value::{AttributeValue, OWN, RankedText, number_of, position};
use crate::address::Network;
use crate::json::Text;
use crate::policy::image::layout::{self, NONE};
use crate::policy::image::{Image, Purpose, Purposes, Span, size};
use alloc::vec::Vec;

/// What one policy sees of a request: the value of each declared attribute, and what the derived
/// sets are made of.
///
/// It is filled place by place, and sealed before anything is asked of it.
pub(crate) struct Attributes<'a> {
    pub(crate) image: &'a Image,
    /// By the index of the attribute.
    pub(super) values: Vec<AttributeValue>,
    /// The words of the request's own bit sets.
    pub(super) words: Few<u64, 8>,
    /// The ids, and behind them the list that is being read.
    pub(super) texts: Vec<RankedText<'a>>,
    /// How many of the texts are ids.
    pub(super) ids: usize,
    /// How many of them have their rank.
    pub(super) ranked: usize,
    /// The request's own networks, and its addresses.
    pub(super) networks: Vec<Network>,
    /// The index of the action, if it is declared.
    pub(in crate::policy) action: Option<u32>,
    /// The type of the resource, if an action names it.
    pub(super) resource_type: Option<u32>,
    /// What the places are for at which something other than null stands.
    pub(super) standing: Purposes,
    pub(in crate::policy) defaults: DefaultGrants,
    pub(in crate::policy) subject_account: Option<Text<'a>>,
    pub(in crate::policy) resource_account: Option<Text<'a>>,
    pub(in crate::policy) organization: Organization<'a>,
    pub(in crate::policy) account: LevelGrants,
    pub(in crate::policy) memberships: Option<Vec<Membership<'a>>>,
    /// The roles that are not declared, by the place of each in its list. Those of a level stand
    /// together.
    pub(super) undeclared: Vec<u32>,
    /// The scopes, in a policy of many actions.
    pub(super) scopes: Span,
}

/// How many texts there is room for from the beginning: enough for most requests.
const USUAL: usize = 16;

impl<'a> Attributes<'a> {
    /// Nothing is known yet, but for what is declared of what is absent.
    pub(crate) fn new(image: &'a Image) -> Self {
        let count = image.count(layout::ATTRIBUTES);
        let mut values = Vec::new();
        values.resize(size(count), AttributeValue::Absent);
        let mut attributes = Self {
            image,
            values,
            words: Few::new(),
            texts: Vec::with_capacity(USUAL),
            ids: 0,
            ranked: 0,
            networks: Vec::new(),
            action: None,
            resource_type: None,
            standing: Purposes::default(),
            defaults: DefaultGrants { account: NONE, organization: NONE },
            subject_account: None,
            resource_account: None,
            organization: Organization::Missing,
            account: LevelGrants::default(),
            memberships: None,
            undeclared: Vec::new(),
            scopes: Span::default(),
        };
        attributes.put_absences();
        attributes
    }

    /// A copy with room for more. The ids in it have their ranks, so these are not looked for
    /// again.
    pub(crate) fn copy_with_room(&mut self) -> Self {
        self.rank();
        let mut texts = Vec::with_capacity(self.texts.len().saturating_add(USUAL));
        texts.extend_from_slice(&self.texts);
        Self {
            texts,
            values: self.values.clone(),
            words: self.words.clone(),
            networks: self.networks.clone(),
            memberships: self.memberships.clone(),
            undeclared: self.undeclared.clone(),
            ..*self
        }
    }

    /// Whether an action is for resources of the request's type.
    pub(in crate::policy) fn is_of_type_for(&self, action: u32) -> bool {
        let types = self.image.action(action).map_or(NONE, |action| action.resource_types());
        types == NONE
            || self.resource_type.is_some_and(|resource_type| {
                let (word, bit) = position(resource_type);
                self.image.word(types.saturating_add(word)) & bit != 0
            })
    }

    /// Whether something other than null stands at the place with this purpose.
    pub(in crate::policy) fn stands(&self, purpose: Purpose) -> bool {
        self.standing.has(purpose)
    }

    /// The places of a level's undeclared roles in its list.
    pub(in crate::policy) fn undeclared_roles(&self, lists: &LevelGrants) -> &[u32] {
        let Span { first, count } = lists.undeclared;
        let roles = self.undeclared.get(size(first)..size(first.saturating_add(count)));
        roles.unwrap_or_default()
    }

    /// Moves a level's undeclared roles behind all others, so that more can be added to them.
    pub(super) fn make_room_for_roles(&mut self, lists: &mut LevelGrants) {
        let roles = self.undeclared_roles(lists).to_vec();
        lists.undeclared.first = number_of(self.undeclared.len());
        self.undeclared.extend(roles);
    }

    pub(in crate::policy) fn attribute_value(&self, attribute: u16) -> AttributeValue {
        self.values.get(usize::from(attribute)).copied().unwrap_or_default()
    }

    /// A word of a bit set, by the number of the set's first word. Numbers from [`OWN`] on are
    /// words of the request, those below are words of the image.
    pub(in crate::policy) fn word(&self, first: u32, word: u32) -> u64 {
        let place = first.saturating_add(word);
        match place.checked_sub(OWN) {
            None => self.image.word(place),
            Some(own) => self.words.get(size(own)).unwrap_or_else(|| self.derived_word(place)),
        }
    }

    /// The rank of an id in a set, by the number of the set's first rank; as for words.
    pub(in crate::policy) fn id(&self, first: u32, item: u32) -> u32 {
        let place = first.wrapping_add(item);
        match place.checked_sub(OWN) {
            None => self.image.list(place),
            Some(own) => self.texts.get(size(own)).map_or(NONE, |id| id.rank),
        }
    }

    /// A network of a set, by the number of the set's first one; as for words.
    pub(in crate::policy) fn network(&self, first: u32, item: u32) -> Option<Network> {
        let place = first.wrapping_add(item);
        match place.checked_sub(OWN) {
            None => self.image.network(place),
            Some(own) => self.networks.get(size(own)).copied(),
        }
    }
}

impl core::fmt::Debug for Attributes<'_> {
    /// Shows the policy alone: what a client sent may be anything, even a secret.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Attributes").field(&self.image.digest()).finish()
    }
}
