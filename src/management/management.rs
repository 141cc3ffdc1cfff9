//! What somebody wants to do with credentials.

use super::decided::Decided;
use super::owner::Owner;
use super::permitted::{Creation, Listing, Revocation, Rotation};
use super::refusal::Refusal;
use super::request::{Asked, Task};
use super::requester::Requester;
use super::wanted::{Replacement, Wanted};
use crate::policy::Policy;
use crate::time::Time;
use crate::token::Record;
use core::fmt;

/// Somebody, at one moment, who wants to manage credentials.
///
/// The policy decides: it must declare the actions of section 18 of `docs/policy-language.md`, as
/// the built-in policy does. That lets users who are signed in manage their own personal access
/// tokens, and administrators the keys of service users; it bounds lifetimes, and has the beta flag
/// and the exclusion of single sign-on. Keys of service users that may manage keys can make none
/// that is good for more, or for longer, than they are. What it cannot decide is refused.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::Time;
/// use cog_auth::management::{Management, Owner, Requester, Wanted};
/// use cog_auth::policy::Policy;
/// use cog_auth::token::{KeyId, MINT_RANDOM_BYTES, RootKey, Scopes};
///
/// let (mut key, mut random) = ([0; 32], [0; MINT_RANDOM_BYTES]);
/// getrandom::fill(&mut key)?;
/// getrandom::fill(&mut random)?;
/// let root = RootKey::new(KeyId::parse("01")?, &key);
/// let policy = Policy::builtin();
/// let management = Management {
///     policy: &policy,
///     requester: Requester::SignedIn("user_01"),
///     // From the same store as the gate's.
///     facts: br#"{"principal": {"type": "user", "id": "user_01", "account":
///         {"id": "acct_7", "plan": "team", "sso": false, "features": ["pat_beta"]}}}"#,
///     client_address: None,
///     now: Time::from_seconds(1_795_000_000)?,
/// };
///
/// let wanted = Wanted { lifetime: Some(30 * 86_400), ..Wanted::with_scopes(Scopes::all()) };
/// let creation = management.create(Owner::User("user_01"), &wanted).expect("it is allowed");
/// let issued = creation.issue(&root, &random).expect("there can be such a credential");
/// assert_eq!(issued.record.principal(), "user_01"); // store this
/// assert!(issued.token.expose().starts_with("cog_1p01")); // show this, once
///
/// let Err(refusal) = management.create(Owner::User("user_02"), &wanted) else { panic!() };
/// assert_eq!(refusal.status(), 403);
/// assert!(refusal.reasons().any(|reason| reason.code == "not_the_owner"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Management<'q> {
    /// The policy that decides.
    pub policy: &'q Policy,
    /// Who asks.
    pub requester: Requester<'q>,
    /// Facts about who asks and, where an owner lives in an organization, about that: JSON text of
    /// the form in section 15 of `docs/policy-language.md`, as the gate takes it.
    pub facts: &'q [u8],
    /// The IP address of the client, as for [`HttpRequest`](crate::gate::HttpRequest).
    pub client_address: Option<&'q str>,
    /// The present time.
    pub now: Time,
}

impl<'q> Management<'q> {
    /// Asks to create a credential.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] with 403 if the policy does not allow it, if the requester is disabled, or if
    /// the presented credential has ended; with 503 if the facts cannot be read or are about
    /// somebody else or another organization, or if `now` is after the year 2999.
    pub fn create(&self, owner: Owner<'q>, wanted: &'q Wanted) -> Result<Creation<'q>, Refusal> {
        let decided = self.decide(owner, Task::Create(wanted))?;
        Ok(Creation { decided, wanted })
    }

    /// Asks to list the credentials of an owner.
    ///
    /// # Errors
    ///
    /// As [`Management::create`].
    pub fn list(&self, owner: Owner<'q>) -> Result<Listing<'q>, Refusal> {
        Ok(Listing { decided: self.decide(owner, Task::List)? })
    }

    /// Asks to replace a credential, whose record was read from the store.
    ///
    /// # Errors
    ///
    /// As [`Management::create`]; with 503 too for a record that is not the owner's.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::management::{Management, Owner, Replacement, Requester, Wanted};
    /// use cog_auth::{Code, Time, policy::Policy};
    /// use cog_auth::token::{KeyId, MINT_RANDOM_BYTES, RootKey, Scopes};
    ///
    /// # let root = RootKey::new(KeyId::parse("01")?, &[7; 32]);
    /// # let policy = Policy::builtin();
    /// # let fresh_random_bytes = || {
    /// #     let mut random = [0; MINT_RANDOM_BYTES];
    /// #     getrandom::fill(&mut random).expect("the system has random bytes");
    /// #     random
    /// # };
    /// let admin = Management {
    ///     policy: &policy,
    ///     requester: Requester::SignedIn("user_01"),
    ///     facts: br#"{
    ///         "principal": {"type": "user", "id": "user_01", "account": {"id": "acct_7"},
    ///             "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
    ///         "organization": {"id": "org-a", "account": {"id": "acct_7"}}}"#,
    ///     client_address: None,
    ///     now: Time::from_seconds(1_795_000_000)?,
    /// };
    /// let owner = Owner::ServiceUserInOrganization { id: "su_ci", organization: "org-a" };
    /// let wanted = Wanted { lifetime: Some(3_600), ..Wanted::with_scopes(Scopes::all()) };
    /// let creation = admin.create(owner, &wanted).expect("admins may");
    /// let issued = creation.issue(&root, &fresh_random_bytes()).expect("it is within limits");
    ///
    /// let replacement = Replacement { lifetime: Some(30 * 86_400), grace: 600 };
    /// let rotation = admin.rotate(owner, &issued.record, replacement).expect("admins may");
    /// let rotated = rotation.issue(&root, &fresh_random_bytes()).expect("it is active");
    /// assert_eq!(rotated.predecessor.rotated_to(), Some(rotated.record.id()));
    ///
    /// // Once is enough.
    /// let again = admin.rotate(owner, &rotated.predecessor, replacement).expect("admins may");
    /// let refusal = again.issue(&root, &fresh_random_bytes()).unwrap_err();
    /// assert_eq!((refusal.status(), refusal.code()), (409, Code::AlreadyRotated));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn rotate(
        &self,
        owner: Owner<'q>,
        record: &'q Record,
        replacement: Replacement,
    ) -> Result<Rotation<'q>, Refusal> {
        let decided = self.decide(owner, Task::Rotate(record, replacement))?;
        Ok(Rotation { decided, record, replacement })
    }

    /// Asks to revoke a credential, whose record was read from the store.
    ///
    /// Whoever presents a credential may revoke that one itself, as the built-in policy has it,
    /// whatever else it is good for.
    ///
    /// # Errors
    ///
    /// As [`Management::rotate`].
    pub fn revoke(&self, owner: Owner<'q>, record: &'q Record) -> Result<Revocation<'q>, Refusal> {
        let decided = self.decide(owner, Task::Revoke(record))?;
        Ok(Revocation { decided, record })
    }

    fn decide(&self, owner: Owner<'q>, task: Task<'q>) -> Result<Decided<'q>, Refusal> {
        let Self { policy, requester, facts, client_address, now } = *self;
        Decided::of(Asked { policy, requester, client_address, now, owner, task }, facts)
    }
}

impl fmt::Debug for Management<'_> {
    /// Shows who asks alone: facts are nobody else's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Management").field(&self.requester).finish()
    }
}
