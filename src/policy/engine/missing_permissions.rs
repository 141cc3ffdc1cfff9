//! What could decide members of the derived sets `subject.permissions` and `credential.scopes`
//! (section 9 of `docs/policy-language.md`).

use super::action_set::ActionSet;
use super::conditions::Evaluation;
use super::lack::Lack;
use super::missing::Missing;
use crate::json::Writer;
use crate::policy::image::layout::{NONE, PERMISSIONS, SCOPES};
use crate::policy::image::{Level, Operator, Purpose, size};
use crate::policy::request::{
    AttributeValue, LevelGrants, ListState, Membership, MembershipKind, Organization, position,
};
use crate::policy::truth::Truth;
use crate::policy::vocabulary::{KnownPlace, grant, place};
use alloc::string::String;

// What is needed at the places that derived sets are read from.
const STRINGS: &str = "an array of strings";
const OBJECTS: &str = "an array of objects";
const OBJECT: &str = "an object";
const ID: &str = "a string that is not empty";
/// What the pointer of an item of `roles` has before its index.
const ROLES_ITEM: &str = "roles/";
const ROLE: &str = "a role that the policy declares";

impl Evaluation<'_> {
    /// Notes the members of a derived set that an atom hangs on. The set is the left side of the
    /// atom, and `other` the right one.
    pub(super) fn missing_in_set(
        &self,
        operator: Operator,
        set: u16,
        other: AttributeValue,
        out: &mut Missing,
    ) {
        if !matches!(set, PERMISSIONS | SCOPES) {
            return;
        }
        let AttributeValue::Symbols { sure, perhaps, width, .. } = self.attribute_value(set) else {
            return;
        };
        // One member is in one word alone.
        let words = if let AttributeValue::Symbol(member) = other {
            let (word, _) = position(member);
            word..word.saturating_add(1)
        } else {
            0..width
        };
        let mut has_scopes = false;
        for word in words {
            let undecided = self.attributes.word(perhaps, word) & !self.attributes.word(sure, word);
            let members = undecided & self.that_matter(operator, word, other);
            if set == SCOPES {
                has_scopes |= members != 0;
            } else if let Some(word) = out.permissions.0.get_mut(size(word)) {
                *word |= members;
            }
        }
        if has_scopes {
            self.push_known(&place::CREDENTIAL_SCOPES, Purpose::Scopes, STRINGS, out);
        }
    }

    /// Which members of a word of the set on the left matter to an atom, if they are undecided.
    fn that_matter(&self, operator: Operator, word: u32, other: AttributeValue) -> u64 {
        let (sure, perhaps) = match other {
            AttributeValue::Symbols { sure, perhaps, .. } => (sure, perhaps),
            AttributeValue::Symbol(member) => {
                let (of_member, bit) = position(member);
                return if of_member == word { bit } else { 0 };
            }
            AttributeValue::Absent
            | AttributeValue::Unusable
            | AttributeValue::Null
            | AttributeValue::Bool(_)
            | AttributeValue::Integer(_)
            | AttributeValue::Id(_)
            | AttributeValue::Ids { .. }
            | AttributeValue::Networks { .. } => return u64::MAX,
        };
        match operator {
            Operator::HasAll | Operator::HasAny => self.attributes.word(perhaps, word),
            Operator::SubsetOf => !self.attributes.word(sure, word),
            Operator::Eq
            | Operator::Ne
            | Operator::In
            | Operator::Has
            | Operator::Lt
            | Operator::Le
            | Operator::Gt
            | Operator::Ge
            | Operator::Present => u64::MAX,
        }
    }

    /// Adds what could decide the permissions that atoms hang on.
    pub(super) fn with_permissions(&self, mut out: Missing) -> Missing {
        let members = core::mem::take(&mut out.permissions);
        if !members.is_empty() {
            self.missing_at_account(&members, &mut out);
            self.missing_in_organization(members, &mut out);
        }
        out
    }

    /// Collects what could decide account-level permissions.
    fn missing_at_account(&self, members: &ActionSet, out: &mut Missing) {
        let attributes = self.attributes;
        let given = self.given_of(
            members,
            Level::Account,
            &attributes.account,
            attributes.defaults.account,
        );
        if given.some_surely {
            if attributes.subject_account.is_none() {
                self.push_known(&place::SUBJECT_ACCOUNT_ID, Purpose::SubjectAccount, ID, out);
            }
            if attributes.resource_account.is_none() {
                self.push_known(&place::RESOURCE_ACCOUNT_ID, Purpose::ResourceAccount, ID, out);
            }
        }
        if given.some_perhaps {
            self.add_open_lists(&attributes.account, place::SUBJECT_PROPERTIES.pointer, out);
        }
    }

    /// Collects what could decide the organization-level permissions among some members.
    fn missing_in_organization(&self, mut members: ActionSet, out: &mut Missing) {
        let attributes = self.attributes;
        for (word, members) in (0..).zip(&mut members.0) {
            *members &= attributes.mask(Level::Organization, word);
        }
        if members.is_empty() {
            return;
        }
        self.missing_by_implication(&members, out);
        let Some(memberships) = &attributes.memberships else {
            let memberships = &place::SUBJECT_MEMBERSHIPS;
            self.push_known(memberships, Purpose::Memberships, OBJECTS, out);
            self.missing_organization(out);
            return;
        };
        for (index, membership) in memberships.iter().enumerate() {
            let counts = attributes.counts(membership);
            if counts != Truth::False {
                self.missing_in_membership(index, membership, counts, &members, out);
            }
        }
    }

    fn missing_organization(&self, out: &mut Missing) {
        if matches!(self.attributes.organization, Organization::Missing) {
            self.push_known(&place::RESOURCE_ORGANIZATION, Purpose::Organization, ID, out);
        }
    }

    /// Adds a place that a derived set reads: what stands there is not what it needs.
    fn push_known(
        &self,
        place: &KnownPlace,
        purpose: Purpose,
        needs: &'static str,
        out: &mut Missing,
    ) {
        let stands = self.attributes.stands(purpose);
        let lack = if stands { Lack::Unusable(needs) } else { Lack::Missing };
        out.push(place.pointer, lack);
    }

    /// Collects what could decide account-level permissions that imply some members.
    fn missing_by_implication(&self, members: &ActionSet, out: &mut Missing) {
        let mut undecided = ActionSet::new(self.image());
        for action in 0..self.image().actions() {
            let implies = self.image().action(action).map_or(NONE, |action| action.implies());
            let mut given = (0..).zip(&members.0);
            if implies == NONE
                || !given.any(|(word, members)| members & self.attributes.word(implies, word) != 0)
            {
                continue;
            }
            let held = self
                .attributes
                .has(self.attribute_value(PERMISSIONS), AttributeValue::Symbol(action));
            match held {
                Truth::False => {}
                Truth::Unknown => undecided.add(action),
                Truth::True => self.missing_organization(out),
            }
        }
        self.missing_at_account(&undecided, out);
    }

    /// Collects what could decide members by one membership, which surely or perhaps `counts`: is
    /// one in the organization of the request.
    fn missing_in_membership(
        &self,
        index: usize,
        membership: &Membership<'_>,
        counts: Truth,
        members: &ActionSet,
        out: &mut Missing,
    ) {
        let defaults =
            if membership.is_object() { self.attributes.defaults.organization } else { NONE };
        let given = self.given_of(members, Level::Organization, &membership.lists, defaults);
        if !given.some_surely && !given.some_perhaps {
            return;
        }
        let mut place = String::from(place::SUBJECT_MEMBERSHIPS.pointer);
        place.push('/');
        place.push_str(&digits(i64::try_from(index).unwrap_or(i64::MAX)));
        if given.some_surely && counts == Truth::Unknown {
            self.missing_organization(out);
            if membership.organization.is_none() {
                let lack = if membership.has_unusable_organization {
                    Lack::Unusable(ID)
                } else {
                    Lack::Missing
                };
                out.push_member(&place, grant::ORGANIZATION, lack);
            }
        }
        if given.some_perhaps {
            match membership.kind {
                MembershipKind::Object => self.add_open_lists(&membership.lists, &place, out),
                MembershipKind::Null => out.push(&place, Lack::Missing),
                MembershipKind::Other => out.push(&place, Lack::Unusable(OBJECT)),
            }
        }
    }

    /// How the lists of a level, and the defaults, give some members of that level.
    fn given_of(
        &self,
        members: &ActionSet,
        level: Level,
        lists: &LevelGrants,
        defaults: u32,
    ) -> Given {
        let (mut surely, mut perhaps) = (0, 0);
        for (word, members) in (0..).zip(&members.0) {
            let members = members & self.attributes.mask(level, word);
            let given = self.attributes.sure_at(lists, defaults, word);
            surely |= members & given;
            perhaps |= members & !given;
        }
        Given { some_surely: surely != 0, some_perhaps: perhaps != 0 }
    }

    /// Adds the lists of a level that could give more.
    fn add_open_lists(&self, lists: &LevelGrants, place: &str, out: &mut Missing) {
        if lists.roles_are_open() {
            out.push_member(place, grant::ROLES, lack_of_list(lists.roles));
        }
        if !lists.permissions_are_open() {
            return;
        }
        out.push_member(place, grant::PERMISSIONS, lack_of_list(lists.permissions));
        // Roles that are not declared have opened it, unless it was open by itself.
        if lists.permissions == ListState::Absent {
            for index in self.attributes.undeclared_roles(lists) {
                let mut role = String::from(ROLES_ITEM);
                role.push_str(&digits((*index).into()));
                out.push_member(place, &role, Lack::Unusable(ROLE));
            }
        }
    }
}

/// How some members are given. Both may be so, of different ones.
struct Given {
    some_surely: bool,
    /// Some are not surely given, though other lists could give them.
    some_perhaps: bool,
}

/// What stands in the place of a list that could give more.
const fn lack_of_list(list: ListState) -> Lack<'static> {
    match list {
        ListState::Absent | ListState::List => Lack::Missing,
        ListState::IllTyped => Lack::Unusable(STRINGS),
    }
}

fn digits(number: i64) -> String {
    let mut writer = Writer::new();
    writer.integer(number);
    writer.finish()
}
