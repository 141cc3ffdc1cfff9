"""Structs as C lays them out, for pointers of 4 or 8 bytes."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from ._abi import STRUCTS

_FIXED: Final = {"u32": ("I", 4), "i32": ("i", 4), "u64": ("Q", 8)}
_PAIRS: Final = ("slice", "slices")


class Place(NamedTuple):
    """Where a field is, and the letters of what it consists of."""

    name: str
    kind: str
    offset: int


class Layout:
    """The layout of one struct."""

    def __init__(self, name: str, pointer_size: int, order: str) -> None:
        word = {4: "I", 8: "Q"}[pointer_size]
        self.places: list[Place] = []
        letters = [order]
        at, widest = 0, 4
        for field, kind in STRUCTS[name]:
            parts = [word, word] if kind in _PAIRS else [word]
            align = pointer_size
            if kind in _FIXED:
                letter, align = _FIXED[kind]
                parts = [letter]
            elif kind.startswith("chars"):
                parts, align = [kind[5:] + "s"], 1
            padding = -at % align
            if padding:
                letters.append(f"{padding}x")
            self.places.append(Place(field, kind, at + padding))
            letters += parts
            widest = max(widest, align)
            at += padding + struct.calcsize(order + "".join(parts))
        if -at % widest:
            letters.append(f"{-at % widest}x")
        self.struct = struct.Struct("".join(letters))
        self.size = self.struct.size

    def unpack(self, data: bytes) -> dict[str, int | bytes]:
        """The fields of a struct without pairs: numbers, and texts up to their NUL."""
        values = self.struct.unpack(data)
        return {
            place.name: value.split(b"\0", 1)[0] if isinstance(value, bytes) else value
            for place, value in zip(self.places, values)
        }
