"""What the issuer stores for a credential, and accepting a token on its word."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

from . import _abi
from ._backend import library
from ._keys import EdgeKeys, Peppers
from ._tokens import Kind, Token
from ._values import Json, Text, json_octets, number, octets, opened, text, wrong


def issue_record(
    token: Text,
    *,
    principal: Text,
    scopes: Iterable[Text],
    created_at: int,
    peppers: Peppers | None = None,
    edges: bool = False,
    organizations: Iterable[Text] | None = None,
    addresses: Iterable[Text] | None = None,
    name: Text | None = None,
    not_before: int | None = None,
    expires_at: int | None = None,
    metadata: Json | None = None,
) -> str:
    """Makes the record of a new token, as JSON to be stored.

    `scopes` is `["*"]` or names of actions. `peppers` adds the digest that origins compare, `edges`
    the one that edges compare. `organizations` narrows it to these, and `addresses` to these IP
    addresses and CIDR prefixes, which it is for the policy to judge.

    Raises `CogAuthError` 101 to 108, 112 `unknown_key_id`, 122 `invalid_record`,
    134 `invalid_principal`, 135 `time_out_of_range`.
    """
    if not isinstance(edges, bool):
        raise wrong("edges must be True or False")
    flags = _abi.DRAFT_FOR_EDGES if edges else 0
    if organizations is not None:
        flags |= _abi.DRAFT_ORGANIZATIONS
    if addresses is not None:
        flags |= _abi.DRAFT_ADDRESSES
    if not_before is not None:
        flags |= _abi.DRAFT_NOT_BEFORE
    if expires_at is not None:
        flags |= _abi.DRAFT_EXPIRES_AT
    draft = {
        "flags": flags,
        "token": octets(token, "token"),
        "principal": octets(principal, "principal"),
        "scopes": _texts(scopes, "scopes"),
        "organizations": None if organizations is None else _texts(organizations, "organizations"),
        "addresses": None if addresses is None else _texts(addresses, "addresses"),
        "peppers": None if peppers is None else opened(peppers, Peppers, "peppers"),
        "name": None if name is None else octets(name, "name"),
        "metadata": None if metadata is None else json_octets(metadata, "metadata"),
        "created_at": number(created_at, "created_at"),
        "not_before": None if not_before is None else number(not_before, "not_before"),
        "expires_at": None if expires_at is None else number(expires_at, "expires_at"),
    }
    return text(library.call("record_issue", draft))


def read_record(record: Json) -> dict[str, Any]:
    """Reads a record, as strictly as the gate does.

    Raises `CogAuthError` 122 `invalid_record`, and 2xx and 3xx for its text.
    """
    told: dict[str, Any] = json.loads(_made("record_read", record))
    return told


def edge_record(record: Json) -> str:
    """What edges may have of a record: no digest that an origin compares, no metadata."""
    return _made("record_for_edges", record)


def display_record(record: Json) -> str:
    """What people may see of a record: no digests, no metadata."""
    return _made("record_for_display", record)


def revoke_record(record: Json, at: int) -> str:
    """The record, revoked at a time in seconds since the epoch."""
    return _made("record_revoke", record, number(at, "at"))


def use_record(record: Json, at: int) -> str:
    """The record, used at a time in seconds since the epoch. A later use stays."""
    return _made("record_used", record, number(at, "at"))


def merge_records(record: Json, stored: Json) -> str:
    """The record to store where the store may hold another one of the same credential.

    It is good only where and when both are. Name and metadata are those of the first.

    Raises `CogAuthError` 123 `record_mismatch` for records of two credentials.
    """
    return _made("record_merge", record, json_octets(stored, "stored"))


def inactive_because(record: Json, now: int) -> str | None:
    """The name of the code for which the credential is not active; None if it is."""
    code: int = library.call("record_inactive", json_octets(record, "record"), number(now, "now"))
    return library.static("code_name", code) if code else None


def rotate_record(
    record: Json,
    successor: Json,
    grace_until: int,
    now: int,
    *,
    later_expiry: bool = False,
    max_grace: int | None = None,
) -> str:
    """The record, succeeded by another of the same principal and kind, good until `grace_until`.

    `later_expiry` lets the successor expire later, which is for those who may make credentials of
    this principal. `max_grace` is the most seconds from `now` to `grace_until`: 30 days by default.

    Raises `CogAuthError` 137 `already_rotated`, 138 `not_rotatable`, 139 `wider_than_predecessor`.
    """
    if not isinstance(later_expiry, bool):
        raise wrong("later_expiry must be True or False")
    flags = _abi.ROTATE_LATER_EXPIRY if later_expiry else 0
    most = _abi.NONE if max_grace is None else number(max_grace, "max_grace")
    times = number(grace_until, "grace_until"), number(now, "now")
    told = json_octets(successor, "successor"), *times, flags, most
    return _made("record_rotate_within", record, *told)


class Accepted(NamedTuple):
    """A genuine token whose record says that it is active, and whose it is."""

    handle: str
    kind: Kind
    id: str
    principal: str
    #: The least of the expiries known, in seconds since the epoch.
    valid_until: Optional[int]
    record: dict[str, Any]

    def __repr__(self) -> str:
        # A record has digests in it.
        return f"Accepted(handle={self.handle!r}, principal={self.principal!r})"


def accept_at_edge(
    keys: EdgeKeys, token: Text, record: Json | None, now: int, *, verified_at: int | None = None
) -> Accepted:
    """Verifies a token and accepts it at an edge, on the word of the record store.

    `record` is None if the store has none. `verified_at` is when it is verified: `now` by default.

    Raises `CogAuthError` 101 to 114 for the token, and 121 to 128 where the record does not vouch
    for it.
    """
    return _accept("accept_at_edge", keys, None, token, record, now, verified_at)


def accept_at_origin(
    keys: EdgeKeys,
    peppers: Peppers,
    token: Text,
    record: Json | None,
    now: int,
    *,
    verified_at: int | None = None,
) -> Accepted:
    """Verifies a token and accepts it at an origin, on the issuer's word: see `accept_at_edge`."""
    opened(peppers, Peppers, "peppers")
    return _accept("accept_at_origin", keys, peppers, token, record, now, verified_at)


def _accept(
    function: str,
    keys: EdgeKeys,
    peppers: Peppers | None,
    token: Text,
    record: Json | None,
    now: int,
    verified_at: int | None,
) -> Accepted:
    handles = [opened(keys, EdgeKeys, "keys")]
    if peppers is not None:
        handles.append(opened(peppers, Peppers, "peppers"))
    octets_of_token = octets(token, "token")
    at = number(now, "now")
    verified = at if verified_at is None else number(verified_at, "verified_at")
    stored = None if record is None else json_octets(record, "record")
    answer = library.call(function, *handles, octets_of_token, verified, stored, at)
    told = json.loads(text(answer))
    shown: Token = keys.verify(octets_of_token, verified)
    return Accepted(
        shown.handle,
        shown.kind,
        shown.id,
        told["principal"],
        told.get("validUntil"),
        told["record"],
    )


def _made(function: str, record: Json, *rest: Any) -> str:
    return text(library.call(function, json_octets(record, "record"), *rest))


def _texts(values: Iterable[Text], name: str) -> list[bytes]:
    if isinstance(values, (str, bytes, bytearray, memoryview)) or not isinstance(values, Iterable):
        raise wrong(f"{name} must be a list of texts")
    return [octets(value, f"one of {name}") for value in values]
