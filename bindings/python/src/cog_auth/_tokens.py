"""Tokens, and text that may hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, Optional

from . import _abi
from ._backend import library
from ._values import Text, octets, text, wrong

Kind = Literal["service_user_key", "personal_access_token", "sample"]

KINDS: Final[dict[int, Kind]] = {
    _abi.KIND_SERVICE_USER_KEY: "service_user_key",
    _abi.KIND_PERSONAL_ACCESS_TOKEN: "personal_access_token",
    _abi.KIND_SAMPLE: "sample",
}
_SCHEMES: Final[dict[int, Literal["nothing", "other", "bearer"]]] = {
    _abi.SCHEME_NOTHING: "nothing",
    _abi.SCHEME_OTHER: "other",
    _abi.SCHEME_BEARER: "bearer",
}


class Token(NamedTuple):
    """A token's own statements: they hold no secret, and say nothing of whether it is genuine."""

    #: The part that logs may show, `cog_1s01000AbC…`.
    handle: str
    kind: Kind
    #: Which root key made it.
    key_id: str
    #: Its public id, under which its record is stored.
    id: str
    #: The last day on which it is good, in days since the epoch, UTC.
    hard_expiry: Optional[int]


class Genuine(Token):
    """A token that the issuer made, unchanged and not past its hard expiry at the time asked.

    Whether it is still active, its record tells. `EdgeKeys.verify` makes it.
    """

    __slots__ = ()


class Finding(NamedTuple):
    """A place in a text that looks like a credential: byte offsets, and what may be shown of it."""

    start: int
    end: int
    #: None if it only looks like a token.
    handle: Optional[str]


class Authorization:
    """What the lines of an `Authorization` header say."""

    __slots__ = ("credential", "scheme")

    #: `nothing`, `other`, or `bearer`.
    scheme: Literal["nothing", "other", "bearer"]
    #: The credential of a bearer. It is a secret.
    credential: bytes | None

    def __init__(
        self, scheme: Literal["nothing", "other", "bearer"], credential: bytes | None
    ) -> None:
        self.scheme = scheme
        self.credential = credential

    def __repr__(self) -> str:
        return f"<Authorization {self.scheme}>"


def parse_token(token: Text) -> Token:
    """Reads a token in any state: its form and its checksum.

    Raises `CogAuthError` 101 to 108.
    """
    told = library.call("token_parse", octets(token, "token"))
    return Token(
        told["handle"].decode(),
        KINDS[told["kind"]],
        told["key_id"].decode(),
        told["id"].decode(),
        told["hard_expiry"] or None,
    )


def authorization(values: Iterable[Text]) -> Authorization:
    """Reads all lines of an `Authorization` header, each a value without the name.

    Raises `CogAuthError` 141 `several_credentials`, 142 `malformed_header`.
    """
    scheme, credential = library.call("authorization_read", lines(values))
    return Authorization(_SCHEMES[scheme], credential)


def scan(value: Text) -> list[Finding]:
    """All that looks like a credential in a text."""
    return [
        Finding(told["start"], told["end"], told["handle"].decode() if told["is_token"] else None)
        for told in library.scan(octets(value, "text"))
    ]


def redact(value: Text) -> str:
    """A text in which each credential is cut to what may be shown, for logs.

    Raises `CogAuthError` 202 `invalid_unicode`.
    """
    return text(library.call("text_redact", octets(value, "text")))


def edge_digest(token: Text, principal: Text) -> str:
    """The digest of a token that an edge compares, for the principal that it is made for."""
    arguments = octets(token, "token"), octets(principal, "principal")
    return text(library.call("token_edge_digest", *arguments))


def lines(values: Iterable[Text]) -> list[bytes]:
    """The lines of a header. One text is not taken for a list of its characters."""
    if isinstance(values, (str, bytes, bytearray, memoryview)) or not isinstance(values, Iterable):
        raise wrong("the lines of the Authorization header must be a list of texts")
    return [octets(value, "a line of the Authorization header") for value in values]
