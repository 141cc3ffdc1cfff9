"""Key sets of three uses: edges verify with one, origins compare, issuers mint."""

from __future__ import annotations

import secrets

from . import _abi
from ._backend import library
from ._tokens import KINDS, Genuine, Kind
from ._values import Owned, Text, number, octets, opened, small, text, wrong

_verify = library.verifier(Genuine, KINDS)
_NUMBERS = {name: kind for kind, name in KINDS.items()}


class EdgeKeys(Owned):
    """The keys with which an edge verifies tokens: a key set of the use `edge-tag`.

    It mints as well as it verifies, so treat it as the secret that it is.
    """

    __slots__ = ()

    def __init__(self, key_set: Text) -> None:
        """Reads the JSON of a key set.

        Raises `CogAuthError` 131 `invalid_key_set`, 132 `wrong_key_use`, 107 `reserved_key_id`.
        """
        self._handle = library.call("edge_keys_read", octets(key_set, "a key set"))

    def verify(self, token: Text, now: int) -> Genuine:
        """Parses and verifies a token, at `now` in seconds since the epoch.

        Raises `CogAuthError` 101 to 108 for its form, 111 `sample_token`, 112 `unknown_key_id`,
        113 `tag_mismatch`, 114 `expired`, 135 `time_out_of_range`.
        """
        handle = self._handle
        if handle is None:
            handle = self._open()
        if type(token) is not bytes:
            token = octets(token, "token")
        if type(now) is not int:
            now = number(now, "now")
        return _verify(handle, token, now)

    def expose(self) -> bytearray:
        """The key set as JSON. It is a secret: `wipe` it."""
        exposed: bytearray = library.call("edge_keys_expose", self._open())
        return exposed


class Peppers(Owned):
    """The keys with which an origin checks stored digests: a key set of the use `digest-pepper`."""

    __slots__ = ()

    def __init__(self, key_set: Text) -> None:
        """Reads the JSON of a key set. The errors are those of `EdgeKeys`."""
        self._handle = library.call("peppers_read", octets(key_set, "a key set"))

    def digest(self, token: Text, principal: Text) -> str:
        """The digest that an origin stores of a token, for the principal that it is made for.

        Raises `CogAuthError` 101 to 108, 112 `unknown_key_id`, 134 `invalid_principal`.
        """
        arguments = octets(token, "token"), octets(principal, "principal")
        return text(library.call("token_digest", self._open(), *arguments))

    def expose(self) -> bytearray:
        """The key set as JSON. It is a secret: `wipe` it."""
        exposed: bytearray = library.call("peppers_expose", self._open())
        return exposed


class RootKeys(Owned):
    """The issuer's root keys: a key set of the use `root`, which mints and derives the others."""

    __slots__ = ()

    def __init__(self, key_set: Text) -> None:
        """Reads the JSON of a key set. The errors are those of `EdgeKeys`."""
        self._handle = library.call("root_keys_read", octets(key_set, "a key set"))

    @classmethod
    def generate(cls, key_id: str) -> RootKeys:
        """A key set with one new key of random bytes. `key_id` is two characters of 0-9A-Za-z.

        Raises `CogAuthError` 133 `invalid_key_id`, 107 `reserved_key_id`.
        """
        made = cls.__new__(cls)
        random = secrets.token_bytes(32)
        made._handle = library.call("root_keys_new", octets(key_id, "key_id"), random)
        return made

    def mint(
        self,
        key_id: str,
        kind: Kind,
        *,
        hard_expiry: int | None = None,
        random: bytes | None = None,
    ) -> bytearray:
        """Makes a token. It is a secret: show it once, store its record, and `wipe` it.

        `hard_expiry` is the last day on which it is good, in days since the epoch: 1 to 238,327.
        `random` are at least 64 bytes to use in place of the operating system's, for tests.

        Raises `CogAuthError` 112 `unknown_key_id`, 104 `unknown_kind`, 135 `time_out_of_range`,
        136 `not_enough_random_bytes`.
        """
        if not isinstance(kind, str):
            raise wrong(f"kind must be a text, and is {type(kind).__name__}")
        day = _abi.NO_HARD_EXPIRY
        if hard_expiry is not None:
            # What stands for none in the library is no day here.
            day = small(hard_expiry, "hard_expiry")
            day = 0 if day == _abi.NO_HARD_EXPIRY else day
        if random is None:
            random = secrets.token_bytes(4 * _abi.MINT_RANDOM_LENGTH)
        minted: bytearray = library.call(
            "token_mint",
            self._open(),
            octets(key_id, "key_id"),
            _NUMBERS.get(kind, _abi.KIND_NONE),
            day,
            octets(random, "random"),
        )
        return minted

    def edge_keys(self) -> EdgeKeys:
        """The edges' part."""
        derived = EdgeKeys.__new__(EdgeKeys)
        derived._handle = library.call("root_keys_edge_keys", self._open())
        return derived

    def peppers(self) -> Peppers:
        """The origins' part."""
        derived = Peppers.__new__(Peppers)
        derived._handle = library.call("root_keys_peppers", self._open())
        return derived

    def expose(self) -> bytearray:
        """The key set as JSON. It is a secret: `wipe` it."""
        exposed: bytearray = library.call("root_keys_expose", self._open())
        return exposed


def digest(token: Text, principal: Text, peppers: Peppers) -> str:
    """The digest that an origin stores: see `Peppers.digest`."""
    opened(peppers, Peppers, "peppers")
    return peppers.digest(token, principal)


def wipe(secret: bytearray) -> None:
    """Overwrites a secret with zeros. What was made of it, such as a `str`, is not reached."""
    secret[:] = bytes(len(secret))
