//! Sets of keys, and their form in JSON (section "Key sets" of `docs/token-format.md`).
//!
//! The public types [`RootKeys`](super::RootKeys), [`EdgeKeys`](super::EdgeKeys) and
//! [`Peppers`](super::Peppers) each hold a set, and are declared with [`key_set!`].

use super::id::read_characters;
use super::key::Key;
use super::strict::{
    self, A_STRING, Document, MemberRule, ObjectMember, Presence, VERSION, members,
};
use super::{KeyId, alphabet};
use crate::crypto::base64url;
use crate::crypto::wiped::Wiped;
use crate::error::{Code, Error};
use crate::json::{Text, Type};
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// What a set of keys is for: the member `use`.
///
/// A set refuses a text that was written for another use. So a root key cannot reach an edge by
/// mistake.
#[derive(Clone, Copy)]
pub(super) enum KeyUse {
    Root,
    EdgeTag,
    DigestPepper,
}

impl KeyUse {
    const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::EdgeTag => "edge-tag",
            Self::DigestPepper => "digest-pepper",
        }
    }
}

/// What a set consists of: a key, or a type around one.
pub(super) trait Keyed {
    fn around(key: Key) -> Self;
    fn key(&self) -> &Key;
}

impl Keyed for Key {
    fn around(key: Key) -> Self {
        key
    }

    fn key(&self) -> &Key {
        self
    }
}

/// Keys of one use.
pub(super) struct KeySet<K> {
    /// In the order of their ids, each id once. Never empty once a constructor has returned it.
    keys: Vec<K>,
}

impl<K: Keyed> KeySet<K> {
    /// The set of these keys, of which there is one or more, in the order of their ids.
    pub(super) fn collect(keys: impl Iterator<Item = K>) -> Self {
        Self { keys: keys.collect() }
    }

    /// Adds a key. [`Code::InvalidKeySet`] if the set has a key of its id.
    pub(super) fn insert(&mut self, key: K) -> Result<(), Error> {
        if self.find(key.key().id()).is_some() {
            return Err(Error::new(Code::InvalidKeySet)
                .because("the key set has a key of this key id already"));
        }
        self.put(key);
        Ok(())
    }

    /// Adds all keys of another set, or none: [`Code::InvalidKeySet`] if both have a key of one id.
    pub(super) fn merge(&mut self, others: Self) -> Result<(), Error> {
        if others.ids().any(|id| self.find(id).is_some()) {
            return Err(Error::new(Code::InvalidKeySet)
                .because("both key sets have a key of the same key id"));
        }
        others.keys.into_iter().for_each(|key| self.put(key));
        Ok(())
    }

    /// Puts a key of a new id where it belongs in the order.
    fn put(&mut self, key: K) {
        self.keys.push(key);
        let mut rest = self.keys.as_mut_slice();
        while let Some((last, others)) = rest.split_last_mut()
            && let Some(before) = others.last_mut()
            && before.key().id() > last.key().id()
        {
            core::mem::swap(before, last);
            rest = others;
        }
    }

