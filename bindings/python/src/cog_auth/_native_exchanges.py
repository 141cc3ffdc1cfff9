"""Exchanges over ctypes, in the short way of `_native_quick`.

Each method answers None or False where a call failed: it is made again in the general way then,
which tells the error in words. A call that fails changes nothing.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Sequence
from typing import Any, Final

from . import _abi
from ._frame import Handle, Layouts

_ROOM: Final = 4096
_U64: Final = 1 << 64

_RECORD: Final = ctypes.c_int32(_abi.STEP_RECORD)
_FACTS: Final = ctypes.c_int32(_abi.STEP_FACTS)
_ID: Final = ctypes.c_int32(_abi.TEXT_CREDENTIAL_ID)
_HANDLE: Final = ctypes.c_int32(_abi.TEXT_CREDENTIAL_HANDLE)
_KIND: Final = ctypes.c_int32(_abi.TEXT_CREDENTIAL_KIND)
_PRINCIPAL: Final = ctypes.c_int32(_abi.TEXT_PRINCIPAL)
_PRINCIPAL_TYPE: Final = ctypes.c_int32(_abi.TEXT_PRINCIPAL_TYPE)
_RESOURCE_TYPE: Final = ctypes.c_int32(_abi.TEXT_RESOURCE_TYPE)
_RESOURCE_ID: Final = ctypes.c_int32(_abi.TEXT_RESOURCE_ID)
_ORGANIZATION: Final = ctypes.c_int32(_abi.TEXT_ORGANIZATION)
_ACTION: Final = ctypes.c_int32(_abi.TEXT_ACTION)
_CODE: Final = ctypes.c_int32(_abi.TEXT_CODE)
_BODY: Final = ctypes.c_int32(_abi.TEXT_BODY)
_AUDIT: Final = ctypes.c_int32(_abi.TEXT_AUDIT)
_HEADERS: Final = ctypes.c_int32(_abi.LIST_HEADERS)
_UNDECIDED: Final = ctypes.c_int32(_abi.LIST_UNDECIDED)
_PARAMETERS: Final = ctypes.c_int32(_abi.LIST_PARAMETERS)
_ADVICE: Final = ctypes.c_int32(_abi.LIST_ADVICE)


# Makes a text of an address and a length, in one step.
_text_at: Final = ctypes.pythonapi["PyUnicode_DecodeUTF8"]
_text_at.restype = ctypes.py_object


class _Slice:
    """Room for what the library lends."""

    __slots__ = ("data", "room", "size")

    def __init__(self, layouts: Layouts) -> None:
        self.room = ctypes.create_string_buffer(layouts.of("slice").size)
        self.data = ctypes.c_void_p.from_buffer(self.room)
        self.size = ctypes.c_size_t.from_buffer(self.room, layouts.pointer_size)

    def text(self) -> str:
        """The text, which is empty where there is none."""
        text: str = _text_at(self.data, self.size, None) if self.data.value else ""
        return text


class _Cells:
    """The arguments of one call, made once and used again."""

    def __init__(self, layouts: Layouts) -> None:
        self.length = ctypes.c_size_t()
        self.number = ctypes.c_uint64()
        self.made = ctypes.c_void_p()
        self.made_at = ctypes.byref(self.made)
        self.name = _Slice(layouts)
        self.value = _Slice(layouts)
        self.buffer = ctypes.create_string_buffer(_ROOM)
        self.view = memoryview(self.buffer).cast("B")
        self.address = ctypes.addressof(self.buffer)


class _Failed(Exception):
    """A call failed."""


class Exchanges:
    """What is done with exchanges."""

    def __init__(self, quick: Callable[[str], Any], layouts: Layouts) -> None:
        self._layouts = layouts
        self._pool: list[_Cells] = []
        self._begin = quick("exchange_begin")
        self._found = quick("exchange_found")
        self._step = quick("exchange_step")
        self._text = quick("exchange_text")
        self._count = quick("exchange_count")
        self._entry = quick("exchange_entry")
        self._number = quick("exchange_code")
        self._status = quick("exchange_status")
        self._valid_until = quick("exchange_valid_until")
        self._request = layouts.of("request").struct
        self._slice_size = layouts.of("slice").size
        self._word = layouts.word.format

    def begin(
        self,
        gate: Handle,
        method: bytes,
        target: bytes,
        authorization: Sequence[bytes],
        context: bytes | None,
        client_address: bytes | None,
        now: int,
    ) -> int | None:
        """The address of a new exchange."""
        values = b"".join(authorization)
        told, address = context or b"", client_address or b""
        # The struct, the slices of the header's lines, then the bytes of everything.
        head = self._request.size
        texts = head + self._slice_size * len(authorization)
        size = texts + len(method) + len(target) + len(told) + len(address) + len(values)
        if size > _ROOM or not 0 <= now < _U64:
            return None
        cells = self._take()
        at_method = cells.address + texts
        at_target = at_method + len(method)
        at_context = at_target + len(target)
        at_address = at_context + len(told)
        at = at_address + len(address)
        lines: list[int] = []
        for line in authorization:
            lines += (at, len(line))
            at += len(line)
        self._request.pack_into(
            cells.view, 0,
            head, 0, at_method, len(method), at_target, len(target),
            cells.address + head, len(authorization),
            0 if context is None else at_context, len(told),
            0 if client_address is None else at_address, len(address),
        )  # fmt: skip
        pairs = f"{self._word[0]}{len(lines)}{self._word[1]}"
        struct.pack_into(pairs, cells.view, head, *lines)
        cells.view[texts:size] = b"".join((method, target, told, address, values))
        cells.number.value = now
        code = self._begin(gate, cells.buffer, cells.number, cells.made_at, None)
        made = None if code else cells.made.value
        cells.view[:size] = bytes(size)
        self._pool.append(cells)
        return made

    def found(self, exchange: Handle, step: int, text: bytes, fetched_at: int) -> bool:
        """Answers a question."""
        if not 0 <= fetched_at < _U64:
            return False
        cells = self._take()
        cells.length.value = len(text)
        cells.number.value = fetched_at
        asked = _RECORD if step == _abi.STEP_RECORD else _FACTS
        code = self._found(exchange, asked, text, cells.length, cells.number, None)
        self._pool.append(cells)
        return not code

    def step(self, exchange: Handle) -> dict[str, Any] | None:
        """Where it stands, as `Library.step` tells it."""
        cells = self._take()
        try:
            step = self._step(exchange)
            if step == _abi.STEP_RECORD:
                return {"step": "record", "id": self._told(exchange, _ID, cells)}
            if step == _abi.STEP_FACTS:
                asked = {
                    "step": "facts",
                    "principal": self._told(exchange, _PRINCIPAL, cells),
                    "principalType": self._told(exchange, _PRINCIPAL_TYPE, cells),
                }
                return self._with_place(asked, exchange, cells)
            if step == _abi.STEP_ALLOWED:
                return self._allowed(exchange, cells)
            if step == _abi.STEP_REFUSED:
                return self._refused(exchange, cells)
            # The two others are told by their name alone.
            return None
        except _Failed:
            return None
        finally:
            self._pool.append(cells)

    def _allowed(self, exchange: Handle, cells: _Cells) -> dict[str, Any]:
        told = {
            "step": "allowed",
            "principal": {
                "type": self._told(exchange, _PRINCIPAL_TYPE, cells),
                "id": self._told(exchange, _PRINCIPAL, cells),
            },
            "credential": {
                "kind": self._told(exchange, _KIND, cells),
                "id": self._told(exchange, _ID, cells),
                "handle": self._told(exchange, _HANDLE, cells),
            },
            "action": self._told(exchange, _ACTION, cells),
            "parameters": dict(self._list(exchange, _PARAMETERS, cells)),
            "undecided": [value for _, value in self._list(exchange, _UNDECIDED, cells)],
            "advice": [value for _, value in self._list(exchange, _ADVICE, cells)],
            "audit": self._told(exchange, _AUDIT, cells),
        }
        until = self._valid_until(exchange)
        if until != _abi.NONE:
            told["validUntil"] = until
        return self._with_place(told, exchange, cells)

    def _refused(self, exchange: Handle, cells: _Cells) -> dict[str, Any]:
        return {
            "step": "refused",
            "status": self._status(exchange),
            "number": self._number(exchange),
            "code": self._told(exchange, _CODE, cells),
            "headers": dict(self._list(exchange, _HEADERS, cells)),
            "body": self._told(exchange, _BODY, cells),
            "audit": self._told(exchange, _AUDIT, cells),
        }

    def _with_place(
        self, told: dict[str, Any], exchange: Handle, cells: _Cells
    ) -> dict[str, Any]:
        organization = self._optional(exchange, _ORGANIZATION, cells)
        if organization is not None:
            told["organization"] = organization
        resource = self._optional(exchange, _RESOURCE_ID, cells)
        if resource is not None:
            kind = self._told(exchange, _RESOURCE_TYPE, cells)
            told["resource"] = {"type": kind, "id": resource}
        return told

    def _told(self, exchange: Handle, which: ctypes.c_int32, cells: _Cells) -> str:
        text = self._optional(exchange, which, cells)
        if text is None:
            raise _Failed
        return text

    def _optional(self, exchange: Handle, which: ctypes.c_int32, cells: _Cells) -> str | None:
        value = cells.value
        if self._text(exchange, which, value.room):
            raise _Failed
        text: str | None = _text_at(value.data, value.size, None) if value.data.value else None
        return text

    def _list(
        self, exchange: Handle, which: ctypes.c_int32, cells: _Cells
    ) -> list[tuple[str, str]]:
        entries = []
        for index in range(self._count(exchange, which)):
            cells.length.value = index
            name, value = cells.name, cells.value
            if self._entry(exchange, which, cells.length, name.room, value.room):
                raise _Failed
            entries.append((name.text(), value.text()))
        return entries

    def _take(self) -> _Cells:
        try:
            return self._pool.pop()
        except IndexError:
            return _Cells(self._layouts)
