"""The memory of one call: its arguments as bytes, and room for what it answers.

A frame is built as if it began at address 0. When it has a place in memory, what points into it is
moved there.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ._layout import Layout


class Handle(Protocol):
    """What the library made, released when nothing refers to it any more."""

    @property
    def address(self) -> int:
        """Where the library has it."""


class Layouts:
    """The layouts of all structs for one kind of memory."""

    def __init__(self, pointer_size: int, order: str) -> None:
        self.pointer_size = pointer_size
        self.order = order
        self.word = struct.Struct(order + {4: "I", 8: "Q"}[pointer_size])
        self._made: dict[str, Layout] = {}

    def of(self, name: str) -> Layout:
        """The layout of a struct."""
        layout = self._made.get(name)
        if layout is None:
            layout = self._made[name] = Layout(name, self.pointer_size, self.order)
        return layout


class Frame:
    """Arguments and memory of one call."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.image = bytearray()
        self.arguments: list[int] = []
        self._pointing: list[int] = []  # which arguments are places in the image
        self._pointers: list[int] = []  # which places in the image hold places in the image

    def room(self, size: int) -> int:
        """Room of zeros, aligned for anything. It has at least one byte, so it is never NULL."""
        at = len(self.image)
        self.image += bytes(max(size, 1) + (-max(size, 1) % 16))
        return at

    def put(self, data: bytes) -> int:
        """Room with these bytes in it."""
        at = self.room(len(data))
        self.image[at : at + len(data)] = data
        return at

    def point(self, at: int) -> None:
        """An argument: the address of a place."""
        self._pointing.append(len(self.arguments))
        self.arguments.append(at)

    def octets(self, data: bytes | None) -> None:
        """Two arguments: pointer and length. None is NULL."""
        if data is None:
            self.arguments += (0, 0)
        else:
            self.point(self.put(data))
            self.arguments.append(len(data))

    def slices(self, items: Sequence[bytes]) -> int:
        """An array of slices."""
        pair = self.layouts.of("slice")
        at = self.room(pair.size * len(items))
        for index, item in enumerate(items):
            self._slice(at + index * pair.size, item)
        return at

    def documents(self, documents: Sequence[tuple[bytes, bytes]]) -> int:
        """An array of documents, which are pairs of slices."""
        return self.slices([part for document in documents for part in document])

    def struct(self, name: str, values: Mapping[str, Any]) -> int:
        """A struct with these fields; the others are zero."""
        layout = self.layouts.of(name)
        at = self.room(layout.size)
        for place in layout.places:
            value = values.get(place.name)
            where = at + place.offset
            if place.name == "struct_size":
                struct.pack_into(self.layouts.order + "I", self.image, where, layout.size)
            elif value is None:
                continue
            elif place.kind == "slice":
                self._slice(where, value)
            elif place.kind == "slices":
                self._pair(where, self.slices(value), len(value))
            elif place.kind == "pointer":
                self._pointer(where, value)
            elif place.kind == "handle":
                self.layouts.word.pack_into(self.image, where, value.address)
            elif place.kind == "size":
                self.layouts.word.pack_into(self.image, where, value)
            else:
                letter = {"u32": "I", "u64": "Q"}[place.kind]
                struct.pack_into(self.layouts.order + letter, self.image, where, value)
        return at

    def moved(self, base: int) -> list[int]:
        """Moves the frame to an address, and answers the arguments."""
        word = self.layouts.word
        for at in self._pointers:
            word.pack_into(self.image, at, word.unpack_from(self.image, at)[0] + base)
        for index in self._pointing:
            self.arguments[index] += base
        return self.arguments

    def _slice(self, where: int, data: bytes) -> None:
        self._pair(where, self.put(data), len(data))

    def _pair(self, where: int, at: int, length: int) -> None:
        self._pointer(where, at)
        self.layouts.word.pack_into(self.image, where + self.layouts.pointer_size, length)

    def _pointer(self, where: int, at: int) -> None:
        self.layouts.word.pack_into(self.image, where, at)
        self._pointers.append(where)
