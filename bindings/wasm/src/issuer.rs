//! What only an issuer or an origin does: root keys, minting, digests, records.

use crate::arguments::Arguments;
use crate::at_edge::accept;
use crate::failure::{Answered, Failure, Wrong};
use crate::state::{Call, Item, KEYS};
use crate::tokens::genuine;
use alloc::vec::Vec;
use cog_auth::Code;
use cog_auth::token::{
    ExpiryDay, KeyId, Kind, Peppers, Record, RecordDraft, RootKey, RootKeys, RotationLimits,
    Scopes, Token,
};

/// Arguments: the key set.
pub(crate) fn load_root_keys(call: &mut Call<'_>) -> Answered {
    let size = call.arguments.len().saturating_mul(KEYS);
    let keys = RootKeys::from_json(call.arguments.bytes()?)?;
    call.loaded.put(call.slot, Item::RootKeys(keys), size)
}

/// Arguments: the key set.
pub(crate) fn load_peppers(call: &mut Call<'_>) -> Answered {
    let size = call.arguments.len().saturating_mul(KEYS);
    let keys = Peppers::from_json(call.arguments.bytes()?)?;
    call.loaded.put(call.slot, Item::Peppers(keys.into()), size)
}

/// Arguments: the key id, 32 random bytes. Answers the key set.
pub(crate) fn new_root_keys(call: &mut Call<'_>) -> Answered {
    let key_id = KeyId::parse(call.arguments.text()?)?;
    let random = call.arguments.bytes()?.first_chunk();
    let keys = RootKeys::of(RootKey::new(key_id, random.ok_or(NOT_RANDOM)?));
    Ok(keys.expose_json(|text| call.answer.copy(text.as_bytes())))
}

/// No arguments. Answers the key set.
pub(crate) fn edge_keys_of(call: &mut Call<'_>) -> Answered {
    let keys = call.loaded.root_keys(call.slot)?.edge_keys();
    Ok(keys.expose_json(|text| call.answer.copy(text.as_bytes())))
}

/// No arguments. Answers the key set.
pub(crate) fn peppers_of(call: &mut Call<'_>) -> Answered {
    let keys = call.loaded.root_keys(call.slot)?.peppers();
    Ok(keys.expose_json(|text| call.answer.copy(text.as_bytes())))
}

/// Arguments: the key id, the kind, the hard expiry or none, random bytes. Answers the token.
pub(crate) fn mint(call: &mut Call<'_>) -> Answered {
    let Call { slot, arguments, loaded, answer, .. } = call;
    let key_id = KeyId::parse(arguments.text()?)?;
    let keys = loaded.root_keys(*slot)?;
    let root = keys.key(key_id).ok_or(UNKNOWN_KEY_ID)?;
    let kind = Kind::from_name(arguments.text()?).ok_or(UNKNOWN_KIND)?;
    let expiry = arguments
        .optional_number()?
        .map(|day| ExpiryDay::from_number(u32::try_from(day).unwrap_or(u32::MAX)))
        .transpose()?;
    let token = root.mint(kind, expiry, arguments.bytes()?)?;
    Ok(answer.copy(token.expose().as_bytes()))
}

const NOT_RANDOM: Failure =
    Failure::Call(&Wrong::argument("a root key is made of 32 random bytes"));
const UNKNOWN_KEY_ID: Failure = Failure::Call(&Wrong::of(Code::UnknownKeyId));
const UNKNOWN_KIND: Failure = Failure::Call(&Wrong::of(Code::UnknownKind));

/// In the slot: peppers. Arguments: the token, the principal.
pub(crate) fn digest(call: &mut Call<'_>) -> Answered {
    let token = Token::parse(call.arguments.bytes()?)?;
    let peppers = call.loaded.peppers(call.slot)?;
    check_held(peppers, &token)?;
    let digest = token.digest(call.arguments.text()?, peppers)?;
    Ok(call.answer.text(digest))
}

/// Arguments: the token, the principal.
pub(crate) fn edge_digest(call: &mut Call<'_>) -> Answered {
    let token = Token::parse(call.arguments.bytes()?)?;
    let digest = token.edge_digest(call.arguments.text()?)?;
    Ok(call.answer.text(digest))
}

/// A missing pepper is told before anything is told of the arguments that follow.
fn check_held(peppers: &Peppers, token: &Token) -> Result<(), Failure> {
    let held = peppers.key_ids().any(|id| id == token.key_id());
    if held { Ok(()) } else { Err(UNKNOWN_KEY_ID) }
}

