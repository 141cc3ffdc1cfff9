//! Key sets as JSON. The texts are secret themselves.

use super::keys::Key;
use super::strict::{
    self, A_STRING, Document, MemberRule, ObjectMember, Presence, VERSION, members,
};
use super::{KeyId, KeySet, alphabet};
use crate::crypto::base64url;
use crate::crypto::wiped::Wiped;
use crate::error::{Code, Error};
use crate::json::{Text, Type};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;
use zeroize::Zeroizing;

/// A key set as JSON: the keys themselves, in the clear.
///
/// Reads as a `&str`. Wiped when dropped; no `Clone`, no `Display`, and `Debug` shows nothing of it.
///
/// ```
/// use cog_auth::token::{KeyId, RootKey, RootKeys};
///
/// let json = RootKeys::of(RootKey::new(KeyId::parse("01")?, &[7; 32])).expose_json();
/// assert!(json.starts_with(r#"{"v":1,"use":"root","#));
/// assert_eq!(format!("{json:?}"), "KeySetJson(…)");
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct KeySetJson(Zeroizing<String>);

impl Deref for KeySetJson {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeySetJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySetJson(…)")
    }
}

impl<K: Key> KeySet<K> {
    /// Reads a key set: `{"v": 1, "use": "…", "keys": {"01": "<43 characters of base64url>"}}`.
    ///
    /// At most [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES); other members and names that stand twice are refused.
    /// The text stays the caller's, to wipe.
    ///
    /// # Errors
    ///
    /// [`Code::WrongKeyUse`] if `use` names another use than this set's, [`Code::ReservedKeyId`] if it has the
    /// key id `00`, [`Code::InvalidKeySet`] for everything else. All with the offset.
    ///
    /// ```
    /// use cog_auth::{Code, token::Peppers};
    ///
    /// let error = Peppers::from_json(br#"{"v": 1, "use": "digest-pepper", "keys": {}}"#).unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidKeySet);
    /// assert_eq!(error.message(), "a key set has at least one key");
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let mut set = Self { keys: Vec::new() };
        match set.read(text) {
            Ok(()) => Ok(set),
            Err(error) => Err(match error.code() {
                Code::WrongKeyUse | Code::ReservedKeyId => error,
                _ => error.with_code(Code::InvalidKeySet),
            }),
        }
    }

    /// A key set that was read from another form than JSON: what its `use` is, and of each key the id and the 43 characters.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json), without an offset.
    ///
    /// ```
    /// use cog_auth::{Code, token::EdgeKeys};
    ///
    /// let key: (&[u8], &[u8]) = (b"01", b"5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA");
    /// let keys = EdgeKeys::from_parts(b"edge-tag", [key])?;
    /// assert!(keys.key_ids().map(|id| id.to_string()).eq(["01"]));
    ///
    /// let error = EdgeKeys::from_parts(b"edge-tag", [key, key]).unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidKeySet);
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn from_parts<'k>(
        purpose: &[u8],
        keys: impl IntoIterator<Item = (&'k [u8], &'k [u8])>,
    ) -> Result<Self, Error> {
        if purpose != K::USE.as_bytes() {
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
        let (Ok(id), Ok(characters)) = (id.try_into(), key.try_into()) else {
            return Err(invalid());
        };
        let id: &[u8; 2] = id;
        if !alphabet::contains_all(id) {
            return Err(invalid());
        }
        let id = KeyId::from_characters(*id).ok_or_else(|| Error::new(Code::ReservedKeyId))?;
        let mut read = None;
        if self.key(id).is_none() {
            self.put(K::made(id, |place| read = base64url::decode(characters, place)));
        }
        read.ok_or_else(invalid)
    }

    /// Writes the keys themselves as JSON: the secret, to be stored or sent in safety.
    ///
    /// Always in the same bytes: the members `v`, `use`, `keys`, the key ids in order, no white space.
    #[must_use]
    pub fn expose_json(&self) -> KeySetJson {
        // With all its room from the start, for a string that grows leaves the old one behind unwiped.
        let room = self.keys().count().saturating_mul(base64url::LEN.saturating_add(8));
        let mut json = Zeroizing::new(String::with_capacity(room.saturating_add(64)));
        json.push_str("{\"v\":1,\"use\":\"");
        json.push_str(K::USE);
        json.push_str("\",\"keys\":{");
        for (index, key) in self.keys().enumerate() {
            json.push_str(if index == 0 { "\"" } else { ",\"" });
            json.push_str(key.id().as_str());
            json.push_str("\":\"");
            base64url::push(key.expose(), &mut json);
            json.push('"');
        }
        json.push_str("}}");
        KeySetJson(json)
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

impl<K: Key> KeySet<K> {
    fn read(&mut self, json: &[u8]) -> Result<(), Error> {
        let mut document = Document::new(strict::text(json)?);
        document.open()?;
        while let Some(member) = document.member()? {
            match member {
                Member::Version => document.version()?,
                Member::Use => {
                    if document.read() != *K::USE {
                        return Err(Error::at(Code::WrongKeyUse, document.at()));
                    }
                }
                Member::Keys => self.read_keys(&mut document)?,
            }
        }
        Ok(())
    }

    fn read_keys(&mut self, document: &mut Document<'_>) -> Result<(), Error> {
        // What stood under this name before makes no difference: the set is refused in the end.
        self.keys.clear();
        while document.name()? {
            let mut characters = [0; 2];
            let filled = document.read().fill(&mut characters);
            if !filled || !alphabet::contains_all(&characters) {
                return Err(document.wrong(const { Code::InvalidKeyId.sentence() }));
            }
            let Some(key_id) = KeyId::from_characters(characters) else {
                return Err(Error::at(Code::ReservedKeyId, document.at()));
            };
            if self.key(key_id).is_some() {
                return Err(document.wrong("a key id stands twice"));
            }
            document.string()?;
            let mut read = None;
            self.put(K::made(key_id, |place| read = read_key(document.read(), place)));
            if read.is_none() {
                return Err(document
                    .wrong("a key is 32 bytes in 43 characters of base64url, spare bits zero"));
            }
        }
        if self.keys.is_empty() {
            return Err(document.wrong("a key set has at least one key"));
        }
        Ok(())
    }
}

/// Decodes a key without leaving a copy of its characters behind.
fn read_key(text: Text<'_>, place: &mut [u8; 32]) -> Option<()> {
    let mut characters = Wiped([0; base64url::LEN]);
    if text.fill(&mut *characters) { base64url::decode(&characters, place) } else { None }
}
