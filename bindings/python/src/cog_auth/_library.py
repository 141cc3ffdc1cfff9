"""Calling the library, whatever runs it: its C functions by name, with Python values."""

from __future__ import annotations

import abc
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from . import _abi
from ._errors import CogAuthError, described
from ._frame import Frame, Handle, Layouts

Made = TypeVar("Made", bound="tuple[Any, ...]")

_ROOM: Final = 1024

_SIGNATURES: Final = {
    name: (result, tuple(kinds.split())) for name, (result, kinds) in _abi.FUNCTIONS.items()
}


class Block(Protocol):
    """Memory that the library can reach."""

    address: int

    def write(self, data: bytearray) -> None:
        """Fills it from its beginning."""

    def read(self, at: int, size: int) -> bytearray:
        """So many bytes of it."""

    def wipe(self, size: int) -> None:
        """Overwrites its beginning with zeros."""


class Library(abc.ABC):
    """The C functions. A subclass says how to reach them and their memory.

    The calls that every request makes stand below as methods, so that a subclass can do them in a
    shorter way. All others go through `call`.
    """

    #: `native` or `wasm`.
    backend: str

    def __init__(self, layouts: Layouts) -> None:
        self._layouts = layouts

    @abc.abstractmethod
    def _invoke(self, name: str, arguments: Sequence[int]) -> int:
        """Calls a function with numbers and addresses."""

    @abc.abstractmethod
    def _take(self, size: int) -> Block:
        """Memory of at least this size, which no other call has meanwhile."""

    @abc.abstractmethod
    def _give(self, block: Block) -> None:
        """Gives memory back."""

    @abc.abstractmethod
    def _peek(self, address: int, size: int) -> bytes:
        """What the library lends."""

    @abc.abstractmethod
    def _made(self, kind: str, address: int) -> Handle:
        """A handle that is released when nothing refers to it any more."""

    def call(self, name: str, *values: Any) -> Any:
        """Calls a function: what it takes, in order, without what it only writes.

        Answers what it writes: nothing, one value, or a tuple. Texts come as bytes that can be
        wiped. Raises `CogAuthError` for every code but 0.
        """
        answer_room = error_room = _ROOM
        while True:
            call = _Call(self._layouts, name, values, answer_room, error_room)
            image = call.frame.image
            block = self._take(len(image))
            try:
                arguments = call.frame.moved(block.address)
                block.write(image)
                result = self._invoke(name, arguments)
                if call.result != "code":
                    return result
                if result == 0:
                    return call.read(block, self._peek, self._made)
                if result == _abi.E_BUFFER_TOO_SMALL and call.needed(block) > answer_room:
                    answer_room = call.needed(block)
                    continue
                told = call.told_error(block)
                if told["json_length"] > error_room:
                    error_room = told["json_length"]
                    continue
                raise call.error(block, told) or self.failure(result)
            finally:
                block.wipe(len(image))
                self._give(block)
                image[:] = bytes(len(image))

    def failure(self, code: int, message: str | None = None) -> CogAuthError:
        """The error of a code, with the sentence of the library or one that says more."""
        name = self.static("code_name", code)
        return CogAuthError(code, name, message or self.static("code_sentence", code))

    def static(self, name: str, code: int) -> str:
        """A text about a code."""
        block = self._take(16)
        try:
            block.write(bytearray(16))
            address = self._invoke(name, (code, block.address))
            size = int(self._layouts.word.unpack(block.read(0, self._layouts.pointer_size))[0])
            return self._peek(address, size).decode() if address else ""
        finally:
            self._give(block)

    def version(self) -> str:
        """The version of the library, such as `0.1.0`."""
        address = self._invoke("version", ())
        size = 0
        while self._peek(address + size, 1) != b"\0":
            size += 1
        return self._peek(address, size).decode()

    def number(self, name: str) -> int:
        """What a function without arguments returns."""
        return self._invoke(name, ())

    def scan(self, text: bytes) -> list[dict[str, Any]]:
        """All that looks like a credential. The text is put into memory once for all of it."""
        frame = Frame(self._layouts)
        finding = self._layouts.of("finding")
        at, found, told = frame.put(text), frame.room(4), frame.struct("finding", {})
        block = self._take(len(frame.image))
        findings: list[dict[str, Any]] = []
        try:
            block.write(frame.image)
            arguments = [block.address + at, len(text), 0]
            arguments += [block.address + found, block.address + told, 0]
            while True:
                code = self._invoke("text_scan", arguments)
                if code:
                    raise self.failure(code)
                if not any(block.read(found, 4)):
                    return findings
                findings.append(finding.unpack(bytes(block.read(told, finding.size))))
                arguments[2] = findings[-1]["end"]
        finally:
            block.wipe(len(frame.image))
            self._give(block)

    # What every request does.

    def verifier(
        self, made: type[Made], kinds: Mapping[int, str]
    ) -> Callable[[Handle, bytes, int], Made]:
        """What verifies tokens, and answers tuples of this type: handle, the name of the kind, key
        id, id, and hard expiry."""

        def verify(keys: Handle, token: bytes, now: int) -> Made:
            # A number outside of 64 bits becomes one that is refused by its range.
            now = now if 0 <= now < _abi.NONE else _abi.NONE - 1
            told = self.call("token_verify", keys, token, now)
            texts = [told[name].decode() for name in ("handle", "key_id", "id")]
            fields = texts[0], kinds[told["kind"]], texts[1], texts[2], told["hard_expiry"] or None
            return tuple.__new__(made, fields)

        return verify

    def decide(self, policy: Handle, request: bytes) -> tuple[int, int]:
        """Decision and denial."""
        told = self.call("policy_decide", policy, request)
        return told["decision"], told["denial"]

    def ask(self, name: str, policy: Handle, request: bytes) -> str:
        """The JSON text that a policy answers a request with."""
        return str(self.call(name, policy, request), "utf-8")

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
        """An exchange."""
        request = {
            "method": method,
            "target": target,
            "authorization": authorization,
            "context": context,
            "client_address": client_address,
        }
        made: Handle = self.call("exchange_begin", gate, request, now)
        return made

    def found(self, exchange: Handle, step: int, text: bytes, fetched_at: int) -> None:
        """Answers a question of an exchange."""
        self.call("exchange_found", exchange, step, text, fetched_at)

    def step(self, exchange: Handle) -> dict[str, Any]:
        """Where an exchange stands, and the number of the code of a refusal."""
        told: dict[str, Any] = json.loads(str(self.call("exchange_json", exchange), "utf-8"))
        if told["step"] == "refused":
            told["number"] = self.call("exchange_code", exchange)
        return told


