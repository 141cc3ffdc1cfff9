"""The library as a WebAssembly module, over wasmtime, where there is no native file.

An instance is for one thread at a time, so that a lock is held during each call.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import wasmtime

from . import _abi
from ._errors import CogAuthError
from ._frame import Layouts
from ._library import Block, Library

_BLOCK: Final = 8192
_LARGEST_KEPT: Final = 65536
_BITS: Final = {"u64": 64, "code": 32, "i32": 32, "u32": 32, "size": 32, "static": 32, "none": 32}
_WORDS: Final = {"bytes": 2, "slices": 2, "documents": 2, "answer": 3}


class ModuleHandle:
    """A handle of the module. Whoever calls with it keeps it alive."""

    __slots__ = ("__weakref__", "_library", "_release", "address")

    def __init__(self, library: WasmLibrary, release: str, address: int) -> None:
        self._library = library
        self._release = release
        self.address = address

    def __del__(self) -> None:
        self._library.released(self._release, self.address)


class _ModuleBlock:
    """A block of the module's memory."""

    def __init__(self, library: WasmLibrary, address: int, size: int) -> None:
        self._library = library
        self.address = address
        self.size = size

    def write(self, data: bytearray) -> None:
        self._library.memory.write(self._library.store, data, self.address)

    def read(self, at: int, size: int) -> bytearray:
        at += self.address
        return self._library.memory.read(self._library.store, at, at + size)

    def wipe(self, size: int) -> None:
        self.write(bytearray(size))


class WasmLibrary(Library):
    """An instance of the module."""

    backend = "wasm"

    def __init__(self, path: str) -> None:
        super().__init__(Layouts(4, "<"))
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        module = wasmtime.Module.from_file(engine, path)
        self._exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self.memory = memory
        self._functions: dict[str, tuple[wasmtime.Func, tuple[int, ...]]] = {}
        self._blocks: list[_ModuleBlock] = []
        self._lock = threading.RLock()
        self._freed: deque[tuple[str, int]] = deque()
        self._broken = False

    def call(self, name: str, *values: Any) -> Any:
        with self._lock:
            try:
                if self._broken:
                    raise self.fault()
                return super().call(name, *values)
            finally:
                self._release()

    def scan(self, text: bytes) -> list[dict[str, Any]]:
        with self._lock:
            if self._broken:
                raise self.fault()
            return super().scan(text)

    def failure(self, code: int, message: str | None = None) -> CogAuthError:
        with self._lock:
            return self.fault() if self._broken else super().failure(code, message)

    def fault(self) -> CogAuthError:
        """The module trapped. Its memory cannot be trusted any more: nothing is asked again."""
        message = "the module failed, and nothing is decided any more; start the process again"
        return CogAuthError(_abi.E_FAULT, "fault", message)

    def released(self, release: str, address: int) -> None:
        """Releases a handle: at once, or after the call that another thread is in."""
        self._freed.append((release, address))
        if self._lock.acquire(blocking=False):
            try:
                self._release()
            finally:
                self._lock.release()

    def _release(self) -> None:
        # When the process ends, wasmtime's own objects may be gone before ours.
        while self._freed and not self._broken and not sys.is_finalizing():
            try:
                release, address = self._freed.popleft()
            except IndexError:
                return
            self._invoke(release, (address,))

    def _invoke(self, name: str, arguments: Sequence[int]) -> int:
        function, bits = self._function(name)
        signed = [_signed(value, size) for value, size in zip(arguments, bits[1:])]
        try:
            result = function(self.store, *signed)
        except (wasmtime.Trap, wasmtime.WasmtimeError):
            self._broken = True
            raise self.fault() from None
        if result is None:
            return 0
        unsigned = _abi.FUNCTIONS.get(name, ("static", ""))[0] not in ("code", "i32")
        return int(result) % (1 << bits[0]) if unsigned else int(result)

    def _function(self, name: str) -> tuple[wasmtime.Func, tuple[int, ...]]:
        found = self._functions.get(name)
        if found is None:
            function = self._exports.get(f"cogauth_{name}")
            if not isinstance(function, wasmtime.Func):
                raise NotImplementedError(f"this build of the library has no cogauth_{name}")
            result, kinds = _abi.FUNCTIONS.get(name, ("static", "bytes"))
            bits = [_BITS[result]]
            for kind in kinds.split():
                bits += [64] if kind == "u64" else [32] * _WORDS.get(kind, 1)
            found = self._functions[name] = (function, tuple(bits))
        return found

    def _take(self, size: int) -> _ModuleBlock:
        block = self._blocks.pop() if self._blocks else None
        if block is not None and block.size >= size:
            return block
        size = max(size, _BLOCK)
        address = self._invoke("alloc", (size,))
        if not address:
            message = "there is not enough memory; nothing was decided"
            raise CogAuthError(_abi.E_OUT_OF_MEMORY, "out_of_memory", message)
        return _ModuleBlock(self, address, size)

    def _give(self, block: Block) -> None:
        if self._broken or not isinstance(block, _ModuleBlock):
            return
        if block.size <= _LARGEST_KEPT:
            self._blocks.append(block)
        else:
            self._invoke("free", (block.address, block.size))

    def _peek(self, address: int, size: int) -> bytes:
        return bytes(self.memory.read(self.store, address, address + size))

    def _made(self, kind: str, address: int) -> ModuleHandle:
        return ModuleHandle(self, f"{kind}_release", address)


def _signed(value: int, bits: int) -> int:
    """The number as WebAssembly takes it: of these bits, in two's complement."""
    value %= 1 << bits
    return value - (1 << bits) if value >> (bits - 1) else value