/// Arguments: the token, the time, the slot of the peppers, the record or none if the store has
/// none.
pub(crate) fn accept_at_origin(call: &mut Call<'_>) -> Answered {
    let genuine = genuine(call)?;
    let peppers = call.arguments.number()?;
    let peppers = call.loaded.peppers(u32::try_from(peppers).unwrap_or(u32::MAX))?;
    let record = call.arguments.optional_bytes()?.map(Record::from_json).transpose()?;
    let now = call.arguments.time()?;
    let accepted = genuine.accept_at_origin(record, peppers, now)?;
    Ok(accept(call.answer, accepted.record(), accepted.valid_until()))
}

/// Arguments: the token, the principal, the scopes, when it was created, the slot of the peppers if
/// origins are to accept it, whether edges are; and perhaps organizations, addresses, name, not
/// before, expires at, metadata.
pub(crate) fn issue_record(call: &mut Call<'_>) -> Answered {
    let Call { arguments, loaded, answer, .. } = call;
    let token = Token::parse(arguments.bytes()?)?;
    let principal = arguments.text()?;
    let scopes = Scopes::of(texts(arguments.list()?)?)?;
    let mut draft = RecordDraft::new(&token, principal, scopes, arguments.time()?);
    if let Some(slot) = arguments.optional_number()? {
        let peppers = loaded.peppers(u32::try_from(slot).unwrap_or(u32::MAX))?;
        check_held(peppers, &token)?;
        draft = draft.for_origins(peppers);
    }
    if arguments.flag()? {
        draft = draft.for_edges();
    }
    if let Some(organizations) = arguments.optional_list()? {
        draft = draft.organizations(texts(organizations)?);
    }
    if let Some(addresses) = arguments.optional_list()? {
        draft = draft.addresses(texts(addresses)?);
    }
    if let Some(name) = arguments.optional_text()? {
        draft = draft.name(name);
    }
    if let Some(time) = arguments.optional_time()? {
        draft = draft.not_before(time);
    }
    if let Some(time) = arguments.optional_time()? {
        draft = draft.expires_at(time);
    }
    if let Some(metadata) = arguments.optional_text()? {
        draft = draft.metadata(metadata);
    }
    Ok(answer.text(draft.issue()?.to_json()))
}

fn texts(list: Vec<&[u8]>) -> Result<Vec<&str>, Failure> {
    list.into_iter()
        .map(|bytes| core::str::from_utf8(bytes).map_err(|_| Failure::UNICODE))
        .collect()
}

fn record(arguments: &mut Arguments<'_>) -> Result<Record, Failure> {
    Ok(Record::from_json(arguments.bytes()?)?)
}

/// Arguments: the record. Answers it in its one form.
pub(crate) fn read_record(call: &mut Call<'_>) -> Answered {
    let record = record(&mut call.arguments)?;
    Ok(call.answer.text(record.to_json()))
}

/// Arguments: the record.
pub(crate) fn edge_record(call: &mut Call<'_>) -> Answered {
    let record = record(&mut call.arguments)?;
    Ok(call.answer.text(record.to_edge_json()?))
}

/// Arguments: the record, the time.
pub(crate) fn revoke_record(call: &mut Call<'_>) -> Answered {
    let record = record(&mut call.arguments)?;
    let at = call.arguments.time()?;
    Ok(call.answer.text(record.revoke(at).to_json()))
}

/// Arguments: the record, the time.
pub(crate) fn use_record(call: &mut Call<'_>) -> Answered {
    let record = record(&mut call.arguments)?;
    let at = call.arguments.time()?;
    Ok(call.answer.text(record.used(at).to_json()))
}

/// Arguments: the record, and the one that is stored.
pub(crate) fn merge_records(call: &mut Call<'_>) -> Answered {
    let (record, stored) = (record(&mut call.arguments)?, record(&mut call.arguments)?);
    Ok(call.answer.text(record.merge(&stored)?.to_json()))
}

/// Arguments: the record, the time. Answers the name of a code, empty where the credential is
/// active.
pub(crate) fn inactive_because(call: &mut Call<'_>) -> Answered {
    let record = record(&mut call.arguments)?;
    let code = record.inactive_because(call.arguments.time()?);
    Ok(call.answer.copy(code.map_or("", Code::name).as_bytes()))
}

/// Arguments: the record, its successor, until when the predecessor is good, the time; whether the
/// successor may expire later, and the most seconds of grace or none. Answers the predecessor.
pub(crate) fn rotate_record(call: &mut Call<'_>) -> Answered {
    let (record, successor) = (record(&mut call.arguments)?, record(&mut call.arguments)?);
    let (until, now) = (call.arguments.time()?, call.arguments.time()?);
    let mut limits = RotationLimits::new();
    if call.arguments.flag()? {
        limits = limits.with_later_expiry();
    }
    if let Some(seconds) = call.arguments.optional_number()? {
        limits = limits.with_max_grace(seconds);
    }
    let rotated = record.rotate_within(&successor, until, now, limits)?;
    Ok(call.answer.text(rotated.to_json()))
}
