"""Finding and cutting tokens in text and in what is encoded in it."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, Optional

from ._backend import library
from ._keys import EdgeKeys
from ._values import Text, octets, opened, text


class DecodedFinding(NamedTuple):
    """A token in a text or in what is encoded in it, or what looks like a credential."""

    #: Where it begins in the UTF-8 of the text, in bytes from 0.
    start: int
    #: The first byte after it.
    end: int
    #: Whether it has the form of a token with a checksum that fits, or only looks like one.
    certainty: Literal["parsed", "looks_like"]
    #: The part of a token that may be shown. None: it only looks like one.
    handle: Optional[str]
    #: The names of the encodings around it, such as `base64`, from the outside to the inside.
    #: There are none where it stands in the text as it is.
    encodings: "tuple[str, ...]"
    #: Of a token, where keys were given: whether it was minted with a root key of these, also if
    #: it has expired since.
    genuine: Optional[bool]


def scan_decoding(value: Text, keys: EdgeKeys | None = None) -> list[DecodedFinding]:
    """All that `scan` finds in a text, and the tokens in what is encoded in it.

    That is base64, hexadecimal digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more:
    see "Tokens in encodings" in `docs/token-format.md`. They come in the order in which they begin.
    """
    handle = None if keys is None else opened(keys, EdgeKeys, "keys")
    found = json.loads(text(library.call("text_scan_decoding", octets(value, "text"), handle)))
    return [
        DecodedFinding(
            told["start"],
            told["end"],
            told["certainty"],
            told.get("handle"),
            tuple(told["encodings"]),
            told.get("genuine"),
        )
        for told in found
    ]


def redact_decoding(value: Text) -> str:
    """A text in which all that `redact` cuts is cut, and each token in an encoding too.

    Where `scan_decoding` finds one, its handle and `…` stand in place of every byte that holds a
    part of it. What is encoded must parse, so that the half of an encoded token stays.

    Raises `CogAuthError` 202 `invalid_unicode`.
    """
    return text(library.call("text_redact_decoding", octets(value, "text")))
