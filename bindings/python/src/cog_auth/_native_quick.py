"""The shared library in the short way of CPython, for what every request does.

The arguments are ctypes objects that are made once and kept, so that a call converts nothing. A set
of them is taken out of a pool for each call, and so belongs to one call at a time, whatever
threads, signal handlers or finalizers do meanwhile. A handle is passed as the object that it is, so
the call itself keeps it alive.

Where a call fails it is made again in the general way, which tells the error in words.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from . import _abi
from ._frame import Handle, Layouts
from ._layout import Layout
from ._library import Made
from ._native import LARGEST_KEPT, ORDER, RESULTS, NativeLibrary
from ._native_exchanges import Exchanges

_ROOM: Final = 8192
# The last second that the library takes: what every reader of JSON has as a whole number.
_LATEST: Final = (1 << 53) - 1


class _Cells:
    """The arguments of one question to a policy, made once and used again."""

    def __init__(self, layouts: Layouts) -> None:
        self.length = ctypes.c_size_t()
        self.decision = _told(layouts.of("decision"))
        self.answer_length = ctypes.c_size_t()
        self.answer_length_at = ctypes.byref(self.answer_length)
        self.grow(_ROOM)

    def grow(self, size: int) -> None:
        """Gives room for an answer."""
        self.buffer = ctypes.create_string_buffer(size)
        self.view = memoryview(self.buffer).cast("B")
        self.capacity = ctypes.c_size_t(size)
        self.size = size

    def text(self) -> str:
        """The answer."""
        return str(self.view[: self.answer_length.value], "utf-8")


class _Verification:
    """The arguments of one verification, as what ctypes passes on without a look."""

    __slots__ = ("argument", "now", "told", "told_at")

    def __init__(self, layout: Layout) -> None:
        # No time yet. Any number, even a negative one, is what somebody may ask for.
        self.now: int | None = None
        self.argument: Any = None
        self.told = _told(layout)
        self.told_at = ctypes.byref(self.told)


class QuickLibrary(NativeLibrary):
    """A shared library that is loaded into this process."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        # Long calls let other threads run. Short ones do not: to give up the interpreter's lock
        # and to get it again can take longer than they do.
        self._short = ctypes.PyDLL(path)
        self._cells: list[_Cells] = []
        self._decide = self._quick("policy_decide")
        self._asks = {
            name: self._quick(name)
            for name in ("policy_explain", "policy_evaluate", "policy_search_actions")
        }
        self._exchanges = Exchanges(self._quick, self._layouts)
        self._decision = _fields(self._layouts.of("decision"), ("decision", "denial")).unpack

    def _quick(self, name: str) -> Any:
        # Without argtypes, ctypes converts nothing: each argument is a ctypes object, bytes (a
        # pointer to them) or None (NULL).
        function = self._short[f"cogauth_{name}"]
        function.restype = RESULTS[_abi.FUNCTIONS[name][0]]
        return function

    def verifier(
        self, made: type[Made], kinds: Mapping[int, str]
    ) -> Callable[[Handle, bytes, int], Made]:
        in_words = super().verifier(made, kinds)
        function = self._quick("token_verify")
        layout = self._layouts.of("token")
        unpack = _fields(layout, ("kind", "hard_expiry", "key_id", "id", "handle")).unpack
        pool: list[_Verification] = []
        of_token = _abi.TOKEN_LENGTH
        length = ctypes.c_size_t.from_param(of_token)
        new = tuple.__new__

        def verify(keys: Handle, token: bytes, now: int) -> Made:
            try:
                cells = pool.pop()
            except IndexError:
                cells = _Verification(layout)
            if cells.now != now:
                if not 0 <= now <= _LATEST:
                    return in_words(keys, token, now)
                cells.argument = ctypes.c_uint64.from_param(now)
                cells.now = now
            code = len(token) != of_token or function(
                keys, token, length, cells.argument, cells.told_at, None
            )
            kind, hard_expiry, key_id, id_, shown = unpack(cells.told)
            pool.append(cells)
            if code:
                # The same again, for the error in words.
                return in_words(keys, token, now)
            return new(
                made,
                (shown.decode(), kinds[kind], key_id.decode(), id_.decode(), hard_expiry or None),
            )

        return verify

    def decide(self, policy: Handle, request: bytes) -> tuple[int, int]:
        cells = self._take_cells()
        cells.length.value = len(request)
        code = self._decide(policy, request, cells.length, cells.decision, None)
        told: tuple[int, int] = self._decision(cells.decision)
        self._give_cells(cells)
        return super().decide(policy, request) if code else told

    def ask(self, name: str, policy: Handle, request: bytes) -> str:
        cells = self._take_cells()
        cells.length.value = len(request)
        function = self._asks[name]
        code = _abi.E_BUFFER_TOO_SMALL
        for _ in range(2):
            code = function(
                policy, request, cells.length,
                cells.buffer, cells.capacity, cells.answer_length_at, None,
            )  # fmt: skip
            if code != _abi.E_BUFFER_TOO_SMALL:
                break
            cells.grow(cells.answer_length.value)
        answer = None if code else cells.text()
        self._give_cells(cells)
        return super().ask(name, policy, request) if answer is None else answer

    def begin(
        self,
        gate: Handle,
        method: bytes,
        target: bytes,
        authorization: Sequence[bytes],
        context: bytes | None,
        client_address: bytes | None,
        now: int,
    ) -> Handle:
        told = method, target, authorization, context, client_address
        made = self._exchanges.begin(gate, *told, now)
        if made is None:
            return super().begin(gate, *told, now)
        return self._made("exchange", made)

    def found(self, exchange: Handle, step: int, text: bytes, fetched_at: int) -> None:
        if not self._exchanges.found(exchange, step, text, fetched_at):
            super().found(exchange, step, text, fetched_at)

    def step(self, exchange: Handle) -> dict[str, Any]:
        told = self._exchanges.step(exchange)
        return super().step(exchange) if told is None else told

    def _take_cells(self) -> _Cells:
        try:
            return self._cells.pop()
        except IndexError:
            return _Cells(self._layouts)

    def _give_cells(self, cells: _Cells) -> None:
        if cells.size <= LARGEST_KEPT:
            self._cells.append(cells)


def _told(layout: Layout) -> Any:
    """Room for a struct that the library writes, with its size in its first field."""
    room = ctypes.create_string_buffer(layout.size)
    struct.pack_into(ORDER + "I", room, 0, layout.size)
    return room


def _fields(layout: Layout, names: tuple[str, ...]) -> struct.Struct:
    """What reads these fields alone: numbers, and the texts without the NULs at their end."""
    letters = [ORDER]
    at = 0
    for place in layout.places:
        if place.name in names:
            length = _abi.TOKEN_TEXTS.get(place.name)
            letters.append(f"{place.offset - at}x" + ("I" if length is None else f"{length}s"))
            at = struct.calcsize("".join(letters))
    letters.append(f"{layout.size - at}x")
    return struct.Struct("".join(letters))