    /// The key of this id.
    pub(super) fn find(&self, id: KeyId) -> Option<&K> {
        self.keys.iter().find(|key| key.key().id() == id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &K> {
        self.keys.iter()
    }

    /// The ids of the keys, in order.
    pub(super) fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys.iter().map(|key| key.key().id())
    }

    /// Reads a set from JSON.
    pub(super) fn from_json(key_use: KeyUse, text: &[u8]) -> Result<Self, Error> {
        let mut set = Self { keys: Vec::new() };
        match set.read(key_use, text) {
            Ok(()) => Ok(set),
            Err(error) => Err(match error.code() {
                Code::WrongKeyUse | Code::ReservedKeyId => error,
                _ => error.with_code(Code::InvalidKeySet),
            }),
        }
    }

    fn read(&mut self, key_use: KeyUse, json: &[u8]) -> Result<(), Error> {
        let mut document = Document::new(strict::text(json)?);
        document.open()?;
        while let Some(member) = document.member()? {
            match member {
                Member::Version => document.version()?,
                Member::Use => {
                    if document.read() != *key_use.name() {
                        return Err(Error::at(Code::WrongKeyUse, document.at()));
                    }
                }
                Member::Keys => self.read_keys(&mut document)?,
            }
        }
        Ok(())
    }

    fn read_keys(&mut self, document: &mut Document<'_>) -> Result<(), Error> {
        // If `keys` stands twice, the document refuses the whole set in the end.
        self.keys.clear();
        while document.name()? {
            let Some(characters) = read_characters(document.read()) else {
                return Err(document.wrong(const { Code::InvalidKeyId.sentence() }));
            };
            let Some(id) = KeyId::from_characters(characters) else {
                return Err(Error::at(Code::ReservedKeyId, document.at()));
            };
            if self.find(id).is_some() {
                return Err(document.wrong("a key id stands twice"));
            }
            document.string()?;
            let text = document.read();
            let mut valid = false;
            self.put(K::around(Key::new(id, |place| valid = decode(text, place))));
            if !valid {
                return Err(document
                    .wrong("a key is 32 bytes in 43 characters of base64url, spare bits zero"));
            }
        }
        if self.keys.is_empty() {
            return Err(document.wrong("a key set has at least one key"));
        }
        Ok(())
    }

    /// A set that was read by other means: what stood in `use`, and each key's id and characters.
    pub(super) fn from_parts<'k>(
        key_use: KeyUse,
        named: &[u8],
        keys: impl IntoIterator<Item = (&'k [u8], &'k [u8])>,
    ) -> Result<Self, Error> {
        if named != key_use.name().as_bytes() {
            return Err(Error::new(Code::WrongKeyUse));
        }
        let mut set = Self { keys: Vec::new() };
        for (id, key) in keys {
            set.add(id, key)?;
        }
        if set.keys.is_empty() { Err(Error::new(Code::InvalidKeySet)) } else { Ok(set) }
    }

    fn add(&mut self, id: &[u8], key: &[u8]) -> Result<(), Error> {
        let invalid = || Error::new(Code::InvalidKeySet);
        let (Ok(id), Ok(characters)) = (<[u8; 2]>::try_from(id), key.try_into()) else {
            return Err(invalid());
        };
        if !alphabet::contains_all(&id) {
            return Err(invalid());
        }
        let id = KeyId::from_characters(id).ok_or_else(|| Error::new(Code::ReservedKeyId))?;
        let mut valid = false;
        if self.find(id).is_none() {
            let key = Key::new(id, |place| valid = base64url::decode(characters, place));
            self.put(K::around(key));
        }
        if valid { Ok(()) } else { Err(invalid()) }
    }

    /// Writes the keys as JSON, always in the same bytes, and wipes the text when `look` returns.
    pub(super) fn expose_json<T>(&self, key_use: KeyUse, look: impl FnOnce(&str) -> T) -> T {
        // A string that grows leaves what it held behind, unwiped. So it has room for all of it.
        let room = self.keys.len().saturating_mul(base64url::LEN.saturating_add(8));
        let mut json = Zeroizing::new(String::with_capacity(room.saturating_add(64)));
        json.push_str("{\"v\":1,\"use\":\"");
        json.push_str(key_use.name());
        json.push_str("\",\"keys\":{");
        for (index, key) in self.keys.iter().map(Keyed::key).enumerate() {
            json.push_str(if index == 0 { "\"" } else { ",\"" });
            json.push_str(key.id().as_str());
            json.push_str("\":\"");
            json.extend(base64url::encode(key.expose()).map(char::from));
            json.push('"');
        }
        json.push_str("}}");
        look(&json)
    }
}

members! {
    /// The members of a key set.
    enum Member {
        Version = "v", Needed Number, VERSION;
        Use = "use", Needed String, A_STRING;
        Keys = "keys", Needed Object, "`keys` is an object";
    }
    unknown: "a key set has the members v, use and keys alone",
    missing: "a key set needs the members v, use and keys",
}

/// Decodes a key, and says whether it is one. No copy of its characters is left.
fn decode(text: Text<'_>, place: &mut [u8; 32]) -> bool {
    let mut characters = Wiped([0; base64url::LEN]);
    text.fill(&mut *characters) && base64url::decode(&characters, place)
}