class _Call:
    """One call: its frame, and where in it the answers are."""

    def __init__(
        self, layouts: Layouts, name: str, values: Sequence[Any], answer_room: int, error_room: int
    ) -> None:
        self.frame = Frame(layouts)
        self.result, kinds = _SIGNATURES[name]
        self._layouts = layouts
        self._answers: list[tuple[str, str, int, int]] = []
        self._error: tuple[int, int] = (0, 0)
        rest = iter(values)
        for kind in kinds:
            name, _, of = kind.partition(":")
            self._add(name, of, rest, answer_room, error_room)

    def _add(self, kind: str, of: str, values: Any, answer_room: int, error_room: int) -> None:
        frame = self.frame
        if kind in ("u32", "i32", "u64", "size"):
            frame.arguments.append(next(values))
        elif kind == "handle":
            handle = next(values)
            frame.arguments.append(0 if handle is None else handle.address)
        elif kind == "bytes":
            frame.octets(next(values))
        elif kind in ("slices", "documents"):
            items = next(values)
            put = frame.slices if kind == "slices" else frame.documents
            frame.point(put(items))
            frame.arguments.append(len(items))
        elif kind == "struct":
            frame.point(frame.struct(of, next(values)))
        elif kind == "error":
            room = frame.room(error_room)
            at = frame.struct("error", {"json": room, "json_capacity": error_room})
            self._error = (at, room)
            frame.point(at)
        elif kind == "answer":
            at = frame.room(answer_room)
            length = frame.room(8)
            frame.point(at)
            frame.arguments.append(answer_room)
            frame.point(length)
            self._answers.append((kind, of, at, length))
        else:
            at = frame.struct(of, {}) if kind == "told" else frame.room(16)
            frame.point(at)
            self._answers.append((kind, of, at, 0))

    def read(self, block: Block, peek: Any, made: Any) -> Any:
        """What the call wrote."""
        values = [self._read(block, peek, made, *answer) for answer in self._answers]
        return values[0] if len(values) == 1 else tuple(values) or None

    def _read(
        self, block: Block, peek: Any, made: Any, kind: str, of: str, at: int, length: int
    ) -> Any:
        if kind == "answer":
            return block.read(at, self._word(block, length))
        if kind == "made":
            return made(of, self._word(block, at))
        if kind == "told":
            layout = self._layouts.of(of)
            return layout.unpack(bytes(block.read(at, layout.size)))
        if kind == "told_i32":
            return int.from_bytes(block.read(at, 4), "little" if self._little else "big")
        data = self._word(block, at)
        size = self._word(block, at + self._layouts.pointer_size)
        return peek(data, size) if data else None

    @property
    def _little(self) -> bool:
        return self._layouts.word.pack(1)[0] == 1

    def _word(self, block: Block, at: int) -> int:
        word = block.read(at, self._layouts.pointer_size)
        return int(self._layouts.word.unpack(word)[0])

    def needed(self, block: Block) -> int:
        """How many bytes the answer needs."""
        lengths = [length for kind, _, _, length in self._answers if kind == "answer"]
        return self._word(block, lengths[0]) if lengths else 0

    def told_error(self, block: Block) -> dict[str, Any]:
        """The struct of the error."""
        layout = self._layouts.of("error")
        return layout.unpack(bytes(block.read(self._error[0], layout.size)))

    def error(self, block: Block, told: dict[str, Any]) -> CogAuthError | None:
        """The error, if it was told."""
        text = bytes(block.read(self._error[1], told["json_length"]))
        return described(json.loads(text)) if text else None