/// Declares a public set of keys of one use.
macro_rules! key_set {
    ($(#[$doc:meta])* $set:ident of $key:ty, $key_use:ident, $named:literal) => {
        $(#[$doc])*
        pub struct $set {
            keys: KeySet<$key>,
        }

        impl $set {
            /// The set of these keys, which are in the order of their ids.
            pub(super) fn collect(keys: impl Iterator<Item = $key>) -> Self {
                Self { keys: KeySet::collect(keys) }
            }

            /// Reads a key set from JSON, UTF-8 of at most
            /// [`MAX_RECORD_BYTES`](crate::token::MAX_RECORD_BYTES) bytes.
            ///
            #[doc = concat!(r#"It is `{"v": 1, "use": ""#, $named, r#"", "keys": {…}}`."#)]
            /// Each member of `keys` has a key id as its name, and as its value 32 bytes as 43
            /// characters of base64url without padding (RFC 4648, section 5). An unknown member is
            /// refused, and so is a name that stands twice. The text stays the caller's, who should
            /// wipe it.
            ///
            /// # Errors
            ///
            /// With the offset in the text: [`Code::WrongKeyUse`] if `use` is another one,
            /// [`Code::ReservedKeyId`] if a key id is `00`, [`Code::InvalidKeySet`] for everything
            /// else.
            ///
            /// ```
            #[doc = concat!("use cog_auth::{Code, token::", stringify!($set), "};")]
            ///
            #[doc = concat!(r##"let none = br#"{"v":1,"use":""##, $named, r##"","keys":{}}"#;"##)]
            #[doc = concat!("let error = ", stringify!($set), "::from_json(none).unwrap_err();")]
            /// assert_eq!(error.code(), Code::InvalidKeySet);
            /// assert_eq!(error.message(), "a key set has at least one key");
            /// ```
            ///
            /// [`Code::InvalidKeySet`]: crate::Code::InvalidKeySet
            /// [`Code::ReservedKeyId`]: crate::Code::ReservedKeyId
            /// [`Code::WrongKeyUse`]: crate::Code::WrongKeyUse
            pub fn from_json(text: &[u8]) -> Result<Self, Error> {
                Ok(Self { keys: KeySet::from_json(KeyUse::$key_use, text)? })
            }

            /// Writes the keys as JSON, gives the text to `look`, and returns what that returns.
            ///
            /// The text holds the secret keys in the clear. It is wiped when `look` returns, so
            /// encrypt or store it there. It is always the same for the same keys: the members `v`,
            /// `use`, `keys`, the keys in the order of their ids, no white space.
            pub fn expose_json<T>(&self, look: impl FnOnce(&str) -> T) -> T {
                self.keys.expose_json(KeyUse::$key_use, look)
            }

            /// The ids of the keys, in byte order.
            pub fn key_ids(&self) -> impl Iterator<Item = KeyId> {
                self.keys.ids()
            }

            /// Adds all keys of another set.
            ///
            /// # Errors
            ///
            /// [`Code::InvalidKeySet`] if both sets have a key of the same id. Nothing is added
            /// then: no key ever replaces another.
            ///
            /// ```
            #[doc = concat!("use cog_auth::token::", stringify!($set), ";")]
            ///
            /// // A fixed key: 32 zero bytes.
            /// let set = |key_id| {
            ///     let keys = format!(r#"{{"{key_id}":"{}"}}"#, "A".repeat(43));
            #[doc = concat!(r#"    let key_use = ""#, $named, r#"";"#)]
            ///     let text = format!(r#"{{"v":1,"use":"{key_use}","keys":{keys}}}"#);
            #[doc = concat!("    ", stringify!($set), "::from_json(text.as_bytes())")]
            /// };
            /// let mut keys = set("01")?;
            /// keys.merge(set("02")?)?;
            /// assert_eq!(keys.key_ids().count(), 2);
            /// assert!(keys.merge(set("01")?).is_err());
            /// # Ok::<(), cog_auth::Error>(())
            /// ```
            ///
            /// [`Code::InvalidKeySet`]: crate::Code::InvalidKeySet
            pub fn merge(&mut self, others: Self) -> Result<(), Error> {
                self.keys.merge(others.keys)
            }
        }

        impl fmt::Debug for $set {
            /// The key ids alone.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_tuple(stringify!($set));
                self.key_ids().for_each(|id| _ = shown.field(&id));
                shown.finish()
            }
        }
    };
}

pub(super) use key_set;
